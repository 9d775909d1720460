/** Which of a unit's functions the C compiler begins with a call of `__fentry__`, where the kernel's tracers hook in. */
import type { AstNode } from "../../c/ast.ts";
import type { DefinitionFacts } from "./definitions.ts";

/**
 * Functions with a body and without `no_instrument_function`, which the kernel's `notrace`, `inline` and `__exit` say; an alias begins as
 * its target does. None where the unit is compiled without hooks (no ftrace in the kernel, or `CFLAGS_REMOVE_unit.o = -pg`).
 * @param flags the unit's own
 */
export function tracedFunctions(
  tree: readonly AstNode[],
  definitions: readonly DefinitionFacts[],
  flags: readonly string[],
): Set<string> {
  if (!flags.includes("-mfentry")) return new Set();
  const has = (fn: AstNode, kind: string): boolean => fn.inner?.some((c) => c.kind === kind) === true;
  const traced = new Set(
    tree.flatMap((n) =>
      n.kind === "FunctionDecl" && n.name !== undefined && has(n, "CompoundStmt") && !has(n, "NoInstrumentFunctionAttr")
        ? [n.name]
        : [],
    ),
  );
  // What stays C whole is only declared here; what forwards to it is a function of its own in Rust.
  const functions = tree.filter((n) => n.kind === "FunctionDecl");
  const staysInC = (name: string): boolean =>
    functions.some((f) => f.name === name) &&
    !functions.some((f) => f.name === name && (has(f, "CompoundStmt") || has(f, "NoInstrumentFunctionAttr")));
  for (const d of definitions)
    if (d.kind === "function" && d.target !== undefined && (traced.has(d.target) || staysInC(d.target)))
      traced.add(d.name);
  return traced;
}
