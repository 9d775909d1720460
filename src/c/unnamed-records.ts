/** Tags for structures and unions that have none in C, so that what is said of one can be found again in the Rust. */
import { type AstNode, extent, walk } from "./ast.ts";
import type { Rewriter } from "./rewriter.ts";

export interface Tag {
  name: string;
  /** Where it goes: before the body, behind the attributes. C need not leave a blank there (`struct{`): it goes between two. */
  at: number;
}

/**
 * The tags that can be given, by the structures' ids. An unnamed member's type gets none: with one it would be no member any more. Nor does
 * one that a typedef names.
 * @param stem what they have in common, and nothing else has
 */
export function tagsForUnnamed(tree: readonly AstNode[], source: string, stem: string): Map<string, Tag> {
  const tags = new Map<string, Tag>();
  const byTypedef = new Set(typedefsOf(tree).values());
  for (const n of tree)
    walk(n, (r) => {
      if (r.kind !== "RecordDecl" || r.completeDefinition !== true || r.name !== undefined || tags.has(r.id)) return;
      const at = extent(r);
      const open = at === undefined ? -1 : source.indexOf("{", at.start);
      const siblings = r.parent?.inner ?? [];
      const next = siblings[siblings.indexOf(r) + 1];
      const isDeclared = next?.kind === "VarDecl" || (next?.kind === "FieldDecl" && next.name !== undefined);
      if (at !== undefined && open >= 0 && open < at.end && isDeclared && !byTypedef.has(r.id))
        tags.set(r.id, { name: `${stem}_${tags.size}`, at: open });
    });
  return tags;
}

/** Writes the tags into the text. */
export function sayTags(tags: ReadonlyMap<string, Tag>, source: string, text: Rewriter): void {
  // `struct{` is C as well.
  for (const { name, at } of tags.values())
    text.replace(at, at, `${/\s/.test(source.charAt(at - 1)) ? "" : " "}${name} `);
}

/** The structures that typedefs name directly, by their ids: each typedef with its structure's. */
export function typedefsOf(tree: readonly AstNode[]): Map<AstNode, string> {
  const found = new Map<AstNode, string>();
  for (const n of tree)
    walk(n, (d) => {
      let of: AstNode | undefined = d.kind === "TypedefDecl" ? d.inner?.[0] : undefined;
      while (of && of.kind === "ElaboratedType") of = of.inner?.[0] ?? of.ownedTagDecl;
      const id = of?.kind === "RecordType" ? of.decl?.id : undefined;
      if (id !== undefined) found.set(d, id);
    });
  return found;
}

/** What a structure is called that has no name of any kind: no name of C has a blank in it. */
export function byBitfields(names: readonly string[]): string {
  return ["struct", ...names].join(" ");
}
