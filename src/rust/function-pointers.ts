/**
 * c2rust unwraps a function pointer with a message before each call, and core's code that words the panic is larger than many modules.
 * C jumps: a null pointer faults at address 0, and the kernel's trace says so.
 */
import type { RustItem } from "./items.ts";
import { closing, codeOf, edited, follows, type RustToken } from "./lexer.ts";

export function callThroughPointers(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => {
    const tokens = codeOf(i.text);
    const edits = tokens.flatMap((t, at) => {
      if (t.text !== "." || !follows(tokens, at + 1, "expect", "(", '"non-null function pointer"')) return [];
      return [
        {
          start: (tokens[at + 1] as RustToken).start,
          end: (tokens[closing(tokens, at + 2)] as RustToken).end,
          text: "unwrap_unchecked()",
        },
      ];
    });
    return { ...i, text: edited(i.text, edits) };
  });
}
