/** The Rust files of a port as items, those of `extern` blocks among them, each with its place. */
import { codeOf, type RustToken } from "../../../rust/lexer.ts";
import { type PlacedItem, placedItems } from "../../../rust/items.ts";

export interface CrateItem extends PlacedItem {
  file: string;
  /** Declared in an `extern` block. */
  foreign: boolean;
  /** Every identifier in it and its attributes. */
  names: ReadonlySet<string>;
}

/** Texts by file, `src/ring.rs`. */
export type CrateFiles = ReadonlyMap<string, string>;

/** The items of each file as it was asked of last: one rewrite after the other asks, and most leave most files as they are. */
const last = new Map<string, { text: string; items: readonly CrateItem[] }>();

export function itemsOf(file: string, text: string): readonly CrateItem[] {
  const known = last.get(file);
  if (known?.text === text) return known.items;
  const items = itemsIn(file, text);
  last.set(file, { text, items });
  return items;
}

function itemsIn(file: string, text: string): CrateItem[] {
  const tokens = codeOf(text);
  let at = 0;
  // Items come in order, so the tokens are gone through once.
  const within = (start: number, end: number): RustToken[] => {
    while ((tokens[at]?.start ?? Infinity) < start) at++;
    const from = at;
    while ((tokens[at]?.start ?? Infinity) < end) at++;
    return tokens.slice(from, at);
  };
  return placedItems(text, tokens).flatMap((i): CrateItem[] => {
    const own = within(i.start, i.end);
    if (i.kind !== "extern") return [{ ...i, file, foreign: false, names: namesOf(own) }];
    // Behind its attributes stands `unsafe extern "C" {`.
    const open = own.findIndex((t) => t.start >= i.end - i.text.length && t.text === "{");
    const inner = own.slice(open + 1, -1);
    return placedItems(text, inner).map((x) => ({
      ...x,
      file,
      foreign: true,
      names: namesOf(inner.filter((t) => x.start <= t.start && t.start < x.end)),
    }));
  });
}

function namesOf(tokens: readonly RustToken[]): Set<string> {
  return new Set(tokens.flatMap((t) => (t.kind === "identifier" ? [t.text] : [])));
}

/** A text without some of its items, the comments right above them, and the lines that they stood on; an `extern` block that is empty then is gone. */
export function without(text: string, gone: readonly CrateItem[]): string {
  let out = text;
  for (const { start, end } of gone.toSorted((a, b) => b.start - a.start)) {
    let from = start;
    const line = (at: number): number => out.lastIndexOf("\n", at - 1) + 1;
    from = line(from);
    while (from > 0 && /^\s*(?:\/\/[^!]|\/\/$)/.test(out.slice(line(from - 1), from))) from = line(from - 1);
    const behind = /^[ \t]*\n\n?/.exec(out.slice(end))?.[0].length ?? 0;
    out = out.slice(0, from) + out.slice(end + behind);
  }
  return out.replace(/\n(?:unsafe )?extern "C" \{\s*\}\n\n?/g, "\n");
}
