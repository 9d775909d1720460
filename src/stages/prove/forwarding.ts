/**
 * Takes out blocks that only lead on: in which values come together that come together again in the next block. Optimisers keep some of them
 * (at the end of a loop with several ways round) for reasons that are not the function's. Where one block goes to another in two ways that
 * bring other values along, an optimiser is free to have an empty block on either: then each way has one.
 */
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";

/** Blocks of a function beyond which none is taken out: each is looked at again for each that is. */
const MOST_BLOCKS = 2000;

/** @returns a function that goes the same ways with the same values; the one given is left as it is */
export function withoutForwarding(f: IrFunction): IrFunction {
  if (f.blocks.length > MOST_BLOCKS) return f;
  const blocks: Block[] = f.blocks.map((b) => ({
    ...b,
    instructions: b.instructions.map((i) =>
      i.op === "phi" ? { ...i, operands: [...i.operands], labels: [...(i.labels ?? [])] } : { ...i },
    ),
  }));
  const ways = new Set<Block>();
  for (;;) {
    const at = blocks.findIndex((b, n) => n > 0 && !ways.has(b) && takeOut(b, blocks, ways));
    if (at < 0) return { ...f, blocks: [...blocks, ...ways] };
    blocks.splice(at, 1);
  }
}

/**
 * Lead what comes into a block past it, where that can be said.
 * @param ways gets the blocks that stand for one of several ways from one block to another
 */
function takeOut(block: Block, withoutWays: readonly Block[], ways: Set<Block>): boolean {
  const blocks = [...withoutWays, ...ways];
  const last = block.instructions.at(-1) as Instruction;
  const target =
    last.op === "br" && last.operands.length === 0 ? blocks.find((b) => b.name === last.labels?.[0]) : undefined;
  const own = block.instructions.slice(0, -1);
  if (target === undefined || target === block || own.some((i) => i.op !== "phi")) return false;
  const names = new Set(own.map((i) => i.result));
  const next = target.instructions.filter((i) => i.op === "phi");
  const usedElsewhere = blocks.some((b) =>
    b.instructions.some((i) =>
      i.operands.some(
        (o, n) =>
          o.value.kind === "local" &&
          names.has(o.value.name) &&
          !(i.op === "phi" && b === target && i.labels?.[n] === block.name),
      ),
    ),
  );
  if (usedElsewhere) return false;
  const from = blocks.filter((b) => leadsTo(b, block));
  if (from.length === 0) return false;
  // Which way was taken could not be told from where it came.
  if (next.length > 0)
    for (const b of from)
      if ((b.instructions.at(-1) as Instruction).labels?.includes(target.name))
        for (const way of apart(b, block, target)) ways.add(way);
  from.splice(0, Infinity, ...[...blocks, ...ways].filter((b) => leadsTo(b, block)));
  for (const phi of next) {
    const n = phi.labels?.indexOf(block.name) ?? -1;
    const value = phi.operands[n] as Operand;
    phi.operands.splice(n, 1);
    phi.labels?.splice(n, 1);
    for (const b of from) {
      phi.operands.push(valueFrom(value, b, own));
      phi.labels?.push(b.name);
    }
  }
  for (const b of from) {
    const way = b.instructions.at(-1) as Instruction;
    way.labels = way.labels?.map((l) => (l === block.name ? target.name : l)) ?? [];
  }
  return true;
}

function leadsTo(b: Block, to: Block): boolean {
  const last = b.instructions.at(-1);
  return last?.op !== "phi" && last?.labels?.includes(to.name) === true;
}

/** A block of its own for each way that leads from `b` to one of two blocks. */
function apart(b: Block, ...to: readonly Block[]): Block[] {
  const last = b.instructions.at(-1) as Instruction;
  const made: Block[] = [];
  const labels = [...(last.labels ?? [])];
  last.labels = labels;
  for (const [n, label] of labels.entries()) {
    const target = to.find((t) => t.name === label);
    if (target === undefined) continue;
    const way: Block = {
      name: `${b.name} way ${n}`,
      instructions: [{ op: "br", flags: [], type: { kind: "void" }, operands: [], labels: [label] }],
    };
    made.push(way);
    labels[n] = way.name;
    for (const phi of target.instructions.filter((i) => i.op === "phi")) {
      phi.operands.push(phi.operands[phi.labels?.indexOf(b.name) ?? -1] as Operand);
      phi.labels?.push(way.name);
    }
  }
  for (const target of to) {
    for (const phi of target.instructions.filter((i) => i.op === "phi")) {
      const kept = phi.labels?.map((l) => l !== b.name) ?? [];
      phi.operands = phi.operands.filter((_, k) => kept[k]);
      phi.labels = phi.labels?.filter((_, k) => kept[k]) ?? [];
    }
  }
  return made;
}

/** What a value is on the way from `block`, where it may be one of those that come together. */
function valueFrom(o: Operand, block: Block, phis: readonly Instruction[]): Operand {
  const { value } = o;
  const phi = value.kind === "local" ? phis.find((i) => i.result === value.name) : undefined;
  return phi === undefined ? o : (phi.operands[phi.labels?.indexOf(block.name) ?? -1] as Operand);
}
