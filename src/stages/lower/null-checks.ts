/**
 * Keeps the question whether a member's address is null, as loops over lists put it (`&pos->node != NULL` at the end of a list). Kernels
 * are built with `-fno-delete-null-pointer-checks` and pointers that wrap around (`-fno-strict-overflow`). rustc says of every member,
 * element and offset that it lies within the same object (`getelementptr inbounds`), from which LLVM concludes that the sum is not 0,
 * whatever the function's attributes say (`isGEPKnownNonNull`). Such an address goes through a call, which the port's Rust defines so
 * that nothing is known of it.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/** The function the calls name, as C declares it. */
export const ADDRESS = "const void *kport$address(const void *);\n";

/** The same as C defines it. */
export const ADDRESS_IN_C = "static inline const void *kport_address(const void *object) { __asm__(\"\" : \"+r\"(object)); return object; }\n";

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

/** @returns whether there was such a question */
export function keepNullChecks(fn: AstNode, text: Rewriter): boolean {
  let found = false;
  walk(fn, (n) => {
    for (const asked of CONDITIONS[n.kind]?.(n) ?? []) {
      const at = asked && extent(asked);
      if (asked === undefined || at === undefined || !isReckoned(asked)) continue;
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

function isNull(n: AstNode | undefined): boolean {
  return n !== undefined && (n.castKind === "NullToPointer" || (isWrapping(n) && isNull(n.inner?.[0])));
}

/** What changes nothing of a pointer's value. */
function isWrapping(n: AstNode): boolean {
  return n.kind === "ParenExpr" || ((n.kind === "ImplicitCastExpr" || n.kind === "CStyleCastExpr") && (n.castKind === "BitCast" || n.castKind === "NoOp"));
}

/** Whether a pointer is reckoned from another: a member's or an element's address, a sum. */
function isReckoned(n: AstNode): boolean {
  const [of] = n.inner ?? [];
  if (of === undefined) return false;
  if (isWrapping(n)) return isReckoned(of);
  if (n.kind === "UnaryOperator" && n.opcode === "&") return isBehindPointer(of);
  if (n.castKind === "ArrayToPointerDecay") return isBehindPointer(of);
  return n.kind === "BinaryOperator" && (n.opcode === "+" || n.opcode === "-") && /\*$/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "");
}

/**
 * Whether a place is reached through a pointer, and is not all that it points to.
 * @param isPart whether the place is a part of what is asked about: `(*p).member`
 */
function isBehindPointer(place: AstNode, isPart = false): boolean {
  const [of] = place.inner ?? [];
  if (of === undefined) return false;
  if (place.kind === "MemberExpr") return place.isArrow === true || isBehindPointer(of, true);
  if (place.kind === "ArraySubscriptExpr") return of.castKind === "ArrayToPointerDecay" ? of.inner?.[0] !== undefined && isBehindPointer(of.inner[0], true) : true;
  if (place.kind === "UnaryOperator" && place.opcode === "*") return isPart;
  return place.kind === "ParenExpr" && isBehindPointer(of, isPart);
}
