/**
 * Numbers the blocks of a function from 1. Where C's jumps become a state machine, c2rust names its states by hashes
 * (`current_block = 6421806351263437258`) that change with anything in the unit: every diff of two ports would be full of them.
 */
import type { RustItem } from "./items.ts";
import { closing, codeOf, type Edit, edited, follows, type RustToken } from "./lexer.ts";

export function numberBlocks(item: RustItem): RustItem {
  if (item.kind !== "fn" || !item.text.includes("current_block")) return item;
  const tokens = codeOf(item.text);
  // Only c2rust itself declares a variable of Rust's own `u64`; C's has another name, or is a `c_ulong`.
  const states = new Set(
    tokens.flatMap((t, i) =>
      t.text === "let" && follows(tokens, i + 1, "mut") && follows(tokens, i + 3, ":", "u64", ";")
        ? [(tokens[i + 2] as RustToken).text]
        : [],
    ),
  );
  const numbers = new Map<string, string>();
  const edits: Edit[] = [];
  for (const [i, t] of tokens.entries()) {
    if (
      t.kind !== "identifier" ||
      !states.has(t.text) ||
      tokens[i + 1]?.text !== "=" ||
      tokens[i + 2]?.kind !== "number" ||
      tokens[i + 3]?.text !== ";"
    )
      continue;
    const hash = tokens[i + 2] as RustToken;
    if (!numbers.has(hash.text)) numbers.set(hash.text, String(numbers.size + 1));
    edits.push({ ...hash, text: numbers.get(hash.text) as string });
  }
  for (const [i, t] of tokens.entries()) {
    if (
      t.text !== "match" ||
      t.kind !== "identifier" ||
      !states.has(tokens[i + 1]?.text ?? "") ||
      tokens[i + 2]?.text !== "{"
    )
      continue;
    for (const hash of patterns(tokens, i + 2))
      if (numbers.has(hash.text)) edits.push({ ...hash, text: numbers.get(hash.text) as string });
  }
  return { ...item, text: edited(item.text, edits) };
}

/** The numbers before the arrows of a `match`'s own arms. */
function patterns(tokens: readonly RustToken[], open: number): RustToken[] {
  const found: RustToken[] = [];
  const end = closing(tokens, open);
  for (let i = open + 1; i < end; i++) {
    while (i < end && !follows(tokens, i, "=", ">")) {
      const t = tokens[i] as RustToken;
      if (t.kind === "number") found.push(t);
      i++;
    }
    i += 2;
    if (tokens[i]?.text === "{") {
      i = closing(tokens, i);
      if (tokens[i + 1]?.text === ",") i++;
    } else {
      while (i < end && tokens[i]?.text !== ",")
        i = "([{".includes(tokens[i]?.text ?? " ") ? closing(tokens, i) + 1 : i + 1;
    }
  }
  return found;
}
