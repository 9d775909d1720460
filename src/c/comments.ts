/** C without its comments: most of what a compiler makes of a text does not depend on them. */
import { lex, type Token } from "./lexer.ts";

/** Each comment is a blank, as the preprocessor has it. */
export function withoutComments(text: string): string {
  const tokens = lex(text).filter((t) => t.kind === "comment");
  const from = (i: number): number => (i === 0 ? 0 : (tokens[i - 1] as Token).end);
  return `${tokens.map((t, i) => text.slice(from(i), t.start)).join(" ")}${tokens.length === 0 ? "" : " "}${text.slice(from(tokens.length))}`;
}
