/** Rust as rustc reads it: texts that differ only in comments and in the length of white space are one. */
import { lexRust, type RustToken } from "./lexer.ts";

/** A comment that documents is an attribute to rustc, and what is in a comment's comment is not told apart here: both stay. */
const MEANS_SOMETHING = /^(?:\/\/[/!]|\/\*[*!])|^\/\*[^]*\/\*/;

/** @returns each stretch of plain comments and white space as one space; where it is none at all stays so, as in `>>` */
export function codeText(text: string, tokens: readonly RustToken[] = lexRust(text)): string {
  let out = "";
  let end = 0;
  for (const t of tokens) {
    if (t.kind === "comment" && !MEANS_SOMETHING.test(t.text)) continue;
    out += t.start > end ? ` ${t.text}` : t.text;
    // A comment to the line's end, which ends there.
    if (t.kind === "comment" && t.text.startsWith("//")) out += "\n";
    end = t.end;
  }
  return out;
}
