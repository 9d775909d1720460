/**
 * `changed |= f()` of a `_Bool` becomes `changed = changed | f()`, which C defines it to be. c2rust casts the result of a compound
 * assignment to its target's type, and Rust casts no integer to bool; of a plain assignment it compares the value with zero.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

export function lowerBoolArithmetic(fn: AstNode, text: Rewriter): void {
  walk(fn, (n) => {
    if ((n.type?.desugaredQualType ?? n.type?.qualType ?? "").replace(/^(?:const |volatile )+/, "") !== "_Bool") return;
    const [target, value] = n.inner ?? [];
    const [at, place] = [extent(n), target && extent(target)];
    if (at === undefined || target === undefined || place === undefined || !isRepeatable(target)) return;
    const operator = n.opcode ?? "";
    if (n.kind === "CompoundAssignOperator") {
      const given = value && extent(value);
      if (given) text.replace(at.start, at.end, "(", place, " = ", place, ` ${operator.slice(0, -1)} (`, given, "))");
    } else if (n.kind === "UnaryOperator" && (operator === "++" || operator === "--") && n.parent?.valueCategory === undefined) {
      text.replace(at.start, at.end, "(", place, " = ", place, ` ${operator[0]} 1)`);
    }
  });
}

/** Whether naming a place twice does no more than naming it once. */
function isRepeatable(node: AstNode): boolean {
  let repeatable = true;
  walk(node, (n) => {
    if (n.kind === "CallExpr" || n.kind === "StmtExpr" || n.kind === "CompoundAssignOperator" || n.kind === "GCCAsmStmt") repeatable = false;
    if ((n.kind === "BinaryOperator" && n.opcode === "=") || (n.kind === "UnaryOperator" && (n.opcode === "++" || n.opcode === "--"))) repeatable = false;
    return repeatable;
  });
  return repeatable;
}
