/**
 * What an object holds, byte by byte: two compilations may write the same bytes in other directives (`.zero 32` for `.zero 28` and the
 * four of a hole).
 */

const WIDTHS: Readonly<Record<string, number>> = {
  ".byte": 1,
  ".short": 2,
  ".2byte": 2,
  ".value": 2,
  ".hword": 2,
  ".long": 4,
  ".4byte": 4,
  ".int": 4,
  ".quad": 8,
  ".8byte": 8,
};
const NUMBER = /^-?(?:0x[0-9a-fA-F]+|\d+)$/;
/** Begins a line of bytes, in which there are no names. */
export const BYTES = "bytes ";
/** As many zeros are counted instead of written. */
const MANY = 8;

/** Bytes, or so many that are zero: an object of zeros may be larger than memory. */
type Bytes = Uint8Array | number;

/** @param lines an object's directives; what is no data is kept in its place */
export function dataOf(lines: readonly string[]): string[] {
  const out: string[] = [];
  let data: Bytes[] = [];
  const flush = (): void => {
    out.push(...written(data));
    data = [];
  };
  for (const line of lines) {
    const of = bytesOf(line);
    if (of !== undefined) data.push(of);
    else {
      flush();
      out.push(line);
    }
  }
  flush();
  return out;
}

function bytesOf(line: string): Bytes | undefined {
  const [, name = "", rest = ""] = /^\t(\.\w+)\t(.*)$/.exec(line) ?? [];
  if (name === ".zero") return /^\d{1,15}$/.test(rest) ? Number(rest) : undefined;
  if (name === ".ascii" || name === ".asciz" || name === ".string") return text(rest, name !== ".ascii");
  const width = WIDTHS[name];
  const values = rest.split(/,\s*/);
  if (width === undefined || !values.every((v) => NUMBER.test(v))) return undefined;
  const out = Buffer.alloc(width * values.length);
  for (const [i, v] of values.entries()) {
    const value = BigInt.asUintN(64, v.startsWith("-") ? -BigInt(v.slice(1)) : BigInt(v));
    for (let k = 0; k < width; k++) out[i * width + k] = Number((value >> BigInt(8 * k)) & 0xffn);
  }
  return out;
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12 };

/** A string as gas has it: escapes are octal, or of one character. */
function text(quoted: string, ends: boolean): Uint8Array | undefined {
  if (!/^"(?:[^"\\]|\\[^])*"$/.test(quoted)) return undefined;
  const out: number[] = [];
  for (const [whole, octal, one] of quoted.slice(1, -1).matchAll(/\\([0-7]{1,3})|\\([^])|[^\\]/g)) {
    if (octal !== undefined) out.push(Number.parseInt(octal, 8) & 255);
    else if (one !== undefined) out.push(ESCAPES[one] ?? one.charCodeAt(0));
    else out.push(...Buffer.from(whole));
  }
  return Uint8Array.from(ends ? [...out, 0] : out);
}

/** Runs of zeros apart from the rest. */
function written(data: readonly Bytes[]): string[] {
  const out: string[] = [];
  let [hex, zeros] = ["", 0];
  const endRun = (): void => {
    if (zeros < MANY) hex += "00".repeat(zeros);
    else {
      if (hex !== "") out.push(BYTES + hex);
      out.push(`${BYTES}zero ${zeros}`);
      hex = "";
    }
    zeros = 0;
  };
  for (const bytes of data) {
    if (typeof bytes === "number") {
      zeros += bytes;
      continue;
    }
    for (let at = 0; at < bytes.length; ) {
      let end = at;
      if (bytes[at] === 0) {
        while (bytes[end] === 0) end++;
        zeros += end - at;
      } else {
        endRun();
        while (end < bytes.length && bytes[end] !== 0) end++;
        hex += Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("hex");
      }
      at = end;
    }
  }
  endRun();
  if (hex !== "") out.push(BYTES + hex);
  return out;
}
