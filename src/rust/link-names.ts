/** Links what a unit declares and its helpers define: variables that stay C, labels of assembly. What C keeps to a file has another symbol. */
import { externItems, indented, printItem, type RustItem } from "./items.ts";

/** @param symbols by the name in C */
export function linkElsewhere(items: readonly RustItem[], symbols: ReadonlyMap<string, string>): RustItem[] {
  if (symbols.size === 0) return [...items];
  return items.map((i) => {
    if (i.kind !== "extern") return i;
    const declarations = externItems(i);
    if (!declarations.some((d) => (symbols.get(d.name) ?? d.name) !== d.name)) return i;
    const linked = declarations.map((d) => {
      const symbol = d.kind === "static" || d.kind === "fn" ? symbols.get(d.name) : undefined;
      const attributes =
        symbol === undefined || symbol === d.name
          ? d.attributes
          : [...d.attributes.filter((a) => !a.startsWith("#[link_name")), `#[link_name = ${JSON.stringify(symbol)}]`];
      return indented(printItem({ ...d, attributes, text: `pub ${d.text}` }), 4);
    });
    return { ...i, text: `extern "C" {\n${linked.join("\n")}\n}` };
  });
}
