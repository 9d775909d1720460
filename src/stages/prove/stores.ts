/**
 * Where a function is taken together (flatten.ts), a store under a condition is one in any case, of what is there where the condition does not
 * hold. One thread sees no difference; another one does, and memory that is not to be written does: so the Rust may write only where the C writes
 * as well. To a variable of its own it may. Elsewhere, too, it writes in no word in which the C does not.
 */
import type { Extent, Places } from "./apart.ts";
import type { Evaluator } from "./evaluate.ts";
import { extentOf, isShared, showsMemory, writtenBy } from "./memory.ts";
import { Different, type Pair } from "./pairing.ts";
import type { Term, Terms } from "./terms.ts";

/** Bytes of a word, in which bits are set by way of all of it or of a part. */
const WORD = 8;

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

/**
 * What has to hold for the Rust to have written, since both had one state of memory, only where the C has, or in the word around that: what is
 * written elsewhere can only be what is there. Nothing is said of states that have none in common.
 */
export function wordsOfBoth(terms: Terms, places: Places, inC: Term, inRust: Term): Term[] {
  const [c, rust] = [inC, inRust].map((m) => statesOf(terms, m)) as [Term[], Term[]];
  const root = rust.find((m) => c.includes(m));
  if (root === undefined) return [];
  const writes = (all: readonly Term[]): Extent[] =>
    all.slice(0, all.indexOf(root)).map((m) => extentOf(terms.node(m)) as Extent);
  const ofC = writes(c);
  const needed = new Set<Term>();
  for (const { address, bytes } of writes(rust))
    for (let n = 0; n < bytes; n = n === bytes - 1 ? bytes : Math.min(n + WORD, bytes - 1)) {
      const at = terms.sum(64, [[address, 1n]], BigInt(n));
      const where = places.variable({ address: at, bytes: 1 }) === undefined ? nearOne(terms, at, ofC) : undefined;
      if (where !== undefined) needed.add(where);
    }
  return [...needed];
}

/** Whether a byte is in the word around one of several writes; undefined where that is plain. */
function nearOne(terms: Terms, at: Term, writes: readonly Extent[]): Term | undefined {
  terms.step(writes.length);
  let any = terms.int(1, 0n);
  for (const { address, bytes } of writes) {
    const behind = terms.sum(
      64,
      [
        [at, 1n],
        [address, -1n],
      ],
      BigInt(WORD - 1),
    );
    const most = BigInt(bytes + 2 * (WORD - 1));
    const known = terms.value(behind);
    if (known !== undefined && known < most) return undefined;
    if (known === undefined) any = terms.or(1, any, terms.compare("ult", behind, terms.int(64, most)));
  }
  return any;
}

/** A state of memory and those that it was made of, one write after the other. */
function statesOf(terms: Terms, memory: Term): Term[] {
  const out = [memory];
  for (let n = terms.node(memory); extentOf(n) !== undefined; n = terms.node(out.at(-1) as Term))
    out.push(n.args[0] as Term);
  terms.step(out.length);
  return out;
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
