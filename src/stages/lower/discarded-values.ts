/**
 * Of an expression whose value nobody uses, keeps what has an effect. c2rust 0.22.1 does so itself, but writes `compile_error!` where that
 * leads through arithmetic on a pointer, and array elements are that: `a[i][j] == p, x`, `&a[i] == p;`.
 */
import { type AstNode, extent, isExpression, walk } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";

/** Operators that only compute; assignments, and those that choose what is evaluated, are no such. */
const COMPUTES = /^(?:[-+*/%&|^,]|<<|>>|[<>]=?|[=!]=)$/;

/**
 * What is dropped leaves the syntax tree as well: no other rule is to rewrite it.
 * @param isMoved whether something of what stands at a place is a helper's by now
 */
export function dropDiscardedValues(
  fn: AstNode,
  isMoved: (at: { start: number; end: number }) => boolean,
  text: Rewriter,
): void {
  walk(fn, (n) => {
    const at = extent(n);
    if (at === undefined || !isDiscarded(n)) return;
    const whole = withoutWrapping(n);
    if (whole.kind === "StmtExpr" || !walksPointers(whole) || isMoved(at)) return;
    const kept: AstNode[] = [];
    const effects = effectsOf(whole, kept);
    if (kept.length === 1 && kept[0] === whole) return;
    text.replace(at.start, at.end, ...inOrder(effects));
    delete n.opcode;
    delete n.castKind;
    Object.assign(n, { kind: "DiscardedValue", inner: kept });
    for (const k of kept) k.parent = n;
  });
}

/** The left side of a comma, or a statement of a block. */
function isDiscarded(n: AstNode): boolean {
  const parent = n.parent;
  if (!isExpression(n) || parent === undefined) return false;
  if (parent.kind === "BinaryOperator") return parent.opcode === "," && parent.inner?.[0] === n;
  // The last one is a statement expression's value.
  return parent.kind === "CompoundStmt" && (parent.parent?.kind !== "StmtExpr" || parent.inner?.at(-1) !== n);
}

/** Without parentheses and casts, which compute nothing. Reading a volatile object is an effect. */
function withoutWrapping(n: AstNode): AstNode {
  const [inner] = n.inner ?? [];
  if (inner === undefined || (n.kind !== "ParenExpr" && n.kind !== "ImplicitCastExpr" && n.kind !== "CStyleCastExpr"))
    return n;
  return n.castKind === "LValueToRValue" &&
    /\bvolatile\b/.test(`${inner.type?.qualType} ${inner.type?.desugaredQualType}`)
    ? n
    : withoutWrapping(inner);
}

function walksPointers(n: AstNode): boolean {
  let found = false;
  walk(n, (x) => {
    if (
      x.kind === "ArraySubscriptExpr" ||
      (x.kind === "BinaryOperator" &&
        /^[-+]$/.test(x.opcode ?? "") &&
        (x.inner ?? []).some((o) => /[*\]]$/.test(o.type?.desugaredQualType ?? o.type?.qualType ?? "")))
    )
      found = true;
    return !found;
  });
  return found;
}

/**
 * What an expression does besides having a value: the outermost expressions within it that do something, in their order.
 * @param kept gets those expressions
 */
function effectsOf(expression: AstNode, kept: AstNode[]): Part[][] {
  const n = withoutWrapping(expression);
  const parts = n.inner ?? [];
  const computes =
    n.kind === "ArraySubscriptExpr" ||
    n.kind === "MemberExpr" ||
    (n.kind === "BinaryOperator" && COMPUTES.test(n.opcode ?? "")) ||
    (n.kind === "UnaryOperator" && /^[-+*&~!]$/.test(n.opcode ?? ""));
  if (computes) return parts.flatMap((p) => effectsOf(p, kept));
  if (
    n.kind === "DeclRefExpr" ||
    n.kind.endsWith("Literal") ||
    n.kind === "UnaryExprOrTypeTraitExpr" ||
    n.kind === "OffsetOfExpr" ||
    n.kind === "ConstantExpr"
  )
    return [];
  const [condition, yes, no] = parts;
  if (n.kind !== "ConditionalOperator" || condition === undefined || yes === undefined || no === undefined)
    return [keep(n, kept)];
  const inBranches: AstNode[] = [];
  const branches = [yes, no].map((b) => inOrder(effectsOf(b, inBranches)));
  if (inBranches.length === 0) return effectsOf(condition, kept);
  const choice: Part[] = [
    "(",
    ...keep(condition, kept),
    " ? ",
    ...(branches[0] as Part[]),
    " : ",
    ...(branches[1] as Part[]),
    ")",
  ];
  kept.push(...inBranches);
  return [choice];
}

function keep(n: AstNode, kept: AstNode[]): Part[] {
  const at = extent(n);
  if (at !== undefined) kept.push(n);
  return at === undefined ? [] : [at];
}

function inOrder(effects: readonly Part[][]): Part[] {
  return ["(", ...effects.flatMap((e) => [...e, ", "]), "(void)0)"];
}
