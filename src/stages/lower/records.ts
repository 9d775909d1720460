/** Finds structures and unions by their types. */
import { type AstNode, walk } from "../../c/ast.ts";
import { unitsOf } from "../../c/byte-offsets.ts";
import { isUnassignable } from "./definitions.ts";
import { BYTES } from "./volatile-reads.ts";

/** What clang calls a type without a name by: `struct (unnamed at <stdin>:12:3)`. */
const UNNAMED = /\((?:unnamed|anonymous)[^)]*?:(\d+):(\d+)\)/;

/** Of an array's type (`struct item[] __counted_by(count)`, `int (*[2])(int)`), empty where it has none; undefined for other types. */
export function lengthOf(type: string): string | undefined {
  return /^[^(]*(?:\(\*)?\[(\d*)\]/.exec(type.replace(UNNAMED, ""))?.[1];
}

/** The structures and unions that a unit's syntax tree holds, by their types as clang spells them. */
export class Records {
  private readonly byTag = new Map<string, AstNode>();
  private readonly byPlace = new Map<number, AstNode>();
  /** By their types as clang spells them. */
  private readonly enumSizes = new Map<string, number>();
  private readonly lineStarts: number[] = [0];
  readonly source: string;
  constructor(tree: readonly AstNode[], source: string) {
    this.source = source;
    for (let i = source.indexOf("\n"); i >= 0; i = source.indexOf("\n", i + 1)) this.lineStarts.push(i + 1);
    for (const n of tree) {
      walk(n, (r) => {
        if (r.kind === "EnumDecl" && r.name !== undefined) this.enumSizes.set(`enum ${r.name}`, sizeOf(r));
        if (r.kind !== "RecordDecl" || r.completeDefinition !== true) return;
        if (r.name !== undefined) this.byTag.set(`${r.tagUsed} ${r.name}`, r);
        else if (r.loc?.offset !== undefined) this.byPlace.set(r.loc.offset, r);
      });
    }
  }

  /**
   * Members in the order of an initialiser list; undefined stands for an unnamed structure or union.
   * @param plain a type without qualifiers
   * @returns undefined for what is no record, or one with a constant member, which nothing can be assigned to
   */
  membersOf(plain: string): (string | undefined)[] | undefined {
    const record = this.find(plain);
    const fields = (record?.inner ?? []).filter(
      (f) => f.kind === "FieldDecl" && (f.name !== undefined || f.isBitfield !== true),
    );
    if (record === undefined || fields.some((f) => isUnassignable(f.type?.qualType ?? ""))) return undefined;
    return fields.map((f) => f.name);
  }

  /** Whether each byte of a value is a member's, as far as its type tells: no padding, no union, no bit-field. */
  isSolid(plain: string): boolean {
    const sizes = this.scalars(plain);
    let offset = 0;
    for (const s of sizes ?? []) {
      if (offset % s !== 0) return false;
      offset += s;
    }
    return sizes !== undefined && offset % Math.max(1, ...sizes) === 0;
  }

  /** The sizes of the scalars that a type is made of, in bytes, in their order; undefined where that is not all there is to it. */
  scalars(plain: string): number[] | undefined {
    const type = plain.replace(/\b(?:const|volatile) /g, "");
    const array = /^([^(]*)\[(\d+)\]$/.exec(type);
    if (array) {
      const element = this.scalars((array[1] as string).trim());
      return element && Number(array[2]) * element.length <= 64
        ? Array.from({ length: Number(array[2]) }, () => element).flat()
        : undefined;
    }
    if (/\*$|\(\*/.test(type)) return [8];
    const bytes = type.startsWith("enum ") ? this.enumSize(type) : BYTES[type];
    if (bytes !== undefined) return [bytes];
    const record = this.find(type);
    if (record?.tagUsed !== "struct" || record.inner?.some((a) => a.kind.endsWith("Attr"))) return undefined;
    const sizes: number[] = [];
    for (const f of record.inner ?? []) {
      if (f.kind !== "FieldDecl") continue;
      const of =
        f.isBitfield === true || f.inner?.some((a) => a.kind === "AlignedAttr")
          ? undefined
          : this.scalars(f.type?.desugaredQualType ?? f.type?.qualType ?? "");
      if (of === undefined) return undefined;
      sizes.push(...of);
    }
    return sizes;
  }

  /** Whether a record ends in an array without a length. */
  isFlexible(plain: string): boolean {
    const last = this.find(plain)?.inner?.findLast((f) => f.kind === "FieldDecl");
    const length = lengthOf(last?.type?.qualType ?? "");
    return length === "" || length === "0";
  }

  private enumSize(plain: string): number {
    return this.enumSizes.get(plain) ?? 4;
  }

  find(plain: string): AstNode | undefined {
    const place = UNNAMED.exec(plain);
    if (!place) return this.byTag.get(plain);
    const [line, column] = [Number(place[1]), Number(place[2])];
    const start = this.lineStarts[line - 1] ?? 0;
    return this.byPlace.get(start + unitsOf(this.source.slice(start, this.lineStarts[line]))(column - 1));
  }
}

/** In bytes, as clang has an enumeration: packed ones are as small as their values let them. */
function sizeOf(enumeration: AstNode): number {
  const constants = (enumeration.inner ?? []).filter((c) => c.kind === "EnumConstantDecl");
  if (constants.some((c) => (BYTES[c.type?.qualType ?? ""] ?? 4) === 8)) return 8;
  if (!enumeration.inner?.some((a) => a.kind === "PackedAttr")) return 4;
  let next = 0n;
  const values = constants.map((c) => {
    const given = c.inner?.find((v) => v.kind === "ConstantExpr")?.value;
    const value = given === undefined ? next : BigInt(String(given));
    next = value + 1n;
    return value;
  });
  const isSigned = values.some((v) => v < 0n);
  const fits = (bits: number): boolean =>
    values.every((v) => (isSigned ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v)) === v);
  return fits(8) ? 1 : fits(16) ? 2 : 4;
}
