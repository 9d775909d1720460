/**
 * Lays two functions side by side, block by block, and shows that they do the same: in each pair of blocks the same effects in the same order
 * with the same operands, and the same way on. What is equal is found by assuming as much as can be and taking back what does not hold (the
 * values that come together at the head of a block), so that what is left at the end holds by induction over the steps of a run.
 */
import { describeEffect, isEffect, isTerminator } from "./effects.ts";
import { Evaluator, shapeOf, type Surroundings, widthOf } from "./evaluate.ts";
import { withoutForwarding } from "./forwarding.ts";
import { sizeOf } from "./ir/layout.ts";
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";
import { calledName } from "./strips.ts";
import { type Term, Terms } from "./terms.ts";

/** Shows that two terms are equal where they are not the same. */
export type Equal = (terms: Terms, a: Term, b: Term) => boolean;

/** Why the two are not shown to be the same: what is first met. */
export class Different extends Error {
  override readonly name = "Different";
}

interface Pair {
  index: number;
  /** Of the C and of the Rust. */
  blocks: readonly [Block, Block];
  /** The pairs that this one is entered from, with the names of their blocks. */
  from: { pair: Pair; names: readonly [string, string] }[];
}

/** @throws Different, Unsupported */
export function lockstep(c: IrFunction, rust: IrFunction, equal: Equal = (_, a, b) => a === b): void {
  requireSameSignature(c, rust);
  new Lockstep([withoutForwarding(c), withoutForwarding(rust)], equal).run();
}

function requireSameSignature(c: IrFunction, rust: IrFunction): void {
  const of = (f: IrFunction): string =>
    [shapeOf(f.returns), f.returnPassing.words.join("+"), ...f.parameters.map((p) => [shapeOf(p.type), ...p.passing.words, ...p.passing.typed.map((t) => `${t.name} ${sizeOf(t.type)}`)].join(" ")), f.variadic ? "…" : ""].join(", ");
  if (of(c) !== of(rust)) throw new Different(`its parameters or its result are passed otherwise (${of(c)} in C, ${of(rust)} in Rust)`);
}

class Lockstep {
  private readonly terms = new Terms();
  private readonly functions: readonly [IrFunction, IrFunction];
  private readonly equal: Equal;
  private readonly pairs: Pair[] = [];
  private readonly byBlock: readonly [Map<string, Pair>, Map<string, Pair>] = [new Map(), new Map()];
  private readonly allocas: readonly [Map<string, string>, Map<string, string>] = [new Map(), new Map()];
  /** Values that come together at the head of a block: those of one class are equal. */
  private classes = new Map<Instruction, string>();
  private readonly memories = new Map<Instruction, Term>();
  private readonly results = new Map<Instruction, Term>();
  constructor(functions: readonly [IrFunction, IrFunction], equal: Equal) {
    this.functions = functions;
    this.equal = equal;
  }

  run(): void {
    this.pairUp();
    for (const side of [0, 1] as const) this.numberAllocas(side);
    for (const pair of this.pairs) for (const side of [0, 1] as const) this.numberEffects(pair, side);
    const [c, rust] = this.settle();
    for (const pair of this.pairs) this.compare(pair, c, rust);
  }

  /** Follow both control flows from their entries. */
  private pairUp(): void {
    const evaluators = ([0, 1] as const).map((side) => new Evaluator(this.functions[side], this.terms, this.unrelated(side)));
    const blocks = this.functions.map((f) => new Map(f.blocks.map((b) => [b.name, b])));
    const queue: [string, string, Pair | undefined][] = [[this.functions[0].blocks[0]?.name as string, this.functions[1].blocks[0]?.name as string, undefined]];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [inC, inRust, from] = next;
      const known = [this.byBlock[0].get(inC), this.byBlock[1].get(inRust)];
      if (known[0] !== known[1]) throw new Different("its flow of control has another shape");
      let pair = known[0];
      if (pair === undefined) {
        pair = { index: this.pairs.length, blocks: [blocks[0]?.get(inC) as Block, blocks[1]?.get(inRust) as Block], from: [] };
        this.pairs.push(pair);
        this.byBlock[0].set(inC, pair);
        this.byBlock[1].set(inRust, pair);
        const ways = ([0, 1] as const).map((side) => this.ways(pair?.blocks[side] as Block, evaluators[side] as Evaluator));
        if (ways[0]?.kind !== ways[1]?.kind || ways[0]?.to.length !== ways[1]?.to.length) throw new Different(`its flow of control has another shape (${ways[0]?.kind} in C, ${ways[1]?.kind} in Rust)`);
        for (const [i, to] of (ways[0]?.to ?? []).entries()) queue.push([to, ways[1]?.to[i] as string, pair]);
      }
      if (from !== undefined) pair.from.push({ pair: from, names: [from.blocks[0].name, from.blocks[1].name] });
    }
  }

  /** Where a block goes, in an order that does not depend on how its condition is written. */
  private ways(block: Block, evaluator: Evaluator): { kind: string; to: string[] } {
    const last = block.instructions.at(-1) as Instruction;
    const labels = last.labels ?? [];
    if (last.op === "br" && labels.length === 2) {
      const isNegated = this.terms.node(evaluator.operand(last.operands[0] as Operand)).op === "not";
      return { kind: "branch", to: isNegated ? labels.toReversed() : labels };
    }
    if (last.op === "switch") {
      const cases = last.operands.slice(1).map((o, i) => [this.terms.value(evaluator.operand(o)) as bigint, labels[i + 1] as string] as const);
      const sorted = cases.toSorted(([a], [b]) => (a < b ? -1 : 1));
      return { kind: `switch ${sorted.map(([n]) => n).join(" ")}`, to: [labels[0] as string, ...sorted.map(([, l]) => l)] };
    }
    return { kind: last.op, to: labels };
  }

  /** For what a condition looks like, before it is known what is equal. */
  private unrelated(side: 0 | 1): Surroundings {
    const leaf = (i: Instruction): Term => this.terms.make(`${side} ${i.result}`, [], widthOf(i.type));
    return { phi: leaf, result: leaf, alloca: leaf, memory: () => this.terms.make("memory", [], 0) };
  }

  /** The n-th variable of its size, by first use in the order of the pairs. */
  private numberAllocas(side: 0 | 1): void {
    const sizes = new Map<string, string>();
    for (const b of this.functions[side].blocks) {
      for (const i of b.instructions) {
        if (i.op !== "alloca" || i.result === undefined) continue;
        const count = i.operands[0]?.value;
        const times = count === undefined ? "1" : count.kind === "int" ? String(count.value) : `variable ${side}`;
        // What is aligned more than any type is was asked to be.
        sizes.set(i.result, `${sizeOf(i.source as NonNullable<Instruction["source"]>)} x ${times}${(i.align ?? 1) > 16 ? ` align ${i.align}` : ""}`);
      }
    }
    const counts = new Map<string, number>();
    for (const pair of this.pairs) {
      for (const name of this.used(pair.blocks[side])) {
        const size = sizes.get(name);
        if (size === undefined || this.allocas[side].has(name)) continue;
        const n = counts.get(size) ?? 0;
        counts.set(size, n + 1);
        this.allocas[side].set(name, `variable of ${size} bytes #${n}`);
      }
    }
  }

  private used(block: Block): string[] {
    return block.instructions.filter((i) => isEffect(i) || isTerminator(i) || i.op === "load").flatMap((i) => i.operands.flatMap((o) => (o.value.kind === "local" ? [o.value.name] : [])));
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
    if (only !== undefined && more.length === 0 && only.pair.index < pair.index) return this.memoryAt(only.pair, only.pair.blocks[0].instructions.filter(isEffect).length);
    return this.terms.make(`memory ${pair.index}`, [], 0);
  }

  private evaluator(side: 0 | 1): Evaluator {
    const alloca = this.allocas[side];
    return new Evaluator(this.functions[side], this.terms, {
      phi: (i) => this.terms.make(`phi ${this.classes.get(i) ?? `${side} ${i.result}`}`, [], widthOf(i.type)),
      result: (i) => this.results.get(i) ?? this.terms.make(`unreached ${side} ${i.result}`, [], widthOf(i.type)),
      memory: (i) => this.memories.get(i) ?? this.terms.make(`unreached ${side}`, [], 0),
      alloca: (i) => this.terms.make(alloca.get(i.result as string) ?? `variable ${side} ${i.result}`, [], 64),
    });
  }

  /** Split classes until what is in one comes from equal values on every way in. */
  private settle(): [Evaluator, Evaluator] {
    const phis = this.pairs.flatMap((pair) => ([0, 1] as const).flatMap((side) => pair.blocks[side].instructions.filter((i) => i.op === "phi").map((i) => ({ pair, side, i }))));
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
    const [inC, inRust] = ([0, 1] as const).map((side) => pair.blocks[side].instructions.filter((i) => isEffect(i) || isTerminator(i))) as [Instruction[], Instruction[]];
    for (const [n, i] of inC.entries()) {
      const other = inRust[n];
      if (other === undefined) throw new Different(`the Rust lacks ${what(i)}`);
      const [said, saidInRust] = [i, other].map((x) => describeEffect(x, (o) => shapeOf(o.type)));
      if (isTerminator(i) && isTerminator(other)) {
        if (i.op === "br" && i.operands.length === 1) this.requireCondition(i, other, c, rust);
        else if (i.op !== "br") this.requireEqual(i, other, i.operands.slice(0, 1), other.operands.slice(0, 1), c, rust);
        continue;
      }
      if (said !== saidInRust && !isCopyThatMayOverlap(said as string, saidInRust as string)) throw new Different(`${what(i)} in C where the Rust has ${what(other)}`);
      const isIntrinsic = i.op === "call" && calledName(i)?.startsWith("llvm.") === true;
      this.requireEqual(i, other, i.operands.slice(isIntrinsic ? 1 : 0), other.operands.slice(isIntrinsic ? 1 : 0), c, rust);
    }
    if (inRust.length > inC.length) throw new Different(`the Rust has ${what(inRust[inC.length] as Instruction)} more`);
  }

  private requireEqual(i: Instruction, other: Instruction, mine: readonly Operand[], others: readonly Operand[], c: Evaluator, rust: Evaluator): void {
    if (mine.length !== others.length) throw new Different(`${what(i)} has another number of operands`);
    for (const [n, o] of mine.entries()) this.requireTerms(c.operand(o), rust.operand(others[n] as Operand), what(i), what(other));
  }

  /** Both branch on the same, or on the opposite: where they go was put in order by that. */
  private requireCondition(i: Instruction, other: Instruction, c: Evaluator, rust: Evaluator): void {
    const bare = (t: Term): Term => (this.terms.node(t).op === "not" ? (this.terms.node(t).args[0] as Term) : t);
    this.requireTerms(bare(c.operand(i.operands[0] as Operand)), bare(rust.operand(other.operands[0] as Operand)), what(i), what(other));
  }

  private requireTerms(a: Term, b: Term, inC: string, inRust: string): void {
    if (a !== b && !this.equal(this.terms, a, b)) throw new Different(`${inC} takes ${this.terms.show(a)} in C, ${inRust} takes ${this.terms.show(b)} in Rust`);
  }
}

/** A copy of C's must not overlap; one that may does the same. */
function isCopyThatMayOverlap(inC: string, inRust: string): boolean {
  return inC.replace("call llvm.memcpy ", "call llvm.memmove ") === inRust;
}

function what(i: Instruction): string {
  const callee = i.op === "call" ? i.operands[0]?.value : undefined;
  const name = callee?.kind === "global" ? ` of ${callee.name}` : "";
  return `${i.flags.includes("volatile") ? "volatile " : ""}${i.op === "br" ? "branch" : i.op}${name}`;
}
