/** Which instructions do something that others can see, and which only compute. */
import { sizeOf } from "./ir/layout.ts";
import type { Instruction, Operand, Passing } from "./ir/model.ts";
import { calledName } from "./strips.ts";

/** Intrinsics that are functions of their operands. */
const PURE =
  /^llvm\.(?:[us]m(?:in|ax)|abs|ctpop|ctlz|cttz|bswap|bitreverse|fsh[lr]|[us](?:add|sub|shl)\.sat|[us](?:add|sub|mul)\.with\.overflow|[us]cmp|ptrmask|returnaddress|frameaddress)(?:\.|$)/;
/** `callbr` is assembly that goes on at one of several places: it does something as well. */
const TERMINATORS = new Set(["ret", "br", "switch", "unreachable", "callbr"]);

export function isTerminator(i: Instruction): boolean {
  return TERMINATORS.has(i.op);
}

export function isPureCall(i: Instruction): boolean {
  return PURE.test(calledName(i) ?? "");
}

/** Whether an instruction has to happen in both functions, in its place. */
export function isEffect(i: Instruction): boolean {
  if (["store", "fence", "cmpxchg", "atomicrmw", "callbr"].includes(i.op)) return true;
  if (i.op === "load") return i.flags.includes("volatile") || i.flags.includes("atomic");
  return i.op === "call" && !isPureCall(i);
}

/** What fills the rest of a register is between those who call a function and the function: to what only its own program calls it may be either. */
export const WIDENED: ReadonlySet<string> = new Set(["zeroext", "signext"]);

/** Whether the linker sees no such name (sides.ts). */
export function isUnitsOwn(name: string): boolean {
  return name.includes("::");
}

/** Alignment of whatever is passed in memory, if none is asked for (System V ABI, 3.2.3). */
const ON_THE_STACK = 8;

/** What is passed in memory, or what assembly is given there: how large it is, and where it may lie. */
export function describeTyped({ typed }: Passing): string[] {
  return typed.map(
    (t) => `${t.name} ${sizeOf(t.type)}${t.name === "byval" ? ` align ${Math.max(t.align ?? 0, ON_THE_STACK)}` : ""}`,
  );
}

/** What of an effect is not one of its operands' values, nor how its result comes back. */
export function describeEffect(i: Instruction, width: (o: Operand) => string): string {
  const isCall = i.op === "call" || i.op === "callbr";
  const words = (all: readonly string[] = []): readonly string[] =>
    isCall && isUnitsOwn(calledName(i) ?? "") ? all.filter((w) => !WIDENED.has(w)) : all;
  const passing = (o: Operand): string =>
    [...words(o.passing?.words), ...(o.passing === undefined ? [] : describeTyped(o.passing))].join("+");
  const name = calledName(i);
  const shown = name?.startsWith("llvm.") ? name.replace(/\.[pi][0-9].*$/, "") : "";
  const args = i.operands.map((o) => `${width(o)}${isCall ? passing(o) : ""}`);
  const result = i.op === "load" || isCall ? width({ type: i.type, value: { kind: "undef" } }) : "";
  return [
    i.op,
    shown,
    ...i.flags,
    ...(i.ordering ?? []),
    result,
    args.join(","),
    i.signature?.variadic ? "variadic" : "",
  ]
    .join(" ")
    .trim();
}
