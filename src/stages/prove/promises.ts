/** Promises that the Rust's callers would rely on, and those of the C do not keep. */
import { type IrFunction, Unsupported } from "./ir/model.ts";

/** What Rust's rules let a caller take for granted of a reference or a number with gaps, and C says of no parameter. */
const PROMISES = new Set([
  "noalias",
  "nonnull",
  "dereferenceable",
  "dereferenceable_or_null",
  "range",
  "readonly",
  "readnone",
  "writeonly",
  "writable",
  "returned",
]);

/** @throws Unsupported where a parameter promises more than C's */
export function promiseOf(f: IrFunction): void {
  for (const [n, p] of f.parameters.entries()) {
    const promised = p.attributes.find((a) => PROMISES.has(a));
    // What is passed in memory is the compiler's own.
    if (promised !== undefined && p.passing.typed.length === 0)
      throw new Unsupported(`parameter ${n + 1} of the Rust promises more than C's (${promised})`);
  }
}
