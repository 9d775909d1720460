/**
 * A table of the C that names an inline function of the kernel's headers (`.peek = qdisc_peek_dequeued`) names a helper in the lowered C, which
 * does nothing but call that function. What a table holds is then the same by another name, where the function is the same in both.
 */
import type { Outcome } from "./compared.ts";
import type { Instruction, IrFunction, Passing } from "./ir/model.ts";
import { calledName, isHint } from "./strips.ts";
import type { Side } from "./sides.ts";
import { attempt } from "./tasks.ts";
import { differingVariables } from "./variables.ts";

/** @returns the function that one calls with all that it is given, whose result it gives back; undefined where it does anything else */
export function forwardedBy(f: IrFunction): string | undefined {
  const [entry, ...more] = f.blocks;
  if (entry === undefined || more.length > 0 || f.variadic) return undefined;
  /** The parameter that a value is, and that a variable of its own holds. */
  const values = new Map(f.parameters.map((p) => [p.name, p.name]));
  const held = new Map<string, string | undefined>();
  const local = (i: Instruction, n: number): string =>
    i.operands[n]?.value.kind === "local" ? (i.operands[n].value as { name: string }).name : "";
  let call: Instruction | undefined;
  for (const i of entry.instructions) {
    if (isHint(i)) continue;
    if (i.flags.some((flag) => flag === "volatile" || flag === "atomic")) return undefined;
    const [value, from, to] = [values.get(local(i, 0)), local(i, 0), local(i, 1)];
    if (i.op === "ret") return call && givesBack(i, call, f) ? calledName(call) : undefined;
    if (i.op === "alloca") held.set(i.result as string, undefined);
    else if (i.op === "store" && value !== undefined && held.has(to)) held.set(to, value);
    else if (i.op === "load" && held.get(from) !== undefined) values.set(i.result as string, held.get(from) as string);
    else if (i.op === "call" && call === undefined && passesAll(i, f, (n) => values.get(local(i, n)))) call = i;
    else return undefined;
  }
  return undefined;
}

function passesAll(call: Instruction, f: IrFunction, parameterOf: (n: number) => string | undefined): boolean {
  return (
    call.signature?.variadic === false &&
    call.operands.length === f.parameters.length + 1 &&
    f.parameters.every((p, n) => parameterOf(n + 1) === p.name && isSame(call.operands[n + 1]?.passing, p.passing))
  );
}

function givesBack(ret: Instruction, call: Instruction, f: IrFunction): boolean {
  const [value] = ret.operands.map((o) => o.value);
  if (!isSame(call.signature?.returns, f.returnPassing)) return false;
  return value === undefined ? call.type.kind === "void" : value.kind === "local" && value.name === call.result;
}

function isSame(a: Passing | undefined, b: Passing): boolean {
  return JSON.stringify(a ?? { words: [], typed: [] }) === JSON.stringify(b);
}

/**
 * Let what the lowered C's tables hold be what the C's hold, where a helper stands for a function that is proved to be the same in both.
 * @param compare of functions that both have
 */
export async function nameForwarded(
  written: Side,
  lowered: Side,
  compare: (keys: readonly string[]) => Promise<Map<string, Outcome>>,
): Promise<void> {
  const helpers = new Map<string, string>();
  for (const variable of differingVariables(written, lowered))
    for (const key of lowered.addressesIn(variable)) {
      if (helpers.has(key) || written.has(key) || !lowered.has(key)) continue;
      attempt(() => {
        const { part, f } = lowered.function(key);
        const of = forwardedBy(f);
        const target = of !== undefined && part.module.isLocal(of) ? lowered.functionKey(part, of) : undefined;
        if (target !== undefined && written.has(target) && lowered.has(target)) helpers.set(key, target);
      });
    }
  if (helpers.size === 0) return;
  const outcomes = await compare([...new Set(helpers.values())]);
  for (const [key, target] of helpers) if (outcomes.get(target)?.same === true) lowered.standFor(key, target);
}
