/** Words of LLVM's assembly language (llvm/lib/AsmParser/LLLexer.cpp). */
import { Unsupported } from "./model.ts";

export type TokenKind =
  | "local"
  | "global"
  | "word"
  | "string"
  | "bytes"
  | "number"
  | "attributes"
  | "metadata"
  | "punctuation"
  | "end";

export interface Token {
  kind: TokenKind;
  /** Without the sigil and the quotes. */
  text: string;
}

const BLANK = /(?:[ \t\r\n]+|;[^\n]*)+/y;
const NAME = /"[^"]*"|[-a-zA-Z$._0-9]+/y;
const STRING = /"[^"]*"/y;
const WORD = /[-a-zA-Z$._0-9]+/y;
const METADATA = /[-a-zA-Z$._0-9\\]*/y;
const NUMBER = /-?(?:0x[KLMHR]?[0-9A-Fa-f]+|[0-9]+(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?)?)/y;
const DIGITS = /[0-9]+/y;

const END: Token = { kind: "end", text: "" };

/** A reader over the words of a text. */
export class Tokens {
  private readonly text: string;
  private position = 0;
  private readonly ahead: Token[] = [];
  constructor(text: string) {
    this.text = text;
  }

  peek(distance = 0): Token {
    while (this.ahead.length <= distance) this.ahead.push(this.read());
    return this.ahead[distance] as Token;
  }

  next(): Token {
    return this.ahead.shift() ?? this.read();
  }

  private read(): Token {
    this.match(BLANK);
    if (this.position >= this.text.length) return END;
    const first = this.text.charAt(this.position);
    switch (first) {
      case "%":
      case "@":
        this.position++;
        return { kind: first === "%" ? "local" : "global", text: unquoted(this.need(NAME)) };
      case '"':
        return { kind: "string", text: this.need(STRING).slice(1, -1) };
      case "#": {
        this.position++;
        const group = this.match(DIGITS);
        return group === undefined ? { kind: "punctuation", text: "#" } : { kind: "attributes", text: group };
      }
      case "!":
        this.position++;
        return { kind: "metadata", text: this.match(METADATA) ?? "" };
    }
    if (first === "c" && this.text.charAt(this.position + 1) === '"') {
      this.position++;
      return { kind: "bytes", text: this.need(STRING).slice(1, -1) };
    }
    const isRest = this.text.startsWith("...", this.position);
    // A block's label may begin with a dot: `.critedge:`.
    if (/[a-zA-Z$_.]/.test(first) && !isRest) return { kind: "word", text: this.need(WORD) };
    if (/[-0-9]/.test(first)) {
      const number = this.match(NUMBER);
      if (number !== undefined) return { kind: "number", text: number };
    }
    const mark = isRest ? "..." : first;
    this.position += mark.length;
    return { kind: "punctuation", text: mark };
  }

  private match(of: RegExp): string | undefined {
    of.lastIndex = this.position;
    const m = of.exec(this.text);
    if (m === null) return undefined;
    this.position = of.lastIndex;
    return m[0];
  }

  private need(of: RegExp): string {
    const found = this.match(of);
    if (found === undefined) throw new Unsupported(`\`${this.text.slice(this.position, this.position + 20)}\``);
    return found;
  }

  is(text: string, distance = 0): boolean {
    const t = this.peek(distance);
    return t.text === text && (t.kind === "word" || t.kind === "punctuation");
  }

  /** Take this word where it comes next. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): void {
    const t = this.next();
    if (t.text !== text) throw new Unsupported(`\`${t.text}\` where \`${text}\` was expected`);
  }

  name(kind: TokenKind): string {
    const t = this.next();
    if (t.kind !== kind) throw new Unsupported(`\`${t.text}\` is no ${kind}`);
    return t.text;
  }

  number(): number {
    return Number(this.name("number"));
  }

  /** Skip a group in brackets that begins here, if one does. */
  skipGroup(): void {
    const open = this.peek().text;
    if (this.peek().kind !== "punctuation" || !["(", "[", "{", "<"].includes(open)) return;
    let depth = 0;
    do {
      const t = this.next();
      if (t.kind === "end") throw new Unsupported("a bracket that is not closed");
      if (t.kind !== "punctuation") continue;
      if ("([{<".includes(t.text)) depth++;
      else if (")]}>".includes(t.text)) depth--;
    } while (depth > 0);
  }
}

function unquoted(name: string): string {
  return name.startsWith('"') ? unescaped(name.slice(1, -1)).toString("latin1") : name;
}

/** The bytes of a string: `\0A` is one. */
export function unescaped(text: string): Buffer {
  return Buffer.from(
    text.replaceAll(/\\([0-9A-Fa-f]{2}|\\)/g, (_, hex: string) =>
      hex === "\\" ? "\\" : String.fromCharCode(parseInt(hex, 16)),
    ),
    "latin1",
  );
}
