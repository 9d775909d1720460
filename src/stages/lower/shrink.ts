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

/** What `shrinkStructures` can ask of a module's use: the names of a unit's members and structures. */
export function askedOfUse(tree: readonly AstNode[]): MemberUse {
  const asked: MemberUse = { mentioned: new Set(), initialised: new Set() };
  for (const n of tree)
    walk(n, (x) => {
      if (x.kind === "FieldDecl" && x.name !== undefined) asked.mentioned.add(x.name);
      if (x.kind === "RecordDecl" && x.name !== undefined) asked.initialised.add(`struct ${x.name}`);
    });
  return asked;
}

export function shrinkStructures(
  reduced: ReducedUnit,
  tree: readonly AstNode[],
  answers: Answers,
  { mentioned, initialised }: MemberUse,
): ShrunkStructure[] {
  const own = reduced.kept.filter((k) => k.declaration.own);
  const aligned = alignedNames(tree);
  const candidates = tree.flatMap((n) => {
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
    if (isPacked(n)) return [];
    // An initialiser may give values by position.
    const uncut = initialised.has(`struct ${n.name}`) || own.some((k) => k.start <= at.start && at.end <= k.end);
    const members = uncut ? undefined : membersOf(n, mentioned, aligned, answers);
    return members === undefined ? [] : [{ name: n.name, ...at, record, members }];
  });
  return candidates.flatMap(({ name, start, end, record, members }) => {
    const { text, attributes } = structureText(name, record.size, record.align, members);
    const definition = { start, end, text };
    // c2rust takes the alignment from a structure's first declaration.
    const declaration = `struct ${name};\n`;
    const first = attributes === "" ? -1 : `\n${reduced.text}`.indexOf(`\n${declaration}`);
    if (first < 0 || first > start) return [{ name, edits: [definition] }];
    return [
      {
        name,
        edits: [definition, { start: first, end: first + declaration.length, text: `struct ${attributes}${name};\n` }],
      },
    ];
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

/** The members that are named somewhere in the module; undefined where the structure has to stay whole. */
function membersOf(
  record: AstNode,
  mentioned: ReadonlySet<string>,
  aligned: ReadonlySet<string>,
  answers: Answers,
): Member[] | undefined {
  const members: Member[] = [];
  let all = 0;
  for (const f of record.inner ?? []) {
    if (f.kind !== "FieldDecl") continue;
    all++;
    if (f.isBitfield === true) {
      // Padding has bytes, and a bit-field may begin within one.
      if (f.name !== undefined && mentioned.has(f.name)) return undefined;
      continue;
    }
    if (f.name === undefined) {
      if (namesWithin(f, record).some((n) => mentioned.has(n))) return undefined;
      continue;
    }
    if (!mentioned.has(f.name)) continue;
    const type = spelling({ qualType: f.type?.qualType ?? "" });
    // A member of an unnamed type is its own definition.
    if (type === undefined || /\((?:un|anonymous)/.test(f.type?.qualType ?? "")) return undefined;
    const placed = answers.field(f);
    if (placed?.align === undefined || placed.bare === undefined) return undefined;
    members.push({
      text: `${declarator(type, f.name)};`,
      offset: placed.first / 8,
      size: placed.size,
      align: isNamed(f, aligned) ? placed.bare : placed.align,
    });
  }
  return members.length < all ? members : undefined;
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
