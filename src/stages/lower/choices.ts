/** What clang has chosen or deduced, in place of the question. By offsets of the reduced unit. */
import { type AstNode, calleeName, desugared, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { isUnassignable } from "./definitions.ts";
import { isConstant } from "./constant-expressions.ts";
import { constantValue } from "./constant-values.ts";

/** `_Generic` and `__builtin_choose_expr` become the expression clang chose; `__auto_type` the type it deduced; `__builtin_constant_p` of a constant is 1, which c2rust takes for 0. */
export function lowerChoices(node: AstNode, source: string, text: Rewriter): void {
  walk(node, (n) => {
    const at = extent(n);
    if (at === undefined) return;
    if (n.kind === "GenericSelectionExpr") {
      const chosen = n.inner?.find((c) => c.selected === true);
      const value = chosen?.inner?.findLast((c) => c.valueCategory !== undefined) ?? chosen;
      const range = value && extent(value);
      if (range) text.replace(at.start, at.end, "(", range, ")");
    } else if (
      n.kind === "CallExpr" &&
      calleeName(n) === "__builtin_constant_p" &&
      n.inner?.[1] &&
      isConstant(n.inner[1])
    ) {
      text.replace(at.start, at.end, "1");
    } else if (n.kind === "VarDecl" && n.type !== undefined) lowerAutoType(n, at, source, text);
  });
}

/**
 * In the value of an object of static storage, of a conditional whose condition is known the branch that is taken: the other may call a
 * function (`ilog2()` of a constant does), which C does not evaluate, and Rust refuses to have in a constant at all.
 */
export function lowerUntakenCalls(declaration: AstNode, text: Rewriter): void {
  walk(declaration, (n) => {
    if (n.kind !== "VarDecl" || (n !== declaration && n.storageClass !== "static")) return;
    for (const value of n.inner ?? []) walk(value, (c) => takenAlone(c, text));
  });
}

function takenAlone(n: AstNode, text: Rewriter): void {
  const [condition, then, otherwise] = n.kind === "ConditionalOperator" ? (n.inner ?? []) : [];
  const known = constantValue(condition);
  if (known === undefined) return;
  const [taken, left] = known === 0n ? [otherwise, then] : [then, otherwise];
  const [at, of] = [extent(n), taken && extent(taken)];
  const type = n.type && spelling(n.type);
  if (at === undefined || of === undefined || type === undefined || left === undefined || !callsAnything(left)) return;
  // Both branches say of what type the whole is.
  text.replace(at.start, at.end, `((__typeof__(${type}))(`, of, "))");
}

function callsAnything(value: AstNode): boolean {
  let calls = false;
  walk(value, (n) => void (calls ||= n.kind === "CallExpr" && !(calleeName(n) ?? "").startsWith("__builtin_")));
  return calls;
}

function lowerAutoType(n: AstNode, at: { start: number; end: number }, source: string, text: Rewriter): void {
  const keyword = source.slice(at.start, at.end).search(/\b__auto_type\b/);
  const name = n.loc?.offset;
  const start = at.start + keyword;
  if (keyword < 0 || name === undefined || start > name || n.type === undefined) return;
  const type = spelling({ qualType: n.type.desugaredQualType ?? n.type.qualType });
  const value = n.inner?.at(-1) && extent(n.inner.at(-1) as AstNode);
  if (type !== undefined) text.replace(start, start + "__auto_type".length, `__typeof__(${type})`);
  // The comma operator gives the value the conversions of an initialiser.
  else if (value) text.replace(start, start + "__auto_type".length, "__typeof__((void)0, (", value, "))");
}

/**
 * `a ?: b` whose arms have different types becomes `({ T common = a; common ? common : b; })`: where clang casts the common value,
 * c2rust's exporter loses it. c2rust takes string literals for const, and so sees a cast that clang does not show here. It makes a `ref mut`
 * of a place that is constant, which Rust refuses.
 */
export function lowerCommonValues(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    if (n.kind !== "BinaryConditionalOperator") return;
    const [common, condition, value, other] = n.inner ?? [];
    if (
      condition?.kind === "OpaqueValueExpr" &&
      value?.kind === "OpaqueValueExpr" &&
      !isString(other) &&
      !isConstantPlace(common)
    )
      return;
    const [at, from, otherwise] = [extent(n), common && extent(common), other && extent(other)];
    // A null is of whatever type the other pointer is, and no `void *` then.
    const type =
      n.type && /\*(?:const|volatile|restrict|\s)*$/.test(desugared(n))
        ? spelling(n.type)
        : common?.type && spelling(common.type);
    if (at === undefined || from === undefined || otherwise === undefined || type === undefined) return;
    text.replace(
      at.start,
      at.end,
      `({ __typeof__(${type}) kport$common = (`,
      from,
      "); kport$common ? kport$common : (",
      otherwise,
      "); })",
    );
  });
}

function isConstantPlace(value: AstNode | undefined): boolean {
  if (value?.kind === "ParenExpr") return isConstantPlace(value.inner?.[0]);
  return value?.castKind === "LValueToRValue" && isUnassignable(value.inner?.[0]?.type?.qualType ?? "");
}

function isString(node: AstNode | undefined): boolean {
  return (
    node !== undefined &&
    (node.kind === "StringLiteral" ||
      ((node.kind === "ImplicitCastExpr" || node.kind === "ParenExpr") && isString(node.inner?.[0])))
  );
}
