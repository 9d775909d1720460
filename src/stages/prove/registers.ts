/**
 * What the calling convention of x86-64 makes of a call: a number of 32 bits is passed in the lower half of the register in which one of 64 would
 * be, and who is called looks at no more than it was declared with (System V ABI, 3.2.3); a result that nobody looks at is left in a register.
 * A helper that is a jump to the kernel's function (lower/tail-calls.ts) has lost the declaration, and with it which of the two it was.
 */
import { isUnitsOwn, WIDENED } from "./effects.ts";
import type { Instruction, IrFunction, Operand, Type } from "./ir/model.ts";
import { calledName } from "./strips.ts";

const VOID: Type = { kind: "void" };

/** Arguments beyond which they are not in registers; there a number takes eight bytes all the same, but none has needed it. */
const REGISTERS = 6;

/** Whether somebody else's function is called by its name, with all that it takes. */
function isForeign(i: Instruction): boolean {
  const name = calledName(i);
  return name !== undefined && !name.startsWith("llvm.") && !isUnitsOwn(name) && i.signature?.variadic !== true;
}

function isScalar(t: Type): boolean {
  return t.kind === "ptr" || (t.kind === "int" && t.bits <= 64);
}

/** @returns a function that does the same, in which calls whose results nobody looks at have none; the one given is left as it is */
export function withoutUnusedResults(f: IrFunction): IrFunction {
  const used = new Set<string>();
  const look = ({ value }: Operand): void => {
    if (value.kind === "local") used.add(value.name);
    else if (value.kind === "aggregate") value.elements.forEach(look);
    else if (value.kind === "expression") value.operands.forEach(look);
  };
  for (const b of f.blocks) for (const i of b.instructions) i.operands.forEach(look);
  const plain = (i: Instruction): Instruction => {
    if (i.op !== "call" || i.signature === undefined || i.result === undefined) return i;
    if (used.has(i.result) || !isForeign(i) || !isScalar(i.type)) return i;
    const { result: _result, ...rest } = i;
    return { ...rest, type: VOID, signature: { ...i.signature, returns: { words: [], typed: [] } } };
  };
  return { ...f, blocks: f.blocks.map((b) => ({ ...b, instructions: b.instructions.map(plain) })) };
}

/**
 * The Rust's call with its numbers as wide as C declares them, where C's are the lower halves of them.
 * @param inC the call that it stands beside
 */
export function asDeclared(inC: Instruction, inRust: Instruction): Instruction {
  if (inC.op !== "call" || inRust.op !== "call" || !isForeign(inC) || calledName(inC) !== calledName(inRust))
    return inRust;
  if (inC.operands.length !== inRust.operands.length || inC.operands.length > REGISTERS + 1) return inRust;
  // Where any argument takes more than a register, or a place of its own, none is known to be in its own.
  if (![inC, inRust].every((i) => i.operands.slice(1).every(isPlain))) return inRust;
  const isHalf = (o: Operand, n: number): boolean => {
    const declared = inC.operands[n]?.type;
    return n > 0 && declared?.kind === "int" && declared.bits === 32 && o.type.kind === "int" && o.type.bits === 64;
  };
  if (!inRust.operands.some(isHalf)) return inRust;
  return { ...inRust, operands: inRust.operands.map((o, n) => (isHalf(o, n) ? lowerHalf(o) : o)) };
}

function isPlain({ type, passing }: Operand): boolean {
  return isScalar(type) && (passing?.words ?? []).every((w) => WIDENED.has(w)) && (passing?.typed ?? []).length === 0;
}

/** Evaluated in place (evaluate.ts). */
function lowerHalf({ type, value }: Operand): Operand {
  return {
    type: { kind: "int", bits: 32 },
    value: { kind: "expression", op: "trunc", operands: [{ type, value }] },
  };
}
