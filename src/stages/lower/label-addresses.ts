/**
 * Lowers labels as values (`&&label`, `goto *place`), which c2rust does not have. A label whose address is taken gets a number, its address
 * becomes that number, and a jump to an address a `switch` over the numbers. The numbers mean nothing outside of the function; nor do the
 * addresses, but as places in the code (`_THIS_IP_`): a function that gives one away stays C.
 */
import { type AstNode, extent, returnType, walk } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";

/** @returns why a label's address cannot become a number, or undefined */
export function whyNoNumber(address: AstNode, fn: AstNode): string | undefined {
  let jumps = false;
  let local = false;
  walk(fn, (n) => {
    if (n.kind === "IndirectGotoStmt") jumps = true;
    if (n.kind === "LabelDecl" && n.id === address.labelDeclId) local = true;
  });
  if (!jumps) return "a label's address is wanted for itself";
  if (local) return "the address of a label that is declared in a block is taken";
  let user = address.parent;
  while (user && isCast(user)) user = user.parent;
  if (user && isDifference(user)) return undefined;
  for (user = address.parent; user; user = user.parent) {
    if (
      user.kind === "ReturnStmt" ||
      user.kind === "CallExpr" ||
      user.kind === "GCCAsmStmt" ||
      user.castKind === "PointerToIntegral"
    )
      return "a label's address is used outside of its function";
    if (!isCast(user) && !/ConditionalOperator$/.test(user.kind)) return undefined;
  }
  return undefined;
}

export function lowerLabelAddresses(fn: AstNode, source: string, text: Rewriter): void {
  const numbers = new Map<string, number>();
  const names = new Map<string, string>();
  const jumps: AstNode[] = [];
  walk(fn, (n) => {
    if (n.kind === "IndirectGotoStmt") jumps.push(n);
    if (n.kind === "LabelStmt" && n.declId !== undefined) names.set(n.declId, n.name ?? "");
    if (n.kind === "AddrLabelExpr" && n.labelDeclId !== undefined && !numbers.has(n.labelDeclId))
      numbers.set(n.labelDeclId, numbers.size + 1);
  });
  if (jumps.length === 0) return;
  const number = (n: AstNode): number => numbers.get(addressed(n)?.labelDeclId ?? "") ?? 0;
  walk(fn, (n) => {
    const at = extent(n);
    if (at === undefined) return true;
    const [left, right] = n.inner ?? [];
    if (left && right && isDifference(n)) {
      text.replace(at.start, at.end, `(${number(left) - number(right)}L)`);
      return false;
    }
    const offset =
      n.kind === "BinaryOperator" && n.opcode === "+"
        ? left && addressed(left)
          ? right
          : right && addressed(right)
            ? left
            : undefined
        : undefined;
    const range = offset && extent(offset);
    if (range)
      text.replace(
        at.start,
        at.end,
        `((void *)(${number(offset === right ? (left as AstNode) : (right as AstNode))}UL + (`,
        range,
        ")))",
      );
    else if (n.kind === "AddrLabelExpr") text.replace(at.start, at.end, `((void *)${number(n)}UL)`);
    return true;
  });
  // An address that is none of the labels' is undefined: the last label may take it.
  const labels = [...numbers.keys()].map((id) => names.get(id) ?? "");
  const choice = `{ ${labels.map((l, i) => `${i === labels.length - 1 ? "default" : `case ${i + 1}`}: goto ${l};`).join(" ")} }`;
  const dispatch = jumps.length > 1 ? sharedDispatch(fn, choice, text) : undefined;
  for (const j of jumps) {
    const [at, target] = [extent(j), j.inner?.[0] && extent(j.inner[0])];
    if (at === undefined || target === undefined) continue;
    const end = source.indexOf(";", at.end) + 1;
    const to: Part[] = ["(unsigned long)(", target, ")"];
    text.replace(
      at.start,
      end,
      ...(dispatch === undefined
        ? ["switch (", ...to, `) ${choice}`]
        : ["{ kport$target = ", ...to, `; goto ${dispatch}; }`]),
    );
  }
}

/** One switch for all jumps, behind the function's last statement; undefined where control may come there. */
function sharedDispatch(fn: AstNode, choice: string, text: Rewriter): string | undefined {
  const body = fn.inner?.find((c) => c.kind === "CompoundStmt");
  const at = body && extent(body);
  let last = body?.inner?.at(-1);
  while (last?.kind === "LabelStmt") last = last.inner?.at(-1);
  const leaves = /^(?:Return|Goto|IndirectGoto)Stmt$/.test(last?.kind ?? "");
  if (at === undefined || (!leaves && returnType(fn) !== "void")) return undefined;
  text.replace(at.start + 1, at.start + 1, " unsigned long kport$target;");
  text.replace(at.end - 1, at.end - 1, `${leaves ? "" : "return; "}kport$dispatch: switch (kport$target) ${choice}\n`);
  return "kport$dispatch";
}

function isCast(n: AstNode): boolean {
  return /^(?:Paren|ImplicitCast|CStyleCast)Expr$/.test(n.kind);
}

/** `&&a - &&b`, as addresses or as integers. */
function isDifference(n: AstNode): boolean {
  return (
    n.kind === "BinaryOperator" &&
    n.opcode === "-" &&
    n.inner?.length === 2 &&
    n.inner.every((o) => addressed(o) !== undefined)
  );
}

/** The label address that an expression is, but for casts. */
function addressed(n: AstNode): AstNode | undefined {
  if (n.kind === "AddrLabelExpr") return n;
  return isCast(n) && n.inner?.[0] ? addressed(n.inner[0]) : undefined;
}
