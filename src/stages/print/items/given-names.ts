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
  const members = unnamedMembers(files);
  const renamed = new Map(
    [...there].flatMap((name) => {
      const better = members.get(name) ?? betterName(name);
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

/**
 * What to call members without a name, which c2rust numbers through a unit: each structure counts its own (`anon`, `anon_1`), but where two
 * structures have one number for different ones.
 */
function unnamedMembers(files: CrateFiles): Map<string, string> {
  const structures = [...files].flatMap(([file, text]) =>
    itemsOf(file, text).flatMap((i) => {
      const tokens = i.kind === "struct" || i.kind === "union" ? codeOf(i.text) : [];
      const made = tokens.filter((t, k) => MADE.test(t.text) && t.text.startsWith("c") && tokens[k + 1]?.text === ":");
      return made.length === 0 ? [] : [made.map((t) => t.text)];
    }),
  );
  const placed = (names: readonly string[]): [string, string][] =>
    names.map((name, nth) => [name, nth === 0 ? "anon" : `anon_${nth}`]);
  const wanted = Map.groupBy(structures.flatMap(placed), ([name]) => name);
  const unclear = new Set(
    [...wanted].flatMap(([name, as]) => (new Set(as.map(([, to]) => to)).size > 1 ? [name] : [])),
  );
  for (let grew = true; grew; ) {
    const before = unclear.size;
    for (const names of structures) if (names.some((n) => unclear.has(n))) for (const n of names) unclear.add(n);
    grew = unclear.size > before;
  }
  return new Map(structures.flatMap(placed).filter(([name]) => !unclear.has(name)));
}

function betterName(name: string): string | undefined {
  const made = MADE.exec(name);
  if (made) return `${name.startsWith("C") ? "Anon" : "anon"}${made[1]}`;
  if (!name.endsWith("_0")) return undefined;
  const word = name.slice(0, -2);
  // What nothing uses begins with `_`, and is no word of Rust's then.
  return KEYWORDS.has(word) ? `${word}_` : word.startsWith("_") && KEYWORDS.has(word.slice(1)) ? word : undefined;
}
