/** What the tables of the facts have in common, and what clang says of a text (src/c/answers-schema.ts). */
import { z } from "zod";

/** A reference into one of the tables. */
export const index = z.int().nonnegative();
/** A byte range in a file: `[file, begin, end)`, offsets in bytes, and the line (from 1) that it begins in. Of a macro's text: where the outermost invocation stands. */
export const place = z.strictObject({ f: index, b: index, e: index, l: z.int().positive() });
/** A whole number of any width, in decimal. */
export const whole = z.string().regex(/^-?\d{1,40}$/);
/**
 * A name of C's: letters of any language, digits, `_` and GNU's `$`; empty where a parameter has none. Names become Rust, keys and parts of
 * patterns, so that one is nothing else.
 */
export const identifier = z
  .string()
  .max(64 * 1024)
  .regex(/^(?:(?!\d)(?:[\w$]|(?![\p{C}\p{Z}\p{DI}])[^\0-\x7f])+)?$/u);
