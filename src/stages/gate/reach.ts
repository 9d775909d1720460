/** Which functions of a crate can become a part of which: those that they name, and what those name. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { identifiersOf, type RustItem, splitItems } from "../../rust/items.ts";
import { codeOf } from "../../rust/lexer.ts";
import { filesOfUntrusted } from "../../machine/untrusted-folder.ts";

export interface Reach {
  /**
   * What can be reached, each as `src/ring.rs name`, itself among it.
   * @param name with its file, or alone: that of any file
   * @param unchanged symbols of variables through which nothing comes, each as its file and name, or as a name that others see
   */
  from(name: string, unchanged?: ReadonlySet<string>): ReadonlySet<string>;
  /** The function that an attribute gives a symbol (`export_name`). */
  named(symbol: string): string | undefined;
}

/** @param crates folders of ports: what one of them names counts */
export async function reachIn(crates: readonly string[]): Promise<Reach> {
  /** What each names, by file and name, and the files that define a name. */
  const words = new Map<string, Set<string>>();
  const files = new Map<string, Set<string>>();
  const variables = new Set<string>();
  const exported = new Map<string, string>();
  for (const dir of crates) {
    for (const file of await filesOfUntrusted(path.join(dir, "src"))) {
      const unit = path.relative(dir, file);
      for (const item of splitItems(await readFile(file, "utf8"))) {
        const name = nameOf(item);
        if (name === undefined) continue;
        add(words, `${unit} ${name}`, identifiersOf(item));
        add(files, name, [unit]);
        if (item.kind === "static") variables.add(`${unit} ${name}`);
        for (const symbol of item.attributes.flatMap((a) => exportName(a) ?? [])) exported.set(symbol, name);
      }
    }
  }
  // A unit's own function of a name hides those of other units.
  const defined = (name: string, unit: string): string[] =>
    (files.get(name)?.has(unit) ? [unit] : [...(files.get(name) ?? [])]).map((f) => `${f} ${name}`);
  return {
    named: (symbol) => exported.get(symbol),
    from(name, unchanged = new Set()) {
      const first = name.includes(" ") ? [name] : defined(name, "");
      const found = new Set(first);
      const ends = (at: string): boolean =>
        variables.has(at) &&
        !first.includes(at) &&
        (unchanged.has(at) || unchanged.has(at.slice(at.lastIndexOf(" ") + 1)));
      for (const at of found)
        if (!ends(at))
          for (const word of words.get(at) ?? [])
            for (const next of defined(word, at.slice(0, at.lastIndexOf(" ")))) found.add(next);
      return found;
    },
  };
}

function add(map: Map<string, Set<string>>, key: string, values: Iterable<string>): void {
  const all = map.get(key) ?? new Set();
  for (const v of values) all.add(v);
  map.set(key, all);
}

/** A macro's body can name functions as well. */
function nameOf(item: RustItem): string | undefined {
  if (item.kind === "fn" || item.kind === "static" || item.kind === "const") return item.name;
  const [macro, bang, name] = item.kind === "other" ? codeOf(item.text) : [];
  return macro?.text === "macro_rules" && bang?.text === "!" ? name?.text : undefined;
}

function exportName(attribute: string): string | undefined {
  const tokens = codeOf(attribute);
  const at = tokens.findIndex((t) => t.text === "export_name");
  const value = at < 0 ? undefined : tokens[at + 2];
  return value?.kind === "string" ? value.text.slice(1, -1) : undefined;
}
