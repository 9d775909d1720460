/**
 * Arguments of whose objects the compiler knows the size: `strscpy(p->name, s, n)` stops at the end of `p->name` (include/linux/fortify-string.h).
 * A helper that is told their address does not.
 */
import { type AstNode, walk } from "../../c/ast.ts";
import type { LocalUse } from "./function-scope.ts";

/** Those of a call's arguments that can move along: where they are computed, nothing else happens. */
export function sizedArguments(call: AstNode): AstNode[] {
  return (call.inner ?? []).slice(1).filter((a) => (isSized(a) || sizedLocal(a) !== undefined) && !acts(a));
}

/** Whether a value is the address of an array, or of an element, that a structure or a variable at file scope holds. */
function isSized(value: AstNode): boolean {
  const array = arrayOf(value);
  return array !== undefined && (holder(array).kind === "MemberExpr" || isVariable(holder(array), false));
}

/** The function's own array that a value is the address of. */
export function sizedLocal(value: AstNode): AstNode | undefined {
  const array = arrayOf(value);
  return array !== undefined && isVariable(array, true) && /^[^[\]]*\[\d+\]$/.test(array.type?.qualType ?? "")
    ? array
    : undefined;
}

/**
 * What a helper says of a local that it is told the address of. Of an array that a pointer points to the compiler knows no size; of a
 * structure's member it does, if something follows (the last one may be longer than it says).
 * @param along arguments of which the size is to be known
 */
export function placeOf(along: readonly AstNode[]): (u: LocalUse, parameter?: string) => string {
  const sized = new Set(along.map((a) => sizedLocal(a)?.referencedDecl?.name));
  return (u, parameter = u.name) =>
    sized.has(u.name)
      ? `((struct { __typeof__(${u.type}) array; char behind; } *)${parameter})->array`
      : `(*${parameter})`;
}

/** The array that a value points into. */
function arrayOf(value: AstNode): AstNode | undefined {
  const [first, second] = value.inner ?? [];
  if (first === undefined) return undefined;
  if (value.castKind === "ArrayToPointerDecay") return unparenthesised(first);
  if (value.kind === "ParenExpr" || value.castKind !== undefined) return arrayOf(first);
  if (value.kind === "BinaryOperator" && value.opcode === "+" && second !== undefined)
    return arrayOf(first) ?? arrayOf(second);
  const place = unparenthesised(first);
  return value.kind === "UnaryOperator" && value.opcode === "&" && place.kind === "ArraySubscriptExpr"
    ? arrayOf(place.inner?.[0] ?? place)
    : undefined;
}

/** The member or variable that an array lies in: of `p->names[i]` that is `names`. */
function holder(array: AstNode): AstNode {
  const within = array.kind === "ArraySubscriptExpr" ? array.inner?.[0] : undefined;
  const outer = within === undefined ? undefined : arrayOf(within);
  return outer === undefined ? array : holder(outer);
}

/** Whether a node names a variable: one of the function's own, or another one. */
function isVariable(node: AstNode, local: boolean): boolean {
  const d = node.kind === "DeclRefExpr" ? node.referencedDecl : undefined;
  return (d?.kind === "VarDecl" || d?.kind === "ParmVarDecl") && isLocal(node, d.id) === local;
}

/** Whether a variable is declared in the function that a node stands in. */
function isLocal(node: AstNode, id: string): boolean {
  let fn = node;
  while (fn.parent !== undefined && fn.kind !== "FunctionDecl") fn = fn.parent;
  let found = false;
  walk(fn, (n) => void (found ||= (n.kind === "VarDecl" || n.kind === "ParmVarDecl") && n.id === id));
  return found;
}

/** Whether computing it does something besides, or something that can be done in its place alone. */
function acts(value: AstNode): boolean {
  let does = false;
  walk(value, (n) => {
    does ||=
      n.kind === "CallExpr" ||
      n.kind === "StmtExpr" ||
      n.kind === "CompoundAssignOperator" ||
      n.kind === "CompoundLiteralExpr" ||
      (n.kind === "BinaryOperator" && n.opcode === "=") ||
      (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"));
  });
  return does;
}

function unparenthesised(node: AstNode): AstNode {
  const below = node.kind === "ParenExpr" ? node.inner?.[0] : undefined;
  return below === undefined ? node : unparenthesised(below);
}
