/**
 * Variables of elsewhere that a function declares for itself (`extern int x;` in a block) are declared before the function instead. c2rust
 * 0.22.1 knows such a variable in that block only, and leaves out every other declaration of it that follows ("name not declared").
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { lex, significant } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";

export function liftLocalExterns(fn: AstNode, source: string, text: Rewriter): void {
  const start = extent(fn)?.start;
  if (start === undefined) return;
  const own = ownNames(fn);
  walk(fn, (n) => {
    const at = extent(n);
    const declared = n.kind === "DeclStmt" && n.parent?.kind === "CompoundStmt" ? (n.inner ?? []) : [];
    if (at === undefined || declared.length === 0 || !declared.every(isExternVariable)) return;
    // Outside the block a name of the function's own would be another thing, or nothing.
    if (significant(lex(source.slice(at.start, at.end))).some((t) => t.kind === "identifier" && own.has(t.text)))
      return;
    // Without its semicolon: what stands in its old place replaces all of it.
    text.replace(start, start, { start: at.start, end: at.end - 1 }, ";\n");
    text.replace(at.start, at.end, ";");
  });
}

function isExternVariable(n: AstNode): boolean {
  return n.kind === "VarDecl" && n.storageClass === "extern";
}

/** What a function declares and no other sees: its variables and types. */
function ownNames(fn: AstNode): Set<string> {
  const names = new Set<string>();
  walk(fn, (n) => {
    if (
      n !== fn &&
      n.name !== undefined &&
      /^(?:Var|ParmVar|Typedef|Record|Enum|EnumConstant)Decl$/.test(n.kind) &&
      !isExternVariable(n)
    )
      names.add(n.name);
  });
  return names;
}
