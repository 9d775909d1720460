/**
 * Gives structures their alignment back where only bit-fields had it: c2rust turns those into arrays of bytes, which align to one.
 */
import type { RecordLayout } from "../stages/lower/layouts.ts";
import type { RustItem } from "./items.ts";

export function alignBitfields(items: readonly RustItem[], layouts: readonly RecordLayout[]): RustItem[] {
  const alignments = new Map(layouts.map((l) => [l.name, l.align]));
  return items.map((i) => {
    const align = i.attributes.some((a) => a.includes("BitfieldStruct")) ? alignments.get(i.name) : undefined;
    return align === undefined ? i : { ...i, attributes: i.attributes.map((a) => (a === "#[repr(C)]" ? `#[repr(C, align(${align}))]` : a)) };
  });
}
