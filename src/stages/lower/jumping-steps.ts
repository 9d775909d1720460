/**
 * A `for` whose step jumps (`({ goto done; })`, in the kernel's `scoped_guard()` since 6.12) has it at the end of its body: c2rust makes a
 * function of its own of each statement expression, which knows no label outside of it. What continues the loop goes there.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { statementEnd } from "./statement-end.ts";

const LOOPS = new Set(["ForStmt", "WhileStmt", "DoStmt"]);

/** The loop that a statement expression is the step of, where its jumps mean the same in the loop's body. */
export function loopSteppedBy(e: AstNode): AstNode | undefined {
  const loop = e.parent;
  if (loop?.kind !== "ForStmt" || loop.inner?.[3] !== e) return undefined;
  return ownJumps(e, ["BreakStmt", "ContinueStmt"]).length === 0 ? loop : undefined;
}

/** @param serial a number that no other step of the function has */
export function moveStep(e: AstNode, loop: AstNode, serial: number, source: string, text: Rewriter): void {
  const [step, inside] = [extent(e), extent(e.inner?.[0] ?? e)];
  const body = loop.inner?.[4];
  const [at, end] = [body && extent(body), body && statementEnd(source, body)];
  if (body === undefined || step === undefined || inside === undefined || at === undefined || end === undefined) return;
  const continued = ownJumps(body, ["ContinueStmt"]);
  const label = `kport$step_${serial}`;
  for (const c of continued) {
    const word = extent(c);
    if (word) text.replace(word.start, word.end, `goto ${label}`);
  }
  text.replace(
    step.start,
    end,
    { start: step.end, end: at.start },
    "{ ",
    { start: at.start, end },
    continued.length > 0 ? ` ${label}: ` : " ",
    inside,
    " }",
  );
}

/** What of such statements leaves or continues what is around `n`. */
function ownJumps(n: AstNode, kinds: readonly string[]): AstNode[] {
  const found: AstNode[] = [];
  walk(n, (x) => {
    if (kinds.includes(x.kind)) {
      let of = x === n ? undefined : x.parent;
      while (of && of !== n && !LOOPS.has(of.kind) && !(x.kind === "BreakStmt" && of.kind === "SwitchStmt"))
        of = of.parent;
      if (of === undefined || (of === n && !LOOPS.has(n.kind))) found.push(x);
    }
  });
  return found;
}
