/**
 * What a text that moves to another file has to import there: names of core's that it says itself, and those that the macros it invokes
 * say, since rustc looks up what a macro's body names where the macro is invoked.
 */
import { codeOf, type RustToken } from "../../../rust/lexer.ts";
import { placedItems } from "../../../rust/items.ts";
import { itemsOf } from "../items/crate.ts";

/** `core::ptr::null` of `use core::ptr::{null, null_mut};`, by `null`. */
export type Imports = ReadonlyMap<string, string>;

/** The names of core's that a file imports, one by one. */
export function importsOf(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const item of placedItems(text)) {
    const tokens = item.kind === "use" ? codeOf(item.text) : [];
    const words = tokens.slice(tokens[1]?.text === ":" ? 3 : 1, -1).map((t) => t.text);
    const open = words.indexOf("{");
    const path = words.slice(0, open < 0 ? words.length : open).join("");
    if (!path.startsWith("core::")) continue;
    if (open < 0) out.set(words.at(-1) as string, path);
    else for (const name of words.slice(open + 1, -1)) if (/^\w+$/.test(name)) out.set(name, `${path}${name}`);
  }
  return out;
}

/** The `use` lines for what a text needs of `known`. @param macros the text of `src/macros.rs` */
export function importing(text: string, macros: string, known: Imports): string {
  const names = namesReached(text, macros);
  const modules = Map.groupBy(
    [...known].filter(([name]) => names.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)),
    ([name, path]) => path.slice(0, -name.length - 2),
  );
  return [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([module, all]) =>
        `use ${module}::${all.length === 1 ? all[0]?.[0] : `{${all.map(([name]) => name).join(", ")}}`};\n`,
    )
    .join("");
}

/** The identifiers of a text, and those in the bodies of the macros that it invokes, directly or through one another. */
function namesReached(text: string, macros: string): Set<string> {
  const bodies = new Map<string, ReadonlySet<string>>();
  for (const item of itemsOf("src/macros.rs", macros)) {
    const [rules, , name] = item.kind === "other" ? codeOf(item.text) : [];
    if (rules?.text === "macro_rules" && name) bodies.set(name.text, item.names);
  }
  const found = new Set(codeOf(text).flatMap((t: RustToken) => (t.kind === "identifier" ? [t.text] : [])));
  // What is added is visited as well.
  for (const name of found) for (const n of bodies.get(name) ?? []) found.add(n);
  return found;
}
