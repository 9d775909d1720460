/**
 * Makes one block of all blocks behind a block that only compute: which of them are gone through becomes the conditions under which values are
 * chosen. How a choice is written (branches, a table of cases, a chain of comparisons) makes no difference then. What is read from memory is read
 * in any case: a read that nobody looks at does nothing. Where blocks that write are taken in, so is what is written: where a run would not go
 * through them, it is what is there.
 */
import { describeEffect } from "./effects.ts";
import { shapeOf } from "./evaluate.ts";
import { BIT, branch, type Condition, endsInAssembly, isPlainStore, isQuiet, jump } from "./flat-blocks.ts";
import { isExhaustive, withMergedEnds, withOneReturn } from "./ends.ts";
import { withoutHints } from "./hints.ts";
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";
import { isShared } from "./memory.ts";
import { withStraightBlocks } from "./straight.ts";
import { calledName } from "./strips.ts";

/**
 * @param writes whether blocks that write to memory are taken in as well: where a run would not go through them, they write what is there
 * @returns a function that does the same; the one given is left as it is
 */
export function flattened(f: IrFunction, writes = false): IrFunction {
  return withStraightBlocks(new Flattening(withOneReturn(withMergedEnds(withoutHints(f))), writes).run());
}

/** How far blocks are followed to tell them apart. */
const DESCRIBED = 3;

interface Edge {
  from: Block;
  condition: Condition;
}

class Flattening {
  private readonly f: IrFunction;
  private readonly blocks: ReadonlyMap<string, Block>;
  /** Reachable ones, each before those that it leads to, but for the ways back of loops. */
  private readonly order: Block[] = [];
  private readonly loops = new Set<Block>();
  /** The head of the region that a block is in. */
  private readonly heads = new Map<Block, Block>();
  private readonly definitions: ReadonlyMap<string, Instruction>;
  private readonly described = new Map<string, string>();
  private fresh = 0;
  constructor(f: IrFunction, writes: boolean) {
    this.f = f;
    this.definitions = new Map(
      f.blocks.flatMap((b) => b.instructions.flatMap((i) => (i.result === undefined ? [] : [[i.result, i] as const]))),
    );
    this.blocks = new Map(f.blocks.map((b) => [b.name, b]));
    this.visit(f.blocks[0] as Block);
    this.order.reverse();
    const into = new Map<Block, Set<Block>>();
    for (const b of this.order) for (const next of this.next(b)) into.set(next, (into.get(next) ?? new Set()).add(b));
    for (const b of this.order) {
      const before = new Set([...(into.get(b) ?? [])].map((p) => this.heads.get(p)));
      const [only] = before;
      const joins = before.size === 1 && only !== undefined && !endsInAssembly(only);
      this.heads.set(b, joins && !this.loops.has(b) && isQuiet(b, writes) ? only : b);
    }
  }

  run(): IrFunction {
    const heads = this.order.filter((b) => this.heads.get(b) === b);
    /** By head, and head that leads to it: the block that does, and what comes in by name of the value. */
    const incoming = new Map<Block, { from: string; values: Operand[] }[]>();
    const made = heads.flatMap((head) =>
      this.region(head, (to, from, values) => void incoming.set(to, [...(incoming.get(to) ?? []), { from, values }])),
    );
    for (const head of heads) {
      const ways = incoming.get(head) ?? [];
      const block = made.find((b) => b.name === head.name) as Block;
      block.instructions = block.instructions.map((i, n) =>
        i.op === "phi"
          ? { ...i, operands: ways.map((w) => w.values[n] as Operand), labels: ways.map((w) => w.from) }
          : i,
      );
    }
    return { ...this.f, blocks: made };
  }

  private visit(entry: Block): void {
    const state = new Map<Block, "open" | "done">();
    const stack: { block: Block; next: Block[] }[] = [{ block: entry, next: this.next(entry) }];
    state.set(entry, "open");
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.next.shift();
      if (next === undefined) {
        state.set(top.block, "done");
        this.order.push(top.block);
        stack.pop();
      } else if (state.get(next) === "open") this.loops.add(next);
      else if (!state.has(next)) {
        state.set(next, "open");
        stack.push({ block: next, next: this.next(next) });
      }
    }
  }

  private next(b: Block): Block[] {
    const last = b.instructions.at(-1) as Instruction;
    const labels = last.labels ?? [];
    return [...new Set(this.isNever(last) ? labels.slice(1) : labels)].map((l) => this.blocks.get(l) as Block);
  }

  /** Whether the first way of a block is never gone. */
  private readonly isNever = (last: Instruction): boolean =>
    last.op === "switch" && isExhaustive(last, this.definitions);

  /** A head with all that is in its region, and the blocks that lead on from it. */
  private region(head: Block, leads: (to: Block, from: string, values: Operand[]) => void): Block[] {
    const out: Instruction[] = [];
    const into = new Map<Block, Edge[]>();
    const exits = new Map<Block, Edge[]>();
    let last: Instruction | undefined;
    for (const b of this.order.filter((x) => this.heads.get(x) === head)) {
      const edges = into.get(b) ?? [];
      const condition = b === head ? undefined : this.any(edges, out);
      for (const i of b.instructions.slice(0, -1)) {
        if (condition !== undefined && isPlainStore(i)) this.storeWhere(condition, i, out);
        else if (i.op === "load" && condition !== undefined) out.push({ ...i, condition });
        else if (i.op !== "phi" || b === head) out.push(i);
        else
          out.push({
            op: "bitcast",
            flags: [],
            type: i.type,
            operands: [this.chosen(i, edges, out)],
            result: i.result as string,
          });
      }
      last = b.instructions.at(-1) as Instruction;
      for (const [to, edge] of this.ways(last, b, condition, out)) {
        const all = this.heads.get(to) === head && to !== head ? into : exits;
        all.set(to, [...(all.get(to) ?? []), edge]);
      }
    }
    const whole: Block[] = [{ name: head.name, instructions: [...out, last as Instruction] }];
    if (exits.size === 0) return whole;
    if (endsInAssembly(head)) {
      for (const [to, edges] of exits)
        leads(
          to,
          head.name,
          to.instructions.filter((i) => i.op === "phi").map((i) => this.chosen(i, edges, out)),
        );
      return whole;
    }
    return this.leave(head, out, exits, leads);
  }

  /** Lead on to each of the blocks that a region ends at, in an order that is that of what they do. */
  private leave(
    head: Block,
    out: Instruction[],
    exits: ReadonlyMap<Block, Edge[]>,
    leads: (to: Block, from: string, values: Operand[]) => void,
  ): Block[] {
    const targets = [...exits]
      .map(([to, edges]) => ({ to, edges, sort: this.describe(to) }))
      .sort((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0));
    const conditions = targets.slice(0, -1).map(({ edges }) => this.any(edges, out));
    const values = targets.map(({ to, edges }) =>
      to.instructions.filter((i) => i.op === "phi").map((i) => this.chosen(i, edges, out)),
    );
    const blocks: Block[] = [{ name: head.name, instructions: out }];
    for (const [n, { to }] of targets.entries()) {
      const block = blocks.at(-1) as Block;
      leads(to, block.name, values[n] as Operand[]);
      if (n === targets.length - 1) block.instructions.push(jump(to.name));
      else if (n === targets.length - 2) {
        const other = targets[n + 1] as (typeof targets)[number];
        leads(other.to, block.name, values[n + 1] as Operand[]);
        block.instructions.push(branch(conditions[n], to.name, other.to.name));
        break;
      } else {
        const name = this.name();
        block.instructions.push(branch(conditions[n], to.name, name));
        blocks.push({ name, instructions: [] });
      }
    }
    return blocks;
  }

  /**
   * A store where a condition holds, as one in any case: elsewhere it writes what is there, which changes nothing in memory as it is compared
   * (memory.ts). Nobody can look meanwhile: there is no effect that others see in a region.
   */
  private storeWhere(condition: Operand, store: Instruction, out: Instruction[]): void {
    const [value, address] = store.operands as [Operand, Operand];
    const before = this.put({ op: "load", flags: [], type: value.type, operands: [address], align: 1, condition }, out);
    const kept = this.put({ op: "select", flags: [], type: value.type, operands: [condition, value, before] }, out);
    out.push({ ...store, operands: [kept, address], condition });
  }

  /** What a block does that others see, and what is done next, as far as it can be told without operands. */
  private describe(b: Block, depth = DESCRIBED): string {
    const key = `${depth} ${b.name}`;
    const known = this.described.get(key);
    if (known !== undefined) return known;
    const effects = b.instructions
      .filter(isShared)
      .map((i) => `${describeEffect(i, (o) => shapeOf(o.type))} ${calledName(i) ?? ""}`);
    const next = depth === 0 ? [] : [...this.leavesFrom(b)].map((to) => this.describe(to, depth - 1)).toSorted();
    const made = JSON.stringify([this.loops.has(b), this.endOf(b), effects, next]);
    this.described.set(key, made);
    return made;
  }

  /** The heads that a region leads to. */
  private leavesFrom(head: Block): Set<Block> {
    const to = new Set<Block>();
    for (const b of this.order)
      if (this.heads.get(b) === head)
        for (const next of this.next(b)) if (next === head || this.heads.get(next) !== head) to.add(next);
    return to;
  }

  /** How a region ends that leads nowhere. */
  private endOf(head: Block): string | undefined {
    return this.leavesFrom(head).size === 0 ? head.instructions.at(-1)?.op : undefined;
  }

  private ways(last: Instruction, from: Block, condition: Condition, out: Instruction[]): [Block, Edge][] {
    const edge = (label: string | undefined, also: Condition): [Block, Edge] => [
      this.blocks.get(label as string) as Block,
      { from, condition: this.both(condition, also, out) },
    ];
    const labels = last.labels ?? [];
    if (last.op === "br" && labels.length === 2 && labels[0] !== labels[1]) {
      const holds = last.operands[0] as Operand;
      return [edge(labels[0], holds), edge(labels[1], this.not(holds, out))];
    }
    if (last.op !== "switch") return [...new Set(labels)].map((l) => edge(l, undefined));
    const [value, ...cases] = last.operands as [Operand, ...Operand[]];
    const equal = cases.map((c) => this.put({ op: "icmp", flags: ["eq"], type: BIT, operands: [value, c] }, out));
    const byLabel = Map.groupBy(equal, (_, n) => labels[n + 1] as string);
    const some = equal.reduce<Condition>((a, b) => (a === undefined ? b : this.or(a, b, out)), undefined);
    const none = some && this.not(some, out);
    const direct = [...byLabel]
      .filter(([l]) => l !== labels[0])
      .map(([l, all]) =>
        edge(
          l,
          all.reduce((a, b) => this.or(a, b, out)),
        ),
      );
    if (this.isNever(last) && !byLabel.has(labels[0] as string)) return direct;
    const alike = byLabel.get(labels[0] as string);
    const otherwise =
      alike === undefined || none === undefined ? none : alike.reduce((a, b) => this.or(a, b, out), none);
    return [...direct, edge(labels[0], otherwise)];
  }

  /** What a value is that depends on the way: the ways exclude each other. */
  private chosen(phi: Instruction, edges: readonly Edge[], out: Instruction[]): Operand {
    const from = (e: Edge): Operand => phi.operands[phi.labels?.indexOf(e.from.name) ?? -1] as Operand;
    const [first, ...rest] = edges as [Edge, ...Edge[]];
    return rest.reduce(
      (value, e) =>
        e.condition === undefined
          ? from(e)
          : this.put({ op: "select", flags: [], type: phi.type, operands: [e.condition, from(e), value] }, out),
      from(first),
    );
  }

  private any(edges: readonly Edge[], out: Instruction[]): Condition {
    if (edges.some((e) => e.condition === undefined)) return undefined;
    return edges.map((e) => e.condition as Operand).reduce((a, b) => this.or(a, b, out));
  }

  private or(a: Operand, b: Operand, out: Instruction[]): Operand {
    return this.put({ op: "or", flags: [], type: BIT, operands: [a, b] }, out);
  }

  private both(a: Condition, b: Condition, out: Instruction[]): Condition {
    return a === undefined
      ? b
      : b === undefined
        ? a
        : this.put({ op: "and", flags: [], type: BIT, operands: [a, b] }, out);
  }

  private not(a: Operand, out: Instruction[]): Operand {
    return this.put(
      { op: "xor", flags: [], type: BIT, operands: [a, { type: BIT, value: { kind: "int", value: 1n } }] },
      out,
    );
  }

  private put(i: Instruction, out: Instruction[]): Operand {
    const result = this.name();
    out.push({ ...i, result });
    return { type: i.type, value: { kind: "local", name: result } };
  }

  private name(): string {
    return `kport flat ${this.fresh++}`;
  }
}
