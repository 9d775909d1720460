/** Refuses what has no Rust and is no single expression that could stay C, with the place: c2rust drops some of it without a word. */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { StageError } from "../../errors.ts";

/**
 * @param fn a function that becomes Rust
 * @param moved stretches that stay C
 * @param place the file and line of an offset
 * @throws StageError("lower")
 */
export function refuseUntranslatable(fn: AstNode, moved: readonly { start: number; end: number }[], place: (offset: number) => { file: string; line: number }): void {
  walk(fn, (n) => {
    const at = extent(n);
    if (at && moved.some((m) => m.start <= at.start && at.end <= m.end)) return false;
    const why = untranslatable(n);
    if (why !== undefined && at) throw new StageError("lower", `${fn.name}: ${why}`, place(at.start));
    return true;
  });
}

function untranslatable(n: AstNode): string | undefined {
  if (n.kind === "IndirectGotoStmt" || n.kind === "AddrLabelExpr") return "a label's address and a jump to it have no counterpart in Rust; use a switch";
  if (n.kind !== "VarDecl") return undefined;
  if (n.inner?.some((a) => a.kind === "AlignedAttr" && Number(a.inner?.[0]?.value ?? 16) > 1)) return `\`${n.name}\` has an alignment of its own, which c2rust drops of variables in functions; give it to its type`;
  // An array whose length is no number.
  if (/\[[^\]\d][^\]]*\]/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "")) return `\`${n.name}\` is an array of variable length, which c2rust takes from std's heap`;
  return undefined;
}
