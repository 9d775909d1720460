/** Indexing that checks no bounds. */
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/**
 * `array[i]` with an index that is no constant becomes `*(array + i)`, which is what it means in C. c2rust would index a Rust array,
 * and each index would check its bounds: a panic C does not have, with core's formatting code behind it.
 */
export function lowerArrayIndexing(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    if (n.kind !== "ArraySubscriptExpr") return;
    const [base, index] = n.inner ?? [];
    const [at, array, subscript] = [extent(n), base && extent(base), index && extent(index)];
    if (at === undefined || array === undefined || subscript === undefined || array.start !== at.start) return;
    if (
      base?.kind !== "ImplicitCastExpr" ||
      base.castKind !== "ArrayToPointerDecay" ||
      (index !== undefined && isLiteral(index))
    )
      return;
    // A flexible array has no bounds to check, and without its index c2rust's exporter forgets its type.
    if (/\[\]$/.test(base.inner?.[0]?.type?.qualType ?? "")) return;
    const value = valueBehind(base.inner?.[0]);
    const [of, type] = [value && extent(value), value?.type && spelling(value.type)];
    // The array of a value that lies nowhere (`f().list[i]`): the value gets a place.
    if (of !== undefined && type !== undefined)
      return text.replace(
        at.start,
        at.end,
        `({ __typeof__(${type}) kport$value = `,
        of,
        "; *(kport$value",
        { start: of.end, end: array.end },
        " + (",
        subscript,
        ")); })",
      );
    text.replace(at.start, at.end, "(*(", array, " + (", subscript, ")))");
  });
}

/** The value that a member is one of, where that is no object. */
function valueBehind(member: AstNode | undefined): AstNode | undefined {
  const [of] = member?.inner ?? [];
  if (member?.kind !== "MemberExpr" || member.isArrow === true || of === undefined) return undefined;
  return of.kind === "MemberExpr" ? valueBehind(of) : of.valueCategory === "prvalue" ? of : undefined;
}

function isLiteral(node: AstNode): boolean {
  return (
    node.kind === "IntegerLiteral" ||
    ((node.kind === "ImplicitCastExpr" || node.kind === "ParenExpr") &&
      node.inner?.[0] !== undefined &&
      isLiteral(node.inner[0]))
  );
}
