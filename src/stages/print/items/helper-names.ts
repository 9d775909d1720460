/**
 * Helpers by the names of the function and the macro that they stand for. Their symbols begin with `kport_` and the unit's name, since all of
 * a module's objects are linked together; the Rust has to say that once, where it declares them.
 */
import { codeOf, type Edit, edited } from "../../../rust/lexer.ts";
import { type CrateFiles, itemsOf } from "./crate.ts";

/** @param helpers what each is called by its symbol, and what it would be called */
export function withHelperNames(
  files: CrateFiles,
  helpers: readonly { symbol: string; plain: string }[],
): Map<string, string> {
  const there = new Set<string>();
  for (const text of files.values()) for (const t of codeOf(text)) if (t.kind === "identifier") there.add(t.text);
  const wanted = Map.groupBy(new Map(helpers.map((h) => [h.symbol, h.plain])), ([, plain]) => plain);
  const names = new Map([...wanted].flatMap(([plain, of]) => (of.length === 1 && !there.has(plain) ? of : [])));
  return new Map([...files].map(([file, text]) => [file, renamed(file, text, names)]));
}

function renamed(file: string, text: string, names: ReadonlyMap<string, string>): string {
  const edits: Edit[] = codeOf(text).flatMap((t) => {
    const plain = t.kind === "identifier" ? names.get(t.text) : undefined;
    return plain === undefined ? [] : [{ start: t.start, end: t.end, text: plain }];
  });
  if (edits.length === 0) return text;
  const links = itemsOf(file, text).flatMap((i): Edit[] =>
    i.foreign && names.has(i.name) && !i.names.has("link_name")
      ? [{ start: i.start, end: i.start, text: `#[link_name = "${i.name}"]\n` }]
      : [],
  );
  return edited(text, [...edits, ...links]);
}
