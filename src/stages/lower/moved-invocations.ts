/** What became of the macros and calls that moved into helpers, for whoever says the same from clang's own tree of the source. */
import { isUtf8 } from "node:buffer";
import { lex, significant, type Token } from "../../c/lexer.ts";
import { readSource } from "../../c/source.ts";
import { readRegular } from "../../machine/untrusted-folder.ts";
import type { MovedExpression } from "./moved.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

/** How an argument is passed: a local or its address, the invocation's own argument by its number, or a constant of 64 bits, in decimal. */
export type MovedArgument = { local: string; address: boolean } | { argument: number } | { constant: string };

export interface MovedInvocation {
  /** The function it stands in. Names of functions, locals and labels are C's. */
  func: string;
  file: string;
  line: number;
  /** Byte offset in `file` of the macro's or the callee's name, where that is known for certain. */
  offset?: number;
  /** Of a piece that is neither: the bytes of `file` that it stands in, where those are known for certain. */
  range?: { from: number; to: number };
  /** The macro whose whole invocation moved. */
  macro?: string;
  /** The function whose call moved. Without either it is a piece of an expansion, or a statement of assembly. */
  callee?: string;
  /** It is a statement of assembly. */
  assembly?: true;
  /** The helper's name in the Rust. */
  symbol: string;
  /** What it is called there in the end, if nothing else is. */
  plain: string;
  arguments: MovedArgument[];
  /** The helper returns the address of what stood there. */
  lvalue: boolean;
  /** Nothing follows it. */
  deadEnd?: true;
  /** The labels that it may jump to: the helper returns which one, counted from 1, or 0. */
  jumps?: string[];
}

/** By the names of the lowered C. */
export async function movedInvocations(
  moved: readonly MovedExpression[],
  reduced: ReducedUnit,
  unit: PreprocessedUnit,
): Promise<MovedInvocation[]> {
  const sources = new Sources(unit);
  const found: MovedInvocation[] = [];
  for (const m of [...moved].sort((a, b) => a.start - b.start)) {
    const called = m.callee === undefined ? undefined : await calledAt(m.start, m.callee, reduced, unit, sources);
    const at = m.macro ? { file: m.file, at: m.macro.at } : called;
    const offset = at && (await sources.bytesBefore(at.file, at.at));
    const range = m.macro || m.callee !== undefined ? undefined : await rangeOf(m, reduced, unit, sources);
    found.push({
      func: m.func,
      file: called?.file ?? range?.file ?? m.file,
      line: called?.line ?? m.line,
      ...(range === undefined ? {} : { range: range.bytes }),
      ...(offset === undefined ? {} : { offset }),
      ...(m.macro ? { macro: m.macro.name } : m.callee === undefined ? {} : { callee: m.callee }),
      ...(/^(?:asm|__asm|__asm__)$/.test(significant(lex(m.expanded))[0]?.text ?? "") ? { assembly: true } : {}),
      symbol: m.name,
      plain: m.plain,
      arguments: m.passed.map((p) => ("constant" in p ? { constant: valueOf(p.constant) } : p)),
      lvalue: m.lvalue,
      ...(m.deadEnd || m.ends ? { deadEnd: true } : {}),
      ...(m.jumps ? { jumps: m.jumps } : {}),
    });
  }
  return found;
}

/** Where a piece stands in the source, by its first and its last token. */
async function rangeOf(
  m: MovedExpression,
  reduced: ReducedUnit,
  unit: PreprocessedUnit,
  sources: Sources,
): Promise<{ file: string; bytes: { from: number; to: number } } | undefined> {
  const tokens = significant(lex(m.expanded));
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const from = await calledAt(m.start, first.text, reduced, unit, sources, tokensOf);
  const to = await calledAt(m.end - last.text.length, last.text, reduced, unit, sources, tokensOf);
  const bytes = from &&
    to && {
      from: await sources.bytesBefore(from.file, from.at),
      to: await sources.bytesBefore(to.file, to.at + last.text.length),
    };
  return from && to && from.file === to.file && bytes?.from !== undefined && bytes.to !== undefined
    ? { file: from.file, bytes: { from: bytes.from, to: bytes.to } }
    : undefined;
}

/**
 * Where the name of a call stands in the source. Preprocessing takes tokens away (`#if`) and adds none but those of macros: between the
 * beginnings of two declarations, the calls of one name that stand in no invocation are the source's, where both have as many.
 */
async function calledAt(
  offset: number,
  callee: string,
  reduced: ReducedUnit,
  unit: PreprocessedUnit,
  sources: Sources,
  find: FindTokens = callsOf,
): Promise<{ file: string; line: number; at: number } | undefined> {
  const piece = reduced.pieces.find((p) => p.out <= offset && offset < p.out + p.length);
  if (piece === undefined) return undefined;
  const at = piece.from + offset - piece.out;
  const d = unit.declarations.find((x) => x.own && x.start <= at && at < x.end);
  if (d === undefined) return undefined;
  const isOfMacro = (t: Token): boolean => unit.invocations.some((v) => v.start <= t.start && t.end <= v.end);
  const here = find(callee, d.tokens).filter((t) => !isOfMacro(t));
  const there = await sources.find(d, callee, find);
  const i = here.findIndex((t) => t.start === at);
  return i < 0 || here.length !== there.length
    ? undefined
    : { file: d.file, ...(there[i] as { line: number; at: number }) };
}

type FindTokens = (text: string, tokens: readonly Token[]) => Token[];

function tokensOf(text: string, tokens: readonly Token[]): Token[] {
  return significant(tokens).filter((t) => t.text === text);
}

function callsOf(callee: string, tokens: readonly Token[]): Token[] {
  return significant(tokens).filter(
    (t, i, all) => t.kind === "identifier" && t.text === callee && all[i + 1]?.text === "(",
  );
}

interface Source {
  text: string;
  tokens: Token[];
  /** Where each line begins. */
  lines: number[];
  /** Whether the text has the file's bytes: of old sources in Latin-1 it has not. */
  exact: boolean;
}

/** The module's own files, each read once. */
class Sources {
  private readonly files = new Map<string, Source>();
  private readonly unit: PreprocessedUnit;
  constructor(unit: PreprocessedUnit) {
    this.unit = unit;
  }

  /** What is to be found in the source of what a declaration may hold, macros' invocations left out. */
  async find(d: PlacedDeclaration, text: string, find: FindTokens): Promise<{ line: number; at: number }[]> {
    const { tokens, lines } = await this.read(d.file);
    const later = this.unit.declarations
      .filter((x) => x.own && x.file === d.file && x.start > d.start)
      .map((x) => x.line);
    const from = lines[d.line - 1] ?? 0;
    const to = lines[Math.min(...later) - 1] ?? Number.POSITIVE_INFINITY;
    const isOfMacro = (t: Token): boolean =>
      this.unit.invocations.some((v) => v.file === d.file && v.at <= t.start && t.end <= v.at + v.source.length);
    return find(
      text,
      tokens.filter((t) => from <= t.start && t.start < to),
    )
      .filter((t) => !isOfMacro(t))
      .map((t) => ({ line: lines.findLastIndex((start) => start <= t.start) + 1, at: t.start }));
  }

  /** How many bytes of a file stand before a character of it. */
  async bytesBefore(file: string, at: number): Promise<number | undefined> {
    const { text, exact } = await this.read(file);
    return exact ? Buffer.byteLength(text.slice(0, at)) : undefined;
  }

  private async read(file: string): Promise<Source> {
    const known = this.files.get(file);
    if (known) return known;
    const text = await readSource(file);
    const lines = [0];
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) lines.push(i + 1);
    const source = { text, tokens: lex(text), lines, exact: isUtf8(await readRegular(file)) };
    this.files.set(file, source);
    return source;
  }
}

/** The value of a constant in the words of a tail call. */
function valueOf(words: string): string {
  const [, minus, digits] = /^(?:\(unsigned long\))?(-?)(0x[0-9a-f]+|\d+)u?l$/.exec(words) ?? [];
  if (digits === undefined) throw new Error(`no constant: ${words}`);
  return BigInt.asUintN(64, minus ? -BigInt(digits) : BigInt(digits)).toString();
}
