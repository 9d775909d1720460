/**
 * Settles weak symbols within a port, as the linker does between C's object files: a port is one object, which cannot define a symbol
 * twice, and in which a symbol that is defined cannot also be missing.
 */
import { indented, type RustItem } from "./items.ts";
import { codeOf, edited, follows, type RustToken } from "./lexer.ts";

/**
 * Of several definitions of a symbol the strong one stays, or else the first; the other units declare it.
 * @param units in link order
 * @param references symbols that may be missing: weak in C, and not defined by the unit that refers to them
 */
export function settleWeakSymbols(
  units: readonly RustItem[][],
  references: readonly ReadonlySet<string>[],
): RustItem[][] {
  const winners = new Map<string, RustItem>();
  for (const item of units.flat()) {
    const symbol = symbolOf(item);
    const known = symbol === undefined ? undefined : winners.get(symbol);
    if (symbol !== undefined && (known === undefined || (isWeak(known) && !isWeak(item)))) winners.set(symbol, item);
  }
  return units.map((items, i) => [
    ...items.map((item) => {
      const symbol = symbolOf(item);
      return symbol !== undefined && isWeak(item) && winners.get(symbol) !== item ? declarationOf(item, symbol) : item;
    }),
    ...[...(references[i] ?? [])]
      .filter((r) => !winners.has(r))
      .map(
        (r): RustItem => ({ kind: "other", name: r, attributes: [], text: `::core::arch::global_asm!(".weak ${r}");` }),
      ),
  ]);
}

/** The symbol an item gives other object files; undefined for what is its unit's own. */
function symbolOf(item: RustItem): string | undefined {
  if (item.kind !== "fn" && item.kind !== "static") return undefined;
  for (const a of item.attributes) {
    if (a === "#[no_mangle]") return item.name;
    const named = /^#\[export_name = "(.*)"\]$/.exec(a)?.[1];
    if (named !== undefined) return named;
  }
  return undefined;
}

function isWeak(item: RustItem): boolean {
  return item.attributes.includes('#[linkage = "weak"]');
}

function declarationOf(item: RustItem, symbol: string): RustItem {
  const tokens = codeOf(item.text);
  const head = tokens.findIndex((t) => t.kind === "identifier" && t.text === item.kind);
  const ends = tokens.findIndex(
    (t, i) =>
      i > head &&
      t.kind === "punctuation" &&
      t.text === (item.kind === "fn" ? "{" : "=") &&
      tokens[i + 1]?.text !== ">",
  );
  const start = tokens[head]?.start ?? 0;
  const edits =
    item.kind !== "fn"
      ? []
      : tokens.flatMap((t, i) => {
          if (i <= head || i >= ends) return [];
          const next = tokens[i + 1]?.start ?? t.end;
          // A definition's parameters are variables; the list of its further ones has a name.
          if (t.text === "mut" && /^[(,]$/.test(tokens[i - 1]?.text ?? ""))
            return [{ start: t.start - start, end: next - start, text: "" }];
          return follows(tokens, i + 1, ":", ".", ".", ".")
            ? [{ start: t.start - start, end: (tokens[i + 2] as RustToken).start - start, text: "" }]
            : [];
        });
  const declared = edited(item.text.slice(start, tokens[ends]?.start), edits).trimEnd();
  const link = symbol === item.name ? "" : `#[link_name = ${JSON.stringify(symbol)}]\n`;
  return {
    kind: "extern",
    name: "",
    attributes: [],
    text: `extern "C" {\n${indented(`${link}pub ${declared};`, 4)}\n}`,
  };
}
