/**
 * Lays two functions side by side, block by block, and shows that they do the same: in each pair of blocks the same effects in the same order
 * with the same operands, and the same way on. What is equal is found by assuming as much as can be and taking back what does not hold (the
 * values that come together at the head of a block), so that what is left at the end holds by induction over the steps of a run.
 */
import { isEffect, isTerminator } from "./effects.ts";
import { Evaluator, shapeOf, widthOf } from "./evaluate.ts";
import type { Instruction, IrFunction, Operand } from "./ir/model.ts";
import { areAlike, Different, type Pair, Pairing, what } from "./pairing.ts";
import { readByBoth } from "./reads.ts";
import { asDeclared } from "./registers.ts";
import { calledName } from "./strips.ts";
import type { Term, Terms } from "./terms.ts";

/** @throws Different, Unsupported */
export function lockstep(c: IrFunction, rust: IrFunction): void {
  new Lockstep(new Pairing(c, rust)).run();
}

class Lockstep {
  private readonly pairing: Pairing;
  private readonly terms: Terms;
  private readonly pairs: readonly Pair[];
  /** Values that come together at the head of a block: those of one class are equal. */
  private classes = new Map<Instruction, string>();
  private readonly memories = new Map<Instruction, Term>();
  private readonly results = new Map<Instruction, Term>();
  constructor(pairing: Pairing) {
    this.pairing = pairing;
    this.terms = pairing.terms;
    this.pairs = pairing.pairs;
  }

  run(): void {
    for (const pair of this.pairs) for (const side of [0, 1] as const) this.numberEffects(pair, side);
    const [c, rust] = this.settle();
    for (const pair of this.pairs) this.compare(pair, c, rust);
    for (const _ of readByBoth(this.pairing, [c, rust])) throw new Different("the Rust reads where the C may not look");
  }

  /** A name for what each effect gives back, and for the memory that each load sees. */
  private numberEffects(pair: Pair, side: 0 | 1): void {
    let count = 0;
    for (const i of pair.blocks[side].instructions) {
      if (i.op === "load") this.memories.set(i, this.memoryAt(pair, count));
      if (!isEffect(i)) continue;
      this.results.set(i, this.terms.make(`result ${pair.index}.${count}`, [], widthOf(i.type)));
      count++;
    }
  }

  /** The state of memory behind `count` effects of a pair. */
  private memoryAt(pair: Pair, count: number): Term {
    if (count > 0) return this.terms.make(`memory ${pair.index}.${count}`, [], 0);
    const [only, ...more] = pair.from;
    if (only !== undefined && more.length === 0 && only.pair.index < pair.index)
      return this.memoryAt(only.pair, only.pair.blocks[0].instructions.filter(isEffect).length);
    return this.terms.make(`memory ${pair.index}`, [], 0);
  }

  private evaluator(side: 0 | 1): Evaluator {
    const alloca = this.pairing.allocas[side];
    return new Evaluator(this.pairing.functions[side], this.terms, {
      phi: (i) => this.terms.make(`phi ${this.classes.get(i) ?? `${side} ${i.result}`}`, [], widthOf(i.type)),
      result: (i) => this.results.get(i) ?? this.terms.make(`unreached ${side} ${i.result}`, [], widthOf(i.type)),
      memory: (i) => this.memories.get(i) ?? this.terms.make(`unreached ${side}`, [], 0),
      alloca: (i) => this.terms.make(alloca.get(i.result as string) ?? `variable ${side} ${i.result}`, [], 64),
    });
  }

  /** Split classes until what is in one comes from equal values on every way in. */
  private settle(): [Evaluator, Evaluator] {
    const phis = this.pairs.flatMap((pair) =>
      ([0, 1] as const).flatMap((side) =>
        pair.blocks[side].instructions.filter((i) => i.op === "phi").map((i) => ({ pair, side, i })),
      ),
    );
    for (const { pair, i } of phis) this.classes.set(i, `${pair.index} ${shapeOf(i.type)}`);
    for (let count = new Set(this.classes.values()).size; ; ) {
      const evaluators: [Evaluator, Evaluator] = [this.evaluator(0), this.evaluator(1)];
      const numbers = new Map<string, number>();
      const next = new Map<Instruction, string>();
      for (const { pair, side, i } of phis) {
        const incoming = pair.from.map(({ names }) => {
          const at = i.labels?.indexOf(names[side]) ?? -1;
          return at < 0 ? "?" : evaluators[side].operand(i.operands[at] as Operand);
        });
        const key = [this.classes.get(i), ...incoming].join(" ");
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        next.set(i, `${pair.index} ${shapeOf(i.type)} ${numbers.get(key)}`);
      }
      this.classes = next;
      if (numbers.size === count) return [this.evaluator(0), this.evaluator(1)];
      count = numbers.size;
    }
  }

  private compare(pair: Pair, c: Evaluator, rust: Evaluator): void {
    const [inC, inRust] = ([0, 1] as const).map((side) =>
      pair.blocks[side].instructions.filter((i) => isEffect(i) || isTerminator(i)),
    ) as [Instruction[], Instruction[]];
    for (const [n, i] of inC.entries()) {
      const other = inRust[n] && asDeclared(i, inRust[n]);
      if (other === undefined) throw new Different(`the Rust lacks ${what(i)}`);
      if (isTerminator(i) && isTerminator(other) && !isEffect(i)) {
        if (i.op === "br" && i.operands.length === 1) this.requireCondition(pair, i, other, c, rust);
        else if (i.op !== "br")
          this.requireEqual(i, other, i.operands.slice(0, 1), other.operands.slice(0, 1), c, rust);
        continue;
      }
      if (!areAlike(i, other)) throw new Different(`${what(i)} in C where the Rust has ${what(other)}`);
      const isIntrinsic = i.op === "call" && calledName(i)?.startsWith("llvm.") === true;
      this.requireEqual(
        i,
        other,
        i.operands.slice(isIntrinsic ? 1 : 0),
        other.operands.slice(isIntrinsic ? 1 : 0),
        c,
        rust,
      );
    }
    if (inRust.length > inC.length) throw new Different(`the Rust has ${what(inRust[inC.length] as Instruction)} more`);
  }

  private requireEqual(
    i: Instruction,
    other: Instruction,
    mine: readonly Operand[],
    others: readonly Operand[],
    c: Evaluator,
    rust: Evaluator,
  ): void {
    if (mine.length !== others.length) throw new Different(`${what(i)} has another number of operands`);
    for (const [n, o] of mine.entries())
      this.requireTerms(c.operand(o), rust.operand(others[n] as Operand), what(i), what(other));
  }

  /** Both branch on the same, or on the opposite: where they go was put in order by that. */
  private requireCondition(pair: Pair, i: Instruction, other: Instruction, c: Evaluator, rust: Evaluator): void {
    this.requireTerms(
      this.pairing.condition(pair, 0, c.operand(i.operands[0] as Operand)),
      this.pairing.condition(pair, 1, rust.operand(other.operands[0] as Operand)),
      what(i),
      what(other),
    );
  }

  private requireTerms(a: Term, b: Term, inC: string, inRust: string): void {
    if (a !== b)
      throw new Different(`${inC} takes ${this.terms.show(a)} in C, ${inRust} takes ${this.terms.show(b)} in Rust`);
  }
}
