/**
 * What a constant is, as its macro's body says it: sums and bits of numbers and of other constants. The body is read as C reads it and said in
 * the constant's own type; what does not come to the constant's value is not said.
 */
import { lex } from "../../c/lexer.ts";
import { fits, wrapped } from "./convert.ts";
import { BINDS, binary, prefix, type Rust, rustName } from "./rust-text.ts";
import { I32, type RustType } from "./rust-type.ts";

/** What a name in a body stands for: a constant of the port, or a macro that could be one. */
export interface Named {
  value: bigint;
  type: RustType;
}

type Said = Rust & { value: bigint };

/** Binary operators of C, those that bind least first. */
const LEVELS: readonly (readonly string[])[] = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];
/** No sum that a person reads; what comes out of a stranger's build may be as deep as it is long. */
const MOST_WORDS = 200;
const NUMBER = /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)[uUlL]*$/;

/**
 * A body in a type, and what it comes to there, which may not be what it is in C's.
 * @param names what it may name
 * @returns nothing where it is of another kind
 */
export function saidIn(
  body: string,
  type: RustType,
  names: (name: string) => Named | undefined,
): { text: string; value: bigint } | undefined {
  const words = wordsOf(body);
  return words.length > MOST_WORDS ? undefined : new BodyReader(words, type, names).whole();
}

/** Whether a body is about bits: the number that it comes to reads better in hexadecimal. */
export function isOfBits(body: string): boolean {
  return wordsOf(body).some((w) => /^(?:[|&^~]|<<|0[xX].*)$/.test(w));
}

function wordsOf(body: string): string[] {
  return lex(body).flatMap((t) => (t.kind === "comment" ? [] : [t.text]));
}

/** The names in a body. */
export function namesIn(body: string): string[] {
  return lex(body).flatMap((t) => (t.kind === "identifier" ? [t.text] : []));
}

class BodyReader {
  private at = 0;
  private readonly words: readonly string[];
  private readonly type: RustType;
  private readonly names: (name: string) => Named | undefined;
  constructor(words: readonly string[], type: RustType, names: (name: string) => Named | undefined) {
    this.words = words;
    this.type = type;
    this.names = names;
  }

  whole(): Said | undefined {
    const made = this.binary(0, this.type);
    return this.at === this.words.length ? made : undefined;
  }

  private take(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }

  /** @param type nothing where any integer does: that by which is shifted */
  private binary(level: number, type: RustType | undefined): Said | undefined {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary(type);
    let left = this.binary(level + 1, type);
    for (
      let op = this.words[this.at] ?? "";
      left !== undefined && operators.includes(op);
      op = this.words[this.at] ?? ""
    ) {
      this.at++;
      const right = this.binary(level + 1, op === "<<" || op === ">>" ? undefined : type);
      left = right && joined(left, op, right);
    }
    return left;
  }

  private unary(type: RustType | undefined): Said | undefined {
    for (const op of ["-", "~"]) {
      if (!this.take(op)) continue;
      const of = this.unary(type);
      // All bits.
      if (op === "~" && of?.text === "0" && of.type.k === "int" && !of.type.signed)
        return said(`${rustName(of.type)}::MAX`, wrapped(-1n, of.type), of.type);
      const value = of && (op === "-" ? -of.value : wrapped(~of.value, of.type));
      return of && value !== undefined && fits(value, of.type)
        ? { ...prefix(op === "-" ? "-" : "!", of, of.type), value }
        : undefined;
    }
    return this.primary(type);
  }

  /** A cast: the type that is wanted is said where the constant is, and the value tells. */
  private skipCast(): void {
    const end = this.words.indexOf(")", this.at);
    const inner = this.words.slice(this.at + 1, end);
    const isCast =
      this.words[this.at] === "(" &&
      inner.length > 0 &&
      inner.every((w) => /^[A-Za-z_]\w*$/.test(w)) &&
      /^[\w(]/.test(this.words[end + 1] ?? "") &&
      inner.every((w) => this.names(w) === undefined);
    if (isCast) this.at = end + 1;
  }

  private primary(type: RustType | undefined): Said | undefined {
    this.skipCast();
    if (this.take("(")) {
      const inner = this.binary(0, type);
      return this.take(")") ? inner : undefined;
    }
    const word = this.words[this.at++] ?? "";
    const digits = NUMBER.exec(word)?.[1]?.toLowerCase();
    if (digits !== undefined) {
      const text = /^0[0-7]+$/.test(digits) ? `0o${digits.replace(/^0+(?=.)/, "")}` : digits;
      const value = BigInt(text);
      return type === undefined || fits(value, type) ? said(text, value, type ?? I32) : undefined;
    }
    if (!/^[A-Za-z_]\w*$/.test(word)) return undefined;
    // A bit, whatever the macro is called that is given its number alone (`BIT(3)`): the value tells.
    if (this.take("(")) {
      const bit = this.binary(0, undefined);
      const one = said("1", 1n, this.type);
      return this.take(")") && bit ? joined(one, "<<", bit) : undefined;
    }
    const named = this.names(word);
    if (!named || (type !== undefined && rustName(named.type) !== rustName(type))) return undefined;
    return said(word, named.value, named.type);
  }
}

function said(text: string, value: bigint, type: RustType): Said {
  return { text, value, type, binds: BINDS.postfix };
}

/** What rustc computes without an overflow, of which it would say so. */
function joined(left: Said, op: string, right: Said): Said | undefined {
  const value = computed(left.value, op, right.value, left.type);
  return value !== undefined && fits(value, left.type) ? { ...binary(left, op, right, left.type), value } : undefined;
}

function computed(a: bigint, op: string, b: bigint, type: RustType): bigint | undefined {
  switch (op) {
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "&":
      return a & b;
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0n ? undefined : a / b;
    case "%":
      return b === 0n ? undefined : a % b;
    default: {
      const isWithin = type.k === "int" && b >= 0n && b < BigInt(type.bits);
      return isWithin ? (op === "<<" ? a << b : a >> b) : undefined;
    }
  }
}
