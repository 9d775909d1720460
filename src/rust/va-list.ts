/** c2rust 0.22.1 names the list of a variadic function by a type that rustc 1.95 no longer has; it is called VaList now. */
import type { RustItem } from "./items.ts";
import { follows, replaceTokens } from "./lexer.ts";

export function currentVaList(items: readonly RustItem[]): RustItem[] {
  return items.map((i) => ({
    ...i,
    text: replaceTokens(i.text, (t, at, tokens) =>
      t.text === "VaListImpl" && follows(tokens, at - 6, "core", ":", ":", "ffi", ":", ":") ? "VaList" : undefined,
    ),
  }));
}
