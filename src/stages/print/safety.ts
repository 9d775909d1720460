/**
 * Functions that may be safe: nothing in their words is an operation that Rust calls unsafe. What is taken for one is refused by rustc
 * (E0133) where it is none, and then stays unsafe.
 */
import { codeOf, type RustToken } from "../../rust/lexer.ts";

/** Methods of pointers and of core that only unsafe code calls. */
const UNSAFE_METHODS =
  /^(?:add|sub|offset|offset_from|byte_add|byte_sub|read_volatile|write_volatile|write_bytes|unwrap_unchecked)$/;

const KEYWORDS = /^(?:if|else|match|while|return|in|as|let|mut|break|loop|move)$/;

export interface Surroundings {
  /** Whether a function that is called by its name is safe. */
  isSafe(name: string): boolean;
  /** A variable of the module's or the kernel's: to touch one is unsafe. */
  isStatic(name: string): boolean;
  /** The rule of a macro; undefined where it is not known. */
  macro(name: string): string | undefined;
}

/** @param text a function's body, or a macro's */
export function mayBeSafe(text: string, around: Surroundings): boolean {
  const tokens = codeOf(text);
  return tokens.every((t, i) => {
    if (t.text === "*") return !isDereference(tokens, i);
    if (t.text === "(") return tokens[i - 1]?.text !== ")" || tokens[i - 2]?.text === "(";
    if (t.kind !== "identifier" || KEYWORDS.test(t.text)) return true;
    const [before, behind] = [tokens[i - 1]?.text, tokens[i + 1]?.text];
    if (before !== "." && around.isStatic(t.text)) return false;
    if (behind === "!" && /^[([{]$/.test(tokens[i + 2]?.text ?? "")) {
      const rule = around.macro(t.text);
      return rule !== undefined && mayBeSafe(rule, around);
    }
    if (behind !== "(") return true;
    if (before === ".") return !UNSAFE_METHODS.test(t.text);
    return before === ":" ? t.text === "from" : t.text === "Some" || before === "fn" || around.isSafe(t.text);
  });
}

function isDereference(tokens: readonly RustToken[], i: number): boolean {
  const [before, behind] = [tokens[i - 1], tokens[i + 1]?.text];
  if (behind === "mut" || behind === "const") return false;
  const isOperand =
    before !== undefined &&
    (before.kind === "number" ||
      before.kind === "char" ||
      (before.kind === "identifier" && !KEYWORDS.test(before.text)) ||
      /^[)\]]$/.test(before.text));
  return !isOperand;
}

/** A function's text without `unsafe` before its `fn`; undefined where it has none. */
export function asSafe(text: string): string | undefined {
  const tokens = codeOf(text);
  const at = tokens.findIndex((t, i) => t.text === "unsafe" && /^(?:extern|fn)$/.test(tokens[i + 1]?.text ?? ""));
  const [word, next] = [tokens[at], tokens[at + 1]];
  return word && next ? text.slice(0, word.start) + text.slice(next.start) : undefined;
}

/** A function's body. */
export function bodyOfText(text: string): string {
  const tokens = codeOf(text);
  const fn = tokens.findIndex((t) => t.text === "fn");
  const open = tokens.findIndex((t, i) => i > fn && t.text === "{");
  return open < 0 ? text : text.slice(tokens[open]?.start);
}
