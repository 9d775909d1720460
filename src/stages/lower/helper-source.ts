/** Writes a unit's helpers: C that wraps what stays C, built by kbuild with the kernel's own compiler. */
import type { StaysWhole } from "./file-scope.ts";
import { type HelperText, marked, preamble, tidy } from "./helper-declarations.ts";
import { jumpReturns } from "./jumps.ts";
import type { MovedExpression } from "./moved.ts";
import type { ObjectInC } from "./objects-in-c.ts";
import { SIZED, sizing } from "./sized-arguments.ts";
import { shielded } from "./shield.ts";
import type { PreprocessedUnit } from "./preprocess.ts";

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
  const movedTexts = input.moved
    .filter((m, i) => input.moved.findIndex((x) => x.name === m.name) === i)
    .map((m) => ({ symbol: m.name, text: movedText(m, mark, macros) }));
  const declarations = [
    ...(movedTexts.some((m) => SPELLS_SEGMENT.test(m.text)) ? [{ text: WITHOUT_NAMED_SEGMENTS }] : []),
    ...preamble(input, mark),
    ...(input.moved.some((m) => sizing(m).length > 0) ? [{ text: SIZED }] : []),
  ];
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

function wrapperText(w: InlineWrapper): string {
  const call = `${w.name}(${w.params.map((p) => p.name).join(", ")})`;
  const head = `${declarator(w.returns, `${w.symbol}(${parameterList(w.params)})`)}`;
  return `${prototypeOf(head)}\n${head}\n{\n\t${w.returns === "void" ? call : `return ${call}`};\n}`;
}

function movedText(m: MovedExpression, mark: boolean, macros: ReadonlySet<string>): string {
  const result = m.lvalue ? `__typeof__(${m.returns}) *` : m.returns;
  const head = declarator(result, `${m.name}(${parameterList(m.params)})`);
  const code = tidy(m.source ?? m.expanded);
  const made = m.deadEnd
    ? `${code};\n\t__builtin_unreachable();`
    : m.jumps
      ? `${code};\n${jumpReturns(m.jumps)}`
      : result === "void"
        ? `${code};`
        : m.lvalue
          ? `return &(${code});`
          : `return ${code};`;
  const body = [...sizing(m), made].join("\n\t");
  const named = /\b__(?:func|FUNCTION)__\b/.test(m.expanded);
  const wrap = named
    ? [
        `#define __func__ ${JSON.stringify(m.func)}\n#define __FUNCTION__ __func__\n`,
        "\n#undef __func__\n#undef __FUNCTION__",
      ]
    : ["", ""];
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
  return /[([]/.test(type) && !/^__typeof__\([^()]*\) \*$/.test(type)
    ? `__typeof__(${type}) ${name}`
    : `${type}${type.endsWith("*") ? "" : " "}${name}`;
}
