/**
 * Says an alignment that a member was given (`unsigned int digestsize __attribute__((aligned(8)))`) by an array of no elements in front of
 * it, whose type has that alignment: c2rust reads alignment of whole structures only, and puts such a member right behind the one before it.
 */
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import { beforeEquals, lex, significant } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";

/** Types of the alignments that a plain type has; a larger one needs a structure of its own. */
const TYPES = new Map([[2, "unsigned short"], [4, "unsigned int"], [8, "unsigned long"]]);

/** @param apart initialiser lists whose values other rules have taken out of them */
export function alignMembers(tree: readonly AstNode[], source: string, apart: ReadonlySet<AstNode>, text: Rewriter): void {
  const members = new Map<string, InitialisedMember[]>();
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
      const added = new Map<AstNode, string>();
      for (const f of aligned) {
        const [to, at] = [alignmentOf(f), extent(f)];
        if (at === undefined) continue;
        if (!TYPES.has(to)) larger.add(to);
        const name = `kport$aligned_${serial++}`;
        text.replace(at.start, at.start, `${TYPES.get(to) ?? `struct kport$aligned_${to}`} ${name}[0]; `);
        added.set(f, `.${name} = {}, `);
      }
      if (aligned.length > 0) members.set(type, fields.map((f) => ({ name: f.name ?? "", behind: added.get(f) ?? "" })));
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

export interface InitialisedMember {
  /** Empty where it has none: the members of an unnamed structure or union are named through it. */
  name: string;
  /** The initialiser of a member that was added right before this one; empty where none was. */
  behind: string;
}

/**
 * Initialisers of these structures say which member each value is for, so that a member may be added.
 * @param members by type, in their order
 * @param apart lists that are none any more
 */
export function nameInitialised(tree: readonly AstNode[], source: string, members: ReadonlyMap<string, readonly InitialisedMember[]>, apart: ReadonlySet<AstNode>, text: Rewriter): void {
  // `[0 ... 7] = { 1 }` is eight elements with one text.
  const done = new Set<string>();
  const isNamed = (list: AstNode): boolean => list.kind === "InitListExpr" && !apart.has(list) && members.has(desugared(list));
  const visit = (list: AstNode): void => {
    const within = list.kind === "InitListExpr" && !apart.has(list) ? extent(list) : undefined;
    if (within === undefined) return;
    const key = `${within.start} ${within.end} ${desugared(list)}`;
    if (done.has(key)) return;
    done.add(key);
    // Values that go to the next structure without its braces would go elsewhere, once others have names.
    const isElided = !/^[{.[]/.test(source.slice(within.start, within.start + 1));
    if (isElided) text.replace(within.start, within.start, "{ ");
    const values = list.inner ?? [];
    const ends = values.flatMap((v) => extent(v)?.end ?? []);
    for (const [i, value] of values.entries()) {
      const at = value.kind === "ImplicitValueInitExpr" ? undefined : extent(value);
      const member = members.get(desugared(list))?.[i];
      if (at === undefined || member === undefined) continue;
      // Values come in the members' order, not in that of the text.
      const before = Math.max(within.start + Number(source[within.start] === "{"), ...ends.filter((end) => end <= at.start));
      if (!isDesignated(source, before, at)) text.replace(at.start, at.start, member.name === "" ? member.behind : `.${member.name} = `);
    }
    if (isElided) text.replace(within.end, within.end, " }");
  };
  for (const n of tree) {
    walk(n, (list) => {
      if (list.kind !== "InitListExpr" || list.parent?.kind === "InitListExpr") return;
      let concerns = false;
      walk(list, (x) => void (concerns ||= isNamed(x)));
      if (concerns) walk(list, visit);
    });
  }
}

/**
 * Whether a value has a designator: `.a = 1`, `a: 1`, or `.a.b = 1`, of which clang makes a list for `a` that begins with `.b`.
 * @param before where the list's values begin, or the value before ends
 */
function isDesignated(source: string, before: number, value: { start: number; end: number }): boolean {
  if (beforeEquals(source.slice(before, value.start)) !== undefined) return true;
  const first = significant(lex(source.slice(before, value.end))).find((t) => t.text !== ",");
  return first?.text === "." || first?.text === "[";
}
