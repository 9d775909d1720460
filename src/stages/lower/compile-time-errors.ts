/** Calls that are an error where they are compiled, and are not compiled. */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/**
 * A call of a function with the error attribute (BUILD_BUG_ON, compiletime_assert) is gone by the time a C compiler is done, or the
 * module would not have built: it becomes nothing here. Their block-scope declarations go too: c2rust loses those.
 */
export function dropCompileTimeErrors(tree: readonly AstNode[], text: Rewriter): void {
  const erring = new Set<string>();
  for (const n of tree) {
    walk(n, (x) => {
      if (x.kind === "FunctionDecl" && x.inner?.some((a) => a.kind === "ErrorAttr")) erring.add(x.id);
      const at = extent(x);
      if (
        x.kind === "DeclStmt" &&
        at &&
        x.inner?.every(
          (d) => erring.has(d.id) || (d.kind === "FunctionDecl" && d.inner?.some((a) => a.kind === "ErrorAttr")),
        )
      ) {
        for (const d of x.inner) erring.add(d.id);
        text.replace(at.start, at.end, ";");
      }
      if (at === undefined) return;
      if (callsOneOf(x, erring)) text.replace(at.start, at.end, "((void)0)");
      // With the test for it: nothing but noise is left of that.
      const [, then, otherwise] = x.kind === "IfStmt" ? (x.inner ?? []) : [];
      if (then === undefined || otherwise !== undefined || !callsOneOf(then, erring)) return;
      text.replace(at.start, at.end, "((void)0)");
      return false;
    });
  }
}

function callsOneOf(node: AstNode, functions: ReadonlySet<string>): boolean {
  let callee = node.kind === "CallExpr" ? node.inner?.[0] : undefined;
  while (callee && (callee.kind === "ImplicitCastExpr" || callee.kind === "ParenExpr")) callee = callee.inner?.[0];
  return callee?.kind === "DeclRefExpr" && functions.has(callee.referencedDecl?.id ?? "");
}
