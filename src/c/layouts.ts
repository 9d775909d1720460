/** Asks clang how every structure and union of a unit lies in memory, so that the Rust can assert it. */
import { type AstNode, extent, walk } from "./ast.ts";
import type { UnitCompiler } from "./compile-command.ts";
import { Rewriter } from "./rewriter.ts";
import { type Tag, typedefsOf } from "./unnamed-records.ts";
import { StageError } from "../machine/errors.ts";
import { complaintOf } from "../machine/tool-failure.ts";

export interface RecordLayout {
  /** The tag, or the typedef's name for an unnamed structure, or the name that it was given. */
  name: string;
  /** Bytes. */
  size: number;
  align: number;
  /**
   * Members that are no bit-fields, with their offsets in bytes: `member`, `member.inner` where the type of `member` has no name. Members
   * of unnamed members are the structure's own, as in C.
   */
  fields: { name: string; offset: number }[];
  /** Named bit-fields, with their first bit from the start of the structure and their width. */
  bits: { name: string; first: number; width: number }[];
  /** Where there is a bit-field without a name: all its own members in order, from which bit on, and the width of bit-fields. */
  order?: { first: number; width?: number }[];
}

/**
 * Layouts of the structures and unions that are complete in `text`, those of its functions among them, as clang prints them
 * (`-fdump-record-layouts`). Those of which it has two by the same name (two functions' own) are left out.
 * @param tree of `text`: it names the structures, and typedefs give unnamed ones their names
 * @param tags the names of others
 */
export async function recordLayouts(
  compiler: UnitCompiler,
  text: string,
  tree: readonly AstNode[],
  tags: ReadonlyMap<string, Tag> = new Map(),
): Promise<RecordLayout[]> {
  const tagged = new Rewriter(text);
  for (const t of tags.values()) tagged.replace(t.at, t.at, ` ${t.name} `);
  const { spelled, typedefs } = namedRecords(tree, text, tags, tagged);
  if (!spelled) return [];
  // clang prints what it had to lay out. (Told to print all, it does so before it has seen what is behind the body: `packed`.)
  const r = await compiler.runOnPreprocessed(tagged.render(), ["-fsyntax-only", "-Xclang", "-fdump-record-layouts"]);
  if (r.exitCode !== 0)
    throw new StageError("lower", `clang does not lay the unit out\n${complaintOf(r)}`, {
      file: compiler.command.file,
    });
  const found = new Map<string, RecordLayout | undefined>();
  for (const dump of r.stdout.split("*** Dumping AST Record Layout\n").slice(1)) {
    const of = /^\s*0 \| (?:struct |union )?(.*)$/m.exec(dump)?.[1] ?? "";
    if (/\((?:unnamed|anonymous)/.test(of)) continue;
    const tag = of.split("::").at(-1) ?? "";
    const name = typedefs.get(tag) ?? tag;
    const layout = name === undefined ? undefined : readDump(name, dump);
    if (layout === undefined) continue;
    const known = found.get(layout.name);
    found.set(
      layout.name,
      found.has(layout.name) && JSON.stringify(known) !== JSON.stringify(layout) ? undefined : layout,
    );
  }
  return [...found.values()].filter((l) => l !== undefined);
}

/** Finds the layout of a structure. */
export function layoutsOf(
  tree: readonly AstNode[],
  tags: ReadonlyMap<string, Tag>,
  layouts: readonly RecordLayout[],
): (record: AstNode) => RecordLayout | undefined {
  const byName = new Map(layouts.map((l) => [l.name, l]));
  const typedefs = new Map([...typedefsOf(tree)].reverse().map(([d, id]) => [id, d.name]));
  return (r) => byName.get(r.name ?? tags.get(r.id)?.name ?? typedefs.get(r.id) ?? "");
}

/** `     8:3-5 |     unsigned int mode`: the byte, the bits of a bit-field from there on, two blanks a level, the type and the name. */
const LINE = /^\s*(\d+)(?::(?:(\d+)-(\d+)|-))? \| ( *)(.*)$/;

/** One structure of the dump. */
function readDump(name: string, dump: string): RecordLayout | undefined {
  const whole = /\[sizeof=(\d+), align=(\d+)\]/.exec(dump);
  if (whole === null) return undefined;
  const layout: RecordLayout = { name, size: Number(whole[1]), align: Number(whole[2]), fields: [], bits: [] };
  const order: { first: number; width?: number }[] = [];
  // What the members of each level are called after; undefined below a structure that has a name and is asserted for itself.
  const within: (string | undefined)[] = [""];
  for (const line of dump.split("\n").slice(1)) {
    const m = LINE.exec(line);
    if (m === null) continue;
    const depth = (m[4] ?? "").length / 2;
    const parent = within[depth - 1];
    const declared = m[5] ?? "";
    const member = declared.slice(declared.lastIndexOf(" ") + 1);
    const isUnnamedType = /\((?:unnamed|anonymous)[^)]*\) \w*$|^(?:struct|union) kport\$/.test(declared);
    within[depth] = parent === undefined || !isUnnamedType ? undefined : member === "" ? parent : `${parent}${member}.`;
    const isBitfield = m[2] !== undefined;
    const bits = { first: 8 * Number(m[1]) + Number(m[2] ?? 0), width: Number(m[3]) - Number(m[2]) + 1 };
    const isNone = m[2] === undefined && /^\s*\d+:-/.test(line);
    if (depth === 1)
      order.push(isNone ? { first: bits.first, width: 0 } : isBitfield ? bits : { first: 8 * Number(m[1]) });
    if (depth === 1 && member === "" && (isBitfield || isNone)) layout.order = order;
    if (parent === undefined || member === "") continue;
    if (isBitfield) layout.bits.push({ name: parent + member, ...bits });
    else layout.fields.push({ name: parent + member, offset: Number(m[1]) });
  }
  return layout;
}

/**
 * Asks for each structure's layout where its name is in sight, and gives those that typedefs name a tag of their own, by which they are
 * found.
 * @returns whether there is anything to ask, and the typedefs by those tags
 */
function namedRecords(
  tree: readonly AstNode[],
  text: string,
  tags: ReadonlyMap<string, Tag>,
  into: Rewriter,
): { spelled: boolean; typedefs: Map<string, string> } {
  const named = new Map<string, string>();
  for (const [d, id] of typedefsOf(tree)) if (d.name !== undefined && !named.has(id)) named.set(id, d.name);
  const typedefs = new Map<string, string>();
  const seen = new Set<string>();
  for (const n of tree)
    walk(n, (r) => {
      const at = r.kind === "RecordDecl" && r.completeDefinition === true ? extent(r) : undefined;
      if (at === undefined || seen.has(r.id)) return;
      let tag = r.name ?? tags.get(r.id)?.name;
      const typedef = tag === undefined ? named.get(r.id) : undefined;
      if (typedef !== undefined) {
        tag = `kport$typedef_${typedefs.size}`;
        typedefs.set(tag, typedef);
        const open = text.indexOf("{", at.start);
        into.replace(open, open, ` ${tag} `);
      }
      const behind = n.kind === "FunctionDecl" ? endOfStatement(r) : text.length;
      if (tag === undefined || behind === undefined) return;
      seen.add(r.id);
      into.replace(behind, behind, `\n_Static_assert(sizeof(${r.tagUsed} ${tag}) + 1, "");`);
    });
  return { spelled: seen.size > 0, typedefs };
}

/** Where the statement ends that declares a function's own structure: there, and no earlier, it has its size and its name is in sight. */
function endOfStatement(record: AstNode): number | undefined {
  let n: AstNode | undefined = record;
  while (n !== undefined && n.kind !== "DeclStmt") n = n.parent;
  return n?.parent?.kind === "CompoundStmt" ? extent(n)?.end : undefined;
}
