/**
 * Statement expressions that are left by a jump (`({ if (x < 0) goto fail; x; })`, `continue` or `break` of a loop around them) are
 * evaluated before the statement they stand in: c2rust 0.22.1 translates each as a function of its own, which knows nothing of what is
 * outside of it ("Cannot find what to continue from", or a panic).
 */
import { type AstNode, extent, isExpression, spelling, walk } from "../../c/ast.ts";
import type { Part, Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";
import { loopSteppedBy, moveStep } from "./jumping-steps.ts";
import type { MovedExpression } from "./moved.ts";

/** What stands in the place of something that moved. */
export type Jumping = Pick<MovedExpression, "start" | "end" | "jumps">;

const LOOPS = new Set(["ForStmt", "WhileStmt", "DoStmt"]);

/**
 * @param moved what has become a call of a helper, which may jump too
 * @param place the file and line of an offset
 * @throws StageError("lower") where that cannot be; such a function should have stayed in C
 */
export function hoistLeftExpressions(
  fn: AstNode,
  moved: readonly MovedExpression[],
  source: string,
  text: Rewriter,
  place: (offset: number) => { file: string; line: number },
): void {
  let serial = 0;
  walk(fn, (e) => {
    const at = extent(e);
    if (e.kind !== "StmtExpr" || at === undefined) return true;
    if (moved.some((m) => m.start <= at.start && at.end <= m.end)) return false;
    if (!isLeft(e, moved)) return true;
    const loop = loopSteppedBy(e);
    if (loop) {
      moveStep(e, loop, ++serial, source, text);
      return true;
    }
    const why = whyNotBefore(e, moved);
    const statement = statementOf(e);
    const [body] = e.inner ?? [];
    const [home, inside] = [statement && extent(statement), body && extent(body)];
    const type = spelling(e.type ?? { qualType: "" });
    if (
      why !== undefined ||
      statement === undefined ||
      home === undefined ||
      inside === undefined ||
      type === undefined
    )
      throw new StageError("lower", `${fn.name}: ${why}`, place(at.start));
    let value = body?.inner?.at(-1);
    while (value?.kind === "LabelStmt") [value] = value.inner ?? [];
    const result = value && isExpression(value) && e.type?.qualType !== "void" ? extent(value) : undefined;
    const name = `kport$left_${++serial}`;
    const hoisted: Part[] = result
      ? [
          `__typeof__(${type}) ${name}; {`,
          { start: inside.start + 1, end: result.start },
          `; ${name} = (`,
          result,
          "); } ",
        ]
      : [inside, " "];
    const declares = statement.kind === "DeclStmt" && statement.parent?.kind === "CompoundStmt";
    text.replace(home.start, home.start, declares ? "" : "{ ", ...hoisted);
    text.replace(at.start, at.end, result ? name : "((void)0)");
    const end = home.end + (/^\s*;/.exec(source.slice(home.end))?.[0].length ?? 0);
    if (!declares) text.replace(end, end, " }");
    return true;
  });
}

/** Why what a jump leaves cannot be evaluated before its statement; undefined where it can, and for all other nodes. */
export function whyNotBefore(e: AstNode, moved: readonly Jumping[]): string | undefined {
  if (e.kind !== "StmtExpr" || !isLeft(e, moved) || loopSteppedBy(e)) return undefined;
  if (statementOf(e) === undefined)
    return "a statement expression is left by a jump, and is evaluated several times or on a condition";
  return spelling(e.type ?? { qualType: "" }) === undefined
    ? "a statement expression is left by a jump, and its type has no name outside of it"
    : undefined;
}

/** Whether control can leave it other than at its end or by a return. */
function isLeft(e: AstNode, moved: readonly Jumping[]): boolean {
  const at = extent(e) as { start: number; end: number };
  const labels = new Map<string, string>();
  walk(e, (n) => void (n.kind === "LabelStmt" && labels.set(n.declId ?? "", n.name ?? "")));
  const names = new Set(labels.values());
  if (moved.some((m) => at.start <= m.start && m.end <= at.end && m.jumps?.some((l) => !names.has(l)))) return true;
  let left = false;
  walk(e, (n) => {
    if (n.kind === "GotoStmt") left ||= !labels.has(n.targetLabelDeclId ?? "");
    if (n.kind !== "BreakStmt" && n.kind !== "ContinueStmt") return;
    let of = n.parent;
    while (of && of !== e && !LOOPS.has(of.kind) && !(n.kind === "BreakStmt" && of.kind === "SwitchStmt"))
      of = of.parent;
    left ||= of === e;
  });
  return left;
}

/** The statement that an expression is part of, where it can be evaluated before all else of it: C does not say in which order operands are. */
function statementOf(e: AstNode): AstNode | undefined {
  let [child, n]: [AstNode, AstNode | undefined] = [e, e.parent];
  while (n && isExpression(n)) {
    const sequenced =
      n.kind === "ConditionalOperator" ||
      n.kind === "BinaryConditionalOperator" ||
      (n.kind === "BinaryOperator" && /^(?:&&|\|\||,)$/.test(n.opcode ?? ""));
    if ((sequenced && n.inner?.[0] !== child) || n.kind === "InitListExpr") return undefined;
    [child, n] = [n, n.parent];
  }
  if (n?.kind === "VarDecl")
    return n.storageClass === undefined &&
      n.parent?.kind === "DeclStmt" &&
      n.parent.inner?.[0] === n &&
      n.parent.parent?.kind === "CompoundStmt"
      ? n.parent
      : undefined;
  if (n === undefined || LOOPS.has(n.kind)) return n !== undefined && isBody(child, n) ? child : undefined;
  if (n.kind === "IfStmt" || n.kind === "SwitchStmt") return isBody(child, n) ? child : n;
  return n.kind === "ReturnStmt" ? n : child;
}

/** Whether a statement's child is what it governs, not what it asks. */
function isBody(child: AstNode, n: AstNode): boolean {
  if (n.kind === "DoStmt") return n.inner?.[0] === child;
  if (n.kind === "IfStmt" || n.kind === "SwitchStmt") return n.inner?.[0] !== child;
  return n.inner?.at(-1) === child;
}
