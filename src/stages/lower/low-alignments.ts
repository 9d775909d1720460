/**
 * Members that C aligns lower than Rust aligns their types: by the name of the type (`compat_u64`), by `packed` of one member, of all but one
 * (which has an alignment of its own), or by `#pragma pack` where c2rust 0.22.1 does not read it (of a union, and of what is mentioned first). A structure that Rust's `packed(N)` lays
 * out so says that by a member of no elements, which src/rust/packed-records.ts turns into the attribute; in another one each such member
 * becomes the only one of a structure without a name, which C reaches by the same name.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { PACKING_MEMBER } from "../../rust/packed-records.ts";
import type { AddedMembers } from "./aligned-members.ts";
import { drop } from "./aligned-packed.ts";
import { type Alignments, alignedTo, isPacked } from "./alignment-of.ts";
import type { RecordTypes } from "./record-types.ts";

export interface LowMembers {
  /** Members that may lie where Rust lets no reference be made, by id. */
  ids: Set<string>;
  /** For `nameInitialised`. */
  added: AddedMembers;
}

/** @param dropped attributes that are said otherwise, by id */
export function sayLowAlignments(
  tree: readonly AstNode[],
  source: string,
  alignments: Alignments,
  types: RecordTypes,
  dropped: Set<string>,
  text: Rewriter,
): LowMembers {
  const found: LowMembers = { ids: new Set(), added: new Map() };
  let serial = 0;
  const marker = (to: number): string => `unsigned char ${PACKING_MEMBER.replaceAll("_", "$")}${to}_${serial++}[0]; `;
  const seen = new Set<string>();
  for (const n of tree)
    walk(n, (record) => {
      const at = extent(record);
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || at === undefined) return;
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      // Rust packs all members of a structure or none, but C goes by an alignment of a member's own.
      const isApart = isPacked(record) && fields.some((f) => alignedTo(f) > 1) && fields.every((f) => !f.isBitfield);
      if ((isPacked(record) && !isApart) || seen.has(record.id)) return;
      seen.add(record.id);
      const low = fields.filter((f) => f.isBitfield !== true && alignments.inC(f, record) < alignments.inRust(f));
      for (const a of record.inner ?? []) if (isApart && a.kind === "PackedAttr") drop(a, dropped, text);
      if (low.length === 0) return;
      for (const f of low) found.ids.add(f.id);
      const to = alignments.ofRecord(record);
      const isSo =
        record.tagUsed === "union" ||
        (!isApart && low.every((f) => alignments.inC(f, record) === Math.min(to, alignments.inRust(f))));
      const first = fields[0] && extent(fields[0]);
      const last = fields.at(-1);
      if (isSo && isFlexible(last) && first !== undefined) {
        // Nothing may stand behind such an array; in front it takes no value that goes by position.
        const type = types.of(record);
        const name = `.${PACKING_MEMBER.replaceAll("_", "$")}${to}_${serial} = {}, `;
        text.replace(first.start, first.start, marker(to));
        if (type !== undefined) found.added.set(type, { fields, added: new Map([[fields[0] as AstNode, name]]) });
      } else if (isSo) text.replace(at.end - 1, at.end - 1, ` ${marker(to)}`);
      else wrap(record, fields, low);
    });
  return found;

  function wrap(record: AstNode, fields: readonly AstNode[], low: readonly AstNode[]): void {
    // `compat_u64 a, b;` is one declaration: all its members begin at the same place.
    const groups = Map.groupBy(fields, (f) => extent(f)?.start);
    for (const [start, all] of groups) {
      const [to, end] = [alignments.inC(all[0] as AstNode, record), extent(all.at(-1) as AstNode)?.end];
      const semicolon = end === undefined ? -1 : source.indexOf(";", end);
      // One that is mixed is left to the assertion of its layout.
      if (
        start === undefined ||
        semicolon < 0 ||
        !all.every((f) => low.includes(f) && alignments.inC(f, record) === to)
      )
        continue;
      text.replace(
        start,
        semicolon + 1,
        `struct ${to === 1 ? "__attribute__((packed)) " : ""}{ `,
        { start, end: semicolon + 1 },
        `${to === 1 ? "" : ` ${marker(to)}`} };`,
      );
    }
    const type = types.of(record);
    if (type !== undefined) found.added.set(type, { fields, added: new Map() });
  }
}

function isFlexible(field: AstNode | undefined): boolean {
  return /\[\](?:\s|$)/.test(field?.type?.qualType ?? "");
}
