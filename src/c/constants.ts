/** Has clang evaluate constant expressions of a unit: they become an array, which is read back from its assembly. */
import { type AstNode, extent } from "./ast.ts";
import type { UnitCompiler } from "./compile-command.ts";
import { Rewriter } from "./rewriter.ts";
import { StageError } from "../machine/errors.ts";
import { complaintOf } from "../machine/tool-failure.ts";

/**
 * Evaluate `expressions` (unsigned, 64 bits) behind the declarations of `text`.
 * @throws StageError("lower") when clang does not take one of them for a constant
 */
export async function evaluate(
  compiler: UnitCompiler,
  text: string,
  tree: readonly AstNode[],
  expressions: readonly string[],
): Promise<number[]> {
  if (expressions.length === 0) return [];
  const probe = `${withoutBodies(text, tree)}\n__attribute__((used)) const unsigned long kport_constants[] = { ${expressions.join(", ")} };\n`;
  const r = await compiler.runOnPreprocessed(probe, ["-S", "-O0", "-o", "-"]);
  if (r.exitCode !== 0)
    throw new StageError("lower", `clang does not evaluate the layouts\n${complaintOf(r)}`, {
      file: compiler.command.file,
    });
  const body = /^kport_constants:\n((?:\s+\.(?:quad|zero)\s.*\n)*)/m.exec(r.stdout)?.[1] ?? "";
  const numbers = body.split("\n").flatMap((l) => {
    const m = /\.(quad|zero)\s+(\d+)/.exec(l);
    return m === null ? [] : m[1] === "zero" ? Array<number>(Number(m[2]) / 8).fill(0) : [Number(m[2])];
  });
  // An array of zeros only is printed as one `.zero`, and lies in another section.
  if (numbers.length === 0 && /^kport_constants:\n/m.test(r.stdout)) return expressions.map(() => 0);
  if (numbers.length !== expressions.length)
    throw new StageError("lower", `clang evaluated ${numbers.length} of ${expressions.length} layout figures`, {
      file: compiler.command.file,
    });
  return numbers;
}

/** The unit without its functions' bodies, and so without aliases of them: they need not compile to assembly here (static keys do not, unoptimised). */
function withoutBodies(text: string, tree: readonly AstNode[]): string {
  const declarations = new Rewriter(text);
  for (const n of tree) {
    const body = n.kind === "FunctionDecl" ? n.inner?.find((c) => c.kind === "CompoundStmt") : undefined;
    const at = body && extent(body);
    if (at) declarations.replace(at.start, at.end, ";");
  }
  return declarations.render().replace(/\b(?:__alias__|alias)\s*\(\s*"[^"]*"\s*\)/g, "unused");
}
