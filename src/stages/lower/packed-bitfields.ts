/**
 * Bit-fields of a structure that lies within a packed one. c2rust 0.22.1 reads and writes bit-fields by methods, which take references,
 * and of a packed structure's members Rust allows none; nor does it allow a structure there that is given an alignment.
 */
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { ALIGNING_MEMBER } from "../../rust/bitfield-alignment.ts";
import { BYTES } from "./volatile-reads.ts";

const TYPES: Record<number, string> = { 2: "unsigned short", 4: "unsigned int", 8: "unsigned long" };

/**
 * `outer.inner.flag` becomes `(&outer.inner)[0].flag`: what lies at an address is nobody's member. c2rust takes `(&place)->flag` back.
 * @param bitfields the unit's, by id
 * @param packed members that no reference can be made of, by id
 */
export function addressPackedBitfields(
  fn: AstNode,
  bitfields: ReadonlySet<string>,
  packed: ReadonlySet<string>,
  source: string,
  text: Rewriter,
): void {
  if (packed.size === 0) return;
  walk(fn, (n) => {
    const [base] = n.kind === "MemberExpr" && bitfields.has(n.referencedMemberDecl ?? "") ? (n.inner ?? []) : [];
    const [at, of] = [extent(n), base && extent(base)];
    if (
      base === undefined ||
      at === undefined ||
      of === undefined ||
      base.valueCategory !== "lvalue" ||
      !liesIn(base, packed)
    )
      return;
    const member = /^\s*\.\s*(\w+)$/.exec(source.slice(of.end, at.end))?.[1];
    if (member !== undefined) text.replace(at.start, at.end, "(&", of, `)[0].${member}`);
  });
}

/** A structure within a packed one that its bit-fields align: an array of no elements at its end has the alignment. */
export function alignPackedBitfields(tree: readonly AstNode[], source: string, text: Rewriter): void {
  let serial = 0;
  for (const record of heldInPacked(tree)) {
    const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
    const type = TYPES[Math.max(1, ...fields.map(alignmentOf))];
    const end = extent(fields.at(-1) ?? record)?.end;
    const semicolon = end === undefined ? -1 : source.indexOf(";", end);
    if (type !== undefined && semicolon >= 0 && !isPacked(record))
      text.replace(semicolon + 1, semicolon + 1, ` ${type} ${ALIGNING_MEMBER}_${serial++}[0];`);
  }
}

/** Bytes that a bit-field aligns its structure to (System V ABI for x86-64, 3.1.2: one without a name does not). */
function alignmentOf(field: AstNode): number {
  if (field.isBitfield !== true || field.name === undefined) return 1;
  return desugared(field).startsWith("enum ") ? 4 : (BYTES[desugared(field)] ?? 1);
}

/** One member that is packed makes the whole structure so in Rust. */
function isPacked(record: AstNode): boolean {
  return (record.inner ?? []).some(
    (a) =>
      a.kind === "PackedAttr" ||
      a.kind === "MaxFieldAlignmentAttr" ||
      (a.kind === "FieldDecl" && a.inner?.some((x) => x.kind === "PackedAttr") === true),
  );
}

/** Whether a place is, or is a part of, one of these members. */
function liesIn(place: AstNode, members: ReadonlySet<string>): boolean {
  if (place.kind === "MemberExpr" && members.has(place.referencedMemberDecl ?? "")) return true;
  const [base] = place.inner ?? [];
  const goesOn =
    place.kind === "ParenExpr" ||
    place.kind === "ArraySubscriptExpr" ||
    place.castKind === "ArrayToPointerDecay" ||
    (place.kind === "MemberExpr" && base?.valueCategory === "lvalue");
  return base !== undefined && goesOn && liesIn(base, members);
}

/** The structures that packed ones hold by value, however deep. */
export function heldInPacked(tree: readonly AstNode[]): Set<AstNode> {
  const named = new Map<string, AstNode>();
  const packed: AstNode[] = [];
  for (const n of tree) {
    walk(n, (r) => {
      if (r.kind !== "RecordDecl" || r.completeDefinition !== true) return;
      if (r.name !== undefined) named.set(`${r.tagUsed} ${r.name}`, r);
      if (isPacked(r)) packed.push(r);
    });
  }
  const held = new Set<AstNode>();
  const hold = (record: AstNode | undefined): void => {
    if (record === undefined || held.has(record)) return;
    held.add(record);
    parts(record);
  };
  const parts = (record: AstNode): void => {
    for (const f of record.inner ?? []) {
      // One without a name is defined where its member is.
      if (f.kind === "RecordDecl" && f.name === undefined) hold(f);
      else if (f.kind === "FieldDecl")
        hold(
          named.get(
            desugared(f)
              .replace(/(?:\[\d*\])+$/, "")
              .replace(/^(?:const |volatile )+/, "")
              .trim(),
          ),
        );
    }
  };
  for (const r of packed) parts(r);
  return held;
}
