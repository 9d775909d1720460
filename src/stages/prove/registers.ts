/**
 * What the calling convention of x86-64 makes of a call: a number of 32 bits is passed in the lower half of the register in which one of 64 would
 * be, and who is called looks at no more than it was declared with (System V ABI, 3.2.3); a result that nobody looks at is left in a register.
 * A helper that is a jump to the kernel's function (lower/tail-calls.ts) has lost the declaration, and with it which of the two it was.
 */
import { isUnitsOwn, WIDENED } from "./effects.ts";
import type { Instruction, IrFunction, Operand, Parameter, Type } from "./ir/model.ts";
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
 * The C's function with what it takes in the lower part of a register as the whole of it, where the Rust takes that: of a structure whose second
 * half is a byte, C passes the byte and rustc all eight. What is above it is any value, and nobody's.
 */
export function takingWhole(c: IrFunction, rust: IrFunction): IrFunction {
  if (c.parameters.length !== rust.parameters.length) return c;
  const made: Instruction[] = [];
  const parameters = c.parameters.map((p, n) => {
    const other = rust.parameters[n] as Parameter;
    const isPart = p.type.kind === "int" && p.type.bits < 64 && other.type.kind === "int" && other.type.bits === 64;
    const isBare = [p, other].every((x) => x.passing.words.length === 0 && x.passing.typed.length === 0);
    if (!isPart || !isBare) return p;
    const whole = { ...p, name: `${p.name} whole`, type: other.type };
    const operands: Operand[] = [{ type: other.type, value: { kind: "local", name: whole.name } }];
    made.push({ op: "trunc", flags: [], type: p.type, operands, result: p.name });
    return whole;
  });
  const [entry, ...rest] = c.blocks;
  if (made.length === 0 || entry === undefined) return c;
  return { ...c, parameters, blocks: [{ ...entry, instructions: [...made, ...entry.instructions] }, ...rest] };
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
    if (n === 0 || declared?.kind !== "int" || o.type.kind !== "int" || o.type.bits !== 64) return false;
    // Of a narrower one a caller may have to fill the register; not where it is a member of a structure.
    return declared.bits === 32 || (declared.bits < 32 && (inC.operands[n]?.passing?.words ?? []).length === 0);
  };
  if (!inRust.operands.some(isHalf)) return inRust;
  return {
    ...inRust,
    operands: inRust.operands.map((o, n) => (isHalf(o, n) ? lowerPart(o, inC.operands[n]?.type as Type) : o)),
  };
}

function isPlain({ type, passing }: Operand): boolean {
  return isScalar(type) && (passing?.words ?? []).every((w) => WIDENED.has(w)) && (passing?.typed ?? []).length === 0;
}

/** Evaluated in place (evaluate.ts). */
function lowerPart({ type, value }: Operand, declared: Type): Operand {
  return {
    type: declared,
    value: { kind: "expression", op: "trunc", operands: [{ type, value }] },
  };
}
