/** What both programs know of the variables they share. */
import { isUnitsOwn } from "./effects.ts";
import type { Global } from "./ir/model.ts";
import type { Part, Side } from "./sides.ts";

/** A variable that is read when the program is compiled. */
export interface FixedVariable {
  side: Side;
  part: Part;
  global: Global;
  digest: string;
}

/** Variables that both sides define and that do not hold the same at first. */
export function differingVariables(c: Side, rust: Side): Set<string> {
  const out = new Set<string>();
  for (const key of c.variableKeys) {
    const other = rust.initial(key);
    if (other !== undefined && other !== c.initial(key)) out.add(key);
  }
  return out;
}

/**
 * What variables hold that both sides define, and that neither may write: compilers read them when they compile. C's has done so before there
 * is any IR, and may have left nothing of a unit's own.
 */
export function fixedVariables(c: Side, rust: Side): Map<string, FixedVariable> {
  const out = new Map<string, FixedVariable>();
  const inC = new Set(c.variableKeys);
  for (const key of rust.variableKeys) {
    const held = rust.fixed(key);
    const same = inC.has(key) ? c.fixed(key)?.digest === held?.digest : isUnitsOwn(key);
    if (held !== undefined && same) out.set(key, held);
  }
  return out;
}
