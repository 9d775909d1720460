/** What does nothing: C's own words for nothing, and checks at compile time. */
import type { Node } from "../../facts/schema.ts";
import type { Expression, Kind, UnitFacts } from "./unit-facts.ts";

/** Whether a node does something: what does not may be dropped where its value is not asked for. */
export function isEffect(unit: UnitFacts, n: Node): boolean {
  if (n.k === "call")
    return (
      !(
        n.builtin !== undefined &&
        /^__builtin_(?:expect|constant_p|types_compatible_p|object_size|dynamic_object_size)$/.test(n.builtin)
      ) && !isCompileTimeError(unit, n)
    );
  if (
    n.k === "assignment" ||
    n.k === "asm" ||
    n.k === "atomic" ||
    n.k === "va_arg" ||
    n.k === "other-expression" ||
    n.k === "other-statement"
  )
    return true;
  if (n.k === "unary" && /\+\+|--/.test(n.op)) return true;
  if (n.k === "return" || n.k === "goto" || n.k === "break" || n.k === "continue" || n.k === "label") return true;
  return n.k === "cast" && n.kind === "LValueToRValue" && unit.isVolatile((unit.node(n.of) as Expression).t);
}

/** A call that must not be left when the compiler is done (`BUILD_BUG_ON`): clang checked that when it compiled the C. */
export function isCompileTimeError(unit: UnitFacts, n: Kind<"call">): boolean {
  let callee = unit.node(n.callee);
  while (callee.k === "cast") callee = unit.node(callee.of);
  const d = callee.k === "reference" ? unit.declaration(callee.decl) : undefined;
  return d?.k === "function" && d.attributes?.some((a) => a.name === "error") === true;
}
