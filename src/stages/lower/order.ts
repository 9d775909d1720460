/**
 * Side effects happen in the order in which clang's code has them: operands from left to right, the right side of an assignment before the
 * left one (its lib/CodeGen, EmitBinOps, VisitBinAssign and EmitCompoundAssignLValue). C leaves that order free, and the C that the port is
 * held against has it so. c2rust 0.22.1 moves what `x++`, an assignment whose value is used, an overflow builtin, the left side of a
 * comma and that of `a ?: b` do before the whole statement, so that `f(x, x++)` is given the new `x` twice; and it reads the left side of
 * `total += f()` before it calls. Where an operand that comes first could tell the difference, such an expression becomes a statement
 * expression, which c2rust leaves where it stands.
 * A structure's place is found before its value (AggExprEmitter::VisitBinAssign), which Rust's own assignment does the other way round.
 */
import { type AstNode, desugared, extent, isExpression, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { isComputedByC2rust } from "./overflow-builtins.ts";

/** What evaluating something does: to variables whose address nobody has, by id, and to memory. */
interface Effects {
  reads: Set<string>;
  writes: Set<string>;
  readsMemory: boolean;
  writesMemory: boolean;
}

/**
 * @param isMoved whether a node becomes part of a helper
 * @param writtenOut assignments that another rule writes out in their order
 * @param isRecord whether an expression is a structure or union
 */
export function keepOrder(
  fn: AstNode,
  isMoved: (n: AstNode) => boolean,
  writtenOut: (n: AstNode) => boolean,
  bitfields: ReadonlySet<string>,
  isRecord: (n: AstNode) => boolean,
  text: Rewriter,
): void {
  const locals = plainLocals(fn);
  const inPlace = new Set<AstNode>();
  const before = new Set<AstNode>();
  walk(fn, (n) => {
    if (isMoved(n) || isUnevaluated(n)) return false;
    if (!isExpression(n)) return true;
    const assigned = assignment(n);
    if (assigned) {
      const [left, right] = assigned;
      if (isRecord(n)) {
        const first = withTarget(n, left, locals);
        if (!writtenOut(n) && clash(first, effectsOf(right, locals))) findFirst(n, left, right, text);
        else for (const h of hoisted(right)) if (clash(first, effectsOf(h, locals))) inPlace.add(h);
        return true;
      }
      const byReference =
        n.kind === "CompoundAssignOperator" ||
        isUsed(n) ||
        isVolatile(left) ||
        bitfields.has(withoutParentheses(left).referencedMemberDecl ?? "");
      if (byReference && !writtenOut(n) && clash(effectsOf(right, locals), withTarget(n, left, locals))) before.add(n);
      for (const h of hoisted(left)) if (clash(effectsOf(right, locals), effectsOf(h, locals))) inPlace.add(h);
      return true;
    }
    const operands = unsequenced(n);
    for (const [i, later] of operands.entries()) {
      for (const h of i === 0 ? [] : hoisted(later)) {
        const moved = effectsOf(h, locals);
        if (operands.slice(0, i).some((o) => clash(effectsOf(o, locals), moved))) inPlace.add(h);
      }
    }
    return true;
  });
  for (const n of new Set([...before, ...inPlace])) rewrite(n, before.has(n), text);
}

function findFirst(n: AstNode, left: AstNode, right: AstNode, text: Rewriter): void {
  const [at, to, from] = [extent(n), extent(left), extent(right)];
  if (at && to && from)
    text.replace(
      at.start,
      at.end,
      "({ __typeof__(",
      to,
      ") *kport$at = &(",
      to,
      "); *kport$at = (",
      from,
      isUsed(n) ? "); *kport$at; })" : "); })",
    );
}

function rewrite(n: AstNode, rightFirst: boolean, text: Rewriter): void {
  const at = extent(n);
  const [left, right] = n.inner ?? [];
  const [to, from] = [left && extent(left), right && extent(right)];
  if (at === undefined) return;
  const type =
    right?.type &&
    spelling({
      qualType: unqualified(right.type.qualType),
      ...(right.type.desugaredQualType === undefined
        ? {}
        : { desugaredQualType: unqualified(right.type.desugaredQualType) }),
    });
  if (!rightFirst || to === undefined || from === undefined) text.replace(at.start, at.end, "({ ", at, "; })");
  else
    text.replace(
      at.start,
      at.end,
      "({ __typeof__(",
      ...(type === undefined ? ["(void)0, (", from, ")"] : [type]),
      ") kport$right = (",
      from,
      "); ",
      to,
      ` ${n.opcode} kport$right; })`,
    );
}

/** The operands of which C does not say which comes first, in clang's order; none where it says. */
function unsequenced(n: AstNode): readonly AstNode[] {
  if (n.kind === "CallExpr" || n.kind === "ArraySubscriptExpr" || n.kind === "InitListExpr") return n.inner ?? [];
  return n.kind === "BinaryOperator" && !/^(?:&&|\|\||,|=)$/.test(n.opcode ?? "") ? (n.inner ?? []) : [];
}

/** Both sides of an assignment. */
function assignment(n: AstNode): [AstNode, AstNode] | undefined {
  const [left, right] = n.inner ?? [];
  return left && right && (n.kind === "CompoundAssignOperator" || (n.kind === "BinaryOperator" && n.opcode === "="))
    ? [left, right]
    : undefined;
}

/** The outermost expressions in one that c2rust evaluates before the statement. */
function hoisted(n: AstNode): AstNode[] {
  if (isUnevaluated(n) || n.kind === "StmtExpr") return [];
  // The common value of `a ?: b` gets a name before the statement.
  const isNamedBefore = n.kind === "BinaryConditionalOperator" || (n.kind === "BinaryOperator" && n.opcode === ",");
  if (changes(n) || isComputedByC2rust(n) || isNamedBefore) return [n];
  // The rest of these is a block of its own in Rust.
  const sequenced =
    n.kind === "ConditionalOperator" || (n.kind === "BinaryOperator" && /^(?:&&|\|\|)$/.test(n.opcode ?? ""));
  return (sequenced ? (n.inner ?? []).slice(0, 1) : (n.inner ?? [])).flatMap(hoisted);
}

function changes(n: AstNode): boolean {
  return assignment(n) !== undefined || (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"));
}

/** What an assignment does on its left side: it finds the place, and a compound one reads it. */
function withTarget(n: AstNode, left: AstNode, locals: ReadonlySet<string>): Effects {
  const effects = effectsOf(left, locals);
  const name = variable(left);
  const isLocal = name !== undefined && locals.has(name);
  if (n.kind === "CompoundAssignOperator") {
    if (!isLocal) effects.readsMemory = true;
  } else if (isLocal) effects.reads.delete(name);
  else if (isNamed(left)) effects.readsMemory = false;
  return effects;
}

/** Whether a place is found without looking anywhere: a variable, or a member of one. */
function isNamed(place: AstNode): boolean {
  const n = withoutParentheses(place);
  if (n.kind === "DeclRefExpr") return true;
  return n.kind === "MemberExpr" && n.isArrow !== true && n.inner?.[0] !== undefined && isNamed(n.inner[0]);
}

function effectsOf(node: AstNode, locals: ReadonlySet<string>): Effects {
  const effects: Effects = { reads: new Set(), writes: new Set(), readsMemory: false, writesMemory: false };
  walk(node, (n) => {
    if (isUnevaluated(n)) return false;
    const target = changes(n) ? n.inner?.[0] : undefined;
    if (target) {
      const name = variable(target);
      if (name !== undefined && locals.has(name)) effects.writes.add(name);
      else effects.writesMemory = true;
    }
    if (n.kind === "DeclRefExpr" && /^(?:Var|ParmVar)Decl$/.test(n.referencedDecl?.kind ?? "")) {
      if (locals.has(n.referencedDecl?.id ?? "")) effects.reads.add(n.referencedDecl?.id as string);
      // An array's or a function's name is no read.
      else if (!/\]$/.test(n.type?.qualType ?? "")) effects.readsMemory = true;
    }
    if (n.castKind === "LValueToRValue" && variable(n.inner?.[0] ?? n) === undefined) effects.readsMemory = true;
    if (n.kind === "CallExpr" || n.kind === "GCCAsmStmt" || n.kind === "AtomicExpr" || n.kind === "VAArgExpr")
      effects.readsMemory = effects.writesMemory = true;
    return true;
  });
  return effects;
}

/** Whether the second, done before the first instead of behind it, could be told from it. */
function clash(first: Effects, moved: Effects): boolean {
  if (moved.writesMemory && (first.readsMemory || first.writesMemory)) return true;
  if (moved.readsMemory && first.writesMemory) return true;
  const touches = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((x) => b.has(x));
  return (
    touches(moved.writes, first.reads) || touches(moved.writes, first.writes) || touches(moved.reads, first.writes)
  );
}

/** Local variables that only their function's own code can reach: nobody has their address. */
function plainLocals(fn: AstNode): Set<string> {
  const locals = new Set<string>();
  const addressed = new Set<string>();
  walk(fn, (n) => {
    if (n.kind === "ParmVarDecl" || (n.kind === "VarDecl" && n.storageClass === undefined))
      if (!/\]$/.test(n.type?.qualType ?? "")) locals.add(n.id);
    if (n.kind === "UnaryOperator" && n.opcode === "&")
      walk(n, (x) => void (x.kind === "DeclRefExpr" && addressed.add(x.referencedDecl?.id ?? "")));
    if (n.castKind === "ArrayToPointerDecay")
      walk(n, (x) => void (x.kind === "DeclRefExpr" && addressed.add(x.referencedDecl?.id ?? "")));
    // Assembly names its outputs without an operator.
    if (n.kind === "GCCAsmStmt")
      walk(n, (x) => void (x.kind === "DeclRefExpr" && addressed.add(x.referencedDecl?.id ?? "")));
  });
  for (const a of addressed) locals.delete(a);
  return locals;
}

/** The variable that a place is, or is a member of. */
function variable(place: AstNode): string | undefined {
  const n = withoutParentheses(place);
  if (n.kind === "DeclRefExpr") return n.referencedDecl?.id;
  return n.kind === "MemberExpr" && n.isArrow !== true && n.inner?.[0] ? variable(n.inner[0]) : undefined;
}

function withoutParentheses(n: AstNode): AstNode {
  return n.kind === "ParenExpr" && n.inner?.[0] ? withoutParentheses(n.inner[0]) : n;
}

/** Whether an expression is a structure or union, for those of a unit: where one has no name, its type is called as a typedef of it is. */
export function recordsOf(tree: readonly AstNode[]): (n: AstNode) => boolean {
  const named = new Set(
    tree.flatMap((d) =>
      d.kind === "TypedefDecl" && d.name !== undefined && d.inner?.[0]?.ownedTagDecl?.kind === "RecordDecl"
        ? [d.name]
        : [],
    ),
  );
  return (n) => /^(?:struct|union) [^*]*$/.test(desugared(n)) || named.has(desugared(n));
}

function isUnevaluated(n: AstNode): boolean {
  return n.kind === "UnaryExprOrTypeTraitExpr" || n.kind === "OffsetOfExpr";
}

function isVolatile(n: AstNode): boolean {
  return /\bvolatile\b/.test(`${n.type?.qualType} ${n.type?.desugaredQualType ?? ""}`);
}

function unqualified(type: string): string {
  return type.includes("*")
    ? type.replace(/\*\s*(?:const|volatile|restrict|\s)+$/, "*")
    : type.replace(/^(?:(?:const|volatile)\s+)+/, "");
}

/** Whether an expression does no more than compute: it may stand before or behind anything. */
export function isIdle(n: AstNode): boolean {
  let idle = true;
  walk(n, (x) => {
    if (changes(x) || /^(?:Call|Stmt|Atomic|VAArg|CompoundLiteral)Expr$/.test(x.kind)) idle = false;
    return idle && !isUnevaluated(x);
  });
  return idle;
}

/** Whether something is done with an expression's value. */
export function isUsed(n: AstNode): boolean {
  const { parent } = n;
  const at = parent?.inner?.indexOf(n) ?? -1;
  switch (parent?.kind) {
    case "ParenExpr":
    case "CaseStmt":
    case "DefaultStmt":
    case "LabelStmt":
      return isUsed(parent);
    case "CompoundStmt":
      return parent.parent?.kind === "StmtExpr" && at === (parent.inner?.length ?? 0) - 1 && isUsed(parent.parent);
    case "IfStmt":
    case "WhileStmt":
    case "SwitchStmt":
      return at === 0;
    case "DoStmt":
      return at === 1;
    case "ForStmt":
      // Its condition stands behind its initialisation and a variable that C has not.
      return at === 2;
    case "BinaryOperator":
      return parent.opcode !== "," || (at === 1 && isUsed(parent));
    default:
      return parent?.castKind !== "ToVoid";
  }
}
