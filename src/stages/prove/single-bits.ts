/**
 * A bit that is asked for: `x & 4` against nothing or against 4, the lowest bit as a number of one bit. clang tests a bit-field of one bit
 * by a truncation, rustc by a mask and a comparison, and branches on the opposite.
 */
import type { Term, Terms } from "./terms.ts";

/** Of `(x & bit) == value` the one term that each way of asking comes to; undefined where it is no question for one bit, or that term itself. */
export function askedBit(terms: Terms, masked: Term, asked: Term): Term | undefined {
  const [n, value] = [terms.node(masked), terms.value(asked)];
  const bit = n.op === "and" ? terms.value(n.args.at(-1) as Term) : undefined;
  if (bit === undefined || value === undefined || (bit & (bit - 1n)) !== 0n) return undefined;
  if (value !== 0n) return value === bit ? terms.not(terms.compare("eq", masked, terms.int(n.width, 0n))) : undefined;
  return bit === 1n ? terms.not(terms.cast("trunc", n.width, 1, masked)) : undefined;
}

/** The lowest bit of what was shifted: that bit of it. */
export function shiftedBit(terms: Terms, shifted: Term): Term | undefined {
  const { op, args, width } = terms.node(shifted);
  const by = op.startsWith("lshr i") ? terms.value(args[1] as Term) : undefined;
  if (by === undefined || by === 0n || by >= BigInt(width)) return undefined;
  const masked = terms.and(width, [args[0] as Term, terms.int(width, 1n << by)]);
  return terms.not(terms.compare("eq", masked, terms.int(width, 0n)));
}
