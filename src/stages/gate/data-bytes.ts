/**
 * What an object holds, byte by byte: two compilations may write the same bytes in other directives (`.zero 32` for `.zero 28` and the
 * four of a hole).
 */

const WIDTHS: Readonly<Record<string, number>> = { ".byte": 1, ".short": 2, ".2byte": 2, ".value": 2, ".hword": 2, ".long": 4, ".4byte": 4, ".int": 4, ".quad": 8, ".8byte": 8 };
const NUMBER = /^-?(?:0x[0-9a-fA-F]+|\d+)$/;
/** Begins a line of bytes, in which there are no names. */
export const BYTES = "bytes ";
/** As many zeros are counted instead of written. */
const MANY = 8;

/** @param lines an object's directives; what is no data is kept in its place */
export function dataOf(lines: readonly string[]): string[] {
  const out: string[] = [];
  const bytes: Uint8Array[] = [];
  const flush = (): void => {
    if (bytes.length > 0) out.push(...written(Buffer.concat(bytes.splice(0))));
  };
  for (const line of lines) {
    const of = bytesOf(line);
    if (of) bytes.push(of);
    else {
      flush();
      out.push(line);
    }
  }
  flush();
  return out;
}

function bytesOf(line: string): Uint8Array | undefined {
  const [, name = "", rest = ""] = /^\t(\.\w+)\t(.*)$/.exec(line) ?? [];
  if (name === ".zero") return /^\d{1,9}$/.test(rest) ? new Uint8Array(Number(rest)) : undefined;
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
function written(all: Buffer): string[] {
  const out: string[] = [];
  let from = 0;
  const put = (to: number): void => {
    if (to > from) out.push(`${BYTES}${all.toString("hex", from, to)}`);
  };
  for (let at = 0; at < all.length; ) {
    let end = at;
    while (end < all.length && all[end] === 0) end++;
    if (end - at >= MANY) {
      put(at);
      out.push(`${BYTES}zero ${end - at}`);
      from = end;
    }
    at = Math.max(end, at + 1);
  }
  put(all.length);
  return out;
}
