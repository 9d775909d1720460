/**
 * `s.flag = f(&s)` finds its value before the structure: Rust borrows `s` for the setter that c2rust calls, and what is given to the setter
 * can neither take the address of `s` then nor change it.
 */
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { isIdle } from "./order.ts";
import { isVolatile } from "./volatile-reads.ts";

/** @param bitfields the unit's, by id */
export function lowerBitfieldAssignment(n: AstNode, bitfields: ReadonlySet<string>, text: Rewriter): boolean {
  const [target, value] = n.inner ?? [];
  if (n.kind !== "BinaryOperator" || n.opcode !== "=" || target === undefined || value === undefined) return false;
  const variable = bitfields.has(withoutParentheses(target).referencedMemberDecl ?? "")
    ? variableOf(target)
    : undefined;
  const [at, to, right] = [extent(n), extent(target), extent(value)];
  const type = spelling(value.type ?? { qualType: "" });
  if (variable === undefined || at === undefined || to === undefined || right === undefined || type === undefined)
    return false;
  if (!names(value, variable) || (isIdle(value) && !takesAddress(value))) return false;
  text.replace(at.start, at.end, `({ __typeof__(${type}) kport$right = (`, right, "); ", to, " = kport$right; })");
  return true;
}

function withoutParentheses(n: AstNode): AstNode {
  return n.kind === "ParenExpr" && n.inner?.[0] !== undefined ? withoutParentheses(n.inner[0]) : n;
}

/** The variable that a place is a part of; undefined behind a pointer, of which nothing is borrowed. */
function variableOf(place: AstNode): string | undefined {
  const [inner] = place.inner ?? [];
  if (place.kind === "DeclRefExpr") return place.referencedDecl?.id;
  const isPart =
    place.kind === "ParenExpr" ||
    place.kind === "ArraySubscriptExpr" ||
    place.castKind === "ArrayToPointerDecay" ||
    (place.kind === "MemberExpr" && place.isArrow !== true);
  return isPart && inner !== undefined ? variableOf(inner) : undefined;
}

function names(value: AstNode, variable: string): boolean {
  let found = false;
  walk(value, (n) => void (found ||= n.kind === "DeclRefExpr" && n.referencedDecl?.id === variable));
  return found;
}

/** Whether an address is taken in a value, or a volatile object read, which is done by its address. */
function takesAddress(value: AstNode): boolean {
  let found = false;
  walk(value, (n) => {
    found ||=
      (n.kind === "UnaryOperator" && n.opcode === "&") ||
      n.castKind === "ArrayToPointerDecay" ||
      (n.type !== undefined && isVolatile(n.type));
  });
  return found;
}
