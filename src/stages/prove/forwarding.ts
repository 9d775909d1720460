/**
 * Takes out blocks that only lead on: in which values come together that come together again in the next block. Optimisers keep some of them
 * (at the end of a loop with several ways round) for reasons that are not the function's.
 */
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";

/** Blocks of a function beyond which none is taken out: each is looked at again for each that is. */
const MOST_BLOCKS = 2000;

/** @returns a function that goes the same ways with the same values; the one given is left as it is */
export function withoutForwarding(f: IrFunction): IrFunction {
  if (f.blocks.length > MOST_BLOCKS) return f;
  const blocks: Block[] = f.blocks.map((b) => ({ ...b, instructions: b.instructions.map((i) => (i.op === "phi" ? { ...i, operands: [...i.operands], labels: [...(i.labels ?? [])] } : { ...i })) }));
  for (;;) {
    const at = blocks.findIndex((b, n) => n > 0 && takeOut(b, blocks));
    if (at < 0) return { ...f, blocks };
    blocks.splice(at, 1);
  }
}

/** Lead what comes into a block past it, where that can be said. */
function takeOut(block: Block, blocks: readonly Block[]): boolean {
  const last = block.instructions.at(-1) as Instruction;
  const target = last.op === "br" && last.operands.length === 0 ? blocks.find((b) => b.name === last.labels?.[0]) : undefined;
  const own = block.instructions.slice(0, -1);
  if (target === undefined || target === block || own.some((i) => i.op !== "phi")) return false;
  const names = new Set(own.map((i) => i.result));
  const next = target.instructions.filter((i) => i.op === "phi");
  const usedElsewhere = blocks.some((b) => b.instructions.some((i) => i.operands.some((o, n) => o.value.kind === "local" && names.has(o.value.name) && !(i.op === "phi" && b === target && i.labels?.[n] === block.name))));
  if (usedElsewhere) return false;
  const from = blocks.filter((b) => (b.instructions.at(-1) as Instruction).labels?.includes(block.name) === true && b.instructions.at(-1)?.op !== "phi");
  // Which way was taken could not be told from where it came.
  if (from.length === 0 || (next.length > 0 && from.some((b) => (b.instructions.at(-1) as Instruction).labels?.includes(target.name)))) return false;
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

/** What a value is on the way from `block`, where it may be one of those that come together. */
function valueFrom(o: Operand, block: Block, phis: readonly Instruction[]): Operand {
  const { value } = o;
  const phi = value.kind === "local" ? phis.find((i) => i.result === value.name) : undefined;
  return phi === undefined ? o : (phi.operands[phi.labels?.indexOf(block.name) ?? -1] as Operand);
}
