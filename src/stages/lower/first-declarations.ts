/**
 * Declares structures with their alignment and packing before anything mentions them. c2rust's exporter reads both from a structure's
 * first declaration, and clang hands attributes on to later declarations only: a pointer to `struct page` in front of its definition
 * loses the definition's `aligned`.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import type { ReducedUnit } from "./reduce.ts";

export function declareAttributesFirst({ kept }: ReducedUnit, tree: readonly AstNode[], text: Rewriter): void {
  for (const n of tree) {
    walk(n, (record) => {
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || record.name === undefined) return;
      const at = extent(record);
      const pack = at && kept.find((k) => k.start <= at.start && at.end <= k.end)?.declaration.pack;
      const attributes = (record.inner ?? []).flatMap((a) => {
        if (a.kind === "PackedAttr") return ["packed"];
        const to = a.inner?.[0]?.value;
        return a.kind === "AlignedAttr" ? [to === undefined ? "aligned" : `aligned(${to})`] : [];
      });
      // No attribute says what a pack of 2 or 4 says; the layout that the port asserts would tell.
      if (pack === 1 && !attributes.includes("packed")) attributes.push("packed");
      if (attributes.length > 0) text.replace(0, 0, `${record.tagUsed} __attribute__((${attributes.join(", ")})) ${record.name};\n`);
    });
  }
}
