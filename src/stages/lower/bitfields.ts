/** Bit-fields where c2rust does not know them: as members of a union, and of no width at the end of a packed structure or between other members. */
import { byName } from "../../machine/by-name.ts";
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import type { UnitCompiler } from "../../c/compile-command.ts";
import { evaluate } from "../../c/constants.ts";
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
 * Bit-fields of no width between members that are none, with the bytes that each leaves free there; c2rust forgets them.
 * (Before a bit-field c2rust starts the next unit as C does.)
 */
export async function fillsOf(
  tree: readonly AstNode[],
  source: string,
  compiler: UnitCompiler,
): Promise<Map<AstNode, number>> {
  const found: { field: AstNode; bytes: string }[] = [];
  for (const record of tree) {
    const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
    if (
      record.kind !== "RecordDecl" ||
      record.tagUsed !== "struct" ||
      record.completeDefinition !== true ||
      record.name === undefined
    )
      continue;
    for (const [i, field] of fields.entries()) {
      const [before, behind] = [fields[i - 1], fields[i + 1]];
      if (
        field.isBitfield !== true ||
        widthOf(field) !== 0 ||
        before?.name === undefined ||
        behind?.name === undefined ||
        before.isBitfield ||
        behind.isBitfield
      )
        continue;
      const s = `struct ${record.name}`;
      found.push({
        field,
        bytes: `__builtin_offsetof(${s}, ${behind.name}) - __builtin_offsetof(${s}, ${before.name}) - sizeof(((${s} *)0)->${before.name})`,
      });
    }
  }
  const bytes = await evaluate(
    compiler,
    source,
    tree,
    found.map((f) => f.bytes),
  );
  return new Map(
    found.flatMap(({ field }, i) => ((bytes[i] as number) > 0 ? [[field, bytes[i] as number] as const] : [])),
  );
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
