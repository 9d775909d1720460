/**
 * Makes constants of C constants in Rust. c2rust writes `static mut` for every variable, which lies in writable memory: a table of function
 * pointers that the kernel protects in C is then open to an overwrite, and a writable `.modinfo` or `__param` does not merge with kbuild's.
 */
import type { DefinitionFacts } from "../stages/lower/definitions.ts";
import type { RustItem } from "./items.ts";
import { codeOf, type Edit, edited, isClosing, isOpening, opening, replaceTokens, type RustToken } from "./lexer.ts";
import { staticAt, type StaticParts } from "./static-parts.ts";

/** What a plain `static` may hold without a word: it is not changed, so threads can share it. Rust does not know that of raw pointers. */
const SHAREABLE = /^(?:::core::ffi::c_\w+|bool|[iu](?:8|16|32|64|128|size)|Option<.*>)$/;

/** Holds a constant that is or contains a raw pointer outside of a structure. */
const HOLDER: RustItem[] = [
  {
    kind: "struct",
    name: "kport_constant",
    attributes: ["#[repr(transparent)]"],
    text: "pub struct kport_constant<T>(pub T);",
  },
  {
    kind: "impl",
    name: "Sync for kport_constant",
    attributes: [],
    text: "unsafe impl<T> Sync for kport_constant<T> {}",
  },
];

/** @param facts by the definition's name, which the Rust has from C (src/stages/lower/names.ts) */
export function restoreConstants(items: readonly RustItem[], facts: readonly DefinitionFacts[]): RustItem[] {
  const constants = facts.filter((f) => f.kind === "variable" && f.constant);
  const constant = new Set(constants.filter((f) => !f.shared).map((f) => f.name));
  const local = Map.groupBy(constants, (f) => f.within);
  const aliases = new Map(items.flatMap((i) => (i.kind === "type" ? [[i.name, aliased(i)] as const] : [])));
  const records = new Set(items.filter((i) => i.kind === "struct" || i.kind === "union").map((i) => i.name));
  const shared = new Set<string>();
  const held = new Set<string>();
  let isHeld = false;
  const out = items.map((item) => {
    if (item.kind === "fn") {
      const own = new Set(local.get(item.name)?.map((f) => f.name));
      const made = readOnlyLocals(item, own, aliases, records, shared);
      isHeld ||= made.holds;
      return made.item;
    }
    if (item.kind !== "static" || !constant.has(item.name)) return item;
    const tokens = codeOf(item.text);
    const parts = tokens.map((_, i) => staticAt(tokens, i)).find((p) => p !== undefined);
    if (parts?.mut === undefined) return item;
    const type = item.text.slice(parts.type.start, parts.type.end);
    const element = elementOf(type, aliases);
    const edits = [withoutMut(tokens, parts)];
    if (records.has(element)) shared.add(element);
    else if (!SHAREABLE.test(element)) {
      held.add(item.name);
      edits.push(...inHolder(item.text, parts));
    }
    return { ...item, text: edited(item.text, edits) };
  });
  for (const name of shared)
    out.push({ kind: "impl", name: `Sync for ${name}`, attributes: [], text: `unsafe impl Sync for ${name} {}` });
  if (held.size === 0) return isHeld ? [...out, ...HOLDER] : out;
  return [...out.map((i) => reachInto(i, held)), ...HOLDER];
}

/**
 * Static locals of a function that C has as constants, or puts into a read-only section (`__initconst`), of which one writable variable makes
 * the whole writable.
 */
function readOnlyLocals(
  item: RustItem,
  constant: ReadonlySet<string>,
  aliases: ReadonlyMap<string, string>,
  records: ReadonlySet<string>,
  shared: Set<string>,
): { item: RustItem; holds: boolean } {
  const tokens = codeOf(item.text);
  const held = new Set<string>();
  const edits = tokens.flatMap((_, i): Edit[] => {
    const parts = staticAt(tokens, i);
    if (parts?.mut === undefined) return [];
    const name = (tokens[parts.name] as RustToken).text;
    if (!isReadOnly(tokens, i) && !constant.has(name)) return [];
    const element = elementOf(item.text.slice(parts.type.start, parts.type.end), aliases);
    if (records.has(element)) shared.add(element);
    else if (!SHAREABLE.test(element)) {
      // What is called so elsewhere in the function would be taken for it.
      if (records.has(name) || aliases.has(name) || timesDeclared(tokens, name) !== 1) return [];
      held.add(name);
      return [withoutMut(tokens, parts), ...inHolder(item.text, parts)];
    }
    return [withoutMut(tokens, parts)];
  });
  const made = { ...item, text: edited(item.text, edits) };
  return { item: held.size === 0 ? made : reachInto(made, held), holds: held.size > 0 };
}

/** How many variables and parameters of a function have a name. */
function timesDeclared(tokens: readonly RustToken[], name: string): number {
  return tokens.filter(
    (t, i) =>
      t.kind === "identifier" &&
      t.text === name &&
      (/^(?:let|mut|static|ref)$/.test(tokens[i - 1]?.text ?? "") ||
        (tokens[i + 1]?.text === ":" && tokens[i + 2]?.text !== ":" && /^[(,]$/.test(tokens[i - 1]?.text ?? ""))),
  ).length;
}

function inHolder(text: string, { type, value }: StaticParts): Edit[] {
  return [
    { ...type, text: `kport_constant<${text.slice(type.start, type.end)}>` },
    { ...value, text: `kport_constant(${text.slice(value.start, value.end)})` },
  ];
}

function withoutMut(tokens: readonly RustToken[], parts: StaticParts): Edit {
  return { start: (tokens[parts.keyword] as RustToken).end, end: (tokens[parts.name] as RustToken).start, text: " " };
}

/** Whether one of the attributes before `static` names a read-only section. */
function isReadOnly(tokens: readonly RustToken[], at: number): boolean {
  for (let close = at - 1; tokens[close]?.text === "]"; ) {
    const open = opening(tokens, close);
    if (tokens[open - 1]?.text !== "#") return false;
    if (tokens[open + 1]?.text === "link_section" && /\brodata/.test(tokens[open + 3]?.text ?? "")) return true;
    close = open - 2;
  }
  return false;
}

/** What `type NAME = …;` stands for. */
function aliased(item: RustItem): string {
  const equals = codeOf(item.text).find((t) => t.text === "=" && t.kind === "punctuation");
  return equals === undefined ? "" : item.text.slice(equals.end, item.text.lastIndexOf(";")).trim();
}

/** What an array of arrays is made of, its aliases resolved. */
function elementOf(type: string, aliases: ReadonlyMap<string, string>): string {
  const inner = /^\[(.*); [^;\]]*\]$/s.exec(type.trim())?.[1] ?? aliases.get(type.trim());
  return inner === undefined ? type.trim() : elementOf(inner, aliases);
}

/** The constants in a holder, by the name of its only member wherever they are used. No type of the unit has the name of one (src/stages/lower/names.ts). */
function reachInto(item: RustItem, held: ReadonlySet<string>): RustItem {
  if (
    item.kind === "struct" ||
    item.kind === "union" ||
    item.kind === "type" ||
    item.kind === "extern" ||
    item.kind === "use"
  )
    return item;
  const text = replaceTokens(item.text, (t, i, tokens) => {
    if (t.kind !== "identifier" || !held.has(t.text) || tokens[i - 1]?.text === ".") return undefined;
    // A member that is given its value, or a variable its type; a path would go on with a second colon at once.
    if (tokens[i + 1]?.text === ":" && !(tokens[i + 2]?.text === ":" && tokens[i + 2]?.start === tokens[i + 1]?.end))
      return undefined;
    return isOffset(tokens, i) ? undefined : `${t.text}.0`;
  });
  return { ...item, text };
}

/** Whether a token names a member in `offset_of!(S, member)`. */
function isOffset(tokens: readonly RustToken[], at: number): boolean {
  let depth = 0;
  let commas = 0;
  for (let i = at - 1; i >= 0 && depth < 1; i--) {
    const t = tokens[i] as RustToken;
    if (isClosing(t)) depth--;
    else if (isOpening(t)) depth++;
    else if (t.text === "," && depth === 0) commas++;
    if (depth === 1) return commas > 0 && tokens[i - 1]?.text === "!" && tokens[i - 2]?.text === "offset_of";
  }
  return false;
}
