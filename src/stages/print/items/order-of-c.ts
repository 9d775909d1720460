/**
 * The crate in the order of its C: what a unit declares stands in the unit where the C has it, what the module's headers declare in
 * `src/headers.rs`, header by header, each with the comments and blank lines of the C. Bindings are the kernel's.
 */
import path from "node:path";
import { codeOf } from "../../../rust/lexer.ts";
import { placedItems } from "../../../rust/items.ts";
import type { UnitFacts } from "../unit-facts.ts";
import { aliasIn } from "./aliases.ts";
import { type Comment, composed, type Piece } from "./compose.ts";
import { type CrateFiles, type CrateItem, itemsOf, without } from "./crate.ts";
import { ownTypes, textOf } from "./own-types.ts";

const [BINDINGS, MACROS, HEADERS] = ["src/bindings.rs", "src/macros.rs", "src/headers.rs"];

export interface UnitOfC {
  /** `src/ring.rs`. */
  file: string;
  facts: UnitFacts;
  /** Which of the facts' files is the unit itself: one that the compiler is told to include may come first. */
  main: number;
  /** The text of a file of the module's. */
  source: (path: string) => Buffer | undefined;
}

/** What a file of the C declares, by its path. */
interface OwnFile {
  comments: Map<number, Comment>;
  pieces: Map<number, Piece>;
  /** Names that its pieces define. */
  names: Set<string>;
}

export function inOrderOfC(files: CrateFiles, units: readonly UnitOfC[]): Map<string, string> {
  const [bindings, macros] = [files.get(BINDINGS), files.get(MACROS)];
  if (bindings === undefined || macros === undefined || units.length === 0) return new Map(files);
  const types = typesOf(itemsOf(BINDINGS, bindings));
  const constants = new Map(itemsOf(MACROS, macros).flatMap((i) => (i.kind === "const" ? [[i.name, i] as const] : [])));
  const moved = new Set<CrateItem>();
  const own = new Map<string, OwnFile>();
  const functions = new Map(
    itemsOf(HEADERS, files.get(HEADERS) ?? "").flatMap((i) => (i.kind === "fn" ? [[i.name, i] as const] : [])),
  );
  for (const u of units) gather(u, types, constants, functions, own, moved);
  const out = new Map(files);
  out.set(
    BINDINGS,
    `${without(
      bindings,
      [...moved].filter((i) => i.file === BINDINGS),
    ).trimEnd()}\n\npub(crate) use crate::headers::*;\n`,
  );
  out.set(
    MACROS,
    without(
      macros,
      [...moved].filter((i) => i.file === MACROS),
    ),
  );
  for (const u of units) {
    const main = mainFile(u);
    const text = files.get(u.file);
    if (main === undefined || text === undefined) continue;
    out.set(u.file, unitText(u, main, text, own.get(main)));
  }
  const uses =
    functions.size === 0
      ? []
      : placedItems(files.get(HEADERS) ?? "").flatMap((i) =>
          i.kind === "use" && !HEAD.includes(i.text) ? [i.text] : [],
        );
  out.set(HEADERS, headersText(units, own, uses));
  const named = new Map(
    [...out].map(([file, text]) => [
      file,
      new Set(
        codeOf(text).flatMap((t, i, all) => (t.kind === "identifier" && all[i - 1]?.text !== "." ? [t.text] : [])),
      ),
    ]),
  );
  for (const u of units) for (const n of own.get(mainFile(u) ?? "")?.names ?? []) importFrom(out, named, u.file, n);
  return out;
}

function mainFile(u: UnitOfC): string | undefined {
  return u.facts.facts.files[u.main]?.path;
}

/** Types and constants by name; the accessors of a structure's bit-fields are the structure's. */
function typesOf(items: readonly CrateItem[]): Map<string, CrateItem[]> {
  const out = new Map<string, CrateItem[]>();
  for (const i of items) {
    if (i.foreign || i.kind === "use") continue;
    const tokens = i.kind === "other" ? codeOf(i.text) : [];
    const name =
      i.kind !== "other"
        ? i.name
        : tokens.some((t) => t.text === "accessors")
          ? (tokens[tokens.findIndex((t) => t.text === "{") + 1]?.text ?? "")
          : "";
    if (name !== "" && name !== "_") out.set(name, [...(out.get(name) ?? []), i]);
  }
  return out;
}

function gather(
  u: UnitOfC,
  types: ReadonlyMap<string, CrateItem[]>,
  constants: ReadonlyMap<string, CrateItem>,
  functions: ReadonlyMap<string, CrateItem>,
  own: Map<string, OwnFile>,
  moved: Set<CrateItem>,
): void {
  const { facts } = u.facts;
  const at = (f: number): OwnFile => {
    const name = facts.files[f]?.path ?? "";
    const known = own.get(name) ?? { comments: new Map(), pieces: new Map(), names: new Set<string>() };
    own.set(name, known);
    return known;
  };
  for (const c of facts.comments) if (!isOnDirective(u, c)) at(c.place.f).comments.set(c.place.b, c);
  for (const t of ownTypes(u.facts, types, facts.comments)) {
    const items = t.items.filter((i) => !moved.has(i));
    if (items.length < t.items.length || at(t.f).pieces.has(t.b)) continue;
    at(t.f).pieces.set(t.b, { b: t.b, e: t.e, text: t.text });
    for (const i of items) {
      moved.add(i);
      if (i.name !== "") at(t.f).names.add(i.name);
    }
  }
  for (const m of facts.macros) {
    const item = constants.get(m.name);
    if (
      !item ||
      moved.has(item) ||
      m.place === undefined ||
      facts.files[m.place.f]?.own !== true ||
      at(m.place.f).pieces.has(m.place.b)
    )
      continue;
    at(m.place.f).pieces.set(m.place.b, { b: m.place.b, e: m.place.e, text: textOf(item) });
    moved.add(item);
    at(m.place.f).names.add(item.name);
  }
  gatherFunctions(u, functions, (f) => at(f).pieces);
}

/** Functions that headers define and no unit has any more. */
function gatherFunctions(
  { facts: unit, main }: UnitOfC,
  functions: ReadonlyMap<string, CrateItem>,
  piecesOf: (f: number) => Map<number, Piece>,
): void {
  for (const d of unit.facts.declarations) {
    const item =
      d.k === "function" && d.body !== undefined && d.place !== undefined && d.place.f !== main && unit.isOwn(d)
        ? functions.get(d.name)
        : undefined;
    if (item && "place" in d && d.place)
      piecesOf(d.place.f).set(d.place.b, { b: d.place.b, e: d.place.e, text: textOf(item) });
  }
}

/** A comment behind `#endif`: there is nothing for it to end in Rust. */
function isOnDirective(u: UnitOfC, c: Comment): boolean {
  const source = u.source(u.facts.facts.files[c.place.f]?.path ?? "");
  if (!source || c.trailing !== true) return false;
  const line = source.toString("latin1", source.lastIndexOf(0x0a, c.place.b - 1) + 1, c.place.b);
  return /^[ \t]*#[ \t]*(?:endif|else|elif|include)\b/.test(line);
}

/** A unit's own items in order, behind what it only uses. */
function unitText(u: UnitOfC, main: string, text: string, declared: OwnFile | undefined): string {
  const places = placesOf(u);
  const items = placedItems(text);
  const prelude = items.findIndex((i) => i.kind !== "use" && i.kind !== "extern");
  const head = prelude < 0 ? text : text.slice(0, items[prelude - 1]?.end ?? 0);
  const pieces: Piece[] = [...(declared?.pieces.values() ?? [])];
  const foreign: string[] = [];
  let waiting: string[] = [];
  let from = head.length;
  for (const i of prelude < 0 ? [] : items.slice(prelude)) {
    const whole = text.slice(from, i.end).trim();
    from = i.end;
    const place = places.get(i.kind === "fn" || i.kind === "static" ? i.name : (aliasIn(i.text) ?? ""));
    if (place) {
      pieces.push({ b: place.b, e: place.e, text: [...waiting, whole].join("\n\n") });
      waiting = [];
    } else if (i.kind === "const" && i.name === "_") waiting.push(whole);
    else foreign.push(whole);
  }
  const tail = [...waiting, text.slice(from).trim()].filter((t) => t !== "");
  const comments = [...(declared?.comments.values() ?? [])].filter((c) => !isInC(c, u, pieces));
  const body = composed(pieces, { comments, source: u.source(main) }, head);
  return `${[head.trimEnd(), ...foreign, body, ...tail].filter((t) => t !== "").join("\n\n")}\n`;
}

/** Whether a comment stands within what is defined in C, where it still stands. */
function isInC(c: Comment, { facts, main }: UnitOfC, pieces: readonly Piece[]): boolean {
  return facts.facts.declarations.some(
    (d) =>
      ((d.k === "variable" && d.scope === "file" && d.initialiser !== undefined) ||
        (d.k === "function" && d.body !== undefined)) &&
      d.place?.f === main &&
      d.place.b < c.place.b &&
      c.place.e <= d.place.e &&
      !pieces.some((p) => d.place && p.b < d.place.e && d.place.b < p.e),
  );
}

/** Where the unit's own file has functions and variables. */
function placesOf({ facts, main }: UnitOfC): Map<string, { b: number; e: number }> {
  return new Map(
    facts.facts.declarations.flatMap((d) =>
      (d.k === "function"
        ? d.body !== undefined || d.alias !== undefined
        : d.k === "variable" && d.scope === "file" && (d.defined === true || d.alias !== undefined)) &&
      "place" in d &&
      d.place?.f === main
        ? [["name" in d ? (d.name ?? "") : "", d.place] as const]
        : [],
    ),
  );
}

function headersText(units: readonly UnitOfC[], own: ReadonlyMap<string, OwnFile>, uses: readonly string[]): string {
  const mains = new Set(units.map(mainFile));
  const headers = [...own].filter(
    ([name, { pieces, comments }]) => !mains.has(name) && pieces.size + comments.size > 0,
  );
  const base = path.dirname(mainFile(units[0] as UnitOfC) ?? "");
  const source = (name: string): Buffer | undefined => units.map((u) => u.source(name)).find((s) => s !== undefined);
  const texts = headers.map(([name, { pieces, comments }]) => {
    const title = `// ${path.relative(base, name)}`;
    return `${title}\n${composed([...pieces.values()], { comments: [...comments.values()], source: source(name) }, HEAD)}`;
  });
  return [[HEAD.trimEnd(), ...uses].join("\n"), ...texts].join("\n\n").concat("\n");
}

const HEAD = `// SPDX-License-Identifier: GPL-2.0
//! What the module's own headers declare: types, constants and inline functions.
#![allow(dead_code, reason = "an enumeration is told whole")]
use crate::bindings::*;
`;

/** Every other file that names what a unit declares now takes it from there. */
function importFrom(
  files: Map<string, string>,
  named: ReadonlyMap<string, ReadonlySet<string>>,
  unit: string,
  name: string,
): void {
  const module = unit.replace(/^src\/|\.rs$/g, "");
  for (const [file, text] of files) {
    if (file === unit) {
      files.set(
        file,
        text.replace(/^use crate::bindings::\{[^}]*\};/m, (list) =>
          list.replace(new RegExp(`\\b${name}\\b,?\\s?`), ""),
        ),
      );
      continue;
    }
    if (!named.get(file)?.has(name)) continue;
    const at = /^use crate::[^;]*;\n/m.exec(text);
    const line = `use crate::${module}::${name};\n`;
    if (at) files.set(file, `${text.slice(0, at.index)}${line}${text.slice(at.index)}`);
    else {
      const head = /^(?:[ \t]*(?:\/\/[^\n]*|#!\[[^\n]*\])?\n)*/.exec(text)?.[0] ?? "";
      files.set(file, `${head}${line}\n${text.slice(head.length)}`);
    }
  }
}
