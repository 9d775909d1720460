/**
 * Cuts c2rust's output into items. It is printed by prettyplease: an item starts in the first column, and every further line of it is
 * indented or starts with a closing bracket. That makes a full Rust parser unnecessary.
 */

export interface RustItem {
  kind: "use" | "type" | "struct" | "union" | "const" | "static" | "fn" | "impl" | "extern" | "other";
  name: string;
  /** `#[…]` lines. */
  attributes: string[];
  /** Everything behind the attributes. */
  text: string;
}

const HEAD = /^(?:pub )?(?:(use|type|struct|union|const|impl|enum)|(static)(?: mut)?|(?:unsafe )?(?:extern "C" )?(fn)|(?:unsafe )?(extern) "C") ?([A-Za-z_]\w*)?/;

/** Items of a module, in order; inner attributes (`#![…]`) are left out. */
export function splitItems(source: string): RustItem[] {
  const items: RustItem[] = [];
  let attributes: string[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length === 0) return;
    const text = lines.join("\n");
    const m = HEAD.exec(text);
    const kind = (m?.[1] ?? m?.[2] ?? m?.[3] ?? m?.[4] ?? "other") as RustItem["kind"];
    items.push({ kind, name: m?.[5] ?? "", attributes, text });
    attributes = [];
    lines = [];
  };
  for (const line of source.split("\n")) {
    if (/^\s|^[)}\]>]/.test(line)) {
      (lines.length > 0 ? lines : attributes).push(line);
      continue;
    }
    flush();
    if (line === "" || line.startsWith("#![") || line.startsWith("//")) continue;
    if (line.startsWith("#[")) attributes.push(line);
    else lines.push(line);
  }
  flush();
  return items;
}

/** The declarations inside an `extern "C"` block, each with its attributes. */
export function externItems(block: RustItem): RustItem[] {
  const inner = block.text.split("\n").slice(1, -1).map((l) => l.replace(/^ {4}/, ""));
  return splitItems(inner.join("\n")).map((i) => ({ ...i, text: i.text.replace(/^pub /, "") }));
}

export function printItem(item: RustItem): string {
  return [...item.attributes, item.text].join("\n");
}

/** The identifiers an item names. */
export function identifiersOf(item: RustItem): Set<string> {
  return new Set(item.text.replace(/b?"(?:\\.|[^"\\])*"/g, "").match(/\b[A-Za-z_]\w*\b/g) ?? []);
}
