/** The Rust files of a port as items, those of `extern` blocks among them, each with its place. */
import { codeOf } from "../../../rust/lexer.ts";
import { identifiersOf, type PlacedItem, placedItems } from "../../../rust/items.ts";

export interface CrateItem extends PlacedItem {
  file: string;
  /** Declared in an `extern` block. */
  foreign: boolean;
  /** Every identifier in it and its attributes. */
  names: ReadonlySet<string>;
}

/** Texts by file, `src/ring.rs`. */
export type CrateFiles = ReadonlyMap<string, string>;

export function itemsOf(file: string, text: string): CrateItem[] {
  return placedItems(text).flatMap((i): CrateItem[] => {
    if (i.kind !== "extern") return [{ ...i, file, foreign: false, names: namesOf(i) }];
    const from = text.indexOf("{", i.start) + 1;
    return placedItems(text.slice(from, i.end - 1)).map((x) => ({
      ...x,
      start: x.start + from,
      end: x.end + from,
      file,
      foreign: true,
      names: namesOf(x),
    }));
  });
}

function namesOf(i: PlacedItem): Set<string> {
  return new Set([
    ...identifiersOf(i),
    ...i.attributes.flatMap((a) => codeOf(a).flatMap((t) => (t.kind === "identifier" ? [t.text] : []))),
  ]);
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
