/**
 * Static variables of a function that another one's initialiser names move before the function. c2rust 0.22.1 moves a static whose
 * initialiser it takes for no constant out of its function, and leaves there what the initialiser names (its issue 1981).
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/** Why a function's static variables cannot be told apart; undefined where they can, or need not. */
export function whyNotApart(fn: AstNode): string | undefined {
  const fixed = [...namedStatics(fn).values()].find((v) => declarationOf(v) === undefined);
  return fixed === undefined ? undefined : `\`${fixed.name}\` is named by another static variable's initialiser, and declared together with others or of a type of the function's own`;
}

export function moveNamedStatics(fn: AstNode, text: Rewriter): void {
  const moved = namedStatics(fn);
  const start = extent(fn)?.start;
  if (moved.size === 0 || start === undefined) return;
  const names = new Map<string, string>();
  for (const [id, v] of moved) {
    const at = declarationOf(v);
    const name = v.loc?.offset;
    if (at === undefined || name === undefined || v.name === undefined) continue;
    names.set(id, `kport$${fn.name}_${v.name}_${names.size}`);
    text.replace(name, name + v.name.length, names.get(id) as string);
    // Without its semicolon: what stands in its old place replaces all of it.
    text.replace(start, start, { start: at.start, end: at.end - 1 }, ";\n");
    text.replace(at.start, at.end, ";");
  }
  walk(fn, (n) => {
    const name = n.kind === "DeclRefExpr" ? names.get(n.referencedDecl?.id ?? "") : undefined;
    const at = extent(n);
    if (name !== undefined && at) text.replace(at.start, at.end, name);
  });
}

/** The static variables that others name, by id. */
function namedStatics(fn: AstNode): Map<string, AstNode> {
  const statics = new Map<string, AstNode>();
  walk(fn, (n) => void (n.kind === "VarDecl" && n.storageClass === "static" && statics.set(n.id, n)));
  const named = new Map<string, AstNode>();
  for (const s of statics.values()) {
    walk(s, (n) => {
      const other = n.kind === "DeclRefExpr" && n.referencedDecl?.id !== s.id ? statics.get(n.referencedDecl?.id ?? "") : undefined;
      if (other) named.set(other.id, other);
    });
  }
  return named;
}

/** The statement that declares a variable and nothing else. */
function declarationOf(v: AstNode): { start: number; end: number } | undefined {
  const { parent } = v;
  return parent?.kind === "DeclStmt" && parent.inner?.length === 1 && parent.parent?.kind === "CompoundStmt" ? extent(parent) : undefined;
}
