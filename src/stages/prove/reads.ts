/**
 * What the Rust reads by way of an address that the C reads or writes as well, it reads where the C has done so or does: what is looked at before
 * the check whether there is anything (null, an error's number) is in neither function's text a value that differs, and faults.
 */
import type { Evaluator } from "./evaluate.ts";
import type { Instruction, Operand } from "./ir/model.ts";
import { Different, type Pair, type Pairing } from "./pairing.ts";
import { calledName } from "./strips.ts";
import type { Term } from "./terms.ts";

interface Access {
  /** What the address is, but for a number that is added to it. */
  base: string;
  /** Absent: in any case. */
  condition?: Term;
}

/**
 * @returns what has to hold wherever the Rust reads: that the C comes to the same place
 * @throws Different where it may not
 */
export function* readByBoth(
  pairing: Pairing,
  evaluators: readonly [Evaluator, Evaluator],
): Generator<{ pair: Pair; where: Term; condition: [Term, boolean][] }> {
  const { terms, pairs } = pairing;
  const inC = new Map(
    pairs.map((p) => {
      const all = p.blocks[0].instructions.flatMap((i) => accesses(pairing, evaluators[0], i));
      return [p, Map.groupBy(all, (a) => a.base)];
    }),
  );
  const next = new Map(pairs.map((p) => [p, [] as Pair[]]));
  for (const p of pairs) for (const { pair } of p.from) next.get(pair)?.push(p);
  const isAlways = (a: Access): boolean => a.condition === undefined;
  const known = new Map<string, ReadonlySet<Pair>>();
  /** The pairs that C may come to without having been there; none where it never is, of which nothing is said. */
  const without = (base: string): ReadonlySet<Pair> => {
    if (!pairs.some((p) => inC.get(p)?.has(base))) return new Set();
    const seen = new Set(pairs.slice(0, 1));
    for (const p of seen) {
      terms.step();
      if (!inC.get(p)?.get(base)?.some(isAlways)) for (const to of next.get(p) ?? []) seen.add(to);
    }
    return seen;
  };
  for (const pair of pairs)
    for (const i of pair.blocks[1].instructions)
      for (const { base, condition } of accesses(pairing, evaluators[1], i, true)) {
        const there = inC.get(pair)?.get(base) ?? [];
        terms.step(there.length);
        if (there.some(isAlways)) continue;
        const free = known.get(base) ?? without(base);
        known.set(base, free);
        if (!free.has(pair)) continue;
        if (there.length === 0) throw new Different("the Rust reads where the C has not looked yet");
        const where = there.map((a) => a.condition as Term).reduce((a, b) => terms.or(1, a, b));
        yield { pair, where, condition: condition === undefined ? [] : [[condition, true]] };
      }
}

/** Of the functions' own variables and of globals there is always something, as far as it is known which part of one it is. */
const THERE = /^(?:variable |@)/;

/** @param reads only what is read */
function accesses({ terms }: Pairing, evaluator: Evaluator, i: Instruction, reads = false): Access[] {
  const condition = i.condition && evaluator.operand(i.condition);
  return addressesOf(i, reads).flatMap((o): Access[] => {
    const address = evaluator.operand(o);
    const n = terms.node(address);
    const isSum = n.op.startsWith("sum ");
    const parts = isSum ? n.args : [address];
    if (n.value !== undefined || parts.every((p) => THERE.test(terms.node(p).op))) return [];
    const times = isSum ? n.op.split(" ").slice(2) : ["1"];
    const base = parts.map((p, k) => `${times[k]} ${p}`).join(" ");
    return [{ base, ...(condition === undefined ? {} : { condition }) }];
  });
}

function addressesOf(i: Instruction, reads: boolean): Operand[] {
  if (i.op === "load" || (i.op === "store" && !reads)) return i.operands.slice(-1);
  const copied = /^llvm\.mem(cpy|move|set)\./.exec(calledName(i) ?? "")?.[1];
  if (copied === undefined) return [];
  return i.operands.slice(reads ? 2 : 1, copied === "set" ? 2 : 3);
}
