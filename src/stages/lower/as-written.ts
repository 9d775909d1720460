/** The module's own functions as their author wrote them, for people to hold against the Rust. */
import { lex, matching } from "../../c/lexer.ts";
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
export async function functionsAsWritten(reduced: ReducedUnit, unit: PreprocessedUnit, inC: ReadonlySet<string>): Promise<WrittenFunction[]> {
  const translated = new Set(reduced.kept.map((k) => k.declaration));
  const written: WrittenFunction[] = [];
  for (const d of unit.declarations) {
    const name = d.names[0] as string;
    if (!d.own || d.kind !== "function" || !(inC.has(name) || translated.has(d))) continue;
    const spans = unit.invocations.flatMap((v) => (v.file === d.file && d.start < v.end && v.start < d.end && v.source.includes("\n") ? [[v.line, v.line + v.source.split("\n").length - 1] as [number, number]] : []));
    written.push({ name, file: d.file, line: d.line, c: (await definitionAt(d, name)) ?? unit.text.slice(d.start, d.end), spans, ...(inC.has(name) ? { inC: true } : {}) });
  }
  return written;
}

/** The definition that starts on a line of a file, if it is one of that name. */
export async function definitionAt({ file, line }: Pick<PlacedDeclaration, "file" | "line">, name: string): Promise<string | undefined> {
  const text = (await readSource(file)).split("\n").slice(line - 1).join("\n");
  const tokens = lex(text);
  const open = tokens.findIndex((t) => t.kind === "punctuator" && (t.text === "{" || t.text === ";"));
  const close = tokens[open]?.text === "{" ? matching(tokens, open) : -1;
  if (close < 0 || !tokens.slice(0, open).some((t) => t.text === name)) return undefined;
  return text.slice(0, tokens[close]?.end);
}
