/** Functions of the kernel's headers that the Rust calls: each gets a function of its own in C. */
import { extent, returnType, spelling, walk } from "../../c/ast.ts";
import { StageError } from "../../machine/errors.ts";
import type { InlineWrapper } from "./helper-source.ts";
import type { MovedExpression } from "./moved.ts";
import { takesAlong } from "./moved-expression.ts";
import { Reachable } from "./reachable.ts";
import { cleanupFunction } from "./scope-exits.ts";
import type { PlanInput } from "./helper-plan.ts";

export interface WrapperContext {
  reachable: Reachable;
  /** Inline functions of headers that no wrapper can stand for, and why. */
  unwrappable: ReadonlyMap<string, string>;
  placeAt: (offset: number) => { file: string; line: number };
}

/** A wrapper for each inline that is still named outside of what moved. */
export function wrappersOf(
  moved: readonly MovedExpression[],
  { tree, reduced, stems }: Pick<PlanInput, "tree" | "reduced" | "stems">,
  { reachable, unwrappable, placeAt }: WrapperContext,
): InlineWrapper[] {
  /** Whether it is named where it can run. */
  const used = new Map<string, boolean>();
  for (const n of tree) {
    walk(n, (x) => {
      const name =
        x.kind === "DeclRefExpr" && x.referencedDecl?.kind === "FunctionDecl"
          ? x.referencedDecl.name
          : cleanupFunction(x, reduced.text);
      const at = extent(x);
      if (name !== undefined && at && reduced.inlines.has(name) && !moved.some((m) => takesAlong(m, at)))
        used.set(name, used.get(name) === true || reachable.has(x));
    });
  }
  const out: InlineWrapper[] = [];
  for (const n of tree) {
    const reached = n.kind === "FunctionDecl" ? used.get(n.name ?? "") : undefined;
    if (reached === undefined || n.name === undefined) continue;
    used.delete(n.name);
    const reason = unwrappable.get(n.name);
    if (reason !== undefined)
      throw new StageError(
        "helper",
        `the address of ${n.name} is taken, but it ${reason}`,
        placeAt(extent(n)?.start ?? 0),
      );
    const params = (n.inner ?? [])
      .filter((p) => p.kind === "ParmVarDecl")
      .map((p, i) => ({ name: p.name ?? `a${i}`, type: spelling(p.type ?? { qualType: "int" }) ?? "int" }));
    out.push({
      name: n.name,
      symbol: wrapperSymbol(n.name, stems),
      returns: returnType(n),
      params,
      ...(reached ? {} : { unreached: true }),
    });
  }
  return out;
}

/** `list_add` of the kernel's is not the `add` that `list.c` shares with its helpers. */
function wrapperSymbol(inline: string, stems: readonly string[]): string {
  return stems.some((s) => inline.startsWith(`${s}_`)) ? `kport__${inline}` : `kport_${inline}`;
}
