/** Whether a text of Rust can stand between others. */
import { isClosing, isOpening, lexRust } from "../../rust/lexer.ts";

const PAIRS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Whether each bracket is closed by its like, and no string, character or comment is left open. */
export function isWhole(text: string): boolean {
  const open: string[] = [];
  for (const t of lexRust(text)) {
    // Comments nest in Rust. What nothing closes comes as marks: a slash and a star, a quote.
    if (t.kind === "comment" && t.text.startsWith("/*") && t.text.split("/*").length !== t.text.split("*/").length)
      return false;
    if (t.kind !== "punctuation") continue;
    if (t.text === '"' || t.text === "'" || (t.text === "*" && text.slice(t.start - 1, t.start) === "/")) return false;
    if (isOpening(t)) open.push(PAIRS[t.text] as string);
    else if (isClosing(t) && open.pop() !== t.text) return false;
  }
  return open.length === 0;
}
