/**
 * What a solver has to show for two functions to do the same: the same pairs of blocks as in lockstep.ts, but plain stores may stand in another
 * order and be of other widths, as long as memory is the same wherever others can look, and operands only have to be equal, not written alike.
 */
import { Places } from "./apart.ts";
import { Bytes } from "./bytes.ts";
import { requireCopiesApart } from "./copies-apart.ts";
import { isTerminator } from "./effects.ts";
import { Evaluator, shapeOf, widthOf } from "./evaluate.ts";
import type { Instruction, IrFunction, Operand } from "./ir/model.ts";
import { bytesOf, isShared, Memory, showsMemory } from "./memory.ts";
import { areAlike, Different, type Pair, Pairing, what } from "./pairing.ts";
import { PhiClasses } from "./phi-classes.ts";
import { readByBoth } from "./reads.ts";
import { asDeclared } from "./registers.ts";
import { Revealed } from "./revealed.ts";
import { calledName } from "./strips.ts";
import { wordsOfBoth, writtenByBoth } from "./stores.ts";
import type { Term, Terms } from "./terms.ts";

export interface Obligation {
  /** Conditions that hold there: a term and whether it is true. */
  path: readonly (readonly [Term, boolean])[];
  a: Term;
  b: Term;
  what: string;
  /** Addresses of the bytes that it is about. */
  places?: readonly Term[];
}

export interface Task {
  terms: Terms;
  obligations: Obligation[];
  /** Variables of the functions' own, by their terms' names, with their sizes. */
  variables: ReadonlyMap<string, number>;
  /** Accesses of C by way of a parameter or a global: in a program that is defined none of them is to a variable of the function's own. */
  foreign: { path: Obligation["path"]; address: Term; bytes: number }[];
}

/** @throws Different, Unsupported where no solver could help */
export function obligationsOf(c: IrFunction, rust: IrFunction): Task {
  return new Gatherer(new Pairing(c, rust)).gather();
}

class Gatherer {
  private readonly pairing: Pairing;
  private readonly obligations: Obligation[] = [];
  private readonly results = new Map<Instruction, Term>();
  private readonly pairOf = new Map<string, Pair>();
  private readonly classes: PhiClasses;
  private readonly places: Places;
  private readonly bytes: Bytes;
  private readonly revealed: Revealed;
  private evaluators!: [Evaluator, Evaluator];
  private memories!: [Memory, Memory];
  constructor(pairing: Pairing) {
    this.pairing = pairing;
    this.classes = new PhiClasses(pairing);
    this.revealed = new Revealed(pairing);
    const { revealed } = this;
    this.places = new Places(pairing.terms, pairing.sizes, pairing.functions, ({ op }) => {
      const pair = this.classes.pairOf(op);
      return pair === undefined ? revealed.isEarly(op) : revealed.isEarlyAt(pair);
    });
    this.bytes = new Bytes(pairing.terms, this.places);
  }

  gather(): Task {
    const { pairing } = this;
    for (const pair of pairing.pairs) {
      for (const side of [0, 1] as const) {
        this.pairOf.set(`${side} ${pair.blocks[side].name}`, pair);
        for (const [n, i] of pair.blocks[side].instructions.filter(isShared).entries())
          this.results.set(i, pairing.terms.make(`result ${pair.index}.${n}`, [], widthOf(i.type)));
      }
    }
    this.classes.settle(() => this.renew());
    for (const { pair, from, a, b } of this.classes.incoming(this.renew()))
      this.require(from, a, b, `what comes together in pair ${pair.index}`, this.way(from, pair));
    for (const pair of pairing.pairs) this.compare(pair);
    for (const pair of pairing.pairs)
      for (const { where, condition } of writtenByBoth(pair, this.places, this.evaluators))
        this.require(pair, where, pairing.terms.int(1, 1n), "that the C writes there", condition);
    for (const { pair, where, condition } of readByBoth(pairing, this.evaluators))
      this.require(pair, where, pairing.terms.int(1, 1n), "that the C looks there", condition);
    requireCopiesApart(pairing, this.evaluators);
    return {
      terms: pairing.terms,
      obligations: this.obligations,
      variables: pairing.sizes,
      foreign: pairing.pairs.flatMap((pair) => this.foreign(pair)),
    };
  }

  private foreign(pair: Pair): Task["foreign"] {
    const path = this.path(pair);
    return pair.blocks[0].instructions.flatMap((i) => {
      if (i.op !== "load" && i.op !== "store") return [];
      const address = this.evaluators[0].operand(i.operands.at(-1) as Operand);
      const bytes = bytesOf(i);
      // Taken together with others it is done where its condition holds (flatten.ts).
      const where: Obligation["path"] =
        i.condition === undefined ? [] : [[this.evaluators[0].operand(i.condition), true]];
      return bytes > 0 && this.places.isForeign(address) ? [{ path: [...path, ...where], address, bytes }] : [];
    });
  }

  /** With what is known of the classes now. */
  private renew(): [Evaluator, Evaluator] {
    const { terms, functions, allocas } = this.pairing;
    const made: [Evaluator, Evaluator] = ([0, 1] as const).map(
      (side) =>
        new Evaluator(functions[side], terms, {
          phi: (i) => this.classes.term(i, side),
          result: (i) => this.results.get(i) ?? terms.make(`unreached ${side} ${i.result}`, [], widthOf(i.type)),
          memory: (i, block) => {
            const pair = this.pairOf.get(`${side} ${block}`);
            if (pair === undefined) return terms.make(`memory unreached ${side}`, [], 0);
            return this.seen(pair, i, side);
          },
          alloca: (i) => terms.make(allocas[side].get(i.result as string) ?? `variable ${side} ${i.result}`, [], 64),
        }),
    ) as [Evaluator, Evaluator];
    this.evaluators = made;
    this.memories = ([0, 1] as const).map(
      (side) =>
        new Memory(terms, this.places, side, () => made[side], {
          at: (pair) => this.bytesOfVariables(this.revealed.hiddenAt(pair)),
          from: (pair, i) => this.bytesOfVariables(this.revealed.hiddenFrom(pair, this.beside(pair, i, side))),
          held: (memory, at) => this.bytes.heldIn(memory, at),
        }),
    ) as [Memory, Memory];
    return made;
  }

  /** The state of memory that a load sees. */
  private seen(pair: Pair, i: Instruction, side: 0 | 1): Term {
    const memory = this.memories[side];
    const extent = { address: this.evaluators[side].operand(i.operands[0] as Operand), bytes: bytesOf(i) };
    return this.bytes.plain(memory.seen(memory.before(pair, i), extent));
  }

  private read(pair: Pair, i: Instruction, side: 0 | 1): Term {
    const address = this.evaluators[side].operand(i.operands[0] as Operand);
    return this.pairing.terms.load(shapeOf(i.type), widthOf(i.type), address, this.seen(pair, i, side));
  }

  /** An effect of one side that both have one by one, and the other side's. */
  private beside(pair: Pair, i: Instruction, side: 0 | 1): [Instruction, Instruction] {
    const [inC, inRust] = pair.blocks.map((b) => b.instructions.filter(isShared)) as [Instruction[], Instruction[]];
    const n = [inC, inRust][side]?.indexOf(i) ?? -1;
    const both = [inC[n], inRust[n]];
    if (both.includes(undefined)) throw new Different(`${inC.length} effects in C, ${inRust.length} in Rust`);
    return both as [Instruction, Instruction];
  }

  private bytesOfVariables(names: readonly string[]): Term[] {
    const { terms, sizes } = this.pairing;
    return names.flatMap((name) => {
      const variable = terms.make(name, [], 64);
      return Array.from({ length: sizes.get(name) ?? 0 }, (_, n) => terms.sum(64, [[variable, 1n]], BigInt(n)));
    });
  }

  /** @param also what holds besides what leads to the pair */
  private require(pair: Pair, a: Term, b: Term, about: string, also: Obligation["path"] = []): void {
    if (a === b) return;
    const [na, nb] = [this.pairing.terms.node(a), this.pairing.terms.node(b)];
    if (na.width !== nb.width || na.width === 0)
      throw new Different(`${about}: ${this.pairing.terms.show(a)} in C, ${this.pairing.terms.show(b)} in Rust`);
    this.obligations.push({ path: [...this.path(pair), ...also], a, b, what: about });
  }

  private requireMemory(
    pair: Pair,
    about: string,
    i: readonly [Instruction, Instruction] | undefined,
    isSeen: (at: Term) => boolean,
    also: Obligation["path"] = [],
  ): void {
    const [a, b] = [this.memories[0].before(pair, i?.[0]), this.memories[1].before(pair, i?.[1])];
    if (a === b) return;
    const { terms } = this.pairing;
    for (const where of wordsOfBoth(this.pairing.terms, this.places, a, b))
      this.require(pair, where, terms.int(1, 1n), `that the C writes there ${about}`, also);
    const path = [...this.path(pair), ...also];
    const what = `memory ${about}`;
    const found = this.bytes.compared(a, b);
    for (const { inC, inRust } of found?.values ?? []) this.require(pair, inC, inRust, what, also);
    const bytes = found?.bytes.filter(({ at }) => isSeen(at));
    if (bytes?.length === 0) return;
    if (bytes === undefined) this.obligations.push({ path, a, b, what });
    else {
      const alike = terms.and(
        1,
        bytes.map(({ inC, inRust }) => terms.compare("eq", inC, inRust)),
      );
      this.obligations.push({ path, a: alike, b: terms.int(1, 1n), what, places: bytes.map((x) => x.at) });
    }
  }

  /** Which bytes matter to an effect: none of a variable that is hidden from it, and at the end none of any. */
  private seenBy(pair: Pair, effects: readonly [Instruction, Instruction]): (at: Term) => boolean {
    const hidden = effects[0].op === "ret" ? undefined : new Set(this.revealed.hiddenFrom(pair, effects));
    return (at) => {
      const variable = this.places.variable({ address: at, bytes: 1 });
      return variable === undefined || (hidden !== undefined && !hidden.has(variable));
    };
  }

  /** Which bytes both functions take for the same when a pair is come to: all but those of hidden variables that the other has not, or of which one keeps what it knows, and of any where nobody looks any more. */
  private seenIn(pair: Pair): (at: Term) => boolean {
    if (!this.revealed.isLookedAt(pair)) return (at) => this.places.variable({ address: at, bytes: 1 }) === undefined;
    const names = this.revealed.hiddenAt(pair);
    const hidden = new Set(this.bytesOfVariables(names.filter((name) => this.revealed.isShared(name))));
    const others = new Set(this.bytesOfVariables(names.filter((name) => !this.revealed.isShared(name))));
    return (at) => !others.has(at) && (!hidden.has(at) || !this.memories.some((m) => m.keeps(pair, at)));
  }

  /** The branches that lead to a pair, as far back as there is only one way. */
  private path(pair: Pair): [Term, boolean][] {
    const out: [Term, boolean][] = [];
    for (let at = pair; at.from.length === 1; ) {
      const { pair: before } = at.from[0] as Pair["from"][number];
      this.pairing.terms.step();
      if (before.index >= at.index) break;
      out.push(...this.way(before, at));
      at = before;
    }
    return out;
  }

  /** What holds where one pair is left for another one. */
  private way(from: Pair, to: Pair): [Term, boolean][] {
    const last = from.blocks[0].instructions.at(-1) as Instruction;
    if (last.op !== "br" || last.labels?.length !== 2 || last.labels[0] === last.labels[1]) return [];
    return [[this.evaluators[0].operand(last.operands[0] as Operand), last.labels[0] === to.blocks[0].name]];
  }

  private compare(pair: Pair): void {
    const [c, rust] = this.evaluators;
    const [inC, inRust] = ([0, 1] as const).map((side) =>
      pair.blocks[side].instructions.filter((i) => isShared(i) || isTerminator(i)),
    ) as [Instruction[], Instruction[]];
    if (inC.length !== inRust.length) throw new Different(`${inC.length} effects in C, ${inRust.length} in Rust`);
    for (const [n, i] of inC.entries()) {
      const found = inRust[n] as Instruction;
      const other = asDeclared(i, found);
      const ends = isTerminator(i) && !isShared(i);
      if (!ends && !areAlike(i, other)) throw new Different(`${what(i)} in C where the Rust has ${what(other)}`);
      // A volatile load gives back what is there: plain stores may pass it, but for those to the bytes that it reads.
      if (i.op === "load" && !showsMemory(i) && widthOf(i.type) > 0)
        this.require(pair, this.read(pair, i, 0), this.read(pair, found, 1), `what ${what(i)} sees`);
      else if (ends ? i.op === "ret" : showsMemory(i) || i.op === "load")
        this.requireMemory(pair, `before ${what(i)}`, [i, found], this.seenBy(pair, [i, found]));
      if (ends && i.op === "br") {
        if (i.operands[0] !== undefined)
          this.require(
            pair,
            this.pairing.condition(pair, 0, c.operand(i.operands[0])),
            this.pairing.condition(pair, 1, rust.operand(other.operands[0] as Operand)),
            what(i),
          );
        continue;
      }
      // Of a switch the value; its cases are those of both.
      const count = ends ? 1 : Math.max(i.operands.length, other.operands.length);
      const skipped = !ends && calledName(i)?.startsWith("llvm.") === true ? 1 : 0;
      for (let o = skipped; o < Math.min(count, i.operands.length); o++)
        this.require(pair, c.operand(i.operands[o] as Operand), rust.operand(other.operands[o] as Operand), what(i));
    }
    this.pairing.terms.step(this.pairing.pairs.length);
    // Where several ways come together both have one name for memory.
    for (const next of this.pairing.pairs) {
      if (next.from.length > 1 || (next.from.length === 1 && (next.from[0]?.pair.index ?? 0) >= next.index)) {
        if (next.from.some((f) => f.pair === pair))
          this.requireMemory(
            pair,
            `on the way to pair ${next.index}`,
            undefined,
            this.seenIn(next),
            this.way(pair, next),
          );
      }
    }
  }
}
