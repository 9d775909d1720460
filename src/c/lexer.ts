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

// One alternative a kind, longest punctuators first (C11 6.4.6; `##` and digraphs do not survive preprocessing): line comment, identifier,
// number, string, character, punctuator. Comments and directives are not here: one that nothing closes would be searched to the end of the
// text again and again. Without groups: a preprocessed unit has half a million tokens, and what a match with groups allocates costs more
// than the match.
const TOKEN =
  /\/\/(?:\\\n|[^\n])*|[A-Za-z_$](?:[\w$]|\\\n)*|\.?\d(?:[eEpP][+-]|[\w.])*|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\s\\]|\\\n|\s+/y;

/** What a character can begin, of what needs no pattern: half a million tokens a unit, of which these are nine in ten. */
const [PATTERN, WORD, DIGIT, SPACE, ALONE] = [0, 1, 2, 3, 4];
const BEGINS = Uint8Array.from({ length: 128 }, (_, code) => {
  const c = String.fromCharCode(code);
  if (/[A-Za-z_$]/.test(c)) return WORD;
  if (/\d/.test(c)) return DIGIT;
  if (/\s/.test(c)) return SPACE;
  return "()[]{};,?:~@`".includes(c) ? ALONE : PATTERN;
});
const [NEWLINE, HASH, SLASH, STAR, BACKSLASH] = [10, 35, 47, 42, 92];

/**
 * Lex C text. White space is dropped; a prefix as in `u8"…"` comes as an identifier before its string.
 * Never fails: a character that starts no token is a punctuator of its own.
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  const comments = new Comments(text);
  let lineStart = true;
  for (let at = 0; at < text.length; ) {
    const first = text.charCodeAt(at);
    const begins = BEGINS[first] ?? PATTERN;
    if (begins === SPACE) {
      if (first === NEWLINE) lineStart = true;
      at++;
      continue;
    }
    if (begins === ALONE) {
      tokens.push({ kind: "punctuator", text: text[at] as string, start: at, end: at + 1 });
      lineStart = false;
      at++;
      continue;
    }
    if (begins === WORD) {
      let end = at + 1;
      for (let b = BEGINS[text.charCodeAt(end)]; b === WORD || b === DIGIT; b = BEGINS[text.charCodeAt(end)]) end++;
      // It may go on in the next line.
      if (text.charCodeAt(end) !== BACKSLASH) {
        tokens.push({ kind: "identifier", text: text.slice(at, end), start: at, end });
        lineStart = false;
        at = end;
        continue;
      }
    }
    // It counts only as the first thing on a line.
    const special = first === HASH ? (lineStart ? comments.endOfDirective(at) : at + 1) : comments.endAt(at);
    TOKEN.lastIndex = at;
    if (special === undefined && !TOKEN.test(text)) {
      at++;
      continue;
    }
    const end = special ?? TOKEN.lastIndex;
    const matched = text.slice(at, end);
    const kind = first === HASH && !lineStart ? "punctuator" : kindOf(matched);
    if (kind === undefined) {
      if (matched.includes("\n")) lineStart = true;
      at = end;
      continue;
    }
    tokens.push({ kind, text: matched, start: at, end });
    if (kind !== "comment") lineStart = false;
    at = end;
  }
  return tokens;
}

/** The comments of a text, each looked for once. */
class Comments {
  private readonly text: string;
  /** From here on none is closed. */
  private open = Number.POSITIVE_INFINITY;
  constructor(text: string) {
    this.text = text;
  }

  /** Behind the comment that begins here; undefined where none does, or nothing closes it. */
  endAt(at: number): number | undefined {
    if (at >= this.open || this.text.charCodeAt(at) !== SLASH || this.text.charCodeAt(at + 1) !== STAR)
      return undefined;
    const end = this.text.indexOf("*/", at + 2);
    if (end >= 0) return end + 2;
    this.open = at;
    return undefined;
  }

  /** A directive takes its continuation lines along, and the lines of a comment that begins in it. */
  endOfDirective(from: number): number {
    let at = from + 1;
    for (;;) {
      NEXT_IN_DIRECTIVE.lastIndex = at;
      const next = NEXT_IN_DIRECTIVE.exec(this.text);
      if (next === null) return this.text.length;
      if (next[0] === "\n") return next.index;
      at = next[0] === "/*" ? (this.endAt(next.index) ?? next.index + 1) : next.index + 2;
    }
  }
}
const NEXT_IN_DIRECTIVE = /\\\n|\/\*|\n/g;

/** What TOKEN has matched, by how it begins; undefined for white space and joined lines. A quote that nothing closes is matched alone. */
function kindOf(matched: string): TokenKind | undefined {
  const first = matched[0] as string;
  const begins = BEGINS[first.charCodeAt(0)];
  if (begins === WORD || begins === DIGIT) return begins === DIGIT ? "number" : "identifier";
  // Unicode knows more white space.
  if (begins === SPACE || first === "\\" || (begins === undefined && /\s/.test(first))) return undefined;
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
  return tokens.filter(isSignificant);
}

export function isSignificant({ kind }: Token): boolean {
  return kind !== "comment" && kind !== "directive";
}

/** Text before an `=` that nothing but space and comments follow; undefined where it does not end so. The text begins with a token. */
export function beforeEquals(text: string): string | undefined {
  const last = lex(text).findLast((t) => t.kind !== "comment");
  return last?.text === "=" ? text.slice(0, last.start).trimEnd() : undefined;
}
