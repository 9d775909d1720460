/**
 * Pointers that are reckoned from others (a member's or an element's address, a sum; of a difference, as container_of makes one, rustc
 * concludes nothing), and what may hold one: variables that it is kept in, parameters that it is given to, functions that return it. A
 * unit's functions are read together, until nothing is added: which comes first does not matter, and a call may be inlined anywhere. What
 * is kept in memory that a pointer leads to, or handed to another unit's function, is not followed.
 */
import { type AstNode, calleeName, walk } from "../../c/ast.ts";

/** Declarations by id; functions, which are declared more than once, by name. */
export interface ReckonedPointers {
  variables: Set<string>;
  functions: Set<string>;
}

export function reckonedPointers(functions: readonly AstNode[]): ReckonedPointers {
  const found: ReckonedPointers = { variables: new Set(), functions: new Set() };
  const parameters = new Map(
    functions.map((f) => [f.name ?? "", (f.inner ?? []).filter((p) => p.kind === "ParmVarDecl")]),
  );
  let before: number;
  do {
    before = found.variables.size + found.functions.size;
    for (const f of functions) walk(f, (n) => keep(n, f, parameters, found));
  } while (found.variables.size + found.functions.size > before);
  return found;
}

/** Note where a node's value goes to. */
function keep(
  n: AstNode,
  fn: AstNode,
  parameters: ReadonlyMap<string, readonly AstNode[]>,
  found: ReckonedPointers,
): void {
  const [left, right] = n.inner ?? [];
  const into = (place: AstNode | undefined): void => {
    const id = place && variableOf(place);
    if (id !== undefined) found.variables.add(id);
  };
  if (n.kind === "VarDecl" && left !== undefined && initialises(left, found)) found.variables.add(n.id);
  else if (n.kind === "BinaryOperator" && n.opcode === "=" && right !== undefined && holdsReckoned(right, found))
    into(left);
  else if (isStep(n)) into(left);
  else if (n.kind === "ReturnStmt" && left !== undefined && holdsReckoned(left, found))
    found.functions.add(fn.name ?? "");
  else if (n.kind === "CallExpr") {
    const given = parameters.get(calleeName(n) ?? "") ?? [];
    for (const [i, argument] of (n.inner ?? []).slice(1).entries())
      if (given[i] && holdsReckoned(argument, found)) found.variables.add(given[i].id);
  }
}

/** A structure's initialiser holds what any of its members is given. */
function initialises(value: AstNode, found: ReckonedPointers): boolean {
  return value.kind === "InitListExpr"
    ? (value.inner ?? []).some((v) => initialises(v, found))
    : holdsReckoned(value, found);
}

/** A pointer that goes on. */
function isStep(n: AstNode): boolean {
  return (n.opcode === "+=" || n.opcode === "++") && isPointer(n);
}

/** The variable that a place is, or is a member of. */
function variableOf(place: AstNode): string | undefined {
  const [of] = place.inner ?? [];
  if (place.kind === "DeclRefExpr") return place.referencedDecl?.id;
  if (of === undefined) return undefined;
  return place.kind === "ParenExpr" || (place.kind === "MemberExpr" && place.isArrow !== true)
    ? variableOf(of)
    : undefined;
}

/** Whether an expression's value may be a reckoned pointer. */
export function holdsReckoned(n: AstNode, found: ReckonedPointers): boolean {
  const inner = n.inner ?? [];
  const [of, second, third] = inner;
  if (isReckoned(n)) return true;
  if (of === undefined) return false;
  if (isWrapping(n)) return holdsReckoned(of, found);
  if (n.castKind === "LValueToRValue") return found.variables.has(variableOf(of) ?? "");
  if (n.kind === "CallExpr") return isPointer(n) && found.functions.has(calleeName(n) ?? "");
  if (n.kind === "ConditionalOperator") return [second, third].some((v) => v !== undefined && holdsReckoned(v, found));
  if (n.kind === "BinaryOperator" && (n.opcode === "=" || n.opcode === ","))
    return second !== undefined && holdsReckoned(second, found);
  if (isStep(n)) return true;
  return (
    (n.kind === "StmtExpr" || n.kind === "CompoundStmt") &&
    isPointer(n.kind === "StmtExpr" ? n : (inner.at(-1) as AstNode)) &&
    holdsReckoned(inner.at(-1) as AstNode, found)
  );
}

export function isNull(n: AstNode | undefined): boolean {
  return n !== undefined && (n.castKind === "NullToPointer" || (isWrapping(n) && isNull(n.inner?.[0])));
}

/** What changes nothing of a pointer's value. */
function isWrapping(n: AstNode): boolean {
  return (
    n.kind === "ParenExpr" ||
    ((n.kind === "ImplicitCastExpr" || n.kind === "CStyleCastExpr") &&
      (n.castKind === "BitCast" || n.castKind === "NoOp"))
  );
}

/** Whether a pointer is reckoned from another: a member's or an element's address, a sum. */
function isReckoned(n: AstNode): boolean {
  const [of] = n.inner ?? [];
  if (of === undefined) return false;
  if (isWrapping(n)) return isReckoned(of);
  if (n.kind === "UnaryOperator" && n.opcode === "&") return isBehindPointer(of);
  if (n.castKind === "ArrayToPointerDecay") return isBehindPointer(of);
  return n.kind === "BinaryOperator" && n.opcode === "+" && isPointer(n);
}

export function isPointer(n: AstNode): boolean {
  return /\*$/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "");
}

/**
 * Whether a place is reached through a pointer, and is not all that it points to.
 * @param isPart whether the place is a part of what is asked about: `(*p).member`
 */
function isBehindPointer(place: AstNode, isPart = false): boolean {
  const [of] = place.inner ?? [];
  if (of === undefined) return false;
  if (place.kind === "MemberExpr") return place.isArrow === true || isBehindPointer(of, true);
  if (place.kind === "ArraySubscriptExpr")
    return of.castKind === "ArrayToPointerDecay"
      ? of.inner?.[0] !== undefined && isBehindPointer(of.inner[0], true)
      : true;
  if (place.kind === "UnaryOperator" && place.opcode === "*") return isPart;
  return place.kind === "ParenExpr" && isBehindPointer(of, isPart);
}
