/** Bit-fields where c2rust does not know them: as members of a union, and of no width at the end of a packed structure or between other members. */
import { byName } from "../../machine/by-name.ts";
import type { Answers } from "../../c/answers.ts";
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/**
 * c2rust makes whole variables of bit-fields that are members of a union, and calls accessors that nobody defines. Each becomes the only
 * member of an unnamed structure, which C reaches by the same names and lays out in the same bytes; an array of no length keeps the
 * alignment that bit-fields give, which c2rust forgets.
 */
export function wrapUnionBitfields(tree: readonly AstNode[], source: string, text: Rewriter): void {
  for (const n of tree) {
    walk(n, (record) => {
      if (record.kind !== "RecordDecl" || record.tagUsed !== "union" || record.completeDefinition !== true) return;
      const fields = (record.inner ?? []).filter(
        (f) => f.kind === "FieldDecl" && f.isBitfield === true && f.name !== undefined,
      );
      // `unsigned a : 3, b : 4;` is one declaration: all its members begin at the same place.
      for (const [start, all] of Map.groupBy(fields, (f) => extent(f)?.start)) {
        const last = all.at(-1);
        const end = last && extent(last)?.end;
        const name = all[0]?.loc?.offset;
        const semicolon = end === undefined ? -1 : source.indexOf(";", end);
        if (start === undefined || name === undefined || semicolon < 0) continue;
        const packed = (record.inner ?? []).some((a) => a.kind === "PackedAttr" || a.kind === "MaxFieldAlignmentAttr")
          ? "__attribute__((packed)) "
          : "";
        const type = source.slice(start, name);
        const members = all.map((f) => `struct ${packed}{ ${type}${source.slice(f.loc?.offset, extent(f)?.end)}; };`);
        // An enumeration that is defined here can be defined once.
        const aligned = type.includes("{") ? "int" : type;
        text.replace(
          start,
          semicolon + 1,
          members.join(" "),
          packed === "" ? ` ${aligned} kport$align_${all[0]?.name}[0];` : "",
        );
      }
    });
  }
}

/**
 * `unsigned : 0` at the end of a packed structure fills its unit, which makes the structure larger; c2rust forgets it. It becomes a
 * bit-field of the bits it fills, with a name. Other structures are as large through their alignment.
 */
export function fillLastUnit(tree: readonly AstNode[], source: string, text: Rewriter): void {
  for (const n of tree) {
    walk(n, (record) => {
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      const last = fields.at(-1);
      if (
        record.kind !== "RecordDecl" ||
        record.tagUsed !== "struct" ||
        last?.isBitfield !== true ||
        last.name !== undefined ||
        widthOf(last) !== 0
      )
        return;
      if (!(record.inner ?? []).some((a) => a.kind === "PackedAttr" || a.kind === "MaxFieldAlignmentAttr")) return;
      const unit = UNIT_BITS[desugared(last)];
      let bits = 0;
      for (const f of fields.slice(0, -1)) {
        const width = f.isBitfield === true ? widthOf(f) : undefined;
        // Behind another member or another unit's end, the place is the compiler's to tell.
        if (width === undefined || width === 0) return;
        bits += width;
      }
      const colon = colonOf(last, source);
      if (unit !== undefined && bits % unit !== 0 && colon !== undefined)
        text.replace(colon, extent(last)?.end ?? colon, ` kport$unnamed_last : ${unit - (bits % unit)}`);
    });
  }
}

/**
 * Bit-fields of no width before a member that is none, with the bytes that each leaves free there; c2rust forgets them.
 * (Before a bit-field c2rust starts the next unit as C does.)
 */
export function fillsOf(tree: readonly AstNode[], answers: Answers): Map<AstNode, number> {
  const fills = new Map<AstNode, number>();
  for (const n of tree)
    walk(n, (record) => {
      if (record.kind !== "RecordDecl" || record.tagUsed !== "struct" || record.completeDefinition !== true) return;
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      const isNone = (f: AstNode | undefined): boolean => f?.isBitfield === true && widthOf(f) === 0;
      for (const [i, field] of fields.entries()) {
        const [before, behind] = [fields[i - 1], fields.find((f, k) => k > i && !isNone(f))];
        // The first of several fills for all of them.
        if (!isNone(field) || before === undefined || isNone(before) || behind === undefined) continue;
        // Of `u32 a : 3, : 0, b : 4;` one declaration tells both sides of it.
        if (behind.isBitfield === true || startOf(behind) === startOf(field)) continue;
        const [last, next] = [answers.field(before), answers.field(behind)];
        if (!last || !next) continue;
        const end = last.width === undefined ? last.first / 8 + (last.size ?? 0) : (last.first + last.width) / 8;
        const bytes = next.first / 8 - Math.ceil(end);
        if (bytes > 0) fills.set(field, bytes);
      }
    });
  return fills;
}

/** Where a member's declaration begins, which several may share. */
export function startOf(field: AstNode | undefined): number | undefined {
  return field && extent(field)?.start;
}

/**
 * Bit-fields without a name that lie where their type has no part in the structure's alignment, as a named one's would have: with the widths
 * of the parts of bytes that they are made of. With these a name changes nothing.
 */
export function partsOf(tree: readonly AstNode[], answers: Answers): Map<AstNode, number[]> {
  const parts = new Map<AstNode, number[]>();
  for (const n of tree)
    walk(n, (record) => {
      const layout = record.kind === "RecordDecl" && record.tagUsed === "struct" ? answers.record(record) : undefined;
      if (layout === undefined) return;
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      for (const f of fields) {
        const { first = 0, width = 0 } = answers.field(f) ?? {};
        if (f.isBitfield !== true || f.name !== undefined || width === 0) continue;
        const unit = (UNIT_BITS[desugared(f)] ?? 0) / 8;
        if (unit <= layout.align || fields.some((x) => x !== f && startOf(x) === startOf(f))) continue;
        const widths: number[] = [];
        for (let at = first; at < first + width; at += widths.at(-1) as number)
          widths.push(Math.min(8 - (at % 8), first + width - at));
        parts.set(f, widths);
      }
    });
  return parts;
}

/** Where a bit-field's colon stands. All members of `unsigned a : 3, : 2;` begin at the type: it is the last one before the width. */
export function colonOf(field: AstNode, source: string): number | undefined {
  const width = field.inner?.find((c) => c.valueCategory !== undefined);
  const at = width && extent(width);
  const colon = at === undefined ? -1 : source.lastIndexOf(":", at.start);
  return colon < 0 ? undefined : colon;
}

const UNIT_BITS: Record<string, number> = byName({
  char: 8,
  "unsigned char": 8,
  short: 16,
  "unsigned short": 16,
  int: 32,
  "unsigned int": 32,
  long: 64,
  "unsigned long": 64,
  "long long": 64,
  "unsigned long long": 64,
});

/** The width of a bit-field; undefined of another member. */
export function widthOf(field: AstNode): number | undefined {
  const width = field.inner?.find((c) => c.valueCategory !== undefined)?.value;
  return width === undefined ? undefined : Number(width);
}
