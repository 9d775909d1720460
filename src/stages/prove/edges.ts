/**
 * Takes what is only computed on a way from one block to another to the block that the way begins in. Where a value has been computed on all other
 * ways that come together, an optimiser computes it on the last one as well, in a block of its own, or leaves it behind: as it happens to see it.
 */
import type { Block, Instruction, IrFunction } from "./ir/model.ts";

/** Blocks of a function beyond which none is looked at. */
const MOST_BLOCKS = 2000;

/** What does nothing but compute, and cannot fail, whatever it is given: it may be done for nothing. No read is among it. */
const COMPUTES: ReadonlySet<string> = new Set([
  ...["getelementptr", "zext", "sext", "trunc", "ptrtoint", "inttoptr", "bitcast", "icmp", "select"],
  ...["add", "sub", "mul", "and", "or", "xor", "shl", "lshr", "ashr"],
]);

/** @returns a function that does the same; the one given is left as it is */
export function withBareWays(f: IrFunction): IrFunction {
  if (f.blocks.length > MOST_BLOCKS) return f;
  const into = new Map<string, Block[]>();
  const byName = new Map(f.blocks.map((b) => [b.name, b]));
  for (const b of f.blocks)
    for (const label of new Set(lastOf(b).labels)) into.set(label, [...(into.get(label) ?? []), b]);
  const moved = new Map<Block, Instruction[]>();
  for (const b of f.blocks.slice(1)) {
    const [from, ...others] = into.get(b.name) ?? [];
    if (from === undefined || others.length > 0 || from === b) continue;
    const [own, to] = [b.instructions.slice(0, -1), onlyWay(b)];
    if (own.length === 0 || to === undefined || to === b.name || !own.every((i) => COMPUTES.has(i.op))) continue;
    // From there nothing else leads there: a choice of two values stays one.
    const ways = lastOf(from).labels ?? [];
    const meets = (l: string): boolean => l === to || onlyWay(byName.get(l) as Block) === to;
    const isChoice = ways.filter((l) => l === b.name).length !== 1 || ways.some((l) => l !== b.name && meets(l));
    if (ways.length < 2 || isChoice || !["br", "switch"].includes(lastOf(from).op)) continue;
    moved.set(from, [...(moved.get(from) ?? []), ...own]);
    moved.set(b, []);
  }
  if (moved.size === 0) return f;
  return { ...f, blocks: f.blocks.map((b) => withMoved(b, moved.get(b))) };
}

const lastOf = (b: Block): Instruction => b.instructions.at(-1) as Instruction;

/** Where a block leads to, if it leads nowhere else. */
function onlyWay(b: Block): string | undefined {
  const last = lastOf(b);
  return last.op === "br" && last.labels?.length === 1 ? last.labels[0] : undefined;
}

/** A block with what was moved to its end; none, where all of its own was moved away. */
function withMoved(b: Block, moved: readonly Instruction[] | undefined): Block {
  if (moved === undefined) return b;
  const own = moved.length === 0 ? [] : b.instructions.slice(0, -1);
  return { ...b, instructions: [...own, ...moved, lastOf(b)] };
}
