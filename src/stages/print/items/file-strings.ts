/** The strings that an invocation at file scope makes of its arguments. */
import { placedItems } from "../../../rust/items.ts";
import { codeOf, type Edit, follows } from "../../../rust/lexer.ts";
import { type Argument, plain } from "./file-arguments.ts";

/** Arrays of characters: as long as what they are made of. */
export function stringEdits(whole: string, args: Argument[], parameters: readonly string[]): Edit[] | undefined {
  const edits: Edit[] = [];
  for (const i of placedItems(whole)) {
    const tokens = codeOf(i.text);
    const made = tokens.findIndex((t) => t.text === "chars_of" || t.text === "bytes_of");
    const literals = tokens.filter((t) => t.kind === "string");
    const [length, literal] = [tokens[made - 3], tokens[made + 2]];
    if (i.kind !== "static" || made < 0) {
      // A string that none of the arguments is seen to give would be the first use's in all.
      if (i.kind === "static" && literals.length > 0) return undefined;
      continue;
    }
    if (
      !follows(tokens, made - 2, "]", "=") ||
      length?.kind !== "number" ||
      literal?.kind !== "string" ||
      literals.length !== 1
    )
      return undefined;
    const pieces = pieced(literal.text.slice(1, -1), args, parameters);
    const joined = pieces.length === 1 ? (pieces[0] as string) : `concat!(${pieces.join(", ")})`;
    const offset = whole.indexOf(i.text, i.start);
    edits.push(
      { start: offset + length.start, end: offset + length.end, text: `${joined}.len() + 1` },
      { start: offset + literal.start, end: offset + literal.end, text: joined },
    );
  }
  return edits;
}

/** A string as what its arguments give, and what stands between. */
function pieced(text: string, args: Argument[], parameters: readonly string[]): string[] {
  for (const [k, a] of args.entries()) {
    if (a.literal === undefined && !a.computed) continue;
    const only = args.length === 1;
    const equals = text.indexOf("=") + 1;
    const content = a.literal ?? (only && equals > 0 ? text.slice(equals) : undefined);
    if (content === undefined || content === "" || !text.endsWith(content)) continue;
    a.given = `"${content}"`;
    return [
      ...pieced(
        text.slice(0, text.length - content.length),
        args.filter((_, j) => j !== k),
        parameters.filter((_, j) => j !== k),
      ),
      `$${plain(parameters[k] as string)}`,
    ];
  }
  for (const [k, a] of args.entries()) {
    const at = a.word === undefined ? -1 : text.search(new RegExp(`(?<![A-Za-z0-9_\\\\])${a.word}(?![A-Za-z0-9_])`));
    if (at < 0 || a.word === undefined) continue;
    return [
      ...pieced(text.slice(0, at), args, parameters),
      `stringify!($${plain(parameters[k] as string)})`,
      ...pieced(text.slice(at + a.word.length), args, parameters),
    ];
  }
  return text === "" ? [] : [`"${text}"`];
}
