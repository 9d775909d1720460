/** Calls as the guest's `calls` takes them (guest/call-line.h), and as a person reads them. */

export type Argument =
  | { k: "number"; value: bigint }
  /** What an earlier call of the process has given. */
  | { k: "register"; number: number }
  | { k: "bytes"; bytes: Uint8Array }
  /** So many zeros, for the kernel to write into. */
  | { k: "room"; length: number };

export interface Call {
  name: string;
  arguments: readonly Argument[];
  /** The register that keeps the result. */
  into?: number;
  /**
   * What it is a call of, in one word for all that are alike: the file, the call, the number of an ioctl. What a kind of call is known for
   * (that it answers by chance, that no machine comes back from it) it is known for by this.
   */
  kind: string;
}

/** What one process does. */
export type Sequence = readonly Call[];

export const number = (value: number | bigint): Argument => ({ k: "number", value: BigInt(value) });
export const register = (number: number): Argument => ({ k: "register", number });
export const bytes = (value: string | Uint8Array): Argument => ({
  k: "bytes",
  bytes: typeof value === "string" ? Buffer.from(value, "latin1") : value,
});
export const room = (length: number): Argument => ({ k: "room", length });

/** A call of something. @param of the file or the like; `what` tells apart what one call does of many things (an ioctl's number) */
export function call(of: string, name: string, args: readonly Argument[], what = ""): Call {
  return { name, arguments: args, kind: [of, name, what].filter((w) => w !== "").join(" ") };
}

export const into = (register: number, made: Call): Call => ({ ...made, into: register });

/** A list as a file has it: a process a sequence. */
export function listOf(sequences: readonly Sequence[]): string {
  return sequences.map((s) => `process\n${s.map((c) => `${lineOf(c)}\n`).join("")}`).join("");
}

/** `r0 = open "/dev/ring" 2`. */
export function lineOf({ name, arguments: args, into }: Call): string {
  return [...(into === undefined ? [] : [`r${into} =`]), name, ...args.map(argumentText)].join(" ");
}

function argumentText(a: Argument): string {
  switch (a.k) {
    case "number":
      return a.value > 0xffffn ? `0x${a.value.toString(16)}` : a.value.toString();
    case "register":
      return `r${a.number}`;
    case "room":
      return `room:${a.length}`;
    case "bytes":
      return `"${Array.from(a.bytes, byteText).join("")}"`;
  }
}

function byteText(byte: number): string {
  const char = String.fromCharCode(byte);
  if (char === "\n") return "\\n";
  if (char === '"' || char === "\\") return `\\${char}`;
  return byte >= 0x20 && byte <= 0x7e ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
}
