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

// One alternative a kind, longest punctuators first (C11 6.4.6; `##` and digraphs do not survive preprocessing).
// A directive takes its continuation lines along; it counts only as the first thing on a line, which the lexer checks.
const TOKEN =
  /(?<comment>\/\*[^]*?\*\/|\/\/(?:\\\n|[^\n])*)|(?<directive>#(?:\\\n|\/\*[^]*?\*\/|[^\n])*)|(?<identifier>[A-Za-z_$](?:[\w$]|\\\n)*)|(?<number>\.?\d(?:[eEpP][+-]|[\w.])*)|(?<string>"(?:\\[^]|[^"\\\n])*")|(?<char>'(?:\\[^]|[^'\\\n])*')|(?<punctuator>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\s\\])|\\\n|\s+/gy;

/**
 * Lex C text. White space is dropped; a prefix as in `u8"…"` comes as an identifier before its string.
 * Never fails: a character that starts no token is a punctuator of its own.
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let lineStart = true;
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const m = TOKEN.exec(text);
    if (m === null) {
      at++;
      continue;
    }
    let end = TOKEN.lastIndex;
    const g = m.groups as Partial<Record<TokenKind, string>>;
    let kind: TokenKind | undefined;
    for (const k of KINDS) {
      if (g[k] !== undefined) {
        kind = k;
        break;
      }
    }
    if (kind === undefined) {
      if (m[0].includes("\n")) lineStart = true;
      at = end;
      continue;
    }
    if (kind === "directive" && !lineStart) {
      kind = "punctuator";
      end = at + 1;
    }
    tokens.push({ kind, text: text.slice(at, end), start: at, end });
    if (kind !== "comment") lineStart = false;
    at = end;
  }
  return tokens;
}

const KINDS: readonly TokenKind[] = ["identifier", "punctuator", "number", "string", "comment", "char", "directive"];

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
