/** Cuts Rust into items, by its tokens: an item ends with the semicolon, or the block, that is outside of all brackets. */
import { closing, codeOf, follows, isClosing, isOpening, type RustToken } from "./lexer.ts";

export interface RustItem {
  kind: "use" | "type" | "struct" | "union" | "const" | "static" | "fn" | "impl" | "extern" | "other";
  name: string;
  /** `#[…]`, each as it stands. */
  attributes: string[];
  /** Everything behind the attributes. */
  text: string;
  /** Of a structure or union that has no name in C: what it is called where it is translated (src/c/unnamed-records.ts). */
  tag?: string;
}

const KINDS = new Set<string>(["use", "type", "struct", "union", "const", "static", "fn", "impl", "enum"]);

/** Where an item stands in a text: from its first attribute to its end. */
export interface PlacedItem extends RustItem {
  start: number;
  end: number;
}

/** Items of a module, in order; inner attributes (`#![…]`) and comments between items are left out. */
export function splitItems(source: string): RustItem[] {
  return placedItems(source).map(({ start: _s, end: _e, ...item }) => item);
}

/**
 * The same with their places in the text.
 * @param tokens those of a part of it, where only that is asked about
 */
export function placedItems(source: string, tokens: readonly RustToken[] = codeOf(source)): PlacedItem[] {
  const items: PlacedItem[] = [];
  let attributes: string[] = [];
  let begin: number | undefined;
  for (let i = 0; i < tokens.length; ) {
    const first = tokens[i] as RustToken;
    const bracket = follows(tokens, i, "#", "!", "[") ? i + 2 : follows(tokens, i, "#", "[") ? i + 1 : undefined;
    if (bracket !== undefined) {
      const close = closing(tokens, bracket);
      if (bracket === i + 1) {
        attributes.push(source.slice(first.start, tokens[close]?.end));
        begin ??= first.start;
      }
      i = close + 1;
      continue;
    }
    const last = endOfItem(tokens, i);
    const end = tokens[last]?.end ?? source.length;
    items.push({
      ...headOf(tokens.slice(i, last + 1)),
      attributes,
      text: source.slice(first.start, end),
      start: begin ?? first.start,
      end,
    });
    attributes = [];
    begin = undefined;
    i = last + 1;
  }
  return items;
}

function endOfItem(tokens: readonly RustToken[], from: number): number {
  let isValue = tokens[from]?.text === "use";
  for (let i = from; i < tokens.length; i++) {
    const t = tokens[i] as RustToken;
    if (t.kind !== "punctuation") continue;
    if (isOpening(t)) {
      i = closing(tokens, i);
      if (t.text === "{" && !isValue) return Math.min(i, tokens.length - 1);
    } else if (t.text === ";" || isClosing(t)) return i;
    else if (t.text === "=") isValue = true;
  }
  return tokens.length - 1;
}

function headOf(tokens: readonly RustToken[]): Pick<RustItem, "kind" | "name"> {
  let i = tokens[0]?.text === "pub" ? 1 : 0;
  if (i === 1 && tokens[i]?.text === "(") i = closing(tokens, i) + 1;
  while (
    tokens[i]?.text === "unsafe" ||
    (tokens[i]?.text === "const" && /^(?:unsafe|extern|fn)$/.test(tokens[i + 1]?.text ?? ""))
  )
    i++;
  if (tokens[i]?.text === "extern" && tokens[i + 1]?.kind === "string") {
    if (tokens[i + 2]?.text === "{") return { kind: "extern", name: "" };
    i += 2;
  }
  const word = tokens[i]?.text ?? "";
  // `union` is a word of its own only before a name.
  if (!KINDS.has(word) || tokens[i]?.kind !== "identifier") return { kind: "other", name: "" };
  const at = i + (tokens[i + 1]?.text === "mut" ? 2 : 1);
  const name = tokens[at]?.kind === "identifier" ? (tokens[at] as RustToken).text : "";
  return { kind: word === "enum" ? "other" : (word as RustItem["kind"]), name };
}

/** The declarations inside an `extern "C"` block, each with its attributes. */
export function externItems(block: RustItem): RustItem[] {
  const inner = block.text.slice(block.text.indexOf("{") + 1, block.text.lastIndexOf("}"));
  return splitItems(inner).map((i) => ({ ...i, text: indented(i.text.replace(/^pub\s+/, ""), -4) }));
}

/** Lines moved to the right, or to the left by a negative number; what a string or comment holds stays. */
export function indented(text: string, by: number): string {
  const inside = codeOf(text).filter((t) => t.kind === "string" && t.text.includes("\n"));
  return text.replace(/^ */gm, (spaces, at: number) =>
    inside.some((t) => t.start < at && at < t.end) ? spaces : " ".repeat(Math.max(0, spaces.length + by)),
  );
}

export function printItem(item: RustItem): string {
  return [...item.attributes, item.text].join("\n");
}

/** The identifiers an item names. */
export function identifiersOf(item: RustItem): Set<string> {
  return new Set(codeOf(item.text).flatMap((t) => (t.kind === "identifier" ? [t.text] : [])));
}
