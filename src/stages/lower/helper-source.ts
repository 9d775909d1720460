/** Writes a unit's helpers: C that wraps what stays C, built by kbuild with the kernel's own compiler. */
import { existsSync } from "node:fs";
import path from "node:path";
import type { MovedExpression } from "./moved.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";

/** A thin wrapper around an inline function of the kernel's headers. */
export interface InlineWrapper {
  /** The inline function. */
  name: string;
  /** The wrapper's symbol. */
  symbol: string;
  returns: string;
  params: { name: string; type: string }[];
  noreturn: boolean;
}

export interface HelperSource {
  text: string;
  /** First and last line of each helper in `text`, by symbol. */
  lines: Map<string, { first: number; last: number }>;
}

/** The symbol under which one of the module's own static functions or variables is known to its helpers. */
export type ExternalSymbols = ReadonlyMap<string, string>;

/**
 * @param externals own file-scope names that helpers use, with their symbols
 * @param mark whether to write `#line`, so that `__LINE__` and the compiler's messages name the module's own source
 */
export function helperSource(
  unit: PreprocessedUnit,
  ownFile: (include: string, quoted: boolean) => boolean,
  wrappers: readonly InlineWrapper[],
  moved: readonly MovedExpression[],
  externals: ExternalSymbols,
  mark: boolean,
): HelperSource {
  const out = new Lines();
  preamble(unit, ownFile, externals, out);
  const lines: HelperSource["lines"] = new Map();
  const add = (symbol: string, text: string): void => {
    const first = out.next;
    out.add(text);
    lines.set(symbol, { first, last: out.next - 1 });
    out.add("");
  };
  if (wrappers.length > 0) out.add("\n/* Inline functions of the kernel's headers that the module calls. */\n");
  for (const w of wrappers) add(w.symbol, wrapperText(w));
  if (moved.length > 0) out.add("\n/* Expressions of the module that only C can say. */\n");
  for (const m of moved) add(m.name, movedText(m, mark));
  return { text: `${out.text()}\n`, lines };
}

/** The unit's own directives and types, and the headers it includes, in the order the compiler met them. */
function preamble(unit: PreprocessedUnit, ownFile: (include: string, quoted: boolean) => boolean, externals: ExternalSymbols, out: Lines): void {
  const items: { at: number; text: string }[] = [];
  for (const d of unit.directives) {
    const include = /^#\s*include(?:_next)?\s+(["<])([^">]+)[">]/.exec(d.text);
    if (include && ownFile(include[2] as string, include[1] === '"')) continue;
    if (/^#\s*(?:include|define|undef)\b/.test(d.text)) items.push({ at: d.at, text: d.text });
  }
  for (const d of unit.declarations) {
    if (!d.own) continue;
    const text = declarationText(d, unit.text, externals);
    if (text !== undefined) items.push({ at: d.start, text });
  }
  items.sort((a, b) => a.at - b.at);
  for (const i of items) out.add(i.text);
}

/** What the helpers see of an own declaration; undefined for what they have no use for. */
function declarationText(d: PlacedDeclaration, text: string, externals: ExternalSymbols): string | undefined {
  const whole = tidy(text.slice(d.start, d.end));
  if (d.kind === "typedef" || d.kind === "tag") return whole;
  if (d.kind === "prototype" && !d.storage.has("static") && !d.attributes.some((a) => a.name === "alias") && d.names.every((n) => !externals.has(n))) return d.storage.has("inline") ? undefined : whole;
  const name = d.names.find((n) => externals.has(n));
  if (name === undefined || (d.kind !== "function" && d.kind !== "variable")) return undefined;
  return `${externText(d, text)} __asm__("${externals.get(name)}");`;
}

/** A definition turned into a declaration: no storage class, no body, no initialiser, only the attributes that place the object. */
function externText(d: PlacedDeclaration, text: string): string {
  const stop = d.body ? d.body.open : d.tokens.findIndex((t) => t.text === "=" || t.text === ";");
  let out = "extern";
  for (let i = 0; i < (stop < 0 ? d.tokens.length : stop); i++) {
    const t = d.tokens[i];
    if (t === undefined || t.text === "static" || t.text === "extern" || /^_*inline_*$/.test(t.text)) continue;
    const attribute = d.attributes.find((a) => a.start === t.start);
    if (attribute) {
      if (attribute.name === "section" && attribute.args.includes("percpu")) out += ` ${text.slice(attribute.start, attribute.end)}`;
      while ((d.tokens[i + 1]?.end ?? Number.POSITIVE_INFINITY) <= attribute.end) i++;
    } else out += ` ${t.text}`;
  }
  return out;
}

function wrapperText(w: InlineWrapper): string {
  const call = `${w.name}(${w.params.map((p) => p.name).join(", ")})`;
  const head = `${declarator(w.returns, `${w.symbol}(${parameterList(w.params)})`)}`;
  return `${prototypeOf(head)}\n${head}\n{\n\t${w.returns === "void" ? call : `return ${call}`};\n}`;
}

function movedText(m: MovedExpression, mark: boolean): string {
  const result = m.lvalue ? `__typeof__(${m.returns}) *` : m.returns;
  const head = declarator(result, `${m.name}(${parameterList(m.params)})`);
  const code = tidy(m.source ?? m.expanded);
  const body = result === "void" ? `${code};` : m.lvalue ? `return &(${code});` : `return ${code};`;
  const line = mark ? `#line ${m.line} ${JSON.stringify(m.file)}\n` : "";
  const named = /\b__(?:func|FUNCTION)__\b/.test(m.expanded);
  const wrap = named ? [`#define __func__ ${JSON.stringify(m.func)}\n#define __FUNCTION__ __func__\n`, "\n#undef __func__\n#undef __FUNCTION__"] : ["", ""];
  return `${wrap[0]}${prototypeOf(head)}\n${head}\n{\n${line}\t${body}\n}${wrap[1]}`;
}

/** kbuild warns about a global function without a prototype. */
function prototypeOf(head: string): string {
  return `${head};`;
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

class Lines {
  next = 1;
  private readonly chunks: string[] = [];
  add(text: string): void {
    this.chunks.push(text);
    this.next += text.split("\n").length;
  }
  text(): string {
    return this.chunks.join("\n");
  }
}
