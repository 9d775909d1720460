/**
 * Takes out the hints that an optimiser leaves of its own: what is inlined brings how long its variables live, and a way that is never gone
 * becomes an `assume`. They have served, and do nothing that others see.
 */
import type { Instruction, IrFunction } from "./ir/model.ts";
import { calledName, isHint } from "./strips.ts";

const ASSUME = "llvm.assume";
/** The end of a list of arguments, where nothing is to be done on x86-64. */
const END = /^llvm\.va_end\./;

/** @returns a function that does the same; the one given is left as it is */
export function withoutHints(f: IrFunction): IrFunction {
  const definitions = new Map(f.blocks.flatMap((b) => b.instructions.map((i) => [i.result, i])));
  /**
   * That a function pointer is not null which is called next, as Rust's `unwrap_unchecked` says: C would call null. All else that the Rust
   * takes for granted the C has to take for granted as well: it stays.
   * @param called behind it in its block: where another way were taken from there, C might never call it
   */
  const isOfCalled = (i: Instruction, called: ReadonlySet<string>): boolean => {
    const condition = i.operands[1]?.value;
    const test = condition?.kind === "local" ? definitions.get(condition.name) : undefined;
    const [pointer, other] = (test?.operands ?? []).map((o) => o.value);
    return (
      i.signature?.bundles !== true &&
      test?.op === "icmp" &&
      test.flags.at(-1) === "ne" &&
      pointer?.kind === "local" &&
      called.has(pointer.name) &&
      other?.kind === "null"
    );
  };
  const without = (instructions: readonly Instruction[]): Instruction[] => {
    const called = new Set<string>();
    return instructions
      .toReversed()
      .filter((i) => {
        const callee = i.op === "call" ? i.operands[0]?.value : undefined;
        if (callee?.kind === "local") called.add(callee.name);
        const name = calledName(i) ?? "";
        return !END.test(name) && (!isHint(i) || (name === ASSUME && !isOfCalled(i, called)));
      })
      .toReversed();
  };
  return { ...f, blocks: f.blocks.map((b) => ({ ...b, instructions: without(b.instructions) })) };
}
