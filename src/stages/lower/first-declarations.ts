/**
 * Declares structures with their alignment and packing before anything mentions them. c2rust's exporter reads both from a structure's
 * first declaration, and clang hands attributes on to later declarations only: a pointer to `struct page` in front of its definition
 * loses the definition's `aligned`.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

/**
 * Gives enumerations that are mentioned and never defined an enumerator: c2rust's exporter has no declaration of them, and panics where a
 * type refers to one ("Could not find CDeclId"). Their values are unsigned int, as clang has it for any enumeration without negative ones.
 */
export function defineMentionedEnums(tree: readonly AstNode[], text: Rewriter): void {
  const mentioned = new Set<string>();
  const defined = new Set<string>();
  for (const n of tree)
    walk(
      n,
      (e) =>
        void (
          e.kind === "EnumDecl" &&
          e.name !== undefined &&
          (e.inner?.some((c) => c.kind === "EnumConstantDecl") ? defined : mentioned).add(e.name)
        ),
    );
  for (const name of mentioned)
    if (!defined.has(name)) text.replace(0, 0, `enum ${name} { kport$value_of_${name} };\n`);
}

/** @param dropped attributes that are said otherwise, by id */
export function declareAttributesFirst(
  { kept }: ReducedUnit,
  tree: readonly AstNode[],
  dropped: ReadonlySet<string>,
  text: Rewriter,
): void {
  for (const n of tree) {
    walk(n, (record) => {
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || record.name === undefined) return;
      const at = extent(record);
      const pack = at && kept.find((k) => k.start <= at.start && at.end <= k.end)?.declaration.pack;
      const attributes = (record.inner ?? []).flatMap((a) => {
        if (dropped.has(a.id)) return [];
        if (a.kind === "PackedAttr") return ["packed"];
        const to = a.inner?.[0]?.value;
        return a.kind === "AlignedAttr" ? [to === undefined ? "aligned" : `aligned(${to})`] : [];
      });
      // No attribute says what a pack of 2 or 4 says: reduce() leaves the definition the first declaration where it can.
      if (pack === 1 && !attributes.includes("packed")) attributes.push("packed");
      if (attributes.length > 0)
        text.replace(0, 0, `${record.tagUsed} __attribute__((${attributes.join(", ")})) ${record.name};\n`);
    });
  }
}
