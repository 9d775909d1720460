/** The arguments of an invocation at file scope, as far as they have a form in Rust. */
import { lex, type Token } from "../../../c/lexer.ts";
import type { Facts } from "../../../facts/schema.ts";
import { stringParts } from "../string-parts.ts";

export interface Argument {
  /** As Rust is given it. */
  given: string;
  /** It is one name. */
  word?: string;
  /** It is the address of what has this name. */
  address?: string;
  /** It is a number, as Rust spells it. */
  number?: string;
  /** It is bits, of names and numbers: its tokens, as Rust spells them. */
  bits?: string[];
  /** It is one string: what is in it, as Rust and C both spell it. */
  literal?: string;
  /** It is a string that the preprocessor puts together. */
  computed?: true;
}

/**
 * @param macros the unit's: parts of a string may be some
 * @returns undefined for what there is no form for
 */
export function argumentOf(text: string, macros: Facts["macros"]): Argument | undefined {
  const tokens = lex(text).filter((t) => t.kind !== "comment");
  const [first, second] = tokens;
  if (!first) return undefined;
  const literal = stringParts(macros, text)?.join("");
  if (literal !== undefined) {
    // Of C's escapes Rust has these by the same spelling.
    return /\\[^nrt\\"]/.test(literal) ? undefined : { given: `"${literal}"`, literal };
  }
  if (tokens.some((t) => t.kind === "string"))
    return tokens.every((t) => t.kind === "string" || t.kind === "identifier")
      ? { given: "", computed: true }
      : undefined;
  if (tokens.length === 1 && first.kind === "identifier") return { given: first.text, word: first.text };
  const number = tokens.length === 1 ? numberOf(first) : undefined;
  if (number !== undefined) return { given: number, number };
  const bits = tokens.map((t, i) => (i % 2 === 1 ? (t.text === "|" ? "|" : undefined) : (wordOf(t) ?? numberOf(t))));
  if (bits.length > 1 && bits.length % 2 === 1 && bits.every((b) => b !== undefined))
    return { given: bits.join(" "), bits };
  if (tokens.length === 2 && first.text === "&" && second?.kind === "identifier")
    return { given: `&raw mut ${second.text}`, address: second.text };
  return undefined;
}

function wordOf(t: Token): string | undefined {
  return t.kind === "identifier" ? t.text : undefined;
}

function numberOf(t: Token): string | undefined {
  if (t.kind !== "number" || !/^(?:0x[0-9a-fA-F]+|\d+)$/.test(t.text)) return undefined;
  return /^0[0-7]+$/.test(t.text) ? `0o${t.text.slice(1)}` : t.text;
}

/** A macro's parameter as Rust calls it. */
export function plain(parameter: string): string {
  return parameter.replace(/^_+/, "").replace(/^type$/, "ty");
}
