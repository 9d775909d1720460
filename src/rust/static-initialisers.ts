/**
 * Puts initialisers where they belong. c2rust moves every initialiser that it does not trust to be constant (one that names its own
 * variable, as DEFINE_MUTEX does; pointer arithmetic; unions) into a function that `.init_array` would call, and kernels mostly do not
 * run that section for modules. In Rust's constant evaluation nearly all of them are fine; one that is not fails to compile, loudly.
 */
import type { RustItem } from "./items.ts";
import { closing, codeOf, edited, isOpening, replaceTokens, type RustToken } from "./lexer.ts";
import { staticAt } from "./static-parts.ts";

export function restoreStaticInitialisers(items: RustItem[]): RustItem[] {
  const run = items.find((i) => i.kind === "fn" && i.name === "run_static_initializers");
  if (run === undefined) return items;
  const values = assignments(run.text);
  return items
    .filter((i) => i !== run && !(i.kind === "static" && i.name === "INIT_ARRAY"))
    .map((i) => {
      const value = i.kind === "static" ? values.get(i.name) : undefined;
      const tokens = value === undefined ? [] : codeOf(i.text);
      const parts = tokens.map((_, at) => staticAt(tokens, at)).find((p) => p !== undefined);
      return value === undefined || parts === undefined
        ? i
        : { ...i, text: edited(i.text, [{ ...parts.value, text: inUnsafe(value) }]) };
    });
}

/** At a block's end what begins with a block ends with it: `if a { 1 } else { 2 } != 0` is one value within parentheses only. */
function inUnsafe(value: string): string {
  const first = codeOf(value)[0]?.text ?? "";
  return BLOCKS.has(first) ? `unsafe { (${value}) }` : `unsafe { ${value} }`;
}
const BLOCKS = new Set(["if", "match", "loop", "unsafe", "{"]);

/** What each variable is given: the function's statements are all `NAME = VALUE;`. */
function assignments(fn: string): Map<string, string> {
  const tokens = codeOf(fn);
  const body = tokens.findIndex((t) => t.text === "{" && t.kind === "punctuation");
  const values = new Map<string, string>();
  for (let i = body + 1; i < tokens.length; ) {
    let end = i;
    while (end < tokens.length && tokens[end]?.text !== ";")
      end = isOpening(tokens[end] as RustToken) ? closing(tokens, end) + 1 : end + 1;
    const [name, value, last] = [tokens[i], tokens[i + 2], tokens[end - 1]];
    // Constant evaluation allows `offset` only within an object; poisoned list pointers are none.
    if (name?.kind === "identifier" && tokens[i + 1]?.text === "=" && value && last)
      values.set(
        name.text,
        replaceTokens(fn.slice(value.start, last.end), (t, at, all) =>
          t.text === "offset" && all[at - 1]?.text === "." && all[at + 1]?.text === "(" ? "wrapping_offset" : undefined,
        ),
      );
    i = end + 1;
  }
  return values;
}
