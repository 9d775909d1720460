/**
 * Keeps the question whether a member's address is null, as loops over lists put it (`&pos->node != NULL` at the end of a list). Kernels
 * are built with `-fno-delete-null-pointer-checks` and pointers that wrap around (`-fno-strict-overflow`). rustc says of every member,
 * element and offset that it lies within the same object (`getelementptr inbounds`), from which LLVM concludes that the sum is not 0,
 * whatever the function's attributes say (`isGEPKnownNonNull`). Such an address goes through a call, which the port's Rust defines so
 * that nothing is known of it.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { holdsReckoned, isNull, isPointer, type ReckonedPointers } from "./reckoned-pointers.ts";

/** The function the calls name, as C declares it. */
export const ADDRESS = "const void *kport$address(const void *);\n";

/** The same as C defines it. */
export const ADDRESS_IN_C =
  'static inline const void *kport_address(const void *object) { __asm__("" : "+r"(object)); return object; }\n';

/** Statements and expressions, and which of their operands are asked whether they are null. */
const CONDITIONS: Readonly<Record<string, (n: AstNode) => (AstNode | undefined)[]>> = {
  IfStmt: conditions,
  WhileStmt: conditions,
  // clang prints a missing part of a `for` as an empty node.
  ForStmt: (n) => [n.inner?.[2]],
  DoStmt: (n) => [n.inner?.[1]],
  ConditionalOperator: (n) => [n.inner?.[0]],
  UnaryOperator: (n) => (n.opcode === "!" ? [n.inner?.[0]] : []),
  ImplicitCastExpr: (n) => (n.castKind === "PointerToBoolean" ? [n.inner?.[0]] : []),
  CStyleCastExpr: (n) => (n.castKind === "PointerToBoolean" ? [n.inner?.[0]] : []),
  BinaryOperator: (n) => {
    const [left, right] = n.inner ?? [];
    if (n.opcode === "&&" || n.opcode === "||") return [left, right];
    if (n.opcode !== "==" && n.opcode !== "!=") return [];
    return isNull(left) ? [right] : isNull(right) ? [left] : [];
  },
};

/**
 * @param reckoned the unit's
 * @returns whether there was such a question
 */
export function keepNullChecks(fn: AstNode, reckoned: ReckonedPointers, text: Rewriter): boolean {
  let found = false;
  walk(fn, (n) => {
    for (const asked of CONDITIONS[n.kind]?.(n) ?? []) {
      const at = asked && extent(asked);
      // A structure that holds such a pointer has members that are none: `!s.done`.
      if (asked === undefined || at === undefined || !isPointer(asked) || !holdsReckoned(asked, reckoned)) continue;
      found = true;
      text.replace(at.start, at.end, "kport$address(", at, ")");
    }
  });
  return found;
}

/** Of the parts of a condition's statement (a declaration's initialiser may come first) all but the branches are no pointers. */
function conditions(n: AstNode): (AstNode | undefined)[] {
  return [n.inner?.find((c) => c.valueCategory !== undefined)];
}
