/** Blocks that always follow each other, as one: where one ends and the next begins says nothing of what is done. */
import type { Block, Instruction, IrFunction } from "./ir/model.ts";

/** @returns a function that does the same; the one given is left as it is */
export function withStraightBlocks(f: IrFunction): IrFunction {
  const blocks = new Map(f.blocks.map((b) => [b.name, b]));
  const into = new Map<string, number>();
  for (const b of f.blocks) for (const l of b.instructions.at(-1)?.labels ?? []) into.set(l, (into.get(l) ?? 0) + 1);
  const [entry] = f.blocks;
  /** The name of the block that a block has become a part of. */
  const parts = new Map<string, string>();
  const follower = (b: Block): Block | undefined => {
    const last = b.instructions.at(-1) as Instruction;
    const [to, ...more] = last.op === "br" ? (last.labels ?? []) : [];
    const next = to === undefined || more.length > 0 ? undefined : blocks.get(to);
    return next !== undefined && next !== b && next !== entry && into.get(next.name) === 1 ? next : undefined;
  };
  const made = f.blocks.map((b): Block => ({ ...b, instructions: [...b.instructions] }));
  const byName = new Map(made.map((b) => [b.name, b]));
  for (const b of made) {
    if (parts.has(b.name)) continue;
    for (let next = follower(b); next !== undefined; next = follower(b)) {
      // A block that has taken others in brings them along.
      const whole = byName.get(next.name) as Block;
      if (whole === b || parts.has(whole.name)) break;
      b.instructions = [...b.instructions.slice(0, -1), ...whole.instructions.map(plain)];
      parts.set(whole.name, b.name);
    }
  }
  const nameOf = (name: string): string => {
    let at = name;
    for (let of = parts.get(at); of !== undefined; of = parts.get(at)) at = of;
    return at;
  };
  const kept = made.filter((b) => !parts.has(b.name));
  for (const b of kept)
    b.instructions = b.instructions.map((i) => (i.op === "phi" ? { ...i, labels: (i.labels ?? []).map(nameOf) } : i));
  return { ...f, blocks: kept };
}

/** What comes into a block in one way is what it is. */
function plain(i: Instruction): Instruction {
  if (i.op !== "phi") return i;
  const { labels: _labels, ...rest } = i;
  return { ...rest, op: "bitcast" };
}
