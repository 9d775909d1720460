/** Links what a unit declares and its helpers define: variables that stay C, labels of assembly. What C keeps to a file has another symbol. */
import type { RustItem } from "./items.ts";

/** @param symbols by the name in C */
export function linkElsewhere(items: readonly RustItem[], symbols: ReadonlyMap<string, string>): RustItem[] {
  if (symbols.size === 0) return [...items];
  return items.map((i) => {
    if (i.kind !== "extern") return i;
    const text = i.text.replace(/^( *)(?:pub )?(?:static (?:mut )?|fn )(\w+)/gm, (declaration, indent: string, name: string) => {
      const symbol = symbols.get(name);
      return symbol === undefined || symbol === name ? declaration : `${indent}#[link_name = "${symbol}"]\n${declaration}`;
    });
    return { ...i, text };
  });
}
