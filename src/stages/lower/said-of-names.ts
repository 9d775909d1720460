/** What the declarations of a name say of it together. */
import type { PlacedDeclaration } from "./preprocess.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

/** What any declaration of a name says holds for its definition: a header may have `int __weak foo(void);`, and the definition nothing. */
export function namesWith(reduced: ReducedUnit): Record<"weak" | "noinline", ReadonlySet<string>> {
  const having = (attribute: string): Set<string> =>
    new Set(
      reduced.kept.flatMap(({ declaration: d }) => (d.attributes.some((a) => a.name === attribute) ? d.names : [])),
    );
  return { weak: having("weak"), noinline: having("noinline") };
}

/** Own symbols that a unit refers to and does not define, and that may be missing when the module is linked or loaded. */
export function weakReferences(declarations: readonly PlacedDeclaration[]): Set<string> {
  const weak = new Set<string>();
  const defined = new Set<string>();
  for (const d of declarations) {
    const defines =
      d.kind === "function" ||
      (d.kind === "variable" && !d.storage.has("extern")) ||
      d.attributes.some((a) => a.name === "alias");
    for (const n of d.names) {
      if (defines) defined.add(n);
      else if (d.own && d.attributes.some((a) => a.name === "weak")) weak.add(n);
    }
  }
  return new Set([...weak].filter((n) => !defined.has(n)));
}

/** The symbols that asm labels give names, by any declaration of them (`int f(int) asm("other");`, and a definition that says nothing). */
export function labelledSymbols(reduced: ReducedUnit): Map<string, string> {
  return new Map(reduced.kept.flatMap(({ declaration: d }) => [...d.symbols]));
}
