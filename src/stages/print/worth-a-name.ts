/** Which invocations are written by their names. */
import type { Node } from "../../facts/schema.ts";
import type { Printer } from "./printer.ts";

/** Within another macro's text, what is a name or a number reads better as that. */
export function isWorthIt(p: Printer, n: Node, x: number): boolean {
  if (p.unit.isDirect(p.unit.facts.expansions[p.unit.calledBy(x)]?.path)) return true;
  return n.k !== "reference" && !("t" in n && n.v !== undefined);
}
