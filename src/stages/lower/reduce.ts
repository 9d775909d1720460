/**
 * Keeps of a translation unit only what the module needs: its own definitions, and of the headers the types, prototypes and
 * constants they reach. An inline function of a header becomes a prototype (its body stays C, behind a helper), a structure that is
 * never looked into becomes an incomplete type. Which structures are looked into, clang says: it refuses each use of an incomplete
 * type that needs the complete one, so that nothing can go wrong silently.
 */
import type { Token } from "../../c/lexer.ts";
import type { Parsed, UnitParser } from "../../c/unit-parser.ts";
import { StageError } from "../../machine/errors.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";
import { copyWithout, declaratorOf, opaqueBodies } from "./reduced-text.ts";
import { Emitter, type ReducedUnit } from "./reduced-unit.ts";

/** Which declarations declare what, over the whole unit. */
export class DeclarationIndex {
  readonly ordinary = new Map<string, PlacedDeclaration[]>();
  readonly tags = new Map<string, PlacedDeclaration[]>();
  constructor(declarations: readonly PlacedDeclaration[]) {
    for (const d of declarations) {
      for (const n of [...d.names, ...d.enumerators]) push(this.ordinary, n, d);
      for (const t of d.defines) push(this.tags, t, d);
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Own declarations that exist for their own sake; the rest is kept when something kept mentions it. */
export function isRoot(d: PlacedDeclaration): boolean {
  if (!d.own) return false;
  // MODULE_DEVICE_TABLE is an extern alias that nothing names: modpost reads it.
  if (d.attributes.some((a) => a.name === "alias")) return true;
  if (d.kind === "static-assert") return d.asserted === true;
  if (d.kind === "function") return !(d.storage.has("inline") && d.storage.has("static"));
  if (d.kind === "variable") return !d.storage.has("extern") || d.tokens.some((t) => t.text === "=");
  return d.kind === "asm";
}

/** Which definitions become mere declarations, their bodies and initialisers in C: inline functions of headers, and what stays whole. */
export type StaysInC = (d: PlacedDeclaration) => boolean;

/** An inline function of a header. */
export function isHeaderInline(d: PlacedDeclaration): boolean {
  return d.kind === "function" && !d.own;
}

/**
 * Reduce a unit, and parse what is left of it.
 * @param staysInC what keeps its body in C
 * @throws StageError("lower") when the reduced unit does not compile for a reason other than an incomplete type: a defect of ours
 */
export async function reduce(
  unit: PreprocessedUnit,
  parser: UnitParser,
  staysInC: StaysInC,
): Promise<{ reduced: ReducedUnit } & Parsed> {
  const index = new DeclarationIndex(unit.declarations);
  const complete = new Set<string>();
  for (let round = 0; round < 40; round++) {
    const reduced = emit(unit, index, complete, staysInC);
    const { parsed, refused } = await parser.parse(reduced.text);
    if (parsed) return { reduced, ...parsed };
    let grew = false;
    for (const { tag, name } of refused.errors.incomplete) grew = need(`${tag} ${name}`, index, complete) || grew;
    if (!grew)
      throw new StageError("lower", `the reduced unit does not compile\n${refused.complaint}`, {
        file: parser.command.file,
      });
  }
  throw new StageError("lower", "the reduced unit does not settle", { file: parser.command.file });
}

/** Make a structure complete, and with it those it holds by value: their absence would only cost another clang run each. */
function need(tag: string, index: DeclarationIndex, complete: Set<string>): boolean {
  if (complete.has(tag) || !index.tags.has(tag)) return false;
  complete.add(tag);
  for (const d of index.tags.get(tag) as PlacedDeclaration[]) {
    for (const t of d.defines) complete.add(t);
    for (let i = 0; i + 1 < d.tokens.length; i++) {
      const [a, b, c] = [d.tokens[i] as Token, d.tokens[i + 1] as Token, d.tokens[i + 2]];
      if ((a.text === "struct" || a.text === "union") && b.kind === "identifier" && c?.kind === "identifier")
        need(`${a.text} ${b.text}`, index, complete);
      else if (a.kind === "identifier" && b.kind === "identifier")
        for (const td of index.ordinary.get(a.text) ?? []) if (td.kind === "typedef") needTypedef(td, index, complete);
    }
  }
  return true;
}

/** @param seen typedefs on the way here: two may mention each other, where one's name is a member's in the other's structure */
function needTypedef(
  td: PlacedDeclaration,
  index: DeclarationIndex,
  complete: Set<string>,
  seen: ReadonlySet<PlacedDeclaration> = new Set(),
): void {
  if (seen.has(td) || td.tokens.some((t) => t.text === "*" || t.text === "(")) return;
  for (const t of td.tagMentions) need(t, index, complete);
  for (const n of td.mentions)
    if (!td.names.includes(n))
      for (const d of index.ordinary.get(n) ?? [])
        if (d.kind === "typedef" && d !== td) needTypedef(d, index, complete, new Set([...seen, td]));
}

function emit(
  unit: PreprocessedUnit,
  index: DeclarationIndex,
  complete: ReadonlySet<string>,
  staysInC: StaysInC,
): ReducedUnit {
  const keep = reachable(unit, index, complete, staysInC);
  const out = new Emitter(unit.text);
  const inlines = new Map<string, PlacedDeclaration>();
  const declaredOnly = new Set<string>();
  const kept: ReducedUnit["kept"] = [];
  const enums = new Set<PlacedDeclaration>();
  // Every mention of a tag inside a prototype's parentheses would declare a new type there: declare all of them first.
  const packed = packedFirst(unit.declarations.filter((d) => keep.has(d)));
  const tags = new Set<string>();
  for (const d of keep) for (const t of d.tagMentions) if (!t.startsWith("enum ") && !packed.has(t)) tags.add(t);
  for (const t of tags) out.add(`${t};\n`);
  const write = (d: PlacedDeclaration): void => {
    if (d.pack > 0) out.add(`#pragma pack(push, ${d.pack})\n`);
    const start = out.length;
    if (staysInC(d) && (d.kind === "function" || d.kind === "variable")) {
      if (!d.own) inlines.set(d.names[0] as string, d);
      else for (const n of d.names) declaredOnly.add(n);
      declaratorOf(d, out);
    } else copyWithout(d, out, (tag) => !tag.startsWith("enum ") && !complete.has(tag) && !d.own);
    kept.push({ declaration: d, start, end: out.length });
    out.add(d.pack > 0 ? "\n#pragma pack(pop)\n" : "\n");
  };
  const writeEnum = (d: PlacedDeclaration): void => {
    if (enums.has(d)) return;
    enums.add(d);
    for (const m of d.mentions)
      for (const e of index.ordinary.get(m) ?? []) if (e !== d && isPlainEnum(e) && keep.has(e)) writeEnum(e);
    write(d);
  };
  for (const d of unit.declarations) {
    if (!keep.has(d) || enums.has(d)) continue;
    // c2rust makes a clashing `extern type` of an enum that is used before its definition: define it first.
    for (const t of d.tagMentions)
      if (t.startsWith("enum "))
        for (const e of index.tags.get(t) ?? []) if (isPlainEnum(e) && keep.has(e)) writeEnum(e);
    if (enums.has(d)) continue;
    if (isForwardEnum(d)) continue;
    if (isPlainEnum(d)) writeEnum(d);
    else write(d);
  }
  return { text: out.text(), pieces: out.pieces, kept, inlines, declaredOnly };
}

function isPlainEnum(d: PlacedDeclaration): boolean {
  return d.kind === "tag" && d.enumerators.length > 0 && d.tokens[0]?.text === "enum";
}

function isForwardEnum(d: PlacedDeclaration): boolean {
  return d.kind === "tag" && d.tokens[0]?.text === "enum" && d.defines.length === 0 && d.enumerators.length === 0;
}

/**
 * Structures that `#pragma pack` packs to more than a byte and nothing mentions before their definition: c2rust reads the packing off a
 * structure's first declaration, and no attribute says what a pack of 2 or 4 says.
 */
function packedFirst(declarations: readonly PlacedDeclaration[]): Set<string> {
  const packed = new Set<string>();
  const mentioned = new Set<string>();
  for (const d of declarations) {
    if (d.pack > 1) for (const t of d.defines) if (!mentioned.has(t)) packed.add(t);
    for (const t of d.tagMentions) mentioned.add(t);
  }
  return packed;
}

/** Everything the roots reach: identifiers and tags, through the declarations as they will be emitted. */
function reachable(
  unit: PreprocessedUnit,
  index: DeclarationIndex,
  complete: ReadonlySet<string>,
  staysInC: StaysInC,
): Set<PlacedDeclaration> {
  const keep = new Set<PlacedDeclaration>();
  const todo: PlacedDeclaration[] = [];
  // What stays C whole declares names of others once more (EXPORT_SYMBOL does).
  const repeats = (d: PlacedDeclaration): boolean =>
    d.own &&
    staysInC(d) &&
    d.storage.has("extern") &&
    d.names.every((n) => index.ordinary.get(n)?.some((x) => x !== d && !staysInC(x)) === true);
  const add = (d: PlacedDeclaration): void => {
    if (keep.has(d) || d.kind === "empty" || (d.kind === "static-assert" && !d.asserted) || repeats(d)) return;
    keep.add(d);
    todo.push(d);
  };
  for (const d of unit.declarations) {
    if (!isRoot(d)) continue;
    if (!staysInC(d)) add(d);
    // What stays C of the module's own reaches what is Rust by name.
    else
      for (const m of d.mentions)
        for (const x of index.ordinary.get(m) ?? [])
          if (x.own && !staysInC(x) && (x.kind === "function" || x.kind === "variable")) add(x);
  }
  while (todo.length > 0) {
    const d = todo.pop() as PlacedDeclaration;
    const { mentions, tagMentions } = emitted(d, complete, staysInC);
    for (const m of mentions) {
      const found = index.ordinary.get(m) ?? [];
      // Of many redeclarations the definition says it all; the others may carry attributes, but never a type clang does not merge.
      const definition = found.find((x) => x.kind === "function");
      if (definition) {
        add(definition);
        if (!definition.own) continue;
      }
      for (const x of found) add(x);
    }
    // An alias names its target in a string.
    for (const a of d.attributes)
      if (a.name === "alias" && d.own)
        for (const x of index.ordinary.get(/"([^"]*)"/.exec(a.args)?.[1] ?? "") ?? []) add(x);
    for (const t of tagMentions)
      if (t.startsWith("enum ") || complete.has(t) || index.tags.get(t)?.some((x) => x.own))
        for (const x of index.tags.get(t) ?? []) add(x);
  }
  return keep;
}

/** What a declaration mentions in the form it is emitted in: no inline's body, no body of a structure that stays opaque. */
function emitted(
  d: PlacedDeclaration,
  complete: ReadonlySet<string>,
  staysInC: StaysInC,
): { mentions: Set<string>; tagMentions: Set<string> } {
  const cut = staysInC(d) ? d.body : undefined;
  const opaque = d.defines.filter((t) => !t.startsWith("enum ") && !complete.has(t) && !d.own);
  if (cut === undefined && opaque.length === 0) return d;
  const mentions = new Set<string>();
  const tagMentions = new Set<string>();
  const skip = cut ? [cut] : opaqueBodies(d, (t) => opaque.includes(t));
  for (let i = 0; i < d.tokens.length; i++) {
    const s = skip.find((x) => x.open === i);
    if (s) {
      i = s.close;
      continue;
    }
    const t = d.tokens[i] as Token;
    const before = d.tokens[i - 1]?.text ?? "";
    if (t.kind !== "identifier") continue;
    if (before === "struct" || before === "union" || before === "enum") tagMentions.add(`${before} ${t.text}`);
    else mentions.add(t.text);
  }
  return { mentions, tagMentions };
}
