/**
 * Tokens of Rust text, and edits of them: what a pass replaces is a token that means what it is taken for, never a word in a string or a
 * part of a longer name. (The Rust reference, "Lexical structure", as far as printed Rust has it.)
 */

export type RustTokenKind = "identifier" | "lifetime" | "number" | "string" | "char" | "punctuation" | "comment";

export interface RustToken {
  kind: RustTokenKind;
  text: string;
  /** Offset of the first character. */
  start: number;
  /** Offset behind the last character. */
  end: number;
}

// A string's prefix belongs to it, and so do the hashes of a raw one. `'a` is a lifetime unless a quote closes it after one character. A
// number takes its suffix along; a dot only where a digit follows, so that `tuple.0.member` has no number `0.`. One alternative a kind:
// comment, string, character, lifetime, identifier, number, space, punctuation; without groups, whose matches cost more than the matching.
const TOKEN =
  /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|[bc]?"(?:\\[^]|[^"\\])*"|b?'(?:\\(?:u\{[0-9a-fA-F_]+\}|x[0-9a-fA-F]{2}|[^])|[^\\'\n])'|'[\p{XID_Start}_]\p{XID_Continue}*|(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*|\d(?:[eE][+-](?=\d)|[\p{XID_Continue}])*(?:\.\d(?:[eE][+-](?=\d)|[\p{XID_Continue}])*)?|\s+|[^]/uy;
const RAW = /(?:br|cr|r)(#*)"[^]*?"\1(?!#)/uy;

/** Lex Rust text. White space is dropped; punctuation comes a character at a time. Never fails. */
export function lexRust(text: string): RustToken[] {
  const tokens: RustToken[] = [];
  for (let at = 0; at < text.length; ) {
    const raw = endOfRaw(text, at);
    TOKEN.lastIndex = at;
    TOKEN.test(text);
    let end = raw ?? TOKEN.lastIndex;
    const matched = text.slice(at, end);
    const kind = raw === undefined ? kindOf(matched) : "string";
    // Behind a dot stands a member of a tuple: `t.0.1` are two, not the number 0.1.
    if (kind === "number" && tokens.at(-1)?.text === "." && tokens.at(-1)?.end === at && tokens.at(-2)?.text !== ".")
      end = at + (/^\d+/.exec(matched) as RegExpExecArray)[0].length;
    if (kind !== undefined) tokens.push({ kind, text: text.slice(at, end), start: at, end });
    at = end;
  }
  return tokens;
}

/** Most tokens are one of these. */
const SIGNS = new Set("()[]{}<>.,;:=*&|+-!#");

function endOfRaw(text: string, at: number): number | undefined {
  const first = text[at];
  const marked =
    first === "b" || first === "c" ? (text[at + 1] === "r" ? text[at + 2] : "") : first === "r" ? text[at + 1] : "";
  if (marked !== '"' && marked !== "#") return undefined;
  RAW.lastIndex = at;
  return RAW.test(text) ? RAW.lastIndex : undefined;
}

/** What TOKEN has matched, by how it begins; undefined for white space. A quote that nothing closes is matched alone. */
function kindOf(matched: string): RustTokenKind | undefined {
  const first = matched[0] as string;
  if (first === " " || first === "\n") return undefined;
  if (matched.length === 1 && SIGNS.has(first)) return "punctuation";
  if (/\s/.test(first)) return undefined;
  if (/\d/.test(first)) return "number";
  if (matched.length > 1) {
    if (first === "/") return "comment";
    if (first === '"') return "string";
    if (first === "'") return matched.length > 2 && matched.endsWith("'") ? "char" : "lifetime";
    if (matched[1] === '"') return "string";
    if (matched[1] === "'") return "char";
  }
  return /[\p{XID_Start}_]/u.test(matched) ? "identifier" : "punctuation";
}

/** The tokens that mean something to the compiler. */
export function codeOf(text: string): RustToken[] {
  return lexRust(text).filter((t) => t.kind !== "comment");
}

/** Index of the token that closes the bracket at `open`; the number of tokens where the text ends first. */
export function closing(tokens: readonly RustToken[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const t = tokens[i] as RustToken;
    if (t.kind !== "punctuation") continue;
    if (isOpening(t)) depth++;
    else if (isClosing(t) && --depth === 0) return i;
  }
  return tokens.length;
}

/** Index of the token that opens the bracket closed at `close`; -1 where the text begins first. */
export function opening(tokens: readonly RustToken[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    const t = tokens[i] as RustToken;
    if (t.kind !== "punctuation") continue;
    if (isClosing(t)) depth++;
    else if (isOpening(t) && --depth === 0) return i;
  }
  return -1;
}

export function isOpening(t: RustToken): boolean {
  return t.kind === "punctuation" && (t.text === "(" || t.text === "[" || t.text === "{");
}

export function isClosing(t: RustToken): boolean {
  return t.kind === "punctuation" && (t.text === ")" || t.text === "]" || t.text === "}");
}

/** Whether the tokens from `at` on are these, whatever space is between them. */
export function follows(tokens: readonly RustToken[], at: number, ...texts: readonly string[]): boolean {
  return texts.every((text, i) => tokens[at + i]?.text === text);
}

/** The texts of a path as tokens: `::core::ffi::c_char` is nine of them. */
export function pathTokens(path: string): string[] {
  return lexRust(path).map((t) => t.text);
}

export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The text with stretches of it replaced. Edits must not overlap; of two insertions in one place the first comes first. */
export function edited(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  let out = "";
  let at = 0;
  for (const e of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (e.start < at)
      throw new Error(`two rewrites of the Rust overlap at ${JSON.stringify(text.slice(e.start, e.end).slice(0, 80))}`);
    out += text.slice(at, e.start) + e.text;
    at = e.end;
  }
  return out + text.slice(at);
}

/** Replace the tokens that a function has another text for. */
export function replaceTokens(
  text: string,
  replacement: (t: RustToken, i: number, tokens: readonly RustToken[]) => string | undefined,
): string {
  const tokens = codeOf(text);
  return edited(
    text,
    tokens.flatMap((t, i) => {
      const other = replacement(t, i, tokens);
      return other === undefined || other === t.text ? [] : [{ start: t.start, end: t.end, text: other }];
    }),
  );
}
