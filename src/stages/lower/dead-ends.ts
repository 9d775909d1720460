/** Where code says that nothing follows a statement: behind the trap of BUG() stands `__builtin_unreachable()`. */
import { type AstNode, walk } from "../../c/ast.ts";
import { calleeName } from "./moved.ts";

/**
 * Whether control never leaves a statement: the next thing to run is `__builtin_unreachable()`. A helper of the statement alone has to say
 * the same, or it would return from a trap, which objtool reports as unreachable code.
 */
export function isDeadEnd(statement: AstNode): boolean {
  for (let n = statement; n.parent !== undefined; n = n.parent) {
    const { parent } = n;
    if (parent.kind === "CompoundStmt") {
      const next = parent.inner?.slice(parent.inner.indexOf(n) + 1).find((s) => s.kind !== "NullStmt");
      if (next !== undefined) return next.kind === "CallExpr" && calleeName(next) === "__builtin_unreachable";
    } else if (parent.kind !== "DoStmt" || !isZero(parent.inner?.at(-1))) return false;
  }
  return false;
}

/** `do { … } while (0)` goes on behind itself. */
function isZero(condition: AstNode | undefined): boolean {
  let zero = false;
  if (condition) walk(condition, (n) => void (zero = n.kind === "IntegerLiteral" && n.value === "0"));
  return zero;
}
