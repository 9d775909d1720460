/** A program that failed, as a person reads of it. */
import path from "node:path";
import type { RunResult } from "./process.ts";

/** A failed tool as a person wants it: its name, how it ended, its last useful lines, and the command to repeat it. */
export function describeFailure(command: string, args: readonly string[], result: RunResult): string {
  const ending = result.timedOut
    ? `did not finish within ${Math.round(result.seconds)} s (${result.bound})`
    : result.bound !== undefined
      ? `was ended (${result.bound})`
      : result.exitCode === undefined
        ? "was killed"
        : `failed with exit status ${result.exitCode}`;
  return `${path.basename(command)} ${ending}\n${usefulLines(result.all)}\n  command: ${shellQuote([command, ...args]).slice(0, 2000)}`;
}

/** Lines behind an error that show what it is about: the place, the source and the mark under it, as compilers print them, and what else is indented. */
const SHOWS = /^\s|^\d+ +\||^(?:note|help)\b/;
/** How many of them, and with how many errors. */
const [SHOWN_LINES, SHOWN_ERRORS] = [8, 2];

/** The lines of a tool's output that say why it failed: its errors if it marked any, the first ones with what they are about, else its last words. */
export function usefulLines(output: string, most = 12): string {
  const lines = output
    .split("\n")
    .map((l) => l.trimEnd())
    .filter((l) => l !== "");
  const isError = (l: string): boolean =>
    /\b(error|undefined!?|fatal|panicked|cannot|No such)\b/i.test(l) && !/^make(\[\d+\])?: \*\*\*/.test(l);
  const at = lines.flatMap((l, i) => (isError(l) ? [i] : []));
  const errors = at.flatMap((i, n) => {
    const behind = lines.slice(i + 1, n < SHOWN_ERRORS ? i + 1 + SHOWN_LINES : i + 1);
    const end = behind.findIndex((l) => !SHOWS.test(l) || isError(l));
    return [lines[i] as string, ...behind.slice(0, end < 0 ? behind.length : end)];
  });
  const chosen = errors.length > 0 ? errors.slice(0, most) : lines.slice(-most);
  return chosen.map((l) => `  | ${l.slice(0, 400)}`).join("\n");
}

/** Why a compiler failed: the bound that it was ended at, else what it says. */
export function complaintOf(r: RunResult): string {
  return r.bound === undefined ? usefulLines(r.stderr) : `  | it was ended (${r.bound})`;
}

/** Quote words so that a POSIX shell reads them back as they are. */
export function shellQuote(words: readonly string[]): string {
  return words.map((w) => (/^[\w@%+=:,./-]+$/.test(w) ? w : `'${w.replaceAll("'", `'\\''`)}'`)).join(" ");
}
