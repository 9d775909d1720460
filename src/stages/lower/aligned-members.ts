/**
 * Says an alignment that a member was given (`unsigned int digestsize __attribute__((aligned(8)))`) by an array of no elements in front of
 * it, whose type has that alignment: c2rust reads alignment of whole structures only, and puts such a member right behind the one before it.
 * A union that is aligned, or has such a member, gets one among its members.
 */
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import { beforeEquals, lex, significant } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { type Alignments, alignedTo } from "./alignment-of.ts";
import type { RecordTypes } from "./record-types.ts";

/** Types of the alignments that a plain type has; a larger one needs a structure of its own. */
export const TYPES: ReadonlyMap<number, string> = new Map([
  [2, "unsigned short"],
  [4, "unsigned int"],
  [8, "unsigned long"],
]);

/** @returns what was added, for `nameInitialised` */
export function alignMembers(
  tree: readonly AstNode[],
  types: RecordTypes,
  alignments: Alignments,
  text: Rewriter,
): AddedMembers {
  const all: AddedMembers = new Map();
  let serial = 0;
  const larger = new Set<number>();
  const noElements = (to: number): string => {
    if (!TYPES.has(to)) larger.add(to);
    return `${TYPES.get(to) ?? `struct kport$aligned_${to}`} kport$aligned_${serial++}[0]`;
  };
  for (const n of tree) {
    walk(n, (record) => {
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true) return;
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      // In bytes; 1 where a member has no more than its type, or lies lower than that (low-alignments.ts).
      const alignmentOf = (f: AstNode): number => {
        const to = alignments.inC(f, record);
        return f.isBitfield !== true && to > alignments.inRust(f) ? to : 1;
      };
      const aligned = fields.filter((f) => alignmentOf(f) > 1);
      if (record.tagUsed === "union") {
        const to = Math.max(alignedTo(record), ...aligned.map(alignmentOf));
        const end = extent(record)?.end;
        // Behind the others, since the first one is what an initialiser without a name is for.
        if (to > 1 && end !== undefined) text.replace(end - 1, end - 1, ` ${noElements(to)}; `);
        return;
      }
      const type = types.of(record);
      if (type === undefined) return;
      // Where the first member is aligned so is the structure, and another notation of that is not needed for its place.
      const added = new Map<AstNode, string>();
      for (const f of aligned) {
        const [to, at] = [alignmentOf(f), extent(f)];
        if (at === undefined) continue;
        const name = `kport$aligned_${serial}`;
        text.replace(at.start, at.start, `${noElements(to)}; `);
        added.set(f, `.${name} = {}, `);
      }
      if (aligned.length > 0) all.set(type, { fields, added });
    });
  }
  for (const to of larger) text.replace(0, 0, `struct __attribute__((aligned(${to}))) kport$aligned_${to} { };\n`);
  return all;
}

/** By type: its members as C has them, and the initialisers of members that a rule adds, each by the member that it stands before or becomes. */
export type AddedMembers = Map<string, { fields: readonly AstNode[]; added: ReadonlyMap<AstNode, string> }>;

/** What each value of clang's list is for: a member's name, empty where it has none, and what initialises the added ones before it. */
function valued({
  fields,
  added,
}: {
  fields: readonly AstNode[];
  added: readonly ReadonlyMap<AstNode, string>[];
}): { name: string; behind: string }[] {
  let behind = "";
  return fields.flatMap((f) => {
    for (const a of added) behind = a.get(f) ?? behind;
    // An unnamed bit-field has no value in the list, an unnamed structure or union has.
    if (f.isBitfield === true && f.name === undefined) return [];
    const member = { name: f.name ?? "", behind };
    behind = "";
    return [member];
  });
}

/**
 * Initialisers of structures that members are added to say which member each value is for.
 * @param rules what each rule adds
 * @param apart initialiser lists that are none any more: other rules have taken the values out of them
 */
export function nameInitialised(
  tree: readonly AstNode[],
  source: string,
  recordTypes: RecordTypes,
  rules: readonly AddedMembers[],
  apart: ReadonlySet<AstNode>,
  text: Rewriter,
): void {
  const types = new Map(rules.flatMap((r) => [...r].map(([type, { fields }]) => [type, fields] as const)));
  const members = new Map(
    [...types].map(([type, fields]) => [
      type,
      valued({ fields, added: rules.flatMap((r) => r.get(type)?.added ?? []) }),
    ]),
  );
  if (members.size === 0) return;
  // `[0 ... 7] = { 1 }` is eight elements with one text.
  const done = new Set<string>();
  const isNamed = (list: AstNode): boolean =>
    list.kind === "InitListExpr" && !apart.has(list) && members.has(recordTypes.named(desugared(list)));
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
      const member = members.get(recordTypes.named(desugared(list)))?.[i];
      if (at === undefined || member === undefined) continue;
      // Values come in the members' order, not in that of the text.
      const before = Math.max(
        within.start + Number(source[within.start] === "{"),
        ...ends.filter((end) => end <= at.start),
      );
      if (!isDesignated(source, before, at))
        text.replace(at.start, at.start, member.name === "" ? member.behind : `.${member.name} = `);
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
