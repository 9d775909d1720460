/** Which invocations of macros still stand in a function's Rust by the names that they have in its C. */
import { codeOf } from "../../rust/lexer.ts";

/** Rust's own words for what is a macro in C. */
const RUST: ReadonlyMap<string, readonly string[]> = new Map([["NULL", ["null", "null_mut", "is_null", "None"]]]);

/**
 * The names that the Rust has less often than the C, once for each time that it is missing.
 * @param invoked the macros that the C invokes, one by one
 * @param helpers what the helper that stands for a macro is called, by its symbol
 */
export function lostNames(invoked: readonly string[], text: string, helpers: ReadonlyMap<string, string>): string[] {
  const words = Map.groupBy(
    codeOf(text).map((t) => helpers.get(t.text) ?? t.text),
    (word) => word,
  );
  return [...Map.groupBy(invoked, (name) => name)].flatMap(([name, all]) => {
    const kept = [name, ...(RUST.get(name) ?? [])].reduce((n, word) => n + (words.get(word)?.length ?? 0), 0);
    return all.slice(kept);
  });
}
