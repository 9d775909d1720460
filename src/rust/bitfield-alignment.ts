/**
 * Gives structures their alignment back where only bit-fields had it: c2rust turns those into arrays of bytes, which align to one.
 */
import { byName } from "../machine/by-name.ts";
import type { RecordLayout } from "../c/layouts.ts";
import type { RustItem } from "./items.ts";
import { attributeValue, membersOf } from "./members.ts";

/** The member by which a structure says its alignment itself: within a packed one Rust allows no other notation (lower/packed-bitfields.ts). */
export const ALIGNING_MEMBER = "kport_align_bitfields";

/** Bytes that a bit-field of the type aligns its structure to. */
const ALIGNMENT: Record<string, number> = byName({
  c_char: 1,
  c_schar: 1,
  c_uchar: 1,
  bool: 1,
  c_short: 2,
  c_ushort: 2,
  c_int: 4,
  c_uint: 4,
  c_long: 8,
  c_ulong: 8,
  c_longlong: 8,
  c_ulonglong: 8,
});

export function alignBitfields(items: readonly RustItem[], layouts: readonly RecordLayout[]): RustItem[] {
  const alignments = new Map(layouts.map((l) => [l.name, l.align]));
  const aliases = new Map(
    items.flatMap((i) =>
      i.kind === "type" ? [[i.name, i.text.slice(i.text.indexOf("=") + 1, i.text.lastIndexOf(";")).trim()]] : [],
    ),
  );
  const typeAlignment = (type: string): number => {
    const alias = aliases.get(type);
    return alias === undefined ? (ALIGNMENT[type.split("::").at(-1) ?? ""] ?? 1) : typeAlignment(alias);
  };
  return items.map((i) => {
    if (!i.attributes.some((a) => a.includes("BitfieldStruct"))) return i;
    const members = membersOf(i);
    if (members.some((m) => m.name.startsWith(ALIGNING_MEMBER))) return i;
    // A structure without a name in C has no layout here: its bit-fields' types say as much.
    const align =
      alignments.get(i.tag ?? i.name) ??
      Math.max(1, ...members.flatMap((m) => m.attributes.map((a) => typeAlignment(attributeValue(a, "ty") ?? ""))));
    return align === 1
      ? i
      : { ...i, attributes: i.attributes.map((a) => (a === "#[repr(C)]" ? `#[repr(C, align(${align}))]` : a)) };
  });
}
