/** Finds the variable that a name means: what was moved to a helper names its locals by their names in C. */
import type { Node } from "../../facts/schema.ts";
import { CannotPrint } from "./crate-types.ts";
import type { Printer } from "./printer.ts";

/** A local of the function by its name in C, as a node of the tree sees it. */
export function localNamed(p: Printer, name: string, at: number): number {
  // A word of Rust's has another name in the crate.
  const found = p.locals.get(p.unit.renamed.get(name) ?? name) ?? [];
  for (let i: number | undefined = at; i !== undefined && found.length > 1; i = p.invocations.parentOf(i)) {
    const seen = p.unit
      .below(i)
      .flatMap((b) => declaredBy(p.unit.node(b)))
      .filter((d) => found.includes(d));
    if (seen.length === 1) return seen[0] as number;
  }
  // What no block declares is a parameter.
  const own =
    found.length > 1 ? found.filter((d) => (p.unit.declaration(d) as { scope?: string }).scope === "parameter") : found;
  if (own.length !== 1) throw new CannotPrint(`which ${name} a helper takes`);
  return own[0] as number;
}

function declaredBy(n: Node): readonly number[] {
  return n.k === "declare" ? n.decls : [];
}
