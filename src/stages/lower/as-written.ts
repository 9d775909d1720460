/** The module's own functions as their author wrote them, for people to hold against the Rust. */
import { lex, matching } from "../../c/lexer.ts";
import { readSource } from "../../c/source.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";
import type { ReducedUnit } from "./reduce.ts";

export interface WrittenFunction {
  name: string;
  file: string;
  line: number;
  c: string;
}

/** One that a macro made is shown as the preprocessor left it: there is no other text of it. */
export async function functionsAsWritten(reduced: ReducedUnit, unit: PreprocessedUnit): Promise<WrittenFunction[]> {
  const written: WrittenFunction[] = [];
  for (const { declaration: d } of reduced.kept) {
    if (!d.own || d.kind !== "function") continue;
    const name = d.names[0] as string;
    written.push({ name, file: d.file, line: d.line, c: (await definitionAt(d, name)) ?? unit.text.slice(d.start, d.end) });
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
