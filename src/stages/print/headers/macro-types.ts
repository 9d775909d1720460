/** Types that a text needs in sight because of the macros it invokes: rustc looks up what a macro's body names where the macro is invoked. */
import { codeOf } from "../../../rust/lexer.ts";
import { itemsOf } from "../items/crate.ts";

/** The names of core::ffi in the bodies of the macros that a text invokes, directly or through one another. @param macros the text of `src/macros.rs` */
export function ffiOfMacros(text: string, macros: string): string[] {
  const bodies = new Map<string, ReadonlySet<string>>();
  for (const item of itemsOf("src/macros.rs", macros)) {
    const [rules, , name] = item.kind === "other" ? codeOf(item.text) : [];
    if (rules?.text === "macro_rules" && name) bodies.set(name.text, item.names);
  }
  const found = new Set<string>();
  const waiting = new Set(codeOf(text).map((t) => t.text));
  for (const name of waiting) {
    for (const n of bodies.get(name) ?? []) {
      waiting.add(n);
      if (/^c_[a-z]+$/.test(n)) found.add(n);
    }
  }
  return [...found].sort();
}
