/** Lays the blocks of two functions side by side by following both flows of control from their entries. */
import { describeEffect, describeTyped, isEffect, isTerminator, isUnitsOwn, WIDENED } from "./effects.ts";
import { Evaluator, shapeOf, type Surroundings, widthOf } from "./evaluate.ts";
import { withoutForwarding } from "./forwarding.ts";
import { sizeOf } from "./ir/layout.ts";
import { withJoinedWays } from "./joining.ts";
import { withoutHints } from "./hints.ts";
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";
import { isShared } from "./memory.ts";
import { withBareWays } from "./edges.ts";
import { takingWhole, withoutUnusedResults } from "./registers.ts";
import { WIDEST } from "./strips.ts";
import { type Term, Terms } from "./terms.ts";

/** Why the two are not shown to be the same: what is first met. */
export class Different extends Error {
  override readonly name = "Different";
}

export interface Pair {
  index: number;
  /** Of the C and of the Rust. */
  blocks: readonly [Block, Block];
  /** The pairs that this one is entered from, with the names of their blocks. */
  from: { pair: Pair; names: readonly [string, string] }[];
  /** Before those of all pairs that it leads to, but for the ways back of loops. */
  place: number;
}

function requireSameSignature(c: IrFunction, rust: IrFunction): void {
  // By Rust's own convention a number is not widened: no C calls such a function, and all who do agree with it.
  const own = isUnitsOwn(rust.name);
  const words = (mine: readonly string[], inRust: readonly string[] | undefined, nobodyRelies = own): string =>
    mine.filter((w) => !nobodyRelies || !WIDENED.has(w) || inRust === undefined || inRust.includes(w)).join("+");
  // What is above a result of 8 or 16 bits no caller looks at on x86-64 (LLVM's getTypeForExtReturn, gcc as well), so rustc does not fill it.
  const narrow = c.returns.kind === "int" && [8, 16].includes(widthOf(c.returns));
  const of = (f: IrFunction): string =>
    [
      shapeOf(f.returns),
      words(f.returnPassing.words, rust.returnPassing.words, own || narrow),
      ...f.parameters.map((p, n) =>
        [shapeOf(p.type), words(p.passing.words, rust.parameters[n]?.passing.words), ...describeTyped(p.passing)].join(
          " ",
        ),
      ),
      f.variadic ? "…" : "",
    ].join(", ");
  if (of(c) !== of(rust))
    throw new Different(`its parameters or its result are passed otherwise (${of(c)} in C, ${of(rust)} in Rust)`);
}

/** Without what optimisers leave of hints and of the flow of control for reasons that are not the function's. */
function plainly(f: IrFunction): IrFunction {
  return withoutForwarding(withJoinedWays(withoutForwarding(withBareWays(withoutUnusedResults(withoutHints(f))))));
}

/** Both functions with their blocks in pairs. A side is the C's, 0, or the Rust's, 1. */
export class Pairing {
  readonly terms: Terms;
  readonly functions: readonly [IrFunction, IrFunction];
  readonly pairs: Pair[] = [];
  readonly allocas: readonly [Map<string, string>, Map<string, string>] = [new Map(), new Map()];
  /** Bytes of each variable, by its name in both functions. */
  readonly sizes = new Map<string, number>();
  private readonly addresses: readonly [Map<string, Instruction>, Map<string, Instruction>];
  /** Blocks whose branch goes its second way first. */
  private readonly negated = new Set<Block>();
  private readonly byBlock: readonly [Map<string, Pair>, Map<string, Pair>] = [new Map(), new Map()];
  /** @throws Different, Unsupported */
  constructor(narrow: IrFunction, rust: IrFunction) {
    const c = takingWhole(narrow, rust);
    requireSameSignature(c, rust);
    // Both are of one module, where a name is one constant; where they are not, both have to say the same.
    this.terms = new Terms((name, offset) => {
      const [inC, inRust] = [c, rust].map((f) => f.byteOf?.(name, offset));
      return inC === inRust ? inC : undefined;
    });
    this.functions = [plainly(c), plainly(rust)];
    this.addresses = [addressesIn(this.functions[0]), addressesIn(this.functions[1])];
    this.pairUp();
    this.order();
    for (const side of [0, 1] as const) this.numberAllocas(side);
  }

  /** Follow both control flows from their entries. */
  private pairUp(): void {
    const evaluators = ([0, 1] as const).map(
      (side) => new Evaluator(this.functions[side], this.terms, this.unrelated(side)),
    );
    const blocks = this.functions.map((f) => new Map(f.blocks.map((b) => [b.name, b])));
    const queue: [string, string, Pair | undefined][] = [
      [this.functions[0].blocks[0]?.name as string, this.functions[1].blocks[0]?.name as string, undefined],
    ];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [inC, inRust, from] = next;
      const known = [this.byBlock[0].get(inC), this.byBlock[1].get(inRust)];
      if (known[0] !== known[1]) throw new Different("its flow of control has another shape");
      let pair = known[0];
      if (pair === undefined) {
        pair = {
          index: this.pairs.length,
          blocks: [blocks[0]?.get(inC) as Block, blocks[1]?.get(inRust) as Block],
          from: [],
          place: 0,
        };
        this.pairs.push(pair);
        this.byBlock[0].set(inC, pair);
        this.byBlock[1].set(inRust, pair);
        const ways = ([0, 1] as const).map((side) =>
          this.ways(pair?.blocks[side] as Block, evaluators[side] as Evaluator),
        );
        if (ways[0]?.kind !== ways[1]?.kind || ways[0]?.to.length !== ways[1]?.to.length)
          throw new Different(
            `its flow of control has another shape (${ways[0]?.kind} in C, ${ways[1]?.kind} in Rust)`,
          );
        for (const [i, to] of (ways[0]?.to ?? []).entries()) queue.push([to, ways[1]?.to[i] as string, pair]);
      }
      if (from !== undefined) pair.from.push({ pair: from, names: [from.blocks[0].name, from.blocks[1].name] });
    }
  }

  /** Number the pairs so that each comes before those that it leads to, but for the ways back of loops. */
  private order(): void {
    const next = new Map(this.pairs.map((p) => [p, [] as Pair[]]));
    for (const p of this.pairs) for (const { pair } of p.from) next.get(pair)?.push(p);
    const seen = new Set<Pair>();
    const stack = this.pairs.slice(0, 1).map((pair) => ({ pair, left: [...(next.get(pair) ?? [])] }));
    seen.add(this.pairs[0] as Pair);
    let place = this.pairs.length;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = top.left.pop();
      if (to === undefined) {
        top.pair.place = --place;
        stack.pop();
      } else if (!seen.has(to)) {
        seen.add(to);
        stack.push({ pair: to, left: [...(next.get(to) ?? [])] });
      }
    }
  }

  /** Where a block goes, in an order that does not depend on how its condition is written. */
  private ways(block: Block, evaluator: Evaluator): { kind: string; to: string[] } {
    const last = block.instructions.at(-1) as Instruction;
    const labels = last.labels ?? [];
    if (last.op === "br" && labels.length === 2) {
      const isNegated = this.terms.node(evaluator.operand(last.operands[0] as Operand)).op === "not";
      if (isNegated) this.negated.add(block);
      return { kind: "branch", to: isNegated ? labels.toReversed() : labels };
    }
    if (last.op === "switch") {
      const cases = last.operands
        .slice(1)
        .map((o, i) => [this.terms.value(evaluator.operand(o)) as bigint, labels[i + 1] as string] as const);
      const sorted = cases.toSorted(([a], [b]) => (a < b ? -1 : 1));
      return {
        kind: `switch ${sorted.map(([n]) => n).join(" ")}`,
        to: [labels[0] as string, ...sorted.map(([, l]) => l)],
      };
    }
    return { kind: last.op, to: labels };
  }

  /** For what a condition looks like, before it is known what is equal. */
  private unrelated(side: 0 | 1): Surroundings {
    const leaf = (i: Instruction): Term => this.terms.make(`${side} ${i.result}`, [], widthOf(i.type));
    return { phi: leaf, result: leaf, alloca: leaf, memory: () => this.terms.make("memory", [], 0) };
  }

  /** The condition under which the first of a pair's ways is gone: of a branch whose ways were put in another order, its negation. */
  condition(pair: Pair, side: 0 | 1, t: Term): Term {
    return this.negated.has(pair.blocks[side]) ? this.terms.not(t) : t;
  }

  /**
   * The n-th variable of its size, by first use in the order of the pairs: by what both have to do one by one, and then by all else, of which
   * an optimiser changes the order. Any two may be taken for one, as long as each has no other.
   */
  private numberAllocas(side: 0 | 1): void {
    const sizes = new Map<string, string>();
    const entry = this.functions[side].blocks[0];
    for (const b of this.functions[side].blocks) {
      // A loop makes a new one each time that it comes there (alloca()).
      const made = b === entry ? "" : ` made in pair ${this.byBlock[side].get(b.name)?.index}`;
      for (const i of b.instructions) {
        if (i.op !== "alloca" || i.result === undefined) continue;
        const count = i.operands[0]?.value;
        const times = count === undefined ? "1" : count.kind === "int" ? String(count.value) : `variable ${side}`;
        // What is aligned more than any type is was asked to be.
        sizes.set(
          i.result,
          `${sizeOf(i.source as NonNullable<Instruction["source"]>)} x ${times}${(i.align ?? 1) > WIDEST ? ` align ${i.align}` : ""}${made}`,
        );
      }
    }
    const counts = new Map<string, number>();
    const uses = [isShared, isUse].flatMap((of) => this.pairs.flatMap((p) => this.used(p.blocks[side], side, of)));
    for (const name of uses) {
      const size = sizes.get(name);
      if (size === undefined || this.allocas[side].has(name)) continue;
      const n = counts.get(size) ?? 0;
      counts.set(size, n + 1);
      const label = `variable of ${size} bytes #${n}`;
      this.allocas[side].set(name, label);
      this.sizes.set(label, Number.parseInt(size, 10));
    }
  }

  /** What the instructions of a kind name in a block: where it is a part of a variable, the variable. */
  private used(block: Block, side: 0 | 1, of: (i: Instruction) => boolean): string[] {
    return block.instructions
      .filter(of)
      .flatMap((i) => i.operands.flatMap((o) => (o.value.kind === "local" ? [this.whole(o.value.name, side)] : [])));
  }

  private whole(name: string, side: 0 | 1): string {
    const i = this.addresses[side].get(name);
    const of = i?.operands[0]?.value;
    return of?.kind === "local" ? this.whole(of.name, side) : name;
  }
}

function isUse(i: Instruction): boolean {
  return isEffect(i) || isTerminator(i) || i.op === "load";
}

/** The instructions that make one address of another, by their results. */
function addressesIn(f: IrFunction): Map<string, Instruction> {
  return new Map(
    f.blocks.flatMap((b) =>
      b.instructions.flatMap((i) =>
        i.result !== undefined && ["getelementptr", "bitcast", "freeze"].includes(i.op) ? [[i.result, i]] : [],
      ),
    ),
  );
}

/** Whether two effects are of one kind, whatever their operands are. */
export function areAlike(inC: Instruction, inRust: Instruction): boolean {
  const [c, rust] = [inC, inRust].map((x) => describeEffect(x, (o) => shapeOf(o.type))) as [string, string];
  // A copy of C's must not overlap; one that may does the same.
  if (c !== rust && c.replace("call llvm.memcpy ", "call llvm.memmove ") !== rust) return false;
  const [result, resultInRust] = [inC, inRust].map((x) => (x.signature?.returns.words ?? []).join("+"));
  // A caller may rely on less than it could.
  return resultInRust === "" || result === resultInRust;
}

/** An instruction in a few words. */
export function what(i: Instruction): string {
  const callee = i.op === "call" ? i.operands[0]?.value : undefined;
  const name = callee?.kind === "global" ? ` of ${callee.name}` : "";
  return `${i.flags.includes("volatile") ? "volatile " : ""}${i.op === "br" ? "branch" : i.op}${name}`;
}
