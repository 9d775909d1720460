/** Which invocations are written by their names. */
import type { Node } from "../../facts/schema.ts";
import type { Printer } from "./printer.ts";
import { isNull } from "./rules/operators.ts";
import type { UnitFacts } from "./unit-facts.ts";

type Macro = UnitFacts["facts"]["macros"][number];

/** What an object-like macro stands for that is worked out where it stands: `current` is a call, THIS_MODULE an address. */
const WORKED_OUT: ReadonlySet<Node["k"]> = new Set([
  "call",
  "unary",
  "binary",
  "conditional",
  "cast",
  "member",
  "subscript",
  "list",
  "compound-literal",
  "statement-expression",
]);

/** Whether an invocation is a macro of Rust's, as far as C's says: other object-like ones are constants and strings by their names. */
export function isNameable(p: Printer, macro: Macro, i: number): boolean {
  if (macro.parameters !== undefined) return true;
  const n = p.unit.node(i);
  // Rust's null has a name of its own.
  return WORKED_OUT.has(n.k) && !("t" in n && n.v !== undefined) && !isNull(p, i) && !p.unit.isAlias(macro);
}

/** Within another macro's text, what is a name or a number reads better as that. */
export function isWorthIt(p: Printer, n: Node, x: number): boolean {
  if (p.unit.isDirect(p.unit.facts.expansions[p.unit.calledBy(x)]?.path)) return true;
  return n.k !== "reference" && !("t" in n && n.v !== undefined);
}
