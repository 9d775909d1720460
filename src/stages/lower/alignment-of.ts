/**
 * How C aligns types and members, and how Rust will (System V ABI for x86-64, 3.1.2; clang's RecordLayoutBuilder for what attributes do to it).
 * Rust has the alignments of structures and unions as C has them, which it asserts; of a name that aligns its type it knows nothing.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { RecordTypes } from "./record-types.ts";
import type { ReducedUnit } from "./reduced-unit.ts";
import { BYTES } from "./volatile-reads.ts";

export class Alignments {
  private readonly records = new Map<string, AstNode>();
  private readonly typedefs = new Map<string, AstNode>();
  private readonly known = new Map<AstNode, number>();
  private readonly types: RecordTypes;
  private readonly kept: ReducedUnit["kept"];
  constructor(tree: readonly AstNode[], types: RecordTypes, { kept }: Pick<ReducedUnit, "kept">) {
    this.types = types;
    this.kept = kept;
    for (const n of tree)
      walk(n, (d) => {
        if (d.kind === "TypedefDecl" && d.name !== undefined) this.typedefs.set(d.name, d);
        const name = d.kind === "RecordDecl" && d.completeDefinition === true ? types.of(d) : undefined;
        if (name !== undefined) this.records.set(name, d);
      });
  }

  /** What `#pragma pack` says where a structure is defined; 0: nothing. */
  packOf(record: AstNode): number {
    const at = record.inner?.some((a) => a.kind === "MaxFieldAlignmentAttr") ? extent(record) : undefined;
    return (at && this.kept.find((k) => k.start <= at.start && at.end <= k.end)?.declaration.pack) ?? 0;
  }

  /** Of a member, in C. */
  inC(field: AstNode, record: AstNode): number {
    const own = alignedTo(field);
    const base = isPacked(record) || isPacked(field) ? 1 : (this.byName(field) ?? this.inRust(field));
    const pack = this.packOf(record);
    return pack === 0 ? Math.max(own, base) : Math.min(pack, Math.max(own, base));
  }

  /** Of a member's type, or of the elements of an array, in Rust. */
  inRust(field: AstNode): number {
    const type = this.plain(field.type?.desugaredQualType ?? field.type?.qualType ?? "");
    if (/\*$|\(\*\)|\(\^\)/.test(type)) return 8;
    if (/^(?:unsigned )?__int128$/.test(type) || type === "long double") return 16;
    const record = this.records.get(this.types.named(type));
    return record === undefined ? (BYTES[type] ?? (type === "double" ? 8 : 4)) : this.ofRecord(record);
  }

  /** The element's type without names for it: clang resolves those of a type as a whole only. */
  private plain(of: string): string {
    let type = element(of);
    for (let d = this.typedefs.get(type); d !== undefined && !this.records.has(type); d = this.typedefs.get(type)) {
      const next = element(d.type?.desugaredQualType ?? d.type?.qualType ?? "");
      if (next === type) break;
      type = next;
    }
    return type;
  }

  ofRecord(record: AstNode): number {
    const known = this.known.get(record);
    if (known !== undefined) return known;
    this.known.set(record, 1);
    const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
    const reached = fields.map((f) => (f.isBitfield === true && f.name === undefined ? 1 : this.inC(f, record)));
    const align = Math.max(1, alignedTo(record), ...reached);
    this.known.set(record, align);
    return align;
  }

  /** The alignment that a member's type has by a name; undefined where no name of it gives one. */
  byName(field: AstNode): number | undefined {
    let type = element(field.type?.qualType ?? "");
    for (let d = this.typedefs.get(type); d !== undefined; d = this.typedefs.get(type)) {
      const to = alignedTo(d);
      if (to > 0) return to;
      const next = element(d.type?.qualType ?? "");
      if (next === type) return undefined;
      type = next;
    }
    return undefined;
  }
}

/** Bytes that an attribute of a declaration's own says; 0: none does. Without a number it is the largest that the machine has a use for. */
export function alignedTo(n: AstNode): number {
  return Math.max(
    0,
    ...(n.inner ?? []).flatMap((a) => (a.kind === "AlignedAttr" ? [Number(a.inner?.[0]?.value ?? 16)] : [])),
  );
}

/** Whether an attribute of a declaration's own packs it. */
export function isPacked(n: AstNode): boolean {
  return n.inner?.some((a) => a.kind === "PackedAttr") === true;
}

function element(type: string): string {
  return type
    .replace(/(?:\[\d*\])+$/, "")
    .replace(/^(?:(?:const|volatile) )+/, "")
    .trim();
}
