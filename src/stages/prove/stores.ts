/**
 * Where a function is taken together (flatten.ts), a store under a condition is one in any case, of what is there where the condition does not
 * hold. One thread sees no difference; another one does, and memory that is not to be written does: so the Rust may write only where the C writes
 * as well. To a variable of its own it may.
 */
import type { Extent, Places } from "./apart.ts";
import type { Evaluator } from "./evaluate.ts";
import { isShared, showsMemory, writtenBy } from "./memory.ts";
import { Different, type Pair } from "./pairing.ts";
import type { Term } from "./terms.ts";

interface Store {
  extent: Extent;
  /** Absent: in any case. */
  condition?: Term;
  /** Effects before it of which each shows what is in memory: between two of them nobody looks. */
  behind: number;
}

/**
 * @returns what has to hold wherever a store of the Rust's is done: that one of C's to the same bytes is, which others cannot tell from it
 * @throws Different where the C has none
 */
export function* writtenByBoth(
  pair: Pair,
  places: Places,
  evaluators: readonly [Evaluator, Evaluator],
): Generator<{ where: Term; condition: [Term, boolean][] }> {
  const [inC, inRust] = ([0, 1] as const).map((side) => storesOf(pair, side, evaluators[side])) as [Store[], Store[]];
  if ([...inC, ...inRust].every((s) => s.condition === undefined)) return;
  for (const { extent, condition, behind } of inRust) {
    if (places.variable(extent) !== undefined) continue;
    const needed = new Set<Term>();
    for (let n = 0; n < extent.bytes; n++) {
      const there = inC.filter((s) => s.behind === behind && covers(places, s.extent, extent.address, n));
      if (there.length === 0) throw new Different("the Rust writes where the C does not");
      if (there.every((s) => s.condition !== undefined)) needed.add(places.any(there.map((s) => s.condition as Term)));
    }
    for (const where of needed) yield { where, condition: condition === undefined ? [] : [[condition, true]] };
  }
}

function storesOf(pair: Pair, side: 0 | 1, evaluator: Evaluator): Store[] {
  let behind = 0;
  return pair.blocks[side].instructions.flatMap((i): Store[] => {
    if (isShared(i) && showsMemory(i)) behind++;
    const written = writtenBy(i);
    if (written === undefined) return [];
    const extent = { address: evaluator.operand(written.address), bytes: written.bytes };
    return [{ extent, behind, ...(i.condition === undefined ? {} : { condition: evaluator.operand(i.condition) }) }];
  });
}

/** Whether an extent holds a byte that is so far behind an address. */
function covers(places: Places, extent: Extent, address: Term, behind: number): boolean {
  const [own, other] = [places.parts(extent.address), places.parts(address)];
  return (
    own.base === other.base && BigInt.asUintN(64, other.offset + BigInt(behind) - own.offset) < BigInt(extent.bytes)
  );
}
