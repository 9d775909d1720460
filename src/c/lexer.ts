/** Tokens of C text, preprocessed or not: enough of the language to cut it into declarations and to find macro invocations. */

export type TokenKind = "identifier" | "number" | "string" | "char" | "punctuator" | "comment" | "directive";

export interface Token {
  kind: TokenKind;
  text: string;
  /** Offset of the first character in the text that was lexed. */
  start: number;
  /** Offset behind the last character. */
  end: number;
}

// One alternative a kind, longest punctuators first (C11 6.4.6; `##` and digraphs do not survive preprocessing): comment, directive,
// identifier, number, string, character, punctuator. A directive takes its continuation lines along.
// Without groups: a preprocessed unit has half a million tokens, and what a match with groups allocates costs more than the match.
const TOKEN =
  /\/\*[^]*?\*\/|\/\/(?:\\\n|[^\n])*|#(?:\\\n|\/\*[^]*?\*\/|[^\n])*|[A-Za-z_$](?:[\w$]|\\\n)*|\.?\d(?:[eEpP][+-]|[\w.])*|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\s\\]|\\\n|\s+/y;

/**
 * Lex C text. White space is dropped; a prefix as in `u8"…"` comes as an identifier before its string.
 * Never fails: a character that starts no token is a punctuator of its own.
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let lineStart = true;
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    if (!TOKEN.test(text)) {
      at++;
      continue;
    }
    let end = TOKEN.lastIndex;
    const matched = text.slice(at, end);
    let kind = kindOf(matched);
    if (kind === undefined) {
      if (matched.includes("\n")) lineStart = true;
      at = end;
      continue;
    }
    // It counts only as the first thing on a line.
    if (kind === "directive" && !lineStart) {
      kind = "punctuator";
      end = at + 1;
    }
    tokens.push({ kind, text: end - at === matched.length ? matched : text.slice(at, end), start: at, end });
    if (kind !== "comment") lineStart = false;
    at = end;
  }
  return tokens;
}

/** What TOKEN has matched, by how it begins; undefined for white space and joined lines. A quote that nothing closes is matched alone. */
function kindOf(matched: string): TokenKind | undefined {
  const first = matched[0] as string;
  if (/[\w$]/.test(first)) return first >= "0" && first <= "9" ? "number" : "identifier";
  if (/[\s\\]/.test(first)) return undefined;
  if (first === "#") return "directive";
  if (matched.length === 1) return "punctuator";
  if (first === "/") return matched[1] === "=" ? "punctuator" : "comment";
  if (first === ".") return matched[1] === "." ? "punctuator" : "number";
  return first === '"' ? "string" : first === "'" ? "char" : "punctuator";
}

/** Index of the token that closes the bracket at `open`, or -1 where the text ends first. */
export function matching(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "punctuator") continue;
    if (t.text === "(" || t.text === "[" || t.text === "{") depth++;
    else if (t.text === ")" || t.text === "]" || t.text === "}") {
      depth--;
      if (depth === 0) return i;
    }
  }
  return -1;
}

/** The tokens that mean something to the compiler. */
export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter((t) => t.kind !== "comment" && t.kind !== "directive");
}

/** Text before an `=` that nothing but space and comments follow; undefined where it does not end so. */
export function beforeEquals(text: string): string | undefined {
  return /^([^]*?)\s*=(?:\s|\/\*[^]*?\*\/|\/\/.*\n)*$/.exec(text)?.[1];
}
