/** Expressions that a helper can take along because they mean the same everywhere. */
import { type AstNode, extent, spelling, walk } from "../../c/ast.ts";
import { Rewriter } from "../../c/rewriter.ts";

/** Whether an expression is made of literals, enumerators, sizes and operators only. */
export function isConstant(node: AstNode): boolean {
  let constant = true;
  walk(node, (n) => {
    if (sizedType(n) !== undefined) return false;
    if (n.kind === "DeclRefExpr" && n.referencedDecl?.kind !== "EnumConstantDecl") constant = false;
    if (
      n.kind === "CallExpr" ||
      n.kind === "StmtExpr" ||
      n.kind === "CompoundAssignOperator" ||
      n.kind === "InitListExpr"
    )
      constant = false;
    if (
      (n.kind === "BinaryOperator" && n.opcode === "=") ||
      (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"))
    )
      constant = false;
    return constant;
  });
  return constant;
}

/** The type of which `sizeof` gives the size; undefined for other nodes, and where the size is no constant or the type has no name. */
function sizedType(n: AstNode): string | undefined {
  if (n.kind !== "UnaryExprOrTypeTraitExpr" || n.name !== "sizeof") return undefined;
  const type = spelling(n.argType ?? n.inner?.[0]?.type ?? { qualType: "typeof" });
  return type === undefined || /\[[^\]\d]/.test(type) ? undefined : type;
}

/** A constant as it can be written outside of its function: `sizeof(work)` names a local, its type does not. */
export function constantText(node: AstNode, at: { start: number; end: number }, source: string): string {
  const text = new Rewriter(source);
  walk(node, (n) => {
    const [type, e] = [sizedType(n), extent(n)];
    if (type === undefined || e === undefined || n.argType !== undefined) return true;
    text.replace(e.start, e.end, `sizeof(${type})`);
    return false;
  });
  return text.render(at.start, at.end);
}
