/**
 * Cuts the headers' structures down to the members that the module names; the rest becomes padding of the same size. A reader is
 * spared `struct task_struct`, c2rust is spared the types of members nobody uses, and members with an alignment of their own
 * (`____cacheline_aligned`), which c2rust cannot place, stand behind padding that places them. Offsets and sizes are clang's.
 */
import type { Answers } from "../../c/answers.ts";
import { type AstNode, desugared, extent, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import type { UnitParser } from "../../c/unit-parser.ts";
import { StageError } from "../../machine/errors.ts";
import { declarator } from "./helper-source.ts";
import type { StaysInC } from "./reduce.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

interface Member {
  /** Its declaration as it will stand. */
  text: string;
  /** Bytes. */
  offset: number;
  /** Absent of an array without a length, at the structure's end. */
  size: number | undefined;
  /** Of its type without the name that gives it an alignment, where one does: what c2rust places. */
  align: number;
}

/** A structure that can be cut down, and what stands in its place. */
export interface ShrunkStructure {
  name: string;
  edits: { start: number; end: number; text: string }[];
}

/** What a module names of structures: the same for all its units, so that a structure is the same in each. */
export interface MemberUse {
  /** Every identifier in code that becomes Rust. */
  mentioned: Set<string>;
  /** Types with an initialiser list, which may give values by position. */
  initialised: Set<string>;
}

/** @param staysInC functions whose bodies do not become Rust, and so need no members */
export function memberUse(reduced: ReducedUnit, tree: readonly AstNode[], staysInC: StaysInC): MemberUse {
  const use: MemberUse = { mentioned: new Set(), initialised: new Set() };
  for (const { declaration: d } of reduced.kept)
    if ((d.own || d.kind === "function") && !staysInC(d))
      for (const t of d.tokens) if (t.kind === "identifier") use.mentioned.add(t.text);
  for (const n of tree)
    walk(
      n,
      (x) =>
        void (
          x.kind === "InitListExpr" &&
          x.inner?.some((v) => v.kind !== "ImplicitValueInitExpr") &&
          use.initialised.add(desugared(x))
        ),
    );
  return use;
}

/** A structure of the headers' that can be cut down, whatever the module's other units name of it. */
export interface CuttableStructure {
  name: string;
  start: number;
  end: number;
  /** Bytes. */
  size: number;
  align: number;
  members: CuttableMember[];
  /** Where it is declared before, if it is. */
  first?: number;
}

interface CuttableMember {
  /** It is there if one of these is named. */
  names: string[];
  /** Absent where it cannot stand by itself: then the structure stays whole. */
  member?: Member;
}

export function cuttableStructures(
  reduced: ReducedUnit,
  tree: readonly AstNode[],
  answers: Answers,
): CuttableStructure[] {
  const own = reduced.kept.filter((k) => k.declaration.own);
  const aligned = alignedNames(tree);
  const declared = firstDeclarations(reduced.text, tree);
  return tree.flatMap((n) => {
    const at = extent(n);
    const record = answers.record(n);
    if (
      n.kind !== "RecordDecl" ||
      n.completeDefinition !== true ||
      n.tagUsed !== "struct" ||
      n.name === undefined ||
      at === undefined ||
      record === undefined
    )
      return [];
    if (isPacked(n) || own.some((k) => k.start <= at.start && at.end <= k.end)) return [];
    const first = declared.get(n.name);
    const { size, align } = record;
    return [
      {
        name: n.name,
        ...at,
        size,
        align,
        members: cuttableMembers(n, aligned, answers),
        ...(first === undefined || first > at.start ? {} : { first }),
      },
    ];
  });
}

/** Where structures are declared for the first time, each on a line of its own. */
function firstDeclarations(text: string, tree: readonly AstNode[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const n of tree) {
    const at = n.kind === "RecordDecl" && n.completeDefinition !== true ? extent(n)?.start : undefined;
    if (at === undefined || n.name === undefined || first.has(n.name)) continue;
    if (text.startsWith(declarationOf(n.name), at)) first.set(n.name, at);
  }
  return first;
}

function declarationOf(name: string): string {
  return `struct ${name};\n`;
}

/** What `shrinkStructures` asks of a module's use. */
export function askedOfUse(structures: readonly CuttableStructure[]): MemberUse {
  return {
    mentioned: new Set(structures.flatMap((s) => s.members.flatMap((m) => m.names))),
    initialised: new Set(structures.map((s) => `struct ${s.name}`)),
  };
}

/** Those of the structures that are cut down where a module names this much of them. */
export function shrinkStructures(
  structures: readonly CuttableStructure[],
  { mentioned, initialised }: MemberUse,
): ShrunkStructure[] {
  return structures.flatMap((s) => {
    // An initialiser may give values by position.
    if (initialised.has(`struct ${s.name}`)) return [];
    const named = s.members.filter((m) => m.names.some((n) => mentioned.has(n)));
    const members = named.flatMap((m) => m.member ?? []);
    if (members.length < named.length || members.length === s.members.length) return [];
    const { text, attributes } = structureText(s.name, s.size, s.align, members);
    const edits = [{ start: s.start, end: s.end, text }];
    // c2rust takes the alignment from a structure's first declaration.
    if (attributes !== "" && s.first !== undefined)
      edits.push({
        start: s.first,
        end: s.first + declarationOf(s.name).length,
        text: `struct ${attributes}${s.name};\n`,
      });
    return [{ name: s.name, edits }];
  });
}

/** Typedefs that give what they name an alignment. */
function alignedNames(tree: readonly AstNode[]): Set<string> {
  return new Set(
    tree.flatMap((n) =>
      n.kind === "TypedefDecl" && n.name !== undefined && n.inner?.some((a) => a.kind === "AlignedAttr")
        ? [n.name]
        : [],
    ),
  );
}

/** Whether a member, or the elements of one, are of a type by one of these names. */
function isNamed(field: AstNode, names: ReadonlySet<string>): boolean {
  const type = /^(?:const |volatile )*(\w+)(?:\[\d*\])*$/.exec(field.type?.qualType ?? "")?.[1];
  return type !== undefined && names.has(type);
}

function isPacked(n: AstNode): boolean {
  return (n.inner ?? []).some((a) => a.kind === "PackedAttr" || a.kind === "MaxFieldAlignmentAttr");
}

function cuttableMembers(record: AstNode, aligned: ReadonlySet<string>, answers: Answers): CuttableMember[] {
  return (record.inner ?? []).flatMap((f): CuttableMember[] => {
    if (f.kind !== "FieldDecl") return [];
    // Padding has bytes, and a bit-field may begin within one.
    if (f.isBitfield === true) return [{ names: f.name === undefined ? [] : [f.name] }];
    if (f.name === undefined) return [{ names: namesWithin(f, record) }];
    const member = cuttableMember(f, f.name, aligned, answers);
    return [{ names: [f.name], ...(member === undefined ? {} : { member }) }];
  });
}

function cuttableMember(f: AstNode, name: string, aligned: ReadonlySet<string>, answers: Answers): Member | undefined {
  const type = spelling({ qualType: f.type?.qualType ?? "" });
  // A member of an unnamed type is its own definition.
  if (type === undefined || /\((?:un|anonymous)/.test(f.type?.qualType ?? "")) return undefined;
  const placed = answers.field(f);
  if (placed?.align === undefined || placed.bare === undefined) return undefined;
  return {
    text: `${declarator(type, name)};`,
    offset: placed.first / 8,
    size: placed.size,
    align: isNamed(f, aligned) ? placed.bare : placed.align,
  };
}

/** Names reached through an unnamed member. */
function namesWithin(field: AstNode, record: AstNode): string[] {
  const at = extent(field);
  const names: string[] = [];
  for (const r of record.inner ?? []) {
    const e = extent(r);
    if (r.kind === "RecordDecl" && e && at && e.start >= at.start && e.start <= at.end)
      walk(r, (x) => void (x.kind === "FieldDecl" && x.name !== undefined && names.push(x.name)));
  }
  return names;
}

function structureText(
  name: string,
  size: number,
  align: number,
  members: readonly Member[],
): { text: string; attributes: string } {
  const lines: string[] = [];
  let end = 0;
  let pads = 0;
  const pad = (to: number): void => {
    if (to > end) lines.push(`unsigned char kport$pad_${pads++}[${to - end}];`);
    end = to;
  };
  const reached = Math.max(1, ...members.map((m) => m.align));
  if (align > reached && align <= 8)
    lines.push(`unsigned ${align === 8 ? "long" : align === 4 ? "int" : "short"} kport$align[0];`);
  for (const m of members) {
    pad(m.offset);
    lines.push(m.text);
    end = m.offset + (m.size ?? 0);
  }
  // Behind an array without a length there is nothing; its structure's alignment makes up the size.
  const last = members.at(-1);
  if (last === undefined || last.size !== undefined) pad(size);
  const packed = members.some((m) => m.offset % m.align !== 0);
  const said = [
    ...(packed ? ["packed"] : []),
    ...((align > 8 && align > reached) || (packed && align > 1) ? [`aligned(${align})`] : []),
  ];
  const attributes = said.length === 0 ? "" : `__attribute__((${said.join(", ")})) `;
  return { text: `struct ${attributes}${name} { ${lines.join(" ")} }`, attributes };
}

/**
 * Render the unit with as many structures cut down as clang accepts. One that it does not (a tag defined inside of it is used elsewhere,
 * a member is reached by a name that only a macro's expansion in a header knows) stays whole.
 */
export async function withShrunkStructures(
  shrunk: readonly ShrunkStructure[],
  text: Rewriter,
  parser: UnitParser,
): Promise<string> {
  let left = shrunk;
  for (;;) {
    const lowered = text.with(left.flatMap((s) => s.edits)).render();
    const refused = await parser.check(lowered);
    if (refused === undefined) return lowered;
    const named = new Set(refused.errors.named.flatMap((r) => (r.tag === "struct" ? [r.name] : [])));
    const fewer = left.filter((s) => !named.has(s.name));
    if (left.length === 0)
      throw new StageError("lower", `the lowered unit does not compile\n${refused.complaint}`, {
        file: parser.command.file,
      });
    left = fewer.length < left.length ? fewer : [];
  }
}
