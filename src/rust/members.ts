/** The members of a structure or union as Rust writes them. */
import type { RustItem } from "./items.ts";
import { closing, codeOf, follows, isOpening, type RustToken } from "./lexer.ts";

export interface Member {
  name: string;
  type: string;
  /** The tokens of each attribute, without its brackets. */
  attributes: (readonly RustToken[])[];
}

/** @returns the named members; none for a tuple structure, and for what has no body */
export function membersOf(item: RustItem): Member[] {
  const tokens = codeOf(item.text);
  const open = tokens.findIndex((t) => t.kind === "punctuation" && /^[({;]$/.test(t.text));
  if (tokens[open]?.text !== "{") return [];
  const end = closing(tokens, open);
  const members: Member[] = [];
  for (let i = open + 1; i < end; i++) {
    const attributes: Member["attributes"] = [];
    while (tokens[i]?.text === "#") {
      const close = closing(tokens, i + 1);
      attributes.push(tokens.slice(i + 2, close));
      i = close + 1;
    }
    if (tokens[i]?.text === "pub") i++;
    const [name, first] = [tokens[i], tokens[i + 2]];
    let comma = i;
    let angles = 0;
    for (; comma < end && !(tokens[comma]?.text === "," && angles === 0); comma++) {
      const t = tokens[comma] as RustToken;
      if (isOpening(t)) comma = closing(tokens, comma);
      else if (t.text === "<") angles++;
      else if (t.text === ">" && tokens[comma - 1]?.text !== "-") angles--;
    }
    const last = tokens[comma - 1];
    if (name?.kind === "identifier" && tokens[i + 1]?.text === ":" && first && last)
      members.push({ name: name.text, type: item.text.slice(first.start, last.end), attributes });
    i = comma;
  }
  return members;
}

/** The value of `key = "…"` within an attribute. */
export function attributeValue(attribute: readonly RustToken[], key: string): string | undefined {
  const at = attribute.findIndex(
    (t, i) => t.text === key && attribute[i + 1]?.text === "=" && attribute[i + 2]?.kind === "string",
  );
  return at < 0 ? undefined : (JSON.parse((attribute[at + 2] as RustToken).text) as string);
}

/** The type of a bit-field, which c2rust writes as a string: `#[bitfield(name = "mode", ty = "C2RustUnnamed_3", bits = "0..=2")]`. */
export function bitfieldType(tokens: readonly RustToken[], at: number): string | undefined {
  const t = tokens[at];
  return t?.kind === "string" && follows(tokens, at - 2, "ty", "=") ? t.text.slice(1, -1) : undefined;
}
