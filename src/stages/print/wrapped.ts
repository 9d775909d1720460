/**
 * Lines that rustfmt leaves as long as they are: invocations of macros that are given a string in pieces (`printk!(KERN_INFO "up\n")`) or say
 * their function or type (`WARN_ON!(is_full, in f)`), which are no expressions to it. Broken as it breaks others, an argument a line.
 */
import { closing, type Edit, edited, isClosing, isOpening, lexRust, type RustToken } from "../../rust/lexer.ts";
import { RUSTFMT_WIDTH } from "../assemble/rustfmt-style.ts";

/** @param text as rustfmt lays it out */
export function wrapped(text: string): string {
  const tokens = lexRust(text);
  const edits: Edit[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]?.text !== "(" || tokens[i - 1]?.text !== "!" || tokens[i - 2]?.kind !== "identifier") continue;
    const open = tokens[i] as RustToken;
    const end = closing(tokens, i);
    const close = tokens[end];
    if (close === undefined) continue;
    const line = text.lastIndexOf("\n", open.start) + 1;
    const behind = text.indexOf("\n", open.start);
    if (behind < close.start || behind - line <= RUSTFMT_WIDTH || !isNoExpression(tokens, i, end)) continue;
    const margin = /^ */.exec(text.slice(line))?.[0] ?? "";
    for (const at of [i, ...commas(tokens, i, end)]) {
      const next = tokens[at + 1] as RustToken;
      edits.push({ start: (tokens[at] as RustToken).end, end: next.start, text: `\n${margin}    ` });
    }
    edits.push({ start: close.start, end: close.start, text: `\n${margin}` });
    i = end;
  }
  return edited(text, edits);
}

/** The commas between the arguments, by their places among the tokens. */
function commas(tokens: readonly RustToken[], open: number, close: number): number[] {
  let depth = 0;
  const found: number[] = [];
  for (let i = open + 1; i < close; i++) {
    const t = tokens[i] as RustToken;
    if (isOpening(t)) depth++;
    else if (isClosing(t)) depth--;
    else if (depth === 0 && t.text === ",") found.push(i);
  }
  return found;
}

/** Whether a name stands beside a string, or the last argument says a function or a type (`in f`, `as u32`), which no expression has. */
function isNoExpression(tokens: readonly RustToken[], open: number, close: number): boolean {
  const isWord = (t?: RustToken): boolean => t?.kind === "identifier" || t?.kind === "string";
  const last = (commas(tokens, open, close).at(-1) ?? open) + 1;
  if (tokens[last]?.text === "in" || tokens[last]?.text === "as") return true;
  return tokens
    .slice(open + 1, close)
    .some((t, n, all) => t.kind === "string" && (isWord(all[n - 1]) || isWord(all[n + 1])));
}
