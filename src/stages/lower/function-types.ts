/** Why a function's own types, or the alignment of its variables, keep it in C: c2rust would make something else of them, and nothing would tell. */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { lex, matching, significant } from "../../c/lexer.ts";
import { Alignments } from "./alignment-of.ts";
import { sharedTags } from "./local-tags.ts";
import { RecordTypes } from "./record-types.ts";
import { isBare, isTold } from "./told-sizes.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

export function whyForTypes(
  tree: readonly AstNode[],
  reduced: Pick<ReducedUnit, "text" | "kept">,
): (fn: AstNode) => string | undefined {
  const shared = sharedTags(tree);
  const alignments = new Alignments(tree, new RecordTypes(tree, reduced.text), reduced);
  return (fn) => shared(fn) ?? whyHidden(fn, reduced.text) ?? whyAligned(fn, alignments);
}

/**
 * A structure that is defined in a cast, a literal or a loop's head: clang's tree does not hold it, so that no rule says its layout, or nothing
 * asks for it there. What `sizeof` and `offsetof` ask is told (told-sizes.ts).
 */
function whyHidden(fn: AstNode, source: string): string | undefined {
  const within = extent(fn);
  if (within === undefined) return undefined;
  const known = new Set<number>();
  const told: { start: number; end: number }[] = [];
  walk(fn, (n) => {
    const at = extent(n);
    if (at === undefined) return;
    if (n.kind === "RecordDecl" && isStatement(n)) known.add(at.start);
    if (isTold(n)) told.push(at);
  });
  const tokens = significant(lex(source.slice(within.start, within.end)));
  const isHidden = tokens.some((t, i) => {
    if (t.text !== "struct" && t.text !== "union") return false;
    let j = i + 1;
    while (/^__attribute(?:__)?$/.test(tokens[j]?.text ?? "")) j = matching(tokens, j + 1) + 1;
    if (tokens[j]?.kind === "identifier") j++;
    const at = within.start + t.start;
    return (
      tokens[j]?.text === "{" && !isBare(tokens, j) && !known.has(at) && !told.some((x) => x.start <= at && at < x.end)
    );
  });
  return isHidden ? "it defines a structure within an expression, whose layout nothing could assert" : undefined;
}

/** Whether what defines a structure is a statement of a block (src/c/layouts.ts asks behind it), or a part of one that is. */
function isStatement(record: AstNode): boolean {
  let n: AstNode | undefined = record.parent;
  while (n?.kind === "RecordDecl") n = n.parent;
  return n?.kind === "DeclStmt" && n.parent?.kind === "CompoundStmt";
}

function whyAligned(fn: AstNode, alignments: Alignments): string | undefined {
  let why: string | undefined;
  walk(fn, (n) => {
    const to = n.kind === "VarDecl" ? alignments.byName(n) : undefined;
    if (to !== undefined && to > alignments.inRust(n))
      why ??= `the type of \`${n.name}\` has an alignment by its name, which c2rust drops of variables in functions`;
  });
  return why;
}
