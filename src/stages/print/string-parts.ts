/** Strings that C puts together of literals and of macros that are literals. */
import { lex } from "../../c/lexer.ts";
import type { Facts } from "../../facts/schema.ts";

/**
 * What stands between the quotes of each literal of a text, as C spells it.
 * @param within the macros whose text it is
 * @returns undefined where the text is anything else as well, or nothing
 */
export function stringParts(
  macros: Facts["macros"],
  text: string,
  within: readonly string[] = [],
): string[] | undefined {
  const parts: string[] = [];
  for (const t of lex(text)) {
    if (t.kind === "comment") continue;
    if (t.kind === "string") {
      parts.push(t.text.slice(1, -1));
      continue;
    }
    const [macro, more] = macros.filter((m) => m.name === t.text);
    if (macro === undefined || macro.parameters !== undefined || more !== undefined || within.includes(t.text))
      return undefined;
    const part = stringParts(macros, macro.body, [...within, t.text]);
    if (part === undefined) return undefined;
    parts.push(...part);
  }
  return parts.length === 0 ? undefined : parts;
}
