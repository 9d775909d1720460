/**
 * A sum that is widened, as the sum of its widened parts: the same where no values of the parts make it overflow. A compiler that was told so
 * (as C says of numbers with a sign) reckons in the wider number at once; of narrow parts it is known without.
 */
import { possibleBits } from "./possible-bits.ts";
import type { Term, Terms } from "./terms.ts";

/** @returns undefined where `t` is no such sum, or may overflow for all that is known */
export function widenedSum(terms: Terms, op: string, from: number, to: number, t: Term): Term | undefined {
  const n = terms.node(t);
  if (!n.op.startsWith("sum ") || (op !== "sext" && op !== "zext")) return undefined;
  const [constant = 0n, ...times] = n.op
    .split(" ")
    .slice(1)
    .map((word) => BigInt.asIntN(from, BigInt(word)));
  let [least, most] = [constant, constant];
  for (const [k, part] of n.args.entries()) {
    const by = times[k] as bigint;
    const high = possibleBits(terms, part) * by;
    if (by < 0n) least += high;
    else most += high;
  }
  const limit = 1n << BigInt(from - 1);
  const fits = op === "sext" ? least >= -limit && most < limit : least >= 0n && most < 2n * limit;
  if (!fits) return undefined;
  // Each part is at least 0, however it is widened.
  return terms.sum(
    to,
    n.args.map((part, k) => [terms.cast("zext", from, to, part), times[k] as bigint] as const),
    constant,
  );
}
