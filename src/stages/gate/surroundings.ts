/**
 * What a function's verdict can depend on besides the rest of the search: what it names and what that names, whatever can have it as a part
 * of itself, and what a crate says in no item of a name. Texts are as rustc reads them: a comment is no other text.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../../machine/cache.ts";
import { filesOfUntrusted } from "../../machine/untrusted-folder.ts";
import { codeText } from "../../rust/code-text.ts";
import { externItems, printItem, type RustItem, splitItems } from "../../rust/items.ts";
import { codeOf, lexRust } from "../../rust/lexer.ts";

/** Something of a name in a file: all texts that it can have, and the names in them. */
interface Node {
  texts: string[];
  names: Set<string>;
}

export interface Named {
  /** `src/ring.rs` */
  unit: string;
  name: string;
  texts: readonly string[];
}

export class SurroundingsOf {
  private readonly nodes = new Map<string, Node>();
  /** The files that define a name. */
  private readonly files = new Map<string, Set<string>>();
  /** What has no name, by file. */
  private readonly nameless = new Map<string, string[]>();
  private readonly digests = new Map<string, string>();
  private readonly up = new Map<string, Set<string>>();
  private readonly down = new Map<string, readonly string[]>();
  /** Files of which something can be printed: what is nameless in one of them is of no concern to another. */
  private readonly units: ReadonlySet<string>;
  private constructor(units: ReadonlySet<string>) {
    this.units = units;
  }

  /**
   * @param crate the port as c2rust has it
   * @param printed what can stand in the place of its items
   * @param macro the text of a macro that printed texts may name
   */
  static async of(
    crate: string,
    printed: readonly Named[],
    macro: (name: string) => string | undefined,
  ): Promise<SurroundingsOf> {
    const made = new SurroundingsOf(new Set(printed.map((p) => p.unit)));
    for (const file of (await filesOfUntrusted(path.join(crate, "src"))).sort()) {
      const unit = path.relative(crate, file);
      for (const item of splitItems(await readFile(file, "utf8"))) made.addItem(unit, item);
    }
    const seen = new Set<string>();
    for (const p of printed)
      for (const text of p.texts) for (const name of made.add(p.unit, p.name, text)) seen.add(name);
    // A macro can name others.
    for (const name of seen) {
      const text = macro(name);
      if (text !== undefined) for (const n of made.add("src/macros.rs", name, text)) seen.add(n);
    }
    made.link();
    return made;
  }

  /** A digest of all of that. */
  key(unit: string, name: string): string {
    const at = `${unit} ${name}`;
    const around = new Set([
      ...closure(at, (n) => this.down.get(n) ?? []),
      ...closure(at, (n) => this.up.get(n) ?? []),
    ]);
    const shared = [...this.nameless]
      .filter(([file]) => file === unit || !this.units.has(file))
      .flatMap(([file, texts]) => [file, ...texts]);
    return contentKey([at, ...shared, ...[...around].sort().flatMap((n) => [n, this.digests.get(n) ?? ""])]);
  }

  private addItem(unit: string, item: RustItem): void {
    // What is imported is found by its name, and a module by its file.
    if (item.kind === "use") return;
    if (item.kind === "extern") for (const inner of externItems(item)) this.addItem(unit, inner);
    else {
      const name = nameOf(item);
      const text = printItem(item);
      if (name !== "") this.add(unit, name, text);
      else this.nameless.set(unit, [...(this.nameless.get(unit) ?? []), codeText(text)]);
    }
  }

  /** @returns the names in the text */
  private add(unit: string, name: string, text: string): string[] {
    const at = `${unit} ${name}`;
    const node = this.nodes.get(at) ?? { texts: [], names: new Set() };
    const tokens = lexRust(text);
    const names = tokens.flatMap((t) => (t.kind === "identifier" ? [t.text] : []));
    node.texts.push(codeText(text, tokens));
    for (const n of names) node.names.add(n);
    this.nodes.set(at, node);
    this.files.set(name, (this.files.get(name) ?? new Set()).add(unit));
    return names;
  }

  private link(): void {
    for (const [at, node] of this.nodes) {
      const unit = at.slice(0, at.lastIndexOf(" "));
      // A unit's own thing of a name hides those of other units.
      const named = [...node.names].flatMap((n) =>
        this.files.get(n)?.has(unit) ? [`${unit} ${n}`] : [...(this.files.get(n) ?? [])].map((f) => `${f} ${n}`),
      );
      this.down.set(at, named);
      for (const n of named) this.up.set(n, (this.up.get(n) ?? new Set()).add(at));
      this.digests.set(at, contentKey(node.texts));
    }
  }
}

function closure(from: string, next: (n: string) => Iterable<string>): Set<string> {
  const found = new Set([from]);
  for (const n of found) for (const m of next(n)) found.add(m);
  return found;
}

/** Also of an enumeration and a macro. What is implemented for a type goes without naming it. */
function nameOf(item: RustItem): string {
  if (item.kind === "impl") return "";
  if (item.name !== "") return item.name;
  const [word, second, third] = codeOf(item.text).filter((t) => t.text !== "pub");
  if (word?.text === "enum") return second?.text ?? "";
  return word?.text === "macro_rules" ? (third?.text ?? "") : "";
}
