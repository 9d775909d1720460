/** What stands before a unit's helpers: the includes, macros and types of the module, and what of its own functions and variables they name. */
import type { AstNode } from "../../c/ast.ts";
import { lex, type Token } from "../../c/lexer.ts";
import type { StaysWhole } from "./file-scope.ts";
import type { HelperInput } from "./helper-source.ts";
import { objectText } from "./objects-in-c.ts";
import type { PlacedDeclaration } from "./preprocess.ts";
import { shielded } from "./shield.ts";

/** A piece of a helper file; with a name where it is a helper whose errors are told apart. */
export interface HelperText {
  symbol?: string;
  text: string;
}

/** What stays whole, with another name for each label and static of it that other object files use, and the names that its assembly spells out. */
function wholeText(w: StaysWhole, { elsewhere, externals, unit }: HelperInput, mark: boolean): string {
  const strings = w.declarations
    .flatMap((d) => d.tokens.flatMap((t) => (t.kind === "string" ? [t.text] : [])))
    .join("\n");
  const spelled = [...externals].flatMap(([name, symbol]) =>
    name !== symbol && w.mentions.has(name) && new RegExp(`\\b${name}\\b`).test(strings)
      ? [`__asm__(".set ${name}, ${symbol}");`]
      : [],
  );
  const others = [...elsewhere].flatMap(([name, symbol]) => {
    if (w.labels.includes(name)) return [`__asm__(".globl ${symbol}\\n.set ${symbol}, ${name}");`];
    return w.declarations.some((d) => d.names.includes(name) && d.storage.has("static"))
      ? [`extern __typeof__(${name}) ${symbol} __copy(${name}) __attribute__((alias("${name}")));`]
      : [];
  });
  const text = mark ? marked(w, w.text) : w.text;
  return [...spelled, w.expanded ? shielded(text, w.text, unit.macros) : text, ...others].join("\n");
}

/**
 * Text that stands in another file to whoever reads it, as if it were included: the second marker goes back to the helpers' own. Its file is
 * what `__FILE__` says, and genksyms expands the types of other files only (types of the file itself are opaque in an export's CRC).
 */
export function marked(place: { file: string; line: number }, text: string): string {
  return `# ${place.line} ${JSON.stringify(place.file)} 1\n${text}\n# 1 "" 2`;
}

/** The unit's own directives and types, and the headers it includes, in the order the compiler met them. */
export function preamble(input: HelperInput, mark: boolean): HelperText[] {
  const { unit, ownFile, objects, whole } = input;
  const items: (HelperText & { at: number })[] = whole.map((w) => ({
    at: w.declarations[0]?.start ?? 0,
    text: wholeText(w, input, mark),
    symbol: w.name,
  }));
  const inWhole = new Set(whole.flatMap((w) => w.declarations));
  const names = new Set(whole.flatMap((w) => w.declarations.flatMap((d) => d.names)));
  const shapes = namedInTypes(input, inWhole);
  for (const d of unit.directives) {
    const include = /^#\s*include(?:_next)?\s+(["<])([^">]+)[">]/.exec(d.text);
    // In the middle of a definition (`#define SUBSYS(x) if (…) …`, then `#include <linux/cgroup_subsys.h>`) a file is a part of that.
    if (
      include &&
      (ownFile(include[2] as string, include[1] === '"') ||
        unit.declarations.some((x) => x.own && x.start < d.at && d.at < x.end))
    )
      continue;
    if (/^#\s*(?:include|define|undef|pragma\s+pack)\b/.test(d.text)) items.push({ at: d.at, text: d.text });
  }
  for (const d of unit.declarations) {
    if (!d.own || inWhole.has(d)) continue;
    const mixed = objectText(d, unit, objects);
    const text = mixed ?? declarationText(d, input, names, shapes);
    if (text === undefined) continue;
    const ofHeader = mark && d.file !== input.source && d.tokens.some((t) => t.text === "{") && d.kind !== "function";
    items.push({
      at: d.start,
      text: shielded(ofHeader ? marked(d, text) : text, text, mixed === undefined ? unit.macros : NO_MACROS),
    });
  }
  items.sort((a, b) => a.at - b.at);
  return items;
}

const NO_MACROS: ReadonlySet<string> = new Set();

/** clang's word on the length of a flexible array: the kernel's compiler may be one that does not know it, and it lays nothing out. */
const COUNTED = /__attribute__\s*\(\(\s*(?:__)?(?:counted_by|sized_by)(?:_or_null)?(?:__)?\s*\([^()]*\)\s*\)\)/g;

/** What the helpers see of an own declaration; undefined for what they have no use for. */
function declarationText(
  d: PlacedDeclaration,
  input: HelperInput,
  inWhole: ReadonlySet<string>,
  shapes: ReadonlySet<PlacedDeclaration>,
): string | undefined {
  const { externals, unit } = input;
  const text = tidy(unit.text.slice(d.start, d.end)).replace(COUNTED, "");
  if (d.kind === "typedef" || d.kind === "tag") return text;
  if (d.kind !== "prototype" && d.kind !== "function" && d.kind !== "variable") return undefined;
  const name = d.names.find((n) => externals.has(n));
  if (d.kind === "prototype" && (d.attributes.some((a) => a.name === "alias") || d.storage.has("inline")))
    return undefined;
  if (d.kind === "prototype" && (name === undefined || externals.get(name) === name))
    return !d.storage.has("static") || d.names.some((n) => inWhole.has(n)) ? text : undefined;
  if (name === undefined && !shapes.has(d)) return undefined;
  const declared = externText(d, input, d.storage.has("static"));
  if (d.storage.has("static") || d.kind !== "variable") return declared;
  // genksyms makes the length a part of an export's CRC, and where it reads the C module's source there is none.
  const complete = externText(d, input, true);
  return complete === declared ? declared : `${declared}\n#ifndef __GENKSYMS__\n${complete}\n#endif`;
}

/**
 * Own variables and functions that types of the helpers' ask about: how long an array is that a member is as long as. Nothing refers to what
 * is declared for that alone, and the Rust keeps it to itself.
 */
function namedInTypes(
  { unit, externals, objects }: HelperInput,
  inWhole: ReadonlySet<PlacedDeclaration>,
): Set<PlacedDeclaration> {
  const own = unit.declarations.filter((d) => d.own && !inWhole.has(d) && !d.names.some((n) => objects.has(n)));
  const byName = new Map<string, PlacedDeclaration[]>();
  for (const d of own)
    if ((d.kind === "variable" || d.kind === "function") && !d.storage.has("inline"))
      for (const n of d.names) byName.set(n, [...(byName.get(n) ?? []), d]);
  const shapes = new Set<PlacedDeclaration>();
  const todo = own.filter((d) => d.kind === "typedef" || d.kind === "tag" || d.names.some((n) => externals.has(n)));
  for (let d = todo.pop(); d !== undefined; d = todo.pop()) {
    for (const name of constantsIn(d)) {
      for (const x of byName.get(name) ?? []) {
        if (x === d || shapes.has(x) || x.names.some((n) => externals.has(n))) continue;
        shapes.add(x);
        todo.push(x);
      }
    }
  }
  return shapes;
}

/** What a declaration names within brackets, and in an enumerator's or bit-field's constant: not its body or initialiser. */
function constantsIn(d: PlacedDeclaration): Set<string> {
  const names = new Set<string>();
  const isType = d.kind === "typedef" || d.kind === "tag";
  const stop = d.body ? d.body.open : d.tokens.length;
  let depth = 0;
  let constant = false;
  for (const t of d.tokens.slice(0, stop)) {
    if (t.kind === "identifier" && (depth > 0 || constant)) names.add(t.text);
    if (t.kind !== "punctuator") continue;
    if (t.text === "(" || t.text === "[") depth++;
    else if (t.text === ")" || t.text === "]") depth--;
    else if (depth === 0 && t.text === "=" && !isType) break;
    else if (depth === 0 && /^[=:]$/.test(t.text)) constant = true;
    else if (depth === 0 && /^[,;{}]$/.test(t.text)) constant = false;
  }
  return names;
}

/**
 * A definition turned into a declaration: no storage class, no body, no initialiser, only the attributes that place the object.
 * @param long whether arrays are as long as their initialisers make them
 */
function externText(d: PlacedDeclaration, { unit: { text }, externals, lengths }: HelperInput, long: boolean): string {
  // genksyms takes an asm label for a part of the type, and gives the export another CRC.
  const label = (name: string): string =>
    (externals.get(name) ?? name) === name ? "" : ` __asm__("${externals.get(name)}")`;
  const stop = d.body ? d.body.open : d.tokens.length - 1;
  // A table's initialiser may have thousands of commas.
  const depths = depthsOf(d.tokens);
  const separates = (i: number): boolean => d.tokens[i]?.text === "," && depths[i] === 0;
  let out = "extern";
  let name = "";
  let behind = "";
  for (let i = 0; i < stop; i++) {
    const t = d.tokens[i];
    if (t === undefined || t.text === "static" || t.text === "extern" || /^_*inline_*$/.test(t.text)) continue;
    if (t.kind === "identifier" && d.names.includes(t.text)) name = t.text;
    // An enumerator's value is no initialiser.
    const initialised = t.text === "=" && depths[i] === 0;
    while (initialised && i < stop && !separates(i)) i++;
    if (initialised && i >= stop) break;
    if (initialised || (d.names.length > 1 && separates(i))) {
      out += `${label(name)}${behind},`;
      behind = "";
      continue;
    }
    const attribute = d.attributes.find((a) => a.start === t.start);
    if (attribute) {
      // What a helper computes with `__alignof__` is the object's alignment, not its type's.
      const written = ` ${text.slice(attribute.start, attribute.end)}`;
      // Behind the name it stands behind an asm label as well.
      if (/^_*aligned_*$/.test(attribute.name)) behind += written;
      else if (attribute.name === "section" && attribute.args.includes("percpu")) out += written;
      while ((d.tokens[i + 1]?.end ?? Number.POSITIVE_INFINITY) <= attribute.end) i++;
    } else out += ` ${t.text}`;
    // Only its initialiser says how long such an array is.
    if (d.kind === "variable" && long && t.text === "[" && d.tokens[i + 1]?.text === "]")
      out += lengths.get(name) ?? "";
  }
  return `${out}${label(name)}${behind};`;
}

/** Of each array, how long clang has it. */
export function lengthsOf(tree: readonly AstNode[]): Map<string, string> {
  return new Map(
    tree.flatMap((n) => {
      const length = n.kind === "VarDecl" ? /\[(\d+)\]/.exec(n.type?.qualType ?? "")?.[1] : undefined;
      return length === undefined || n.name === undefined ? [] : [[n.name, length] as const];
    }),
  );
}

/** How many brackets are open before each token. */
export function depthsOf(tokens: readonly Token[]): number[] {
  let depth = 0;
  return tokens.map((t) => {
    const before = depth;
    if (t.kind === "punctuator" && "([{".includes(t.text)) depth++;
    else if (t.kind === "punctuator" && ")]}".includes(t.text)) depth--;
    return before;
  });
}

/** Without what blanked markers and comments leave behind. Blanks within a string are the string's. */
export function tidy(text: string): string {
  const between = (from: number, to?: number): string =>
    text
      .slice(from, to)
      .replace(/[ \t]{2,}/g, " ")
      .replace(/[ \t]+\n/g, "\n")
      .replace(/\n{2,}/g, "\n");
  let [out, at] = ["", 0];
  for (const t of lex(text).filter(({ kind }) => kind === "string" || kind === "char")) {
    out += between(at, t.start) + t.text;
    at = t.end;
  }
  return (out + between(at)).replace(/[ \t]+$/, "");
}
