/** Where nothing follows: a statement behind which `__builtin_unreachable()` stands, as behind the trap of BUG(), and a helper that ends in one. */
import { type AstNode, calleeName, extent, walk } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import type { CodeOf } from "../inspect/code.ts";

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

/**
 * Helpers that no instruction leaves but by a trap. objtool takes such a function for one that does not return, and from 7.x on reports
 * each caller that goes on behind its call; the C that it stood in knew as much.
 * @param code each function in a section of its own
 */
export function neverReturning(code: ReadonlyMap<string, CodeOf>): Set<string> {
  // The padding before a function has the section's name.
  const sections = Map.groupBy(
    [...code.values()].filter((f) => f.instructions.some((i) => !i.op.startsWith("nop"))),
    (f) => f.section,
  );
  // A label within a function would cut it in two.
  return new Set(
    [...code].flatMap(([symbol, f]) =>
      sections.get(f.section)?.length === 1 && !f.instructions.some(leaves) ? [symbol] : [],
    ),
  );
}

/** Whether an instruction may return, or jump out of the function: what a jump within it refers to needs no relocation. */
function leaves({ op, operands, target }: CodeOf["instructions"][number]): boolean {
  return /ret[a-z]?$/.test(op) || (op.startsWith("j") && (target !== undefined || operands.startsWith("*")));
}

/** A call of a helper that does not return, with what says so: a trap in Rust, which objtool expects there. The noreturn attribute would leave the trap out. */
export function endsAt(call: readonly Part[]): Part[] {
  return ["(", ...call, ", __builtin_unreachable())"];
}

/** @param neverReturn functions that stay C and do not return; those whose value is used are left alone */
export function lowerDeadEnds(
  fn: AstNode,
  neverReturn: ReadonlySet<string>,
  isMoved: (n: AstNode) => boolean,
  text: Rewriter,
): void {
  walk(fn, (n) => {
    const at =
      n.kind === "CallExpr" && n.type?.qualType === "void" && neverReturn.has(calleeName(n) ?? "") && !isMoved(n)
        ? extent(n)
        : undefined;
    if (at) text.replace(at.start, at.end, ...endsAt([at]));
    return true;
  });
}
