/** Labels in places where c2rust 0.22.1 does not expect them. By offsets of the reduced unit. */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/**
 * `__label__ out;` (wait_event has one) makes a label local to its block. The exporter knows no label declarations, and a function may
 * hold several blocks with the same label: each gets a name of its own.
 */
export function lowerLocalLabels(fn: AstNode, text: Rewriter): void {
  const renamed = new Map<string, string>();
  walk(fn, (n) => {
    const at = extent(n);
    const labels = n.kind === "DeclStmt" ? (n.inner ?? []).filter((c) => c.kind === "LabelDecl") : [];
    if (labels.length === 0 || at === undefined) return;
    for (const l of labels) renamed.set(l.id, `${l.name}_${renamed.size + 1}`);
    text.replace(at.start, at.end, ";");
  });
  if (renamed.size === 0) return;
  walk(fn, (n) => {
    const at = extent(n);
    const name = renamed.get((n.kind === "LabelStmt" ? n.declId : n.targetLabelDeclId) ?? "");
    if (at === undefined || name === undefined) return;
    const old = name.replace(/_\d+$/, "");
    if (n.kind === "LabelStmt") text.replace(at.start, at.start + old.length, name);
    else text.replace(at.end - old.length, at.end, name);
  });
}

/** `({ …; out: value; })`: c2rust takes the labelled statement for one without a value. The label gets an empty statement of its own. */
export function lowerLabelledValues(fn: AstNode, source: string, text: Rewriter): void {
  walk(fn, (n) => {
    const last = n.kind === "StmtExpr" ? n.inner?.[0]?.inner?.at(-1) : undefined;
    const at = last?.kind === "LabelStmt" && last.inner?.[0]?.valueCategory !== undefined ? extent(last) : undefined;
    if (at === undefined) return;
    const colon = source.indexOf(":", at.start);
    text.replace(colon + 1, colon + 1, ";");
  });
}
