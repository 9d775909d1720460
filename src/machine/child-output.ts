/** What a child prints, as it comes and as it is kept. */
import type { RunResult } from "./process.ts";

/** What a child printed: kept as it came, made text when it is asked for. */
export class Output {
  readonly #pieces: { from: "stdout" | "stderr"; bytes: Buffer }[] = [];
  #length = 0;

  /** The bytes so far, with these. */
  add(from: "stdout" | "stderr", bytes: Buffer): number {
    this.#pieces.push({ from, bytes });
    return (this.#length += bytes.length);
  }

  texts(): Pick<RunResult, "stdout" | "stderr" | "all"> {
    const joined = (chosen: (from: string) => boolean): string =>
      Buffer.concat(this.#pieces.flatMap((p) => (chosen(p.from) ? [p.bytes] : []))).toString("utf8");
    const lazily = <T>(make: () => T): (() => T) => {
      let made: T | undefined;
      return () => (made ??= make());
    };
    const [stdout, stderr, all] = [
      lazily(() => joined((f) => f === "stdout")),
      lazily(() => joined((f) => f === "stderr")),
      lazily(() => joined(() => true)),
    ];
    return {
      get stdout() {
        return stdout();
      },
      get stderr() {
        return stderr();
      },
      get all() {
        return all();
      },
    };
  }
}

export async function eachLine(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // The child was killed: its result says so.
  }
}
