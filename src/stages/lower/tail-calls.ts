/**
 * Helpers that are nothing but a jump to a function of the kernel's, some constants in its last arguments: what is left of
 * `copy_from_user(&work, arg, sizeof(work))` is `_copy_from_user()`. The Rust calls that function itself.
 */
import type { CodeOf } from "../inspect/code.ts";

export interface TailCall {
  symbol: string;
  /** The arguments behind the helper's own, in C's words. */
  constants: string[];
}

/** Where the calling convention of x86-64 puts arguments; the lower half's name, whose write clears the upper. */
const REGISTERS = [
  ["rdi", "edi"],
  ["rsi", "esi"],
  ["rdx", "edx"],
  ["rcx", "ecx"],
  ["r8", "r8d"],
  ["r9", "r9d"],
];

/**
 * @param parameters how many the helper has; none of its instructions may write one
 * @returns undefined for a helper that does anything else
 */
export function tailCall({ instructions }: CodeOf, parameters: number): TailCall | undefined {
  const set = new Map<number, string>();
  for (const [at, { op, operands, target }] of instructions.entries()) {
    if (op === "endbr64" || (op.startsWith("call") && target === "__fentry__")) continue;
    if (op === "jmp" && target !== undefined && !operands.startsWith("*")) {
      const constants = Array.from({ length: set.size }, (_, i) => set.get(parameters + i));
      const isLast = instructions.slice(at + 1).every((i) => i.op === "int3");
      return isLast &&
        constants.every((c) => c !== undefined) &&
        !target.startsWith("__x86_") &&
        !target.startsWith(".")
        ? { symbol: target, constants }
        : undefined;
    }
    const written = target === undefined ? constantOf(op, operands) : undefined;
    if (written === undefined || set.has(written.argument)) return undefined;
    set.set(written.argument, written.value);
  }
  return undefined;
}

/** The argument that an instruction sets, and to which constant. */
function constantOf(op: string, operands: string): { argument: number; value: string } | undefined {
  const cleared = /^xor[lq]$/.test(op) ? /^%(\w+), %\1$/.exec(operands)?.[1] : undefined;
  const [, number, moved] = (/^mov(?:[lq]|absq)$/.test(op) && /^\$(-?(?:0x)?[0-9a-f]+), %(\w+)$/.exec(operands)) || [];
  const argument = REGISTERS.findIndex((names) => names.includes(cleared ?? moved ?? ""));
  if (argument < 0) return undefined;
  return {
    argument,
    value: cleared !== undefined ? "0ul" : number?.startsWith("-") ? `(unsigned long)${number}l` : `${number}ul`,
  };
}
