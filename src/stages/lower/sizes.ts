/**
 * Sizes, alignments and offsets as C's `unsigned long`. c2rust 0.22.1 takes them for Rust's usize wherever nothing says what is expected (an
 * element of an array, an operand of a builtin), and names a macro that the port does not have where an offset depends on an index.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { lex, significant } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { isConstant } from "./constant-expressions.ts";

/** @param told what is a number, by where it begins (told-sizes.ts) */
export function lowerSizes(
  declaration: AstNode,
  source: string,
  told: ReadonlyMap<number, string>,
  text: Rewriter,
): void {
  walk(declaration, (n) => {
    const at = extent(n);
    if (at === undefined) return;
    const isQuery = n.kind === "UnaryExprOrTypeTraitExpr" || n.kind === "OffsetOfExpr";
    const number = isQuery ? told.get(at.start) : undefined;
    if (number !== undefined) {
      text.replace(at.start, at.end, `((unsigned long)${number})`);
      return false;
    }
    if (n.kind === "UnaryExprOrTypeTraitExpr") {
      text.replace(at.start, at.end, "((unsigned long)", at, ")");
      // c2rust names an intrinsic for gcc's spelling that rustc no longer has. On x86-64 the two are one.
      const preferred = /^__alignof(?:__)?\b/.exec(source.slice(at.start, at.end))?.[0];
      if (preferred !== undefined) text.replace(at.start, at.start + preferred.length, "_Alignof");
    } else if (n.kind === "OffsetOfExpr") lowerIndexedOffset(n, at, source, text);
  });
}

/** `offsetof(struct s, member[i])` is the offset of the first element and so many elements more. */
function lowerIndexedOffset(n: AstNode, at: { start: number; end: number }, source: string, text: Rewriter): void {
  const indexes = (n.inner ?? []).map((index) => ({ at: extent(index), constant: isConstant(index) }));
  if (indexes.every((i) => i.constant)) return;
  const tokens = significant(lex(source.slice(at.start, at.end)));
  let depth = 0;
  const comma = tokens.find((t) => (depth += t.text === "(" ? 1 : t.text === ")" ? -1 : 0) === 1 && t.text === ",");
  if (comma === undefined || tokens[1] === undefined) return;
  const type = source.slice(at.start + tokens[1].end, at.start + comma.start);
  let member = "";
  let from = at.start + comma.end;
  const elements: (string | { start: number; end: number })[] = [];
  for (const i of indexes) {
    if (i.at === undefined) return;
    member += source.slice(from, i.at.start) + (i.constant ? source.slice(i.at.start, i.at.end) : "0");
    from = i.at.end;
    if (!i.constant) elements.push(` + (unsigned long)sizeof(((${type} *)0)->${member.trim()}]) * (`, i.at, ")");
  }
  text.replace(
    at.start,
    at.end,
    `(__builtin_offsetof(${type}, ${member.trim()}${source.slice(from, at.end)}`,
    ...elements,
    ")",
  );
}
