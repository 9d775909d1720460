/**
 * What is taken off an instruction before both programs are optimised alike. Each of these makes a function defined for more inputs than it
 * was, or leaves it as it is: for the C that is sound, for the Rust it is the assumption that docs/proof.md names.
 */
import { type Instruction, type Operand, type Type, Unsupported, type Value } from "./ir/model.ts";

/** Flags that say what an instruction does; the others (`nsw`, `inbounds`, `exact`, `nneg`, …) only promise something. */
const MEANING = new Set(["volatile", "atomic", "weak", "musttail"]);

/** Intrinsics that do nothing but tell the optimiser something. */
const HINTS =
  /^llvm\.(?:lifetime\.|assume$|dbg\.|donothing|experimental\.noalias\.scope\.decl|invariant\.(?:start|end)|sideeffect|pseudoprobe|var\.annotation|codeview)/;

/** Intrinsics that are their first operand, with a hint on its value. */
const EXPECTATIONS = /^llvm\.(?:expect(?:\.with\.probability)?|ssa\.copy)\./;

/** core's checks of what an unsafe function asks for, which are left out of what is built (`-Zub-checks`, off without debug assertions). */
const PRECONDITION = /^_RNv.*4core.*18precondition_check$/;

export function calledName(i: Instruction): string | undefined {
  const callee = i.op === "call" ? i.operands[0]?.value : undefined;
  return callee?.kind === "global" ? callee.name : undefined;
}

/** @throws Unsupported for what is said of an instruction that is not looked at when two are held against each other */
export function requireUnderstood(i: Instruction): void {
  if (i.flags.includes("musttail")) throw new Unsupported("a call in another's place (musttail)");
  if (i.signature?.bundles === true) throw new Unsupported("a call with operand bundles");
  if (calledName(i)?.startsWith("llvm.threadlocal.address.")) throw new Unsupported("a variable that each thread has");
}

/** Whether nothing is left of an instruction. */
export function isHint(i: Instruction): boolean {
  const name = calledName(i) ?? "";
  return HINTS.test(name) || PRECONDITION.test(name);
}

/** Alignment of the widest type: what is aligned more was asked to be. */
export const WIDEST = 16;

/** The instruction without promises: arithmetic wraps, addresses are numbers, memory is aligned as it may. */
export function withoutPromises(i: Instruction): Instruction {
  if (EXPECTATIONS.test(calledName(i) ?? "")) return itsArgument(i);
  const { align, ...rest } = i;
  const isComparison = i.op === "icmp" || i.op === "fcmp" || i.op === "atomicrmw";
  const flags = i.flags.filter((f, n) => MEANING.has(f) || (isComparison && n === i.flags.length - 1));
  // Either compiler aligns a variable as it likes, and opt shortens what fills one by what it knows of that: no more is known than was asked for.
  if (i.op === "alloca") return { ...rest, flags, align: (align ?? 1) > WIDEST ? (align as number) : 1 };
  // An atomic access has to name its alignment.
  const keepsAlign = i.ordering !== undefined || i.op === "atomicrmw" || i.op === "cmpxchg";
  return {
    ...rest,
    flags,
    ...(i.op === "load" || i.op === "store"
      ? { align: keepsAlign ? (align ?? 1) : 1 }
      : keepsAlign && align !== undefined
        ? { align }
        : {}),
  };
}

/** In place of a call of a function that gives back its argument. */
export function itsArgument(i: Instruction): Instruction {
  const operands = [plain(i.operands[1] as Operand)];
  return { op: "bitcast", flags: [], type: i.type, operands, ...(i.result === undefined ? {} : { result: i.result }) };
}

function plain({ type, value }: Operand): Operand {
  return { type, value };
}

export const TRAP = "kport trap";

/** Rust's checks before a division. In C the division itself traps (x86 raises #DE). */
export function isDivisionPanic(symbol: string): boolean {
  return /^_RNv(?:Nt)+C(?:s[0-9A-Za-z]*_)?4core9panicking11panic_const\d+panic_const_(?:div|rem)_(?:by_zero|overflow)$/.test(
    symbol,
  );
}

export function trap(): Instruction {
  return {
    op: "call",
    flags: [],
    type: { kind: "void" },
    operands: [{ type: { kind: "ptr" }, value: { kind: "global", name: TRAP } }],
    signature: { returns: { words: [], typed: [] }, variadic: false, parameters: [], noreturn: true, bundles: false },
  };
}

export const SHIFTS = new Set(["shl", "lshr", "ashr"]);
export const DIVISIONS = new Set(["udiv", "urem", "sdiv", "srem"]);

/** What a shift's amount has to be masked with, where it may be too large: C leaves that open, x86 and Rust mask. */
function shiftMask(i: Instruction): bigint | undefined {
  const amount = i.operands[1] as Operand;
  if (!SHIFTS.has(i.op) || i.type.kind !== "int" || (i.type.bits & (i.type.bits - 1)) !== 0) return undefined;
  if (amount.value.kind === "int" && amount.value.value >= 0n && amount.value.value < BigInt(i.type.bits))
    return undefined;
  return BigInt(i.type.bits - 1);
}

/** A shift by no more than there is. */
export function withMask(i: Instruction, fresh: () => string): Instruction[] {
  const value = shiftMask(i);
  if (value === undefined) return [i];
  const [shifted, amount] = i.operands as [Operand, Operand];
  const mask: Operand = { type: i.type, value: { kind: "int", value } };
  const and: Instruction = { op: "and", flags: [], type: i.type, operands: [amount, mask], result: fresh() };
  return [and, { ...i, operands: [shifted, local(and)] }];
}

/** Conditions under which a division traps, each as the instructions that make it; the last one's result is the condition. */
export function divisionTraps(i: Instruction, fresh: () => string): Instruction[][] {
  if (!DIVISIONS.has(i.op) || i.type.kind !== "int") return [];
  const [dividend, divisor] = i.operands as [Operand, Operand];
  const constant = divisor.value.kind === "int" ? BigInt.asIntN(i.type.bits, divisor.value.value) : undefined;
  const out: Instruction[][] = [];
  if (constant === undefined || constant === 0n) out.push([equals(divisor, 0n, fresh())]);
  if (i.op.startsWith("s") && (constant === undefined || constant === -1n)) {
    const [by, of] = [equals(divisor, -1n, fresh()), equals(dividend, -(1n << BigInt(i.type.bits - 1)), fresh())];
    out.push([by, of, { op: "and", flags: [], type: BIT, operands: [local(by), local(of)], result: fresh() }]);
  }
  return out;
}

const BIT: Type = { kind: "int", bits: 1 };

function equals(o: Operand, value: bigint, result: string): Instruction {
  const constant: Value = { kind: "int", value };
  return { op: "icmp", flags: ["eq"], type: BIT, operands: [plain(o), { type: o.type, value: constant }], result };
}

export function local(i: Instruction): Operand {
  return { type: i.type, value: { kind: "local", name: i.result as string } };
}
