/**
 * Whose a helper is: the function of the lowered C that alone calls it. What lowering has moved out of a function takes its static variables
 * along (the descriptor of a message, the flag of a warning that is given once), which are the function's in the C as it was written. Which of
 * the one is called which of the other is free, as long as it is one for one (sides.ts) and both hold the same at first.
 */
import { calledName } from "./strips.ts";
import { Unsupported } from "./ir/model.ts";
import type { IrModule } from "./ir/read-module.ts";

export interface HelperOwner {
  /** The function's symbol in the lowered C. */
  function: string;
  /** Which of the function's helpers it is. */
  place: number;
}

/** @param helpers symbols, in the order of what they were moved from */
export function helperOwners(lowered: IrModule, helpers: readonly string[]): Map<string, HelperOwner> {
  const callers = new Map(helpers.map((h) => [h, new Set<string>()]));
  for (const name of lowered.defined) for (const called of calledIn(lowered, name)) callers.get(called)?.add(name);
  const out = new Map<string, HelperOwner>();
  for (const [place, helper] of helpers.entries()) {
    const [only, ...more] = callers.get(helper) ?? [];
    if (only !== undefined && more.length === 0) out.set(helper, { function: only, place });
  }
  return out;
}

/** Nothing of what is not understood: nothing is proved of it either. */
function calledIn(module: IrModule, name: string): string[] {
  try {
    return (module.function(name)?.blocks ?? []).flatMap((b) => b.instructions.flatMap((i) => calledName(i) ?? []));
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return [];
  }
}
