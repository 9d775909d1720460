/** The module's own functions as their author wrote them, for people to hold against the Rust. */
import { lex, matching, type Token } from "../../c/lexer.ts";
import { readSource } from "../../c/source.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

export interface WrittenFunction {
  name: string;
  file: string;
  line: number;
  c: string;
  /** First and last lines of the macro invocations in it that go over several. */
  spans: [number, number][];
  /** It stays C as a whole. */
  inC?: true;
}

/**
 * One that a macro made is shown as the preprocessor left it: there is no other text of it.
 * @param inC the functions that stay C as a whole, of which the reduced unit has those that others name
 */
export async function functionsAsWritten(
  reduced: ReducedUnit,
  unit: PreprocessedUnit,
  inC: ReadonlySet<string>,
): Promise<WrittenFunction[]> {
  const translated = new Set(reduced.kept.map((k) => k.declaration));
  const written: WrittenFunction[] = [];
  const files: LexedFiles = new Map();
  for (const d of unit.declarations) {
    const [name] = d.names;
    // Of a definition in the old style (`int f(a) char a; { … }`) the body alone is taken for a function.
    if (name === undefined || !d.own || d.kind !== "function" || !(inC.has(name) || translated.has(d))) continue;
    const spans = unit.invocations.flatMap((v) =>
      v.file === d.file && d.start < v.end && v.start < d.end && v.source.includes("\n")
        ? [[v.line, v.line + v.source.split("\n").length - 1] as [number, number]]
        : [],
    );
    written.push({
      name,
      file: d.file,
      line: d.line,
      c: (await definitionAt(d, name, files)) ?? unit.text.slice(d.start, d.end),
      spans,
      ...(inC.has(name) ? { inC: true } : {}),
    });
  }
  return written;
}

/** Files that are asked about more than once are lexed once. */
export type LexedFiles = Map<string, Promise<{ text: string; lines: number[]; tokens: Token[] }>>;

/** The definition that starts on a line of a file, if it is one of that name. */
export async function definitionAt(
  { file, line }: Pick<PlacedDeclaration, "file" | "line">,
  name: string,
  files: LexedFiles = new Map(),
): Promise<string | undefined> {
  const reading = files.get(file) ?? lexFile(file);
  files.set(file, reading);
  const { text, lines, tokens } = await reading;
  const start = lines[line - 1];
  if (start === undefined) return undefined;
  const first = firstFrom(tokens, start);
  let open = first;
  let named = false;
  for (; open < tokens.length; open++) {
    const t = tokens[open] as Token;
    if (t.kind === "punctuator" && (t.text === "{" || t.text === ";")) break;
    if (t.text === name) named = true;
  }
  const close = tokens[open]?.text === "{" ? matching(tokens, open) : -1;
  return close < 0 || !named ? undefined : text.slice(start, tokens[close]?.end);
}

async function lexFile(file: string): Promise<{ text: string; lines: number[]; tokens: Token[] }> {
  const text = await readSource(file);
  const lines = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) lines.push(i + 1);
  return { text, lines, tokens: lex(text) };
}

/** Index of the first token that begins at an offset or behind it. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((tokens[mid] as Token).start < offset) low = mid + 1;
    else high = mid;
  }
  return low;
}
