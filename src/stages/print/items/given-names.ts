/**
 * Names that C has not: what c2rust calls a member or a type without a name, and a word of Rust's that is a name in C, as bindgen calls the
 * one and the other.
 */
import { codeOf, edited } from "../../../rust/lexer.ts";
import { KEYWORDS } from "../local-names.ts";
import { type CrateFiles, itemsOf } from "./crate.ts";

const MADE = /^(?:c2rust_unnamed|C2RustUnnamed)((?:_\d+)?)$/;

export function withGivenNames(files: CrateFiles): Map<string, string> {
  const there = new Set<string>();
  for (const text of files.values()) {
    const tokens = codeOf(text);
    // A macro's parameters are apart.
    for (const [i, t] of tokens.entries())
      if (t.kind === "identifier" && tokens[i - 1]?.text !== "$") there.add(t.text);
  }
  // What the linker sees is called as in C.
  const items = new Set(
    [...files].flatMap(([file, text]) =>
      itemsOf(file, text).flatMap((i) => (i.kind === "fn" || i.kind === "static" ? [i.name] : [])),
    ),
  );
  const renamed = new Map(
    [...there].flatMap((name) => {
      const better = betterName(name);
      return better === undefined || there.has(better) || items.has(name) ? [] : [[name, better] as const];
    }),
  );
  return new Map(
    [...files].map(([file, text]) => [
      file,
      edited(
        text,
        codeOf(text).flatMap((t) => {
          const better = t.kind === "identifier" ? renamed.get(t.text) : undefined;
          return better === undefined ? [] : [{ start: t.start, end: t.end, text: better }];
        }),
      ),
    ]),
  );
}

function betterName(name: string): string | undefined {
  const made = MADE.exec(name);
  if (made) return `${name.startsWith("C") ? "Anon" : "anon"}${made[1]}`;
  return name.endsWith("_0") && KEYWORDS.has(name.slice(0, -2)) ? name.slice(0, -1) : undefined;
}
