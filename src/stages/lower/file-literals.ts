/**
 * Compound literals at file scope whose address is taken live as long as the module, so each becomes a variable before the one that is
 * given its address: a temporary of Rust's, which is what c2rust makes of one, has no address that a constant could hold.
 */
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import { lex, significant } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { type DefinitionFacts, isConstant } from "./definitions.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

interface FileLiteral {
  name: string;
  type: string;
  at: { start: number; end: number };
  /** Its braces. */
  list: { start: number; end: number };
}

/** Whether the literal's address is taken: by `&`, or by its being an array. */
export function isAddressed(literal: AstNode): boolean {
  let outer = literal.parent;
  while (outer && (outer.kind === "ParenExpr" || outer.kind === "MemberExpr" || outer.kind === "ArraySubscriptExpr"))
    outer = outer.parent;
  return outer?.castKind === "ArrayToPointerDecay" || (outer?.kind === "UnaryOperator" && outer.opcode === "&");
}

/** Whether a literal can be a variable before the one that it is in: of one that stands at file scope, and in words that mean the same there. */
export function canStandBefore(literal: AstNode, source: string): boolean {
  let holder = literal.parent;
  while (holder && holder.kind !== "VarDecl") holder = holder.parent;
  if (holder === undefined || holder.parent?.kind === "DeclStmt") return false;
  if (spelling(literal.type ?? { qualType: "unnamed" }) === undefined || bracesOf(literal) === undefined) return false;
  // A structure that the declaration itself defines is not there before it.
  const value = holder.inner?.find((c) => c.valueCategory !== undefined);
  const [at, from] = [extent(holder), value && extent(value)];
  if (at === undefined || from === undefined) return false;
  if (significant(lex(source.slice(at.start, from.start))).some((t) => t.text === "{")) return false;
  let namesHolder = false;
  walk(literal, (n) => {
    namesHolder ||= n.referencedDecl?.name === holder.name;
    return !namesHolder;
  });
  return !namesHolder;
}

/** Whether a name can be a literal's, here or where it is printed. */
export function isLiteralName(name: string): boolean {
  return /(?:^|_)literal(?:_\d+)*$/.test(name);
}

/** Whether a symbol is clang's name for one. */
export function isClangsLiteral(symbol: string): boolean {
  return /^\.compoundliteral(?:\.\d+)?$/.test(symbol);
}

/** @param stays variables that stay C, by name: their literals stay with them */
export function nameLiterals(
  reduced: ReducedUnit,
  tree: readonly AstNode[],
  stays: ReadonlyMap<string, unknown>,
  text: Rewriter,
): DefinitionFacts[] {
  const facts: DefinitionFacts[] = [];
  for (const v of tree) {
    const at = v.kind === "VarDecl" && !stays.has(v.name ?? "") ? extent(v) : undefined;
    const home = at && reduced.kept.find((k) => k.start <= at.start && at.end <= k.end);
    if (home === undefined || !home.declaration.own) continue;
    for (const { name, type, at: whole, list } of literalsOf(v, reduced.text)) {
      text.replace(home.start, home.start, `static __typeof__(${type}) ${name} = `, list, ";\n");
      text.replace(whole.start, whole.end, name);
      facts.push({ name, kind: "variable", weak: false, noinline: false, constant: isConstant(type) });
    }
  }
  return facts;
}

/** What one literal holds stands before it. */
function literalsOf(v: AstNode, source: string): FileLiteral[] {
  const found: FileLiteral[] = [];
  const visit = (n: AstNode): void => {
    // An operand of sizeof is not evaluated.
    if (n.kind === "UnaryExprOrTypeTraitExpr" || n.kind === "OffsetOfExpr") return;
    for (const c of n.inner ?? []) visit(c);
    const [at, list] = [extent(n), bracesOf(n)];
    if (n.kind !== "CompoundLiteralExpr" || !isAddressed(n) || at === undefined || list === undefined) return;
    if (!canStandBefore(n, source)) return;
    const type = spelling(n.type ?? { qualType: "" }) ?? "";
    found.push({ name: `${v.name}$literal${found.length === 0 ? "" : `_${found.length}`}`, type, at, list });
  };
  visit(v);
  return found;
}

function bracesOf(literal: AstNode): { start: number; end: number } | undefined {
  const list = literal.inner?.find((c) => c.kind === "InitListExpr");
  return list && extent(list);
}
