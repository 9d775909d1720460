/** The parts of a variable's definition: `pub static mut NAME: TYPE = VALUE;`. */
import { closing, isClosing, isOpening, type RustToken } from "./lexer.ts";

export interface StaticParts {
  /** Indices of tokens: `static`, `mut` where it is there, the name. */
  keyword: number;
  mut: number | undefined;
  name: number;
  /** Offsets of the type, and of the value. */
  type: { start: number; end: number };
  value: { start: number; end: number };
}

/** @returns the definition whose `static` stands at `at`; undefined for a declaration without a value, and for all other tokens */
export function staticAt(tokens: readonly RustToken[], at: number): StaticParts | undefined {
  if (tokens[at]?.kind !== "identifier" || tokens[at]?.text !== "static") return undefined;
  const mut = tokens[at + 1]?.text === "mut" ? at + 1 : undefined;
  const name = mut === undefined ? at + 1 : at + 2;
  if (tokens[name]?.kind !== "identifier" || tokens[name + 1]?.text !== ":") return undefined;
  const equals = next(tokens, name + 2, "=");
  const end = equals === undefined ? undefined : next(tokens, equals + 1, ";");
  if (equals === undefined || end === undefined) return undefined;
  const range = (from: number, to: number): { start: number; end: number } => ({
    start: (tokens[from] as RustToken).start,
    end: (tokens[to - 1] as RustToken).end,
  });
  return { keyword: at, mut, name, type: range(name + 2, equals), value: range(equals + 1, end) };
}

/** The next such token outside of brackets; undefined where a statement ends before it. */
function next(tokens: readonly RustToken[], from: number, text: string): number | undefined {
  for (let i = from; i < tokens.length; i++) {
    const t = tokens[i] as RustToken;
    if (t.kind !== "punctuation") continue;
    if (t.text === text) return i;
    if (t.text === ";" || isClosing(t)) return undefined;
    if (isOpening(t)) i = closing(tokens, i);
  }
  return undefined;
}
