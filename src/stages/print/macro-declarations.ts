/** Macros that declare a variable by the name that they are given (`LIST_HEAD(list)`): the name is the caller's in Rust as well. */
import { codeOf, edited, type RustToken } from "../../rust/lexer.ts";
import { CannotPrint } from "./crate-types.ts";
import type { Printer } from "./printer.ts";
import { UNIT } from "./rust-type.ts";
import { describe } from "./template-of.ts";
import type { MacroUse } from "./template.ts";

/** Where a variable is declared: the statement, and which of its variables. */
interface Place {
  i: number;
  decl: number;
}

/**
 * The invocation that a declaration is all of.
 * @param print its lines, written out
 */
export function declaredByMacro(p: Printer, place: Place, print: () => string[]): string | undefined {
  const n = p.unit.node(place.i);
  const x = invocationOf(p, place.decl);
  if (p.template || !p.form.macros || x === undefined || n.k !== "declare" || n.decls.length > 1) return undefined;
  const named = p.book.named(p, place.i, x, () => templateOf(p, place, x, print));
  return named && `${named.text};`;
}

/** The invocation that all of a variable comes out of, but the semicolon, and nothing else. */
function invocationOf(p: Printer, decl: number): number | undefined {
  const v = p.unit.declaration(decl);
  if (v.k !== "variable" || v.initialiser === undefined) return undefined;
  const [outermost] = p.unit.steps(v.p);
  if (outermost === undefined || outermost.argument !== undefined) return undefined;
  const { place } = p.unit.facts.expansions[outermost.invocation] ?? {};
  const tops = p.invocations.topsOf(outermost.invocation);
  const isAll = place && v.place && place.b === v.place.b && place.e === v.place.e;
  return isAll && tops.size === 1 && tops.has(v.initialiser) ? outermost.invocation : undefined;
}

function templateOf(p: Printer, { i, decl }: Place, x: number, print: () => string[]): MacroUse {
  const [name, variable] = [p.localName(decl), p.unit.declaration(decl)];
  let inside = name;
  const use = describe(p, i, x, () => {
    inside = p.localName(decl);
    return { text: print().join("\n"), type: UNIT, statement: true };
  });
  const words = variable.k === "variable" ? variable.name : undefined;
  const parameter = use.parameters.find((q) => use.spelled.get(q.name) === words);
  // Any other name of a macro's is seen by nobody outside of it. And a macro says `mut` for all.
  if (words === undefined || parameter === undefined || !p.names.mutated.has(decl))
    throw new CannotPrint("a declaration of a macro's own");
  parameter.kind = "ident";
  use.given.set(parameter.name, [name]);
  const isItsName = (t: RustToken, k: number, all: readonly RustToken[]): boolean =>
    t.text === inside && !/^[.$]$/.test(all[k - 1]?.text ?? "");
  const edits = codeOf(use.body).filter(isItsName);
  use.body = edited(
    use.body,
    edits.map((t) => ({ start: t.start, end: t.end, text: `$${parameter.name}` })),
  );
  return { ...use, declares: true };
}
