/** Other symbols of what a unit defines (`MODULE_DEVICE_TABLE`): Rust has assembly for them, which says their names in strings. */
import { codeOf, type Edit, follows } from "../../../rust/lexer.ts";

/** The symbol that an item is, where it is nothing but another name of one. */
export function aliasIn(text: string): string | undefined {
  const tokens = codeOf(text);
  const at = tokens.findIndex((t) => t.text === "global_asm");
  const directive = at >= 0 && follows(tokens, at + 1, "!", "(") ? tokens[at + 3] : undefined;
  return directive?.kind === "string" ? /^"\.globl (\w+)"$/.exec(directive.text)?.[1] : undefined;
}

/**
 * The strings of such an item, with what a macro's arguments paste into the symbol.
 * @param words the arguments that are one, by their parameters
 * @returns undefined where an argument is no part of the symbol, or more than one
 */
export function aliasEdits(text: string, alias: string, words: ReadonlyMap<string, string>): Edit[] | undefined {
  let pieces = [alias];
  for (const [parameter, word] of [...words].sort(([, a], [, b]) => b.length - a.length)) {
    const split = pieces.map((piece) => (piece.startsWith("$") ? [piece] : around(piece, word)));
    if (split.filter((s) => s.length === 2).length !== 1 || split.some((s) => s.length > 2)) return undefined;
    pieces = split.flatMap((s) => (s.length === 2 ? [s[0] as string, `$${parameter}`, s[1] as string] : s));
  }
  const symbol = (before: string, behind: string): string =>
    [
      `${before}${pieces[0] ?? ""}`,
      ...pieces.slice(1, -1),
      `${pieces.length > 1 ? (pieces.at(-1) ?? "") : ""}${behind}`,
    ]
      .filter((s) => s !== "")
      .map((s) => (s.startsWith("$") ? `stringify!(${s})` : `"${s}"`))
      .join(", ");
  return codeOf(text).flatMap((t): Edit[] => {
    if (t.kind !== "string") return [];
    const inner = t.text.slice(1, -1);
    const at = inner.indexOf(alias);
    if (at < 0) return [];
    const said = symbol(inner.slice(0, at), inner.slice(at + alias.length));
    return [{ start: t.start, end: t.end, text: `concat!(${said})` }];
  });
}

/** What stands before and behind a word in a name whose words `_` parts. */
function around(name: string, word: string): string[] {
  return name.split(new RegExp(`(?<=^|_)${word}(?=_|$)`));
}
