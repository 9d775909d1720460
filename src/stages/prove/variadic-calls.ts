/**
 * Calls of inline functions that take any number of arguments and look at none but those they name: what the kernel's WARN() lets the compiler
 * check a format with (`__WARN_validate_printf` of arch/x86/include/asm/bug.h) is empty. What they are given besides is computed, and dropped.
 */
import type { Instruction, IrFunction } from "./ir/model.ts";
import { calledName } from "./strips.ts";

/** Whether a function may look at more arguments than it names: there is no way to any of them but by va_start. */
export function takesMore(f: IrFunction): boolean {
  return f.blocks.some((b) =>
    b.instructions.some((i) => i.op === "va_arg" || calledName(i)?.startsWith("llvm.va_") === true),
  );
}

/** A call of one that does not, as of a function with a certain number of parameters. */
export function withNoMore(call: Instruction, f: IrFunction): Instruction {
  const { signature } = call;
  return {
    ...call,
    operands: call.operands.slice(0, 1 + f.parameters.length),
    ...(signature === undefined ? {} : { signature: { ...signature, variadic: false, parameters: undefined } }),
  };
}
