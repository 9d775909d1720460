/** How long the arrays in the module's own structures are, by the names that C has for it. */
import type { SyntaxNode } from "@lezer/common";
import { codeOf, type Edit, edited } from "../../../rust/lexer.ts";
import { parseRust } from "../../../rust/parse.ts";
import { type Apart, boundApart } from "../apart.ts";
import type { RecordShape } from "../environment.ts";
import type { RustType } from "../rust-type.ts";
import { type CrateFiles, itemsOf } from "./crate.ts";

/** Of a structure's member, dimension by dimension, outermost first; nothing where the number says more. */
type Lengths = readonly (string | undefined)[];
/** By the crate's structure and its member. */
export type MemberBounds = ReadonlyMap<string, ReadonlyMap<string, Lengths>>;

type Fields = readonly { name?: string | undefined; type: number; bounds?: readonly number[] | undefined }[];

/** The bounds of a unit's own structures, and of those without a name in them. */
export function memberBounds(input: Apart): MemberBounds {
  const { unit } = input;
  const out = new Map<string, Map<string, Lengths>>();
  for (const d of unit.facts.declarations) {
    const names = d.k === "record" && unit.isOwn(d) ? [d.name, d.typedef].filter((n) => n !== undefined) : [];
    const name = names.flatMap((n) => [n, `${n}_0`]).find((n) => input.environment.record(n) !== undefined);
    if (name !== undefined && d.k === "record") gather(input, name, d.fields ?? [], out);
  }
  return out;
}

function gather(input: Apart, name: string, fields: Fields, out: Map<string, Map<string, Lengths>>): void {
  const shape = input.environment.record(name);
  if (shape === undefined || out.has(name)) return;
  // c2rust parts a structure with an alignment of its own in two.
  const inner = shape.fields.size === 1 ? shape.fields.get("inner") : undefined;
  if (inner?.k === "record" && !fields.some((f) => f.name === "inner")) return gather(input, inner.name, fields, out);
  const lengths = new Map<string, Lengths>();
  out.set(name, lengths);
  const unnamed = [...shape.fields.keys()].filter((n) => /^c2rust_unnamed(?:_\d+)?$/.test(n));
  for (const f of fields) {
    const member = f.name === undefined ? unnamed.shift() : memberNamed(shape, f.name);
    if (member === undefined) continue;
    const texts = (f.bounds ?? []).map((b) => boundApart(input, b, undefined));
    if (texts.some((t) => t !== undefined)) lengths.set(member, texts);
    const below = unnamedRecord(input, f.type);
    const within = elementOf(shape.fields.get(member));
    if (below && within?.k === "record") gather(input, within.name, below, out);
  }
}

function memberNamed(shape: RecordShape, name: string): string | undefined {
  return [name, `r#${name}`, `${name}_0`].find((n) => shape.fields.has(n));
}

/** The members of a structure that has no name of its own, of which there may be an array. */
function unnamedRecord({ unit }: Apart, type: number): Fields | undefined {
  let t = unit.plain(type);
  while (t.k === "array") t = unit.plain(t.of);
  const d = t.k === "record" ? unit.declaration(t.decl) : undefined;
  return d?.k === "record" && d.name === undefined && d.typedef === undefined ? d.fields : undefined;
}

function elementOf(type: RustType | undefined): RustType | undefined {
  return type?.k === "array" ? elementOf(type.of) : type;
}

/** All names in them. */
export function namesIn(bounds: MemberBounds): string[] {
  return [...bounds.values()]
    .flatMap((members) => [...members.values()].flat())
    .flatMap((said) => codeOf(said ?? "").flatMap((t) => (t.kind === "identifier" ? [t.text] : [])));
}

/** The crate with them. The types that the units have in common stand in `src/bindings.rs`. */
export function withMemberBounds(files: CrateFiles, all: readonly MemberBounds[]): Map<string, string> {
  const bounds = new Map(all.flatMap((b) => [...b]));
  return new Map([...files].map(([file, text]) => [file, withLengths(file, text, bounds)]));
}

function withLengths(file: string, text: string, bounds: MemberBounds): string {
  const edits = itemsOf(file, text).flatMap((i): Edit[] => {
    const members = i.kind === "struct" || i.kind === "union" ? bounds.get(i.name) : undefined;
    if (members === undefined || members.size === 0 || i.foreign) return [];
    const from = i.end - i.text.length;
    return lengthsIn(i.text, members).map((e) => ({ start: e.start + from, end: e.end + from, text: e.text }));
  });
  if (edits.length === 0) return text;
  const made = edited(text, edits);
  if (/^use crate::macros::\*;$/m.test(made)) return made;
  const head = /^(?:[ \t]*(?:\/\/[^\n]*|#!\[[^\n]*\])?\n)*/.exec(made)?.[0] ?? "";
  return `${head}use crate::macros::*;\n${made.slice(head.length)}`;
}

function lengthsIn(text: string, members: ReadonlyMap<string, Lengths>): Edit[] {
  const edits: Edit[] = [];
  parseRust(text).iterate({
    enter({ node }) {
      if (node.name !== "FieldDeclaration") return;
      const name = node.getChild("FieldIdentifier");
      let array: SyntaxNode | null = node.getChild("ArrayType");
      for (const said of (name && members.get(text.slice(name.from, name.to))) ?? []) {
        const number = array?.getChild("Integer");
        if (number && said !== undefined) edits.push({ start: number.from, end: number.to, text: said });
        array = array?.getChild("ArrayType") ?? null;
      }
    },
  });
  return edits;
}
