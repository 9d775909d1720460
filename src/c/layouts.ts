/** Asks clang how every structure and union of a unit lies in memory, so that the Rust can assert it. */
import { type AstNode, walk } from "./ast.ts";
import type { UnitCompiler } from "./compile-command.ts";
import { StageError } from "../machine/errors.ts";
import { complaintOf } from "../machine/tool-failure.ts";

export interface RecordLayout {
  /** The tag, or the typedef's name for an unnamed structure. */
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
}

/**
 * Layouts of the structures and unions that are complete in `text`, as clang prints them (`-fdump-record-layouts`). Those of which it has
 * two by the same name (one is a function's own) are left out.
 * @param tree of `text`: it names the structures, and typedefs give unnamed ones their names
 * @throws StageError("lower") when clang refuses the text
 */
export async function recordLayouts(
  compiler: UnitCompiler,
  text: string,
  tree: readonly AstNode[],
): Promise<RecordLayout[]> {
  const { spelled, typedefs } = namedRecords(tree, text);
  if (spelled.length === 0) return [];
  // clang prints what it had to lay out. (Told to print all, it does so before it has seen what is behind the body: `packed`.)
  const asked = spelled.map((s) => `_Static_assert(sizeof(${s}) + 1, "");\n`).join("");
  const r = await compiler.runOnPreprocessed(`${text}\n${asked}`, [
    "-fsyntax-only",
    "-Xclang",
    "-fdump-record-layouts",
  ]);
  if (r.exitCode !== 0)
    throw new StageError("lower", `clang does not lay the unit out\n${complaintOf(r)}`, {
      file: compiler.command.file,
    });
  const found = new Map<string, RecordLayout | undefined>();
  for (const dump of r.stdout.split("*** Dumping AST Record Layout\n").slice(1)) {
    const of = /^\s*0 \| (?:struct |union )?(.*)$/m.exec(dump)?.[1] ?? "";
    const place = /\((?:unnamed|anonymous)[^)]*:(\d+:\d+)\)$/.exec(of)?.[1];
    const name = place === undefined ? of.split("::").at(-1) : typedefs.get(place);
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

/** `     8:3-5 |     unsigned int mode`: the byte, the bits of a bit-field from there on, two blanks a level, the type and the name. */
const LINE = /^\s*(\d+)(?::(?:(\d+)-(\d+)|-))? \| ( *)(.*)$/;

/** One structure of the dump. */
function readDump(name: string, dump: string): RecordLayout | undefined {
  const whole = /\[sizeof=(\d+), align=(\d+)\]/.exec(dump);
  if (whole === null) return undefined;
  const layout: RecordLayout = { name, size: Number(whole[1]), align: Number(whole[2]), fields: [], bits: [] };
  // What the members of each level are called after; undefined below a structure that has a name and is asserted for itself.
  const within: (string | undefined)[] = [""];
  for (const line of dump.split("\n").slice(1)) {
    const m = LINE.exec(line);
    if (m === null) continue;
    const depth = (m[4] ?? "").length / 2;
    const parent = within[depth - 1];
    const declared = m[5] ?? "";
    const member = declared.slice(declared.lastIndexOf(" ") + 1);
    const isUnnamedType = /\((?:unnamed|anonymous)[^)]*\) \w*$/.test(declared);
    within[depth] = parent === undefined || !isUnnamedType ? undefined : member === "" ? parent : `${parent}${member}.`;
    if (parent === undefined || member === "") continue;
    const isBitfield = m[2] !== undefined;
    if (isBitfield)
      layout.bits.push({
        name: parent + member,
        first: 8 * Number(m[1]) + Number(m[2]),
        width: Number(m[3]) - Number(m[2]) + 1,
      });
    else layout.fields.push({ name: parent + member, offset: Number(m[1]) });
  }
  return layout;
}

/** How the structures of a unit are written, and the names that typedefs give to unnamed ones, by where those stand: `12:9`. */
function namedRecords(tree: readonly AstNode[], text: string): { spelled: string[]; typedefs: Map<string, string> } {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
  const places = new Map<string, string>();
  const typedefs = new Map<string, string>();
  const spelled: string[] = [];
  for (const n of tree) {
    if (n.kind === "FunctionDecl") continue;
    walk(n, (r) => {
      if (r.kind !== "RecordDecl" || r.completeDefinition !== true) return;
      if (r.name !== undefined) spelled.push(`${r.tagUsed} ${r.name}`);
      else if (r.loc?.offset !== undefined) {
        const offset = r.loc.offset;
        const line = lineStarts.findLastIndex((s) => s <= offset);
        places.set(r.id, `${line + 1}:${offset - (lineStarts[line] as number) + 1}`);
      }
    });
    const record = n.kind === "TypedefDecl" ? recordOf(n) : undefined;
    const place = record === undefined ? undefined : places.get(record);
    if (place === undefined || n.name === undefined || typedefs.has(place)) continue;
    typedefs.set(place, n.name);
    spelled.push(n.name);
  }
  return { spelled, typedefs };
}

/** The record a typedef names directly. */
function recordOf(typedef: AstNode): string | undefined {
  let n: AstNode | undefined = typedef.inner?.[0];
  while (n && n.kind === "ElaboratedType") n = n.inner?.[0] ?? n.ownedTagDecl;
  return n?.kind === "RecordType" ? n.decl?.id : undefined;
}
