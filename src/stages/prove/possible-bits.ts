/** Which bits of a number may be set, whatever its parts are. */
import type { Term, Terms } from "./terms.ts";

/** How far a term is looked into. */
const DEPTH = 8;

/** @returns a number in which each bit is set that may be set in a term */
export function possibleBits(terms: Terms, t: Term, depth = DEPTH): bigint {
  terms.step();
  const n = terms.node(t);
  const all = (1n << BigInt(n.width)) - 1n;
  if (n.value !== undefined) return n.value;
  if (depth === 0) return all;
  const of = n.args.map((a) => (terms.node(a).width > 0 ? possibleBits(terms, a, depth - 1) : 0n));
  switch (n.op.split(" ")[0]) {
    case "and":
      return of.reduce((x, y) => x & y, all);
    case "or":
      return of.reduce((x, y) => x | y, 0n);
    case "zext":
      return of[0] as bigint;
    case "trunc":
      return (of[0] as bigint) & all;
    case "select":
      return (of[1] as bigint) | (of[2] as bigint);
  }
  return all;
}
