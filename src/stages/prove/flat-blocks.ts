/** How blocks end, and which may be taken together (flatten.ts). */
import { isEffect } from "./effects.ts";
import { widthOf } from "./evaluate.ts";
import { isPlainWrite } from "./memory.ts";
import type { Block, Instruction, Operand, Type } from "./ir/model.ts";

export const BIT: Type = { kind: "int", bits: 1 };
export const VOID: Type = { kind: "void" };

/** A condition; absent: it always holds. */
export type Condition = Operand | undefined;

export function jump(to: string): Instruction {
  return { op: "br", flags: [], type: VOID, operands: [], labels: [to] };
}

export function branch(condition: Condition, to: string, otherwise: string): Instruction {
  const always: Operand = { type: BIT, value: { kind: "int", value: 1n } };
  return { op: "br", flags: [], type: VOID, operands: [condition ?? always], labels: [to, otherwise] };
}

/** Whether assembly decides where a block leads: no condition stands for that. */
export function endsInAssembly(b: Block): boolean {
  return b.instructions.at(-1)?.op === "callbr";
}

/**
 * Whether a block only computes, and leads on.
 * @param writes whether it may write numbers to memory
 */
export function isQuiet(b: Block, writes: boolean): boolean {
  const last = b.instructions.at(-1) as Instruction;
  return (
    (last.op === "br" || last.op === "switch") &&
    !b.instructions.some((i) => (isEffect(i) && !(writes && isPlainStore(i))) || i.op === "alloca")
  );
}

/** Whether an instruction writes a number to memory, where nobody can look before the next effect that others see. */
export function isPlainStore(i: Instruction): boolean {
  const width = i.op === "store" ? widthOf((i.operands[0] as Operand).type) : 0;
  return width > 0 && width % 8 === 0 && isPlainWrite(i);
}
