/** What the tables of the facts have in common. */
import { z } from "zod";

/** A reference into one of the tables. */
export const index = z.int().nonnegative();
/** A byte range in a file: `[file, begin, end)`, offsets in bytes, and the line (from 1) that it begins in. Of a macro's text: where the outermost invocation stands. */
export const place = z.strictObject({ f: index, b: index, e: index, l: z.int().positive() });
/** A whole number of any width, in decimal. */
export const whole = z.string().regex(/^-?\d{1,40}$/);
