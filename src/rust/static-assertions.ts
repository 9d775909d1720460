/** Turns the constants that stand for C's static assertions (src/stages/lower/static-assertions.ts) into assertions of the Rust's. */
import type { RustItem } from "./items.ts";
import { codeOf } from "./lexer.ts";
import { staticAt } from "./static-parts.ts";

/** @param texts the assertions as written in C, by the names of their constants */
export function assertStatically(items: readonly RustItem[], texts: ReadonlyMap<string, string>): RustItem[] {
  return items.map((i) => {
    const text = i.kind === "static" ? texts.get(i.name) : undefined;
    const tokens = text === undefined ? [] : codeOf(i.text);
    const parts = tokens.map((_, at) => staticAt(tokens, at)).find((p) => p !== undefined);
    const value = parts && i.text.slice(parts.value.start, parts.value.end);
    return value === undefined
      ? i
      : {
          kind: "other",
          name: "",
          attributes: [],
          text: `const _: () = assert!((${value}) != 0, ${JSON.stringify(text).replace(/[{}]/g, "$&$&")});`,
        };
  });
}
