/** The facts of one unit, as the printer asks for them. */
import { childrenOf } from "../../facts/children.ts";
import type { CType, Declaration, Node } from "../../facts/schema.ts";
import { type Expression, type NodeOf, Tree } from "../../facts/tree.ts";

export type { Expression };
export type Kind<K extends Node["k"]> = NodeOf<K>;
export type Variable = Extract<Declaration, { k: "variable" }>;

/** A step into an invocation, or on to the text of one of its arguments. */
export interface Step {
  invocation: number;
  argument?: number;
}

export class UnitFacts extends Tree {
  /** Names of C that are others in the crate. */
  renamed: ReadonlyMap<string, string> = new Map();
  /** Labels that a node jumps to besides those that it says: those of assembly. */
  readonly jumpsOf = new Map<number, readonly string[]>();
  private readonly chains = new Map<number, Step[]>();

  /** A type without the names that typedefs give it. */
  plain(i: number): CType {
    let t = this.type(i);
    while (t.k === "typedef" || t.k === "atomic") t = this.type(t.of);
    return t;
  }

  /** Whether an object of the type is volatile, by any of its names. */
  isVolatile(i: number): boolean {
    return this.underlying(i).volatile === true;
  }

  isConst(i: number): boolean {
    return this.underlying(i).const === true;
  }

  /** The steps from the file to where a node's text comes from, outermost first. */
  steps(path: number | undefined): Step[] {
    if (path === undefined || path === 0) return [];
    const known = this.chains.get(path);
    if (known) return known;
    const s = this.facts.paths[path - 1];
    const chain = s ? [...this.steps(s.up), { invocation: s.x, ...(s.a === undefined ? {} : { argument: s.a }) }] : [];
    this.chains.set(path, chain);
    return chain;
  }

  /** Whether what comes by a path is written in the file itself, be it as an argument: not in the text of a macro. */
  isDirect(path: number | undefined): boolean {
    const within = new Set<number>();
    for (const s of this.steps(path))
      if (s.argument === undefined) within.add(s.invocation);
      else within.delete(s.invocation);
    return within.size === 0;
  }

  private functionLike: ReadonlySet<string> | undefined;
  /** Whether a macro is another name of one that takes arguments (`#define cpu_to_le32 __cpu_to_le32`): with them it is no constant. */
  isAlias(macro: { parameters?: unknown; body: string }): boolean {
    this.functionLike ??= new Set(this.facts.macros.flatMap((m) => (m.parameters === undefined ? [] : [m.name])));
    return macro.parameters === undefined && this.functionLike.has(macro.body);
  }

  /** The invocation of the name that the text says, where that is another name of the macro that is invoked. */
  calledBy(invocation: number): number {
    const around = this.steps(this.facts.expansions[invocation]?.path).at(-1);
    if (around === undefined || around.argument !== undefined) return invocation;
    const outer = this.facts.macros[this.facts.expansions[around.invocation]?.macro ?? -1];
    const isItsName = outer !== undefined && this.isAlias(outer) && outer.body === this.macroName(invocation);
    return isItsName ? this.calledBy(around.invocation) : invocation;
  }

  macroName(invocation: number): string {
    const x = this.facts.expansions[invocation];
    return (x && this.facts.macros[x.macro]?.name) ?? "";
  }

  /** What stands directly below a node, initialisers of what it declares among it. */
  below(i: number): number[] {
    const n = this.node(i);
    if (n.k !== "declare") return childrenOf(n);
    return n.decls.flatMap((d) => {
      const v = this.declaration(d);
      return v.k === "variable" && v.initialiser !== undefined ? [v.initialiser] : [];
    });
  }

  some(i: number, is: (n: Node, i: number) => boolean): boolean {
    let found = false;
    this.walk(i, (n, at) => {
      found ||= is(n, at);
      return !found;
    });
    return found;
  }
}
