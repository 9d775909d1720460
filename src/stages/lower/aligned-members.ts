/**
 * Says an alignment that a member was given (`unsigned int digestsize __attribute__((aligned(8)))`) by an array of no elements in front of
 * it, whose type has that alignment: c2rust reads alignment of whole structures only, and puts such a member right behind the one before it.
 */
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import { beforeEquals } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/** Types of the alignments that a plain type has; a larger one needs a structure of its own. */
const TYPES = new Map([[2, "unsigned short"], [4, "unsigned int"], [8, "unsigned long"]]);

/** @param apart initialiser lists whose values other rules have taken out of them */
export function alignMembers(tree: readonly AstNode[], source: string, apart: ReadonlySet<AstNode>, text: Rewriter): void {
  const members = new Map<string, string[]>();
  let serial = 0;
  const larger = new Set<number>();
  const typedefs = typedefNames(tree);
  for (const n of tree) {
    walk(n, (record) => {
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || record.tagUsed !== "struct") return;
      const type = record.name === undefined ? typedefs.get(record.id) : `struct ${record.name}`;
      if (type === undefined) return;
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      const aligned = fields.filter((f) => alignmentOf(f) > 1);
      // Where the first member is aligned so is the structure, and another notation of that is not needed for its place.
      for (const f of aligned) {
        const [to, at] = [alignmentOf(f), extent(f)];
        if (at === undefined) continue;
        if (!TYPES.has(to)) larger.add(to);
        text.replace(at.start, at.start, `${TYPES.get(to) ?? `struct kport$aligned_${to}`} kport$aligned_${serial++}[0]; `);
      }
      if (aligned.length > 0) members.set(type, fields.map((f) => f.name ?? ""));
    });
  }
  for (const to of larger) text.replace(0, 0, `struct __attribute__((aligned(${to}))) kport$aligned_${to} { };\n`);
  if (members.size > 0) nameInitialised(tree, source, members, apart, text);
}

/** The names by which clang knows structures that have none but a typedef's, by their ids. */
function typedefNames(tree: readonly AstNode[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const n of tree) {
    const of = n.kind === "TypedefDecl" ? n.inner?.[0] : undefined;
    const id = of?.ownedTagDecl?.id ?? of?.decl?.id ?? of?.inner?.[0]?.decl?.id;
    if (id !== undefined && n.name !== undefined && !names.has(id)) names.set(id, n.name);
  }
  return names;
}

/** In bytes; 1 where a member has none of its own, or is packed: then its structure is said anew (shrink.ts). */
function alignmentOf(field: AstNode): number {
  if (field.inner?.some((a) => a.kind === "PackedAttr")) return 1;
  return Math.max(1, ...(field.inner ?? []).flatMap((a) => (a.kind === "AlignedAttr" ? [Number(a.inner?.[0]?.value ?? 16)] : [])));
}

/**
 * Initialisers of these structures say which member each value is for, so that a member may be added.
 * @param members by type, in their order; "" for one without a name
 * @param apart lists that are none any more
 */
export function nameInitialised(tree: readonly AstNode[], source: string, members: ReadonlyMap<string, readonly string[]>, apart: ReadonlySet<AstNode>, text: Rewriter): void {
  // `[0 ... 7] = { 1 }` is eight elements with one text.
  const named = new Set<number>();
  for (const n of tree) {
    walk(n, (list) => {
      const names = list.kind === "InitListExpr" && !apart.has(list) ? members.get(desugared(list)) : undefined;
      if (names === undefined) return;
      const values = list.inner ?? [];
      const ends = values.flatMap((v) => extent(v)?.end ?? []);
      for (const [i, value] of values.entries()) {
        const at = value.kind === "ImplicitValueInitExpr" ? undefined : extent(value);
        if (at === undefined || !names[i] || named.has(at.start)) continue;
        named.add(at.start);
        // Values come in the members' order, not in that of the text.
        const before = Math.max(extent(list)?.start ?? 0, ...ends.filter((end) => end <= at.start));
        if (beforeEquals(source.slice(before, at.start)) === undefined) text.replace(at.start, at.start, `.${names[i]} = `);
      }
    });
  }
}
