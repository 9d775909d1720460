/**
 * A structure that is packed and aligned, and lies within a packed one (802.11's headers). c2rust 0.22.1 parts it in two, because Rust has both
 * in no one type, and puts the inner one into the packed structure, whose members it then does not find. Said as a packed structure without a
 * name behind an array of no elements that has the alignment, it is one type, which may lie in a packed one.
 */
import { type AstNode, extent } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { type AddedMembers, TYPES } from "./aligned-members.ts";
import { alignedTo, isPacked } from "./alignment-of.ts";
import { heldInPacked } from "./packed-bitfields.ts";
import type { RecordTypes } from "./record-types.ts";

/**
 * @param dropped attributes that are said otherwise, by id
 * @returns for `nameInitialised`
 */
export function sayAlignedPacked(
  tree: readonly AstNode[],
  source: string,
  types: RecordTypes,
  dropped: Set<string>,
  text: Rewriter,
): AddedMembers {
  const added: AddedMembers = new Map();
  for (const [i, record] of [...heldInPacked(tree)].entries()) {
    const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
    const [element, at, type] = [TYPES.get(alignedTo(record)), extent(record), types.of(record)];
    // One of whose members has an alignment of its own is said otherwise already (low-alignments.ts).
    if (record.inner?.some((a) => dropped.has(a.id))) continue;
    const open = at === undefined ? -1 : source.indexOf("{", at.start);
    if (!isPacked(record) || record.tagUsed !== "struct" || element === undefined || at === undefined || open < 0)
      continue;
    for (const a of record.inner ?? []) if (a.kind === "PackedAttr" || a.kind === "AlignedAttr") drop(a, dropped, text);
    text.replace(
      open + 1,
      at.end - 1,
      ` ${element} kport$alignment_${i}[0]; struct __attribute__((packed)) {`,
      { start: open + 1, end: at.end - 1 },
      "}; ",
    );
    if (type !== undefined) added.set(type, { fields, added: new Map() });
  }
  return added;
}

/** Takes an attribute away, where it stands among others as well. */
export function drop(attribute: AstNode, dropped: Set<string>, text: Rewriter): void {
  const at = extent(attribute);
  if (at === undefined || dropped.has(attribute.id)) return;
  dropped.add(attribute.id);
  text.replace(at.start, at.end, "unused");
}
