/**
 * Keeps macros away from text that was expanded already. Helpers have the unit's includes and `#define`s, so that what is written as in the
 * source means the same there; beside it stands text as the preprocessor left it, and a macro that has a function's name and calls it
 * (`#define kmalloc(flags, size) kmalloc(size, flags)`) would expand in it once more: C does not expand a macro within itself (C11 6.10.3.4),
 * but the second compiler cannot know that it is within.
 */
import { lex } from "../../c/lexer.ts";
import type { Invocation, PreprocessedUnit } from "./preprocess.ts";

/** `text` with those macros undefined that the expanded text in it names; gcc and clang both can put them aside. */
export function shielded(text: string, expanded: string, macros: ReadonlySet<string>): string {
  const names = macrosIn(expanded, macros);
  if (names.length === 0) return text;
  const aside = names.map((n) => `#pragma push_macro("${n}")\n#undef ${n}`);
  const back = names.map((n) => `#pragma pop_macro("${n}")`);
  return [...aside, text, ...back].join("\n");
}

/** The identifiers of expanded text that a macro has the name of. */
export function macrosIn(expanded: string, macros: ReadonlySet<string>): string[] {
  return [
    ...new Set(lex(expanded).flatMap((t) => (t.kind === "identifier" && macros.has(t.text) ? [t.text] : []))),
  ].sort();
}

/**
 * Whether a macro invocation, written down once more behind all of the unit's directives, may come out otherwise than where it stood: a
 * later directive takes a macro away or gives it another meaning, or makes one of a word that was none.
 */
export function meansElse(
  v: Pick<Invocation, "start" | "source">,
  expanded: string,
  unit: Pick<PreprocessedUnit, "directives">,
): boolean {
  const before = new Set<string>();
  const words = new Set(lex(`${v.source} ${expanded}`).flatMap((t) => (t.kind === "identifier" ? [t.text] : [])));
  return unit.directives.some((d) => {
    const [, what, name = ""] = /^#\s*(define|undef)\s+(\w+)/.exec(d.text) ?? [];
    if (what === undefined) return false;
    const known = before.has(name);
    before.add(name);
    return d.at > v.start && (what === "undef" || known || words.has(name));
  });
}
