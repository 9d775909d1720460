/** Which functions of a crate can become a part of which: those that they name, and what those name. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { identifiersOf, type RustItem, splitItems } from "../../rust/items.ts";
import { codeOf } from "../../rust/lexer.ts";
import { filesOfUntrusted } from "../../machine/untrusted-folder.ts";

export interface Reach {
  /** The names that can be reached from one, itself among them. */
  from(name: string): ReadonlySet<string>;
  /** The function that an attribute gives a symbol (`export_name`). */
  named(symbol: string): string | undefined;
}

/** @param crates folders of ports: what one of them names counts */
export async function reachIn(crates: readonly string[]): Promise<Reach> {
  const names = new Map<string, Set<string>>();
  const exported = new Map<string, string>();
  for (const dir of crates) {
    for (const file of await filesOfUntrusted(path.join(dir, "src"))) {
      for (const item of splitItems(await readFile(file, "utf8"))) {
        const name = nameOf(item);
        if (name === undefined) continue;
        const all = names.get(name) ?? new Set();
        for (const n of identifiersOf(item)) all.add(n);
        names.set(name, all);
        const symbol = item.attributes.flatMap((a) => exportName(a) ?? [])[0];
        if (symbol !== undefined) exported.set(symbol, name);
      }
    }
  }
  return {
    named: (symbol) => exported.get(symbol),
    from(name) {
      const found = new Set([name]);
      for (const n of found) for (const next of names.get(n) ?? []) if (names.has(next)) found.add(next);
      return found;
    },
  };
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
