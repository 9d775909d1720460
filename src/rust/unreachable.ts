/**
 * c2rust makes a panic of `__builtin_unreachable()`. C says there that nothing gets so far, as behind the trap of BUG(): it has no code, or
 * with rustc a trap of its own, which objtool knows to follow a call that does not return.
 */
import type { RustItem } from "./items.ts";
import { codeOf, edited, follows, type RustToken } from "./lexer.ts";

export function restoreUnreachable(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => {
    const tokens = codeOf(i.text);
    const edits = tokens.flatMap((t, at) => {
      if (t.kind !== "identifier" || t.text !== "unreachable" || !follows(tokens, at + 1, "!", "(", ")")) return [];
      const next = tokens[at + 4]?.text;
      return [
        {
          start: t.start,
          end: (tokens[at + 3] as RustToken).end,
          text: `::core::hint::unreachable_unchecked()${next === ";" || next === "," || next === ")" ? "" : ";"}`,
        },
      ];
    });
    return { ...i, text: edited(i.text, edits) };
  });
}
