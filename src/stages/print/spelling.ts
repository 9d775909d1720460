/** Numbers as the macros that stand for them spell them. */
import { lex } from "../../c/lexer.ts";
import { wrapped } from "./convert.ts";
import { rustName } from "./rust-text.ts";
import type { RustType } from "./rust-type.ts";

/** In the base that a macro's body has it in, or as the bit that it is, where that is all that the body says. */
export function spelledIn(body: string, value: bigint): { spelling?: string } {
  const digits = /^(0[xX][0-9a-fA-F]+)[uUlL]*$/
    .exec(body.replaceAll(/[()\s]|\b__poll_t\b|\b__force\b/g, ""))?.[1]
    ?.toLowerCase();
  if (digits !== undefined && BigInt(digits) === value) return { spelling: digits };
  const bit = bitIn(body);
  return bit !== undefined && 1n << BigInt(bit) === value ? { spelling: `1 << ${bit}` } : {};
}

/** The number of a bit: of `(1 << 3)`, or of a macro's invocation with it alone, whatever the macro is called (`BIT(3)`): the value tells. */
function bitIn(body: string): number | undefined {
  const words = lex(body)
    .filter((t) => t.kind !== "comment" && t.text !== "(" && t.text !== ")" && t.text.trim() !== "")
    .map((t) => t.text);
  const last = words.at(-1) ?? "";
  const isShift = /^1[uUlL]*$/.test(words[0] ?? "") && words.slice(1, -1).join("") === "<<";
  const isInvocation = words.length === 2 && /^[A-Za-z_]\w*$/.test(words[0] ?? "");
  return (isShift || isInvocation) && /^\d{1,2}$/.test(last) ? Number(last) : undefined;
}

/** A number as a literal of a type: all bits of an unsigned one are its `MAX`. */
export function numberText(value: bigint, type: RustType): string {
  const here = wrapped(value, type);
  const isAll = type.k === "int" && !type.signed && here !== value && here === (1n << BigInt(type.bits)) - 1n;
  return isAll ? `${rustName(type)}::MAX` : here.toString();
}
