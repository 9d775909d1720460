/** What C says of a function or variable besides its code, and c2rust drops: sections, aliases, weakness, constness. */
import { Alignments, alignedTo } from "./alignment-of.ts";
import { RecordTypes } from "./record-types.ts";
import { type AstNode, extent, returnType, spelling, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";
import { refuseConstructor } from "./file-scope.ts";
import type { PlacedDeclaration } from "./preprocess.ts";
import type { ReducedUnit } from "./reduced-unit.ts";
import { labelledSymbols, namesWith } from "./said-of-names.ts";

export interface DefinitionFacts {
  name: string;
  kind: "function" | "variable" | "alias";
  /** Without the quotes: `.init.text`. */
  section?: string;
  weak: boolean;
  noinline: boolean;
  /** The variable is const: it belongs into a read-only section. */
  constant: boolean;
  /** The function that the variable is one's own of. */
  within?: string;
  /** What C calls such a variable, where it moves out of the function under another name. */
  called?: string;
  /** Of such a variable: others of the unit have its name as well, so that it means this one in the function alone. */
  shared?: true;
  /** The alignment a variable is given, in bytes. */
  align?: number;
  /** The symbol it must have, where that is not its name or it is static in C. */
  symbol?: string;
  /** Of an alias of a variable: its target. */
  target?: string;
}

/**
 * Facts of every definition that will be Rust.
 * @throws StageError("lower") for a constructor
 */
export function definitionFacts(reduced: ReducedUnit, tree: readonly AstNode[]): DefinitionFacts[] {
  const types = new Map<string, string>();
  const alignments = new Map<string, number>();
  const byType = new Alignments(tree, new RecordTypes(tree, reduced.text), reduced);
  for (const n of tree) {
    if (n.kind !== "VarDecl" || n.name === undefined) continue;
    types.set(n.name, spelling(n.type ?? { qualType: "" }) ?? "");
    const named = byType.byName(n) ?? 0;
    const to = Math.max(alignedTo(n), named > byType.inRust(n) ? named : 0);
    if (to > 0) alignments.set(n.name, Math.max(alignments.get(n.name) ?? 1, to));
  }
  const sections = sectionsOf(reduced);
  const saidOf = namesWith(reduced);
  const labels = labelledSymbols(reduced);
  const facts: DefinitionFacts[] = [];
  for (const { declaration: d } of reduced.kept) {
    const alias = d.attributes.find((a) => a.name === "alias");
    if (d.own) refuseConstructor(d);
    if (!d.own || (d.kind !== "function" && d.kind !== "variable" && !alias)) continue;
    for (const name of d.names) {
      const section = sections.get(name);
      const symbol = alias ? undefined : labels.get(name);
      const isFunction = d.kind === "function" || d.kind === "prototype";
      facts.push({
        name,
        kind: alias && !isFunction ? "alias" : isFunction ? "function" : "variable",
        ...(section === undefined ? {} : { section }),
        ...(d.kind === "variable" && (alignments.get(name) ?? 1) > 1 ? { align: alignments.get(name) as number } : {}),
        weak: saidOf.weak.has(name),
        noinline: saidOf.noinline.has(name),
        constant: d.kind === "variable" && isConstant(types.get(name) ?? ""),
        ...(symbol === undefined ? {} : { symbol }),
        ...(alias ? { target: literal(alias.args) } : {}),
      });
    }
  }
  return facts;
}

/** The sections of a unit's own names, without the quotes. One may be named on a prototype alone (`int __init foo(void);`). */
export function sectionsOf(reduced: ReducedUnit): Map<string, string> {
  const sections = new Map<string, string>();
  for (const { declaration: d } of reduced.kept) {
    const s = d.attributes.find((a) => a.name === "section");
    if (s && d.own) for (const n of d.names) sections.set(n, literal(s.args));
  }
  return sections;
}

/** An alias that nothing can override is its target: the two have one address, which c2rust's two functions have not. */
export function followAliases(tree: readonly AstNode[], facts: readonly DefinitionFacts[], text: Rewriter): void {
  const targets = new Map(
    facts.flatMap((f) =>
      f.kind === "function" && f.target !== undefined && !f.weak ? [[f.name, f.target] as const] : [],
    ),
  );
  for (const n of tree) {
    if (n.kind !== "FunctionDecl") continue;
    walk(n, (x) => {
      const target =
        x.kind === "DeclRefExpr" && x.referencedDecl?.kind === "FunctionDecl"
          ? targets.get(x.referencedDecl.name ?? "")
          : undefined;
      const at = extent(x);
      if (target !== undefined && at) text.replace(at.start, at.end, target);
    });
  }
}

/** Whether a variable of a type, as clang spells it, never changes: not what it points to, and nothing that hardware may change. */
export function isConstant(type: string): boolean {
  return !/\bvolatile\b/.test(type) && isUnassignable(type);
}

/** Whether a type, as clang spells it, is const itself: nothing can be assigned to a variable of it. */
export function isUnassignable(type: string): boolean {
  const declarator = /\(\*([^()]*)\)/.exec(type)?.[1] ?? /\*([^*]*)$/.exec(type)?.[1] ?? type;
  return /\bconst\b/.test(declarator);
}

/**
 * Give aliases bodies and shared statics external linkage.
 * A function's alias becomes a definition that calls its target: c2rust drops the alias and prunes the static target as unused, and the
 * module would load, do nothing and unload (its `init_module` is such an alias). Aliases of variables are left to the Rust.
 * A function that stays C is another file's here: each of its declarations is as external as the one that is left of its definition, since
 * C refuses a symbol's other name behind a use (`static int f(int); … f(1) … int f(int);`).
 * @param elsewhere what is defined among the helpers
 * @param traced the functions that begin with a hook for the kernel's tracers
 */
export function lowerDefinitions(
  reduced: ReducedUnit,
  tree: readonly AstNode[],
  facts: DefinitionFacts[],
  externals: ReadonlyMap<string, string>,
  elsewhere: ReadonlyMap<string, string>,
  text: Rewriter,
  traced: ReadonlySet<string>,
): void {
  const aliased = new Set(facts.filter((f) => f.kind === "alias").map((f) => f.target));
  const emitted = emittedInlines(reduced);
  for (const { declaration: d, start, end } of reduced.kept) {
    const shift = start - d.start;
    const alias = d.attributes.find((a) => a.name === "alias");
    const name = d.names[0];
    // A register is no variable: c2rust would define one, in every unit (`current_stack_pointer`). What reads it has moved to a helper.
    if (d.kind === "variable" && d.tokens.some((t) => t.text === "register")) text.replace(start, end, "");
    if (!d.own || name === undefined) continue;
    if (emitted.has(name))
      for (const t of d.tokens.slice(0, d.body?.open ?? d.tokens.length))
        if (/^_*inline_*$/.test(t.text)) text.replace(t.start + shift, t.end + shift, "");
    if (alias && d.kind !== "prototype") dropAlias(d, shift, tree, text);
    else if (alias) {
      const target = literal(alias.args);
      lowerAlias(d, shift, tree, target, facts, traced, text);
      declareBefore(reduced, start, target, externals, text);
    }
    if (d.names.some((n) => aliased.has(n)) && d.kind === "variable" && !d.attributes.some((a) => a.name === "used"))
      text.replace(start, start, "__attribute__((used)) ");
    const shared = d.names.filter((n) => externals.has(n) || (d.kind === "prototype" && elsewhere.has(n)));
    if (shared.length === 0) continue;
    for (const t of d.tokens.slice(0, d.body?.open ?? d.tokens.length)) {
      if (t.text === "=") break;
      if (t.text === "static") text.replace(t.start + shift, t.end + shift, "");
    }
    for (const f of facts) {
      const symbol = shared.includes(f.name) ? externals.get(f.name) : undefined;
      if (symbol !== undefined) f.symbol = symbol;
    }
  }
}

/**
 * Functions that are `inline` alone. To the kernel that is gnu_inline (include/linux/compiler_types.h): other files may call the function,
 * and its code is always emitted. c2rust takes each inline function for its file's own.
 */
function emittedInlines(reduced: ReducedUnit): Set<string> {
  const functions = reduced.kept.map((k) => k.declaration).filter((d) => d.own && d.kind === "function");
  return new Set(
    functions
      .filter(
        (d) =>
          d.storage.has("inline") &&
          !d.storage.has("static") &&
          !d.storage.has("extern") &&
          d.attributes.some((a) => a.name === "gnu_inline"),
      )
      .flatMap((d) => d.names),
  );
}

/** An alias of a variable is left to the Rust; what the unit itself calls by that name stays declared. */
function dropAlias(d: PlacedDeclaration, shift: number, tree: readonly AstNode[], text: Rewriter): void {
  let used = false;
  for (const n of tree)
    walk(n, (x) => void (used ||= x.kind === "DeclRefExpr" && d.names.includes(x.referencedDecl?.name ?? "")));
  if (used) dropAttributes(d, shift, text);
  else text.replace(d.start + shift, d.end + shift, "");
}

function dropAttributes(d: PlacedDeclaration, shift: number, text: Rewriter): void {
  for (const a of new Map(d.attributes.map((x) => [x.start, x])).values())
    text.replace(a.start + shift, a.end + shift, "");
}

function lowerAlias(
  d: PlacedDeclaration,
  shift: number,
  tree: readonly AstNode[],
  target: string,
  facts: readonly DefinitionFacts[],
  traced: ReadonlySet<string>,
  text: Rewriter,
): void {
  const end = (d.tokens.at(-1)?.start ?? d.end) + shift;
  const declared = tree.find(
    (n) =>
      n.kind === "FunctionDecl" &&
      n.name === d.names[0] &&
      (extent(n)?.end ?? -1) > d.start + shift &&
      (extent(n)?.start ?? end) < end,
  );
  if (declared === undefined)
    throw new StageError(
      "lower",
      `${d.names[0]} is another name of ${target}, declared in a way that kport does not read`,
      { file: d.file, line: d.line },
    );
  if (declared.variadic === true)
    throw new StageError(
      "lower",
      `${d.names[0]} is another name of ${target}, whose arguments vary, and no Rust function can pass those on`,
      { file: d.file, line: d.line },
    );
  dropAttributes(d, shift, text);
  const returnsVoid = returnType(declared) === "void";
  text.replace(
    end,
    end + 1,
    ` { ${returnsVoid ? "" : "return "}${target}(${nameParameters(declared, text).join(", ")}); }`,
  );
  const own = facts.find((f) => f.name === d.names[0]);
  const of = facts.find((f) => f.name === target);
  if (own === undefined) return;
  if (of?.section !== undefined) own.section ??= of.section;
  // The attributes went with the alias.
  const kept = [
    ...(own.section === undefined ? [] : [`__section__("${own.section}")`]),
    ...(own.weak ? ["__weak__"] : []),
    ...(traced.has(own.name) ? [] : ["__no_instrument_function__"]),
  ];
  if (kept.length > 0) text.replace(d.start + shift, d.start + shift, `__attribute__((${kept.join(", ")})) `);
}

/** C takes an alias of a function that it meets only further down; the call in its place needs the function declared. */
function declareBefore(
  reduced: ReducedUnit,
  at: number,
  target: string,
  externals: ReadonlyMap<string, string>,
  text: Rewriter,
): void {
  const first = reduced.kept.find((k) => k.declaration.names.includes(target));
  if (first === undefined || first.start < at) return;
  const { declaration: d, start } = first;
  const shift = start - d.start;
  const head = d.tokens.slice(0, d.body?.open ?? -1);
  const kept = externals.has(target) ? head.filter((t) => t.text !== "static") : head;
  text.replace(at, at, ...kept.flatMap((t) => [{ start: t.start + shift, end: t.end + shift }, " "]), "; ");
}

/** The names of a prototype's parameters; those that have none get one where it would stand (`loc` is there). */
function nameParameters(declared: AstNode, text: Rewriter): string[] {
  const parameters = (declared.inner ?? []).filter((p) => p.kind === "ParmVarDecl");
  return parameters.map((p, i) => {
    if (p.name !== undefined) return p.name;
    const name = `kport$parameter_${i}`;
    if (p.loc?.offset !== undefined) text.replace(p.loc.offset, p.loc.offset, ` ${name}`);
    return name;
  });
}

function literal(args: string): string {
  return [...args.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) => m[1]).join("");
}
