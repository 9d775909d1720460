/**
 * Static assertions of the module's own: clang has evaluated all of them for the C module, but they speak of types that the Rust has too.
 * c2rust drops them. One that is made of numbers, constants, types, sizes and offsets becomes a constant, which c2rust translates and
 * src/rust/static-assertions.ts turns into an assertion of the Rust's; the others are listed as evaluated by clang.
 */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import { lex, matching, significant, type Token } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";
import { DeclarationIndex } from "./reduce.ts";
import { OffsetMap, type ReducedUnit } from "./reduced-unit.ts";

export interface StaticAssertion {
  /** As written. */
  text: string;
  file: string;
  line: number;
  /** The constant that stands for it in the Rust; absent where clang alone evaluates it. */
  name?: string;
}

/** Macros that assert in functions, by a call that only a false condition leaves (include/linux/build_bug.h). */
const ASSERTING = /^(?:BUILD_BUG_ON|compiletime_assert)/;
const PREFIX = "kport_static_assertion_";
/** What is followed by a type or an expression that is not evaluated. */
const QUERIES = new Set(["sizeof", "_Alignof", "__alignof__", "__builtin_offsetof"]);
const PLAIN_WORDS = new Set(
  "char short int long signed unsigned _Bool const volatile struct union enum void typeof __typeof__".split(" "),
);
const OPERATORS = new Set("( ) + - / % << >> < > <= >= == != & | ^ && || ! ~ ? : *".split(" "));

/** Which assertions at file scope are kept for the Rust: they count as definitions. */
export function keepAssertions(unit: PreprocessedUnit): void {
  const index = new DeclarationIndex(unit.declarations);
  for (const d of unit.declarations) if (isOwnAssertion(d, unit)) d.asserted = isSayable(conditionOf(d.tokens), index);
}

/**
 * Give each assertion its constant, before the function that holds it, or take it away.
 * @param tokens of the reduced text
 * @returns all of the unit's own assertions
 */
export function lowerStaticAssertions(
  unit: PreprocessedUnit,
  reduced: ReducedUnit,
  functions: readonly AstNode[],
  tokens: readonly Token[],
  stem: string,
  text: Rewriter,
): StaticAssertion[] {
  const found: StaticAssertion[] = [];
  const define = (
    at: number,
    end: number,
    condition: { start: number; end: number },
    from: Omit<StaticAssertion, "name">,
  ): void => {
    const name = `${PREFIX}${stem}_${found.length}`;
    text.replace(at, end, `const unsigned char ${name} = !!(`, condition, ");\n");
    found.push({ ...from, name });
  };
  for (const k of reduced.kept) {
    if (k.declaration.kind !== "static-assert") continue;
    const condition = conditionOf(significant(lex(reduced.text.slice(k.start, k.end))));
    define(
      k.start,
      k.end,
      { start: k.start + (condition[0]?.start ?? 0), end: k.start + (condition.at(-1)?.end ?? 0) },
      written(unit, k.declaration),
    );
  }
  for (const d of unit.declarations) if (isOwnAssertion(d, unit) && !d.asserted) found.push(written(unit, d));
  const index = new DeclarationIndex(reduced.kept.map((k) => k.declaration));
  const map = new OffsetMap(reduced);
  for (const v of unit.invocations) {
    if (!ASSERTING.test(v.name)) continue;
    const at = map.toReduced(v.start);
    const fn = at === undefined ? undefined : functions.find((f) => within(extent(f), at));
    const condition = fn && at !== undefined ? assertedIn(fn, at, (map.toReduced(v.end - 1) ?? at) + 1) : undefined;
    const start = fn && extent(fn)?.start;
    const from = { text: v.source.replace(/\s+/g, " "), file: v.file, line: v.line };
    if (
      condition &&
      start !== undefined &&
      isSayable(significant(lex(reduced.text.slice(condition.start, condition.end))), index)
    ) {
      const name = `${PREFIX}${stem}_${found.length}`;
      text.replace(start, start, `const unsigned char ${name} = !(`, condition, ");\n");
      found.push({ ...from, name });
    } else found.push(from);
  }
  dropAssertions(tokens, reduced, text);
  return found;
}

/** Written in the module's own words: what the kernel's macros assert within their expansions (module_param's mode) is the kernel's. */
function isOwnAssertion(d: PlacedDeclaration, unit: PreprocessedUnit): boolean {
  if (!d.own || d.kind !== "static-assert") return false;
  const v = unit.invocations.find((x) => x.start <= d.start && d.start < x.end);
  return (
    v === undefined ||
    /^_?[Ss]tatic_assert$/.test(v.name) ||
    unit.directives.some((x) => new RegExp(`^#\\s*define\\s+${v.name}\\b`).test(x.text))
  );
}

function within(outer: { start: number; end: number } | undefined, at: number): boolean {
  return outer !== undefined && outer.start <= at && at < outer.end;
}

/** The condition of the `if` that such a macro became. */
function assertedIn(fn: AstNode, start: number, end: number): { start: number; end: number } | undefined {
  let condition: { start: number; end: number } | undefined;
  walk(fn, (n) => {
    const at = n.kind === "IfStmt" ? extent(n) : undefined;
    if (at && start <= at.start && at.end <= end) condition ??= n.inner?.[0] && extent(n.inner[0]);
  });
  return condition;
}

/** Assertions in functions and structures: c2rust drops them, which leaves a statement without a declaration. */
function dropAssertions(tokens: readonly Token[], reduced: ReducedUnit, text: Rewriter): void {
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (
      (t.text !== "_Static_assert" && t.text !== "static_assert") ||
      reduced.kept.some((k) => k.declaration.kind === "static-assert" && k.start === t.start)
    )
      continue;
    const close = matching(tokens, i + 1);
    const last = tokens[tokens[close + 1]?.text === ";" ? close + 1 : close];
    if (last) text.replace(t.start, last.end, ";");
  }
}

/** Of `_Static_assert(condition, "message");`. */
function conditionOf(tokens: readonly Token[]): Token[] {
  const close = matching(tokens, 1);
  let depth = 0;
  const comma = tokens.findIndex((t, i) => {
    if (t.kind === "punctuator" && "([{".includes(t.text)) depth++;
    else if (t.kind === "punctuator" && ")]}".includes(t.text)) depth--;
    return i > 1 && depth === 1 && t.text === ",";
  });
  return tokens.slice(2, comma < 0 ? close : comma);
}

/** Whether all of a condition means in Rust what it means in C. */
function isSayable(tokens: readonly Token[], index: DeclarationIndex): boolean {
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (QUERIES.has(t.text) && tokens[i + 1]?.text === "(") {
      const close = matching(tokens, i + 1);
      if (!isOfFile(tokens.slice(i + 2, close), t.text === "__builtin_offsetof", index)) return false;
      i = close;
    } else if (
      t.kind === "identifier"
        ? !isConstant(t.text, index)
        : t.kind === "punctuator"
          ? !OPERATORS.has(t.text)
          : t.kind === "string"
    )
      return false;
  }
  return tokens.length > 0;
}

/** A number's name, or a word of a cast to an integer type. */
function isConstant(name: string, index: DeclarationIndex): boolean {
  const found = index.ordinary.get(name);
  return (
    PLAIN_WORDS.has(name) ||
    (found !== undefined &&
      found.every(
        (d) =>
          d.enumerators.includes(name) || (d.kind === "typedef" && d.defines.length === 0 && d.tagMentions.size === 0),
      ))
  );
}

/** Whether an operand of `sizeof` names nothing of a function's own. */
function isOfFile(tokens: readonly Token[], isOffset: boolean, index: DeclarationIndex): boolean {
  const comma = isOffset ? tokens.findIndex((t) => t.text === ",") : -1;
  return (
    tokens.slice(0, comma < 0 ? undefined : comma).every((t, i, all) => {
      const before = all[i - 1]?.text ?? "";
      if (t.kind !== "identifier" || PLAIN_WORDS.has(t.text) || before === "." || before === "->")
        return t.kind !== "string";
      if (/^(?:struct|union|enum)$/.test(before)) return index.tags.has(`${before} ${t.text}`);
      return index.ordinary.get(t.text)?.every((d) => d.kind === "typedef" || d.enumerators.includes(t.text)) === true;
    }) && tokens.slice(Math.max(0, comma)).every((t) => t.text !== "[")
  );
}

function written(unit: PreprocessedUnit, d: PlacedDeclaration): Omit<StaticAssertion, "name"> {
  const v = unit.invocations.find((x) => x.start <= d.start && d.start < x.end);
  return {
    text: (v?.source ?? unit.text.slice(d.start, d.end)).replace(/\s+/g, " ").replace(/;$/, ""),
    file: d.file,
    line: d.line,
  };
}
