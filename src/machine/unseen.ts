/**
 * Characters that nobody sees, or that make a text look like another one ("Trojan source"): what reorders it, ends a line, is blank
 * without being a space, or joins what it stands in. One list for all places that show a stranger's text.
 */

/**
 * Control, format (bidirectional, zero-width, tags), surrogate and private-use characters, Unicode's own line ends, and what Unicode lets
 * a reader leave out (Default_Ignorable_Code_Point: fillers, which may stand in a name, and variation selectors, which can carry a text of
 * their own) but for the selector that makes a sign an emoji. The blank Braille pattern is no space to anybody.
 */
export const UNSEEN =
  /(?![\n\t])(?:[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u2800]|(?!(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point})/gu;

/** A text with each of them written out, `\u{202e}` as Rust does. */
export function writtenOut(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
