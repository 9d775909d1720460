/**
 * Makes a choice of values of a branch whose both ways lead to one block with nothing done on them. Whether an optimiser leaves a branch there
 * or a `select` depends on how many other ways lead to that block.
 */
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";

/** Blocks of a function beyond which none is joined: all are looked at again for each that is. */
const MOST_BLOCKS = 2000;

/** @returns a function that does the same; the one given is left as it is */
export function withJoinedWays(f: IrFunction): IrFunction {
  if (f.blocks.length > MOST_BLOCKS) return f;
  let blocks: Block[] = f.blocks.map((b) => ({ ...b, instructions: b.instructions.map((i) => ({ ...i })) }));
  for (let made = 0; ; made++) {
    let joined: Block[] | undefined;
    for (const b of blocks) if ((joined = join(b, blocks, made)) !== undefined) break;
    if (joined === undefined) return { ...f, blocks };
    blocks = joined;
  }
}

/** @returns the blocks without the ways of one that branches, where they lead to one block */
function join(block: Block, blocks: readonly Block[], made: number): Block[] | undefined {
  const last = block.instructions.at(-1) as Instruction;
  const [one, other] = last.labels ?? [];
  if (last.op !== "br" || one === undefined || other === undefined || one === other) return undefined;
  const ways = [wayBy(block, one, blocks), wayBy(block, other, blocks)] as const;
  if (ways[0].to !== ways[1].to || ways[0].to === block.name) return undefined;
  const target = blocks.find((b) => b.name === ways[0].to) as Block;
  const condition = last.operands[0] as Operand;
  const selects: Instruction[] = [];
  for (const [n, phi] of target.instructions.entries()) {
    if (phi.op !== "phi") break;
    const values = ways.map((w) => phi.operands[phi.labels?.indexOf(w.from) ?? -1] as Operand) as [Operand, Operand];
    const result = `kport joined ${made}.${n}`;
    selects.push({ op: "select", flags: [], type: phi.type, operands: [condition, ...values], result });
    const rest = (phi.labels ?? []).map((label, i) => [label, phi.operands[i] as Operand] as const);
    const kept = rest.filter(([label]) => ways.every((w) => w.from !== label));
    phi.labels = [...kept.map(([label]) => label), block.name];
    phi.operands = [...kept.map(([, o]) => o), { type: phi.type, value: { kind: "local", name: result } }];
  }
  block.instructions = [
    ...block.instructions.slice(0, -1),
    ...selects,
    { op: "br", flags: [], type: last.type, operands: [], labels: [target.name] },
  ];
  return blocks.filter((b) => ways.every((w) => w.from !== b.name || b === block));
}

/** Where a way leads, and the last block that it goes through: one that only leads on and that nobody else comes to is a part of it. */
function wayBy(block: Block, label: string, blocks: readonly Block[]): { from: string; to: string } {
  const next = blocks.find((b) => b.name === label) as Block;
  const last = next.instructions[0] as Instruction;
  const isEmpty = last.op === "br" && last.operands.length === 0;
  const isShared = blocks.some((b) => b !== block && b.instructions.at(-1)?.labels?.includes(label) === true);
  return isEmpty && !isShared ? { from: label, to: (last.labels as [string])[0] } : { from: block.name, to: label };
}
