/**
 * Declares structures with their alignment and packing before anything mentions them. c2rust's exporter reads both from a structure's
 * first declaration, and clang hands attributes on to later declarations only: a pointer to `struct page` in front of its definition
 * loses the definition's `aligned`.
 */
import { type AstNode, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

export function declareAttributesFirst(tree: readonly AstNode[], text: Rewriter): void {
  for (const n of tree) {
    walk(n, (record) => {
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || record.name === undefined) return;
      const attributes = (record.inner ?? []).flatMap((a) => {
        if (a.kind === "PackedAttr") return ["packed"];
        const to = a.inner?.[0]?.value;
        return a.kind === "AlignedAttr" ? [to === undefined ? "aligned" : `aligned(${to})`] : [];
      });
      if (attributes.length > 0) text.replace(0, 0, `${record.tagUsed} __attribute__((${attributes.join(", ")})) ${record.name};\n`);
    });
  }
}
