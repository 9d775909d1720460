/** Writes a unit's helpers: C that wraps what stays C, built by kbuild with the kernel's own compiler. */
import { existsSync } from "node:fs";
import path from "node:path";
import type { Token } from "../../c/lexer.ts";
import type { StaysWhole } from "./file-scope.ts";
import { jumpReturns } from "./jumps.ts";
import type { MovedExpression } from "./moved.ts";
import { type ObjectInC, objectText } from "./objects-in-c.ts";
import { shielded } from "./shield.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";

/** A thin wrapper around an inline function of the kernel's headers. */
export interface InlineWrapper {
  /** The inline function. */
  name: string;
  /** The wrapper's symbol. */
  symbol: string;
  returns: string;
  params: { name: string; type: string }[];
  /** Nothing that can run calls it. */
  unreached?: true;
}

/** A unit's helper C in the parts that a port puts together: wrappers of the same inline function are needed once a module. */
export interface HelperParts {
  /** Declarations, and among them what stays C whole. */
  preamble: string;
  /** Whether the preamble defines something, and is needed for its own sake. */
  defines: boolean;
  wrappers: { symbol: string; text: string }[];
  /** Moved expressions. */
  moved: { symbol: string; text: string }[];
}

/** A piece of a helper file; with a name where it is a helper whose errors are told apart. */
interface HelperText {
  symbol?: string;
  text: string;
}

export interface HelperSource {
  text: string;
  /** First and last line of each helper in `text`, by symbol. */
  lines: Map<string, { first: number; last: number }>;
}

/** The symbol under which one of the module's own static functions or variables is known to its helpers. */
export type ExternalSymbols = ReadonlyMap<string, string>;

export interface HelperInput {
  unit: PreprocessedUnit;
  /** The unit's C file. */
  source: string;
  /** Whether an include names one of the module's own files. */
  ownFile: (include: string, quoted: boolean) => boolean;
  wrappers: readonly InlineWrapper[];
  moved: readonly MovedExpression[];
  whole: readonly StaysWhole[];
  /** Own file-scope names that helpers use and the Rust defines, with their symbols. */
  externals: ExternalSymbols;
  /** Own variables that are defined here. */
  objects: ReadonlyMap<string, ObjectInC>;
  /** What the Rust must reach and C keeps to its file, with the symbols it gets: labels of assembly, static functions. */
  elsewhere: ExternalSymbols;
  /** Lengths of own arrays. */
  lengths: ReadonlyMap<string, string>;
}

/** Assembly that names the segment of per-CPU variables itself, as clang was told to expand it (`NOT_CLANG`). */
const SPELLS_SEGMENT = /%%(?:""\s*)?gs\b/;

/**
 * gcc has the segment in the variable's type where the kernel uses named address spaces (arch/x86/include/asm/percpu_types.h) and would
 * print it once more: what these helpers say was expanded without.
 */
const WITHOUT_NAMED_SEGMENTS = `#undef CONFIG_CC_HAS_NAMED_AS
#undef CONFIG_USE_X86_SEG_SUPPORT
#undef __percpu_qual
#define __percpu_qual
#undef __percpu_seg_override
#define __percpu_seg_override`;

/**
 * Write a unit's helpers.
 * @param mark whether to write where each piece stood, so that `__LINE__` and the compiler's messages name the module's own source
 */
export function helperParts(input: HelperInput, mark: boolean): HelperParts & { declarations: HelperText[] } {
  const { macros } = input.unit;
  const movedTexts = input.moved.filter((m, i) => input.moved.findIndex((x) => x.name === m.name) === i).map((m) => ({ symbol: m.name, text: movedText(m, mark, macros) }));
  const declarations = [...(movedTexts.some((m) => SPELLS_SEGMENT.test(m.text)) ? [{ text: WITHOUT_NAMED_SEGMENTS }] : []), ...preamble(input, mark)];
  return {
    preamble: declarations.map((d) => d.text).join("\n"),
    wrappers: input.wrappers.map((w) => ({ symbol: w.symbol, text: shielded(wrapperText(w), wrapperText(w), macros) })),
    moved: movedTexts,
    defines: input.whole.length > 0 || input.objects.size > 0 || input.unit.readBack.size > 0,
    declarations,
  };
}

/** The whole helper file, with where each helper stands in it. */
export function joinHelpers(parts: ReturnType<typeof helperParts>): HelperSource {
  let text = "";
  const lines: HelperSource["lines"] = new Map();
  let next = 1;
  for (const h of [...parts.declarations, ...parts.wrappers, ...parts.moved]) {
    const count = h.text.split("\n").length;
    if (h.symbol !== undefined) lines.set(h.symbol, { first: next, last: next + count - 1 });
    text += `${h.text}\n`;
    next += count;
  }
  return { text, lines };
}

/** What stays whole, with another name for each label and static of it that other object files use, and the names that its assembly spells out. */
function wholeText(w: StaysWhole, { elsewhere, externals, unit }: HelperInput, mark: boolean): string {
  const strings = w.declarations.flatMap((d) => d.tokens.flatMap((t) => (t.kind === "string" ? [t.text] : []))).join("\n");
  const spelled = [...externals].flatMap(([name, symbol]) => (name !== symbol && w.mentions.has(name) && new RegExp(`\\b${name}\\b`).test(strings) ? [`__asm__(".set ${name}, ${symbol}");`] : []));
  const others = [...elsewhere].flatMap(([name, symbol]) => {
    if (w.labels.includes(name)) return [`__asm__(".globl ${symbol}\\n.set ${symbol}, ${name}");`];
    return w.declarations.some((d) => d.names.includes(name) && d.storage.has("static")) ? [`extern __typeof__(${name}) ${symbol} __copy(${name}) __attribute__((alias("${name}")));`] : [];
  });
  const text = mark ? marked(w, w.text) : w.text;
  return [...spelled, w.expanded ? shielded(text, w.text, unit.macros) : text, ...others].join("\n");
}

/**
 * Text that stands in another file to whoever reads it, as if it were included: the second marker goes back to the helpers' own. Its file is
 * what `__FILE__` says, and genksyms expands the types of other files only (types of the file itself are opaque in an export's CRC).
 */
function marked(place: { file: string; line: number }, text: string): string {
  return `# ${place.line} ${JSON.stringify(place.file)} 1\n${text}\n# 1 "" 2`;
}

/** The unit's own directives and types, and the headers it includes, in the order the compiler met them. */
function preamble(input: HelperInput, mark: boolean): HelperText[] {
  const { unit, ownFile, objects, whole } = input;
  const items: (HelperText & { at: number })[] = whole.map((w) => ({ at: w.declarations[0]?.start ?? 0, text: wholeText(w, input, mark), symbol: w.name }));
  const inWhole = new Set(whole.flatMap((w) => w.declarations));
  const names = new Set(whole.flatMap((w) => w.declarations.flatMap((d) => d.names)));
  const shapes = namedInTypes(input, inWhole);
  for (const d of unit.directives) {
    const include = /^#\s*include(?:_next)?\s+(["<])([^">]+)[">]/.exec(d.text);
    // In the middle of a definition (`#define SUBSYS(x) if (…) …`, then `#include <linux/cgroup_subsys.h>`) a file is a part of that.
    if (include && (ownFile(include[2] as string, include[1] === '"') || unit.declarations.some((x) => x.own && x.start < d.at && d.at < x.end))) continue;
    if (/^#\s*(?:include|define|undef|pragma\s+pack)\b/.test(d.text)) items.push({ at: d.at, text: d.text });
  }
  for (const d of unit.declarations) {
    if (!d.own || inWhole.has(d)) continue;
    const mixed = objectText(d, unit, objects);
    const text = mixed ?? declarationText(d, input, names, shapes);
    if (text === undefined) continue;
    const ofHeader = mark && d.file !== input.source && d.tokens.some((t) => t.text === "{") && d.kind !== "function";
    items.push({ at: d.start, text: shielded(ofHeader ? marked(d, text) : text, text, mixed === undefined ? unit.macros : NO_MACROS) });
  }
  items.sort((a, b) => a.at - b.at);
  return items;
}

const NO_MACROS: ReadonlySet<string> = new Set();

/** clang's word on the length of a flexible array: the kernel's compiler may be one that does not know it, and it lays nothing out. */
const COUNTED = /__attribute__\s*\(\(\s*(?:__)?(?:counted_by|sized_by)(?:_or_null)?(?:__)?\s*\([^()]*\)\s*\)\)/g;

/** What the helpers see of an own declaration; undefined for what they have no use for. */
function declarationText(d: PlacedDeclaration, input: HelperInput, inWhole: ReadonlySet<string>, shapes: ReadonlySet<PlacedDeclaration>): string | undefined {
  const { externals, unit } = input;
  const text = tidy(unit.text.slice(d.start, d.end)).replace(COUNTED, "");
  if (d.kind === "typedef" || d.kind === "tag") return text;
  if (d.kind !== "prototype" && d.kind !== "function" && d.kind !== "variable") return undefined;
  const name = d.names.find((n) => externals.has(n));
  if (d.kind === "prototype" && (d.attributes.some((a) => a.name === "alias") || d.storage.has("inline"))) return undefined;
  if (d.kind === "prototype" && (name === undefined || externals.get(name) === name)) return !d.storage.has("static") || d.names.some((n) => inWhole.has(n)) ? text : undefined;
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
function namedInTypes({ unit, externals, objects }: HelperInput, inWhole: ReadonlySet<PlacedDeclaration>): Set<PlacedDeclaration> {
  const own = unit.declarations.filter((d) => d.own && !inWhole.has(d) && !d.names.some((n) => objects.has(n)));
  const byName = new Map<string, PlacedDeclaration[]>();
  for (const d of own) if ((d.kind === "variable" || d.kind === "function") && !d.storage.has("inline")) for (const n of d.names) byName.set(n, [...(byName.get(n) ?? []), d]);
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
  const label = (name: string): string => ((externals.get(name) ?? name) === name ? "" : ` __asm__("${externals.get(name)}")`);
  const stop = d.body ? d.body.open : d.tokens.length - 1;
  // A table's initialiser may have thousands of commas.
  const depths = depthsOf(d.tokens);
  const separates = (i: number): boolean => d.tokens[i]?.text === "," && depths[i] === 0;
  let out = "extern";
  let name = "";
  for (let i = 0; i < stop; i++) {
    const t = d.tokens[i];
    if (t === undefined || t.text === "static" || t.text === "extern" || /^_*inline_*$/.test(t.text)) continue;
    if (t.kind === "identifier" && d.names.includes(t.text)) name = t.text;
    const initialised = t.text === "=";
    while (initialised && i < stop && !separates(i)) i++;
    if (initialised && i >= stop) break;
    if (initialised || (d.names.length > 1 && separates(i))) {
      out += `${label(name)},`;
      continue;
    }
    const attribute = d.attributes.find((a) => a.start === t.start);
    if (attribute) {
      if (attribute.name === "section" && attribute.args.includes("percpu")) out += ` ${text.slice(attribute.start, attribute.end)}`;
      while ((d.tokens[i + 1]?.end ?? Number.POSITIVE_INFINITY) <= attribute.end) i++;
    } else out += ` ${t.text}`;
    // Only its initialiser says how long such an array is.
    if (d.kind === "variable" && long && t.text === "[" && d.tokens[i + 1]?.text === "]") out += lengths.get(name) ?? "";
  }
  return `${out}${label(name)};`;
}

/** How many brackets are open before each token. */
function depthsOf(tokens: readonly Token[]): number[] {
  let depth = 0;
  return tokens.map((t) => {
    const before = depth;
    if (t.kind === "punctuator" && "([{".includes(t.text)) depth++;
    else if (t.kind === "punctuator" && ")]}".includes(t.text)) depth--;
    return before;
  });
}

function wrapperText(w: InlineWrapper): string {
  const call = `${w.name}(${w.params.map((p) => p.name).join(", ")})`;
  const head = `${declarator(w.returns, `${w.symbol}(${parameterList(w.params)})`)}`;
  return `${prototypeOf(head)}\n${head}\n{\n\t${w.returns === "void" ? call : `return ${call}`};\n}`;
}

function movedText(m: MovedExpression, mark: boolean, macros: ReadonlySet<string>): string {
  const result = m.lvalue ? `__typeof__(${m.returns}) *` : m.returns;
  const head = declarator(result, `${m.name}(${parameterList(m.params)})`);
  const code = tidy(m.source ?? m.expanded);
  const body = m.deadEnd ? `${code};\n\t__builtin_unreachable();` : m.jumps ? `${code};\n${jumpReturns(m.jumps)}` : result === "void" ? `${code};` : m.lvalue ? `return &(${code});` : `return ${code};`;
  const named = /\b__(?:func|FUNCTION)__\b/.test(m.expanded);
  const wrap = named ? [`#define __func__ ${JSON.stringify(m.func)}\n#define __FUNCTION__ __func__\n`, "\n#undef __func__\n#undef __FUNCTION__"] : ["", ""];
  const text = `${wrap[0]}${specifiers(m)}${prototypeOf(head)}\n${head}\n{\n${mark ? marked(m, `\t${body}`) : `\t${body}`}\n}${wrap[1]}`;
  return shielded(text, m.source === undefined ? `${head} ${m.expanded}` : head, macros);
}

/** Where a helper lies, and whether the compiler may drop it: what cannot run is in no C module either. */
function specifiers(m: MovedExpression): string {
  return `${m.unreached ? "static __attribute__((__unused__)) " : ""}${m.section === undefined ? "" : `__attribute__((__section__("${m.section}"))) `}`;
}

/** kbuild warns about a global function without a prototype. No tracer finds a helper: in C it is no function of its own. */
function prototypeOf(head: string): string {
  return `__attribute__((__no_instrument_function__)) ${head};`;
}

export function parameterList(params: readonly { name: string; type: string }[]): string {
  return params.length === 0 ? "void" : params.map((p) => declarator(p.type, p.name)).join(", ");
}

/** `name` declared with the abstract type `type`: plain where the type is plain, through `__typeof__` where C would wrap it around. */
export function declarator(type: string, name: string): string {
  return /[([]/.test(type) && !/^__typeof__\([^()]*\) \*$/.test(type) ? `__typeof__(${type}) ${name}` : `${type}${type.endsWith("*") ? "" : " "}${name}`;
}

/** What blanked markers and comments leave behind. */
function tidy(text: string): string {
  return text.replace(/[ \t]{2,}/g, " ").replace(/[ \t]+$/gm, "").replace(/\n{2,}/g, "\n");
}

/** Finds whether an include names one of the module's own files, the way the compiler would: beside the file, then along `-I`. */
export function ownIncludes(directory: string, ownFiles: readonly string[], flags: readonly string[], isOwn: (file: string) => boolean): (include: string, quoted: boolean) => boolean {
  const beside = [...new Set(ownFiles.map((f) => path.dirname(f)))];
  const dirs = flags.flatMap((f, i) => (f === "-I" || f === "-isystem" || f === "-iquote" ? [flags[i + 1] as string] : f.startsWith("-I") ? [f.slice(2)] : [])).map((d) => path.resolve(directory, d));
  return (include, quoted) => {
    for (const d of quoted ? [...beside, ...dirs] : dirs) {
      const file = path.resolve(d, include);
      if (existsSync(file)) return isOwn(file);
    }
    return false;
  };
}
