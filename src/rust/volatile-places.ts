/**
 * c2rust names the place of a volatile access by a reference, which Rust forbids of a packed structure's member; an address will do.
 */
import type { RustItem } from "./items.ts";
import { codeOf, edited, follows, pathTokens, type RustToken } from "./lexer.ts";

const ACCESS = pathTokens("::core::ptr::");

export function addressVolatilePlaces(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => {
    const tokens = codeOf(i.text);
    const edits = tokens.flatMap((t, at) => {
      if (
        (t.text !== "write_volatile" && t.text !== "read_volatile") ||
        !follows(tokens, at - ACCESS.length, ...ACCESS)
      )
        return [];
      const reference = firstArgument(tokens, at + 1);
      const writes = t.text === "write_volatile";
      // `&mut *p` makes an address of one, and asks nothing of the place.
      if (
        tokens[reference]?.text !== "&" ||
        (tokens[reference + 1]?.text === "mut") !== writes ||
        /^(?:raw|\*)$/.test(tokens[reference + (writes ? 2 : 1)]?.text ?? "")
      )
        return [];
      const at0 = tokens[reference] as RustToken;
      return [
        writes ? { start: at0.end, end: at0.end, text: "raw " } : { start: at0.end, end: at0.end, text: "raw const " },
      ];
    });
    return { ...i, text: edited(i.text, edits) };
  });
}

/** Where a call's first argument begins, type arguments left behind; -1 where there is no call. */
function firstArgument(tokens: readonly RustToken[], from: number): number {
  let i = from;
  if (follows(tokens, i, ":", ":", "<")) {
    let depth = 0;
    for (i += 2; i < tokens.length; i++) {
      if (tokens[i]?.text === "<") depth++;
      else if (tokens[i]?.text === ">" && tokens[i - 1]?.text !== "-" && --depth === 0) break;
    }
    i++;
  }
  return tokens[i]?.text === "(" ? i + 1 : -1;
}
