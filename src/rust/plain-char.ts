/**
 * c2rust makes `c_char` of C's plain `char`, and Rust's `c_char` is signed on x86-64. Kernels from 6.2 on are built with -funsigned-char
 * (their own `rust/ffi.rs` has u8 as well): there it is `c_uchar`.
 */
import { follows, pathTokens, replaceTokens } from "./lexer.ts";
import { bitfieldType } from "./members.ts";

export function plainChar(rust: string, flags: readonly string[]): string {
  if (!charIsUnsigned(flags)) return rust;
  return replaceTokens(rust, (t, i, tokens) => {
    const bits = bitfieldType(tokens, i);
    if (bits !== undefined)
      return pathTokens(bits).at(-1) === "c_char" ? JSON.stringify(plainChar(bits, flags)) : undefined;
    return t.text === "c_char" && follows(tokens, i - 3, "ffi", ":", ":") ? "c_uchar" : undefined;
  });
}

/** What the last of the flags says of plain `char`. */
export function charIsUnsigned(flags: readonly string[]): boolean {
  const last = flags.findLast((f) => /^-f(?:no-)?(?:un)?signed-char$/.test(f));
  return last === "-funsigned-char" || last === "-fno-signed-char";
}
