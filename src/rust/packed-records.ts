/**
 * Packs a structure or union to so many bytes where a member of no elements says so (src/stages/lower/low-alignments.ts): c2rust reads no such
 * packing but `#pragma pack`'s, and of a union none.
 */
import type { RustItem } from "./items.ts";
import { closing, codeOf, type Edit, edited, isClosing, isOpening, type RustToken } from "./lexer.ts";

/** What such a member's name begins with; the number of bytes comes next. */
export const PACKING_MEMBER = "kport_packed_";
const MEMBER = new RegExp(`^${PACKING_MEMBER}(\\d+)_\\d+$`);

export function packRecords(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => {
    if (!i.text.includes(PACKING_MEMBER)) return i;
    const tokens = codeOf(i.text);
    const text = edited(i.text, markers(tokens));
    const to = tokens.map((t) => MEMBER.exec(t.text)?.[1]).find((n) => n !== undefined);
    if ((i.kind !== "struct" && i.kind !== "union") || to === undefined) return { ...i, text };
    return { ...i, text, attributes: i.attributes.map((a) => packed(a, to)) };
  });
}

/** `#[repr(C, packed(4))]` of `#[repr(C)]`, or of one with another packing. */
function packed(attribute: string, to: string): string {
  const tokens = codeOf(attribute);
  if (tokens[2]?.text !== "repr") return attribute;
  return `#[repr(C, ${to === "1" ? "packed" : `packed(${to})`})]`;
}

/** The member where it is declared or given its value, with the comma behind it. */
function markers(tokens: readonly RustToken[]): Edit[] {
  return tokens.flatMap((t, i) => {
    if (t.kind !== "identifier" || !MEMBER.test(t.text) || tokens[i + 1]?.text !== ":") return [];
    const first = tokens[i - 1]?.text === "pub" ? i - 1 : i;
    let last = i + 2;
    for (; last < tokens.length; last++) {
      const x = tokens[last] as RustToken;
      if (isOpening(x)) last = closing(tokens, last);
      else if (x.text === "," || isClosing(x)) break;
    }
    const end = tokens[last]?.text === "," ? tokens[last] : tokens[last - 1];
    return end === undefined ? [] : [{ start: (tokens[first] as RustToken).start, end: end.end, text: "" }];
  });
}
