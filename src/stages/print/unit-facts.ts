/** The facts of one unit, by reference: nodes, types and declarations, and the macro invocations that a node stands in. */
import type { CType, Declaration, Facts, Node } from "../../facts/schema.ts";

export type Kind<K extends Node["k"]> = Extract<Node, { k: K }>;
/** A node that has a value. */
export type Expression = Extract<Node, { t: number }>;
export type Variable = Extract<Declaration, { k: "variable" }>;
export type FunctionDeclaration = Extract<Declaration, { k: "function" }>;
export type RecordDeclaration = Extract<Declaration, { k: "record" }>;

/** A step into an invocation, or on to the text of one of its arguments. */
export interface Step {
  invocation: number;
  argument?: number;
}

export class UnitFacts {
  readonly facts: Facts;
  private readonly chains = new Map<number, Step[]>();
  constructor(facts: Facts) {
    this.facts = facts;
  }

  node(i: number): Node {
    return this.facts.nodes[i] as Node;
  }

  expression(i: number): Expression {
    return this.facts.nodes[i] as Expression;
  }

  declaration(i: number): Declaration {
    return this.facts.declarations[i] as Declaration;
  }

  type(i: number): CType {
    return this.facts.types[i] as CType;
  }

  /** A type without the names that typedefs give it. */
  plain(i: number): CType {
    let t = this.type(i);
    while (t.k === "typedef" || t.k === "atomic") t = this.type(t.of);
    return t;
  }

  /** Whether an object of the type is volatile, by any of its names. */
  isVolatile(i: number): boolean {
    for (let t = this.type(i); ; t = this.type(t.of)) {
      if (t.volatile) return true;
      if (t.k !== "typedef" && t.k !== "atomic") return false;
    }
  }

  isConst(i: number): boolean {
    for (let t = this.type(i); ; t = this.type(t.of)) {
      if (t.const) return true;
      if (t.k !== "typedef" && t.k !== "atomic") return false;
    }
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

  macroName(invocation: number): string {
    const x = this.facts.expansions[invocation];
    return (x && this.facts.macros[x.macro]?.name) ?? "";
  }

  /** The nodes directly below a node, in the order of evaluation. */
  children(n: Node): number[] {
    const some = (...of: (number | undefined)[]): number[] => of.filter((x) => x !== undefined);
    switch (n.k) {
      case "member":
        return [n.base];
      case "subscript":
        return [n.base, n.index];
      case "unary":
      case "cast":
      case "evaluate":
      case "va_arg":
        return [n.of];
      case "binary":
      case "assignment":
        return [n.left, n.right];
      case "conditional":
        return some(n.condition, n.then, n.else);
      case "call":
        return [n.callee, ...n.arguments];
      case "sizeof":
        return some(n.of);
      case "offsetof":
        return n.steps.flatMap((s) => ("index" in s && typeof s.index === "number" ? [s.index] : []));
      case "compound-literal":
        return [n.initialiser];
      case "list":
        return some(...n.items, n.rest);
      case "statement-expression":
        return [n.body];
      case "atomic":
      case "asm":
        return n.operands;
      case "other-expression":
      case "other-statement":
        return n.children;
      case "block":
        return n.body;
      case "declare":
        return n.decls.flatMap((d) => {
          const v = this.declaration(d);
          return v.k === "variable" && v.initialiser !== undefined ? [v.initialiser] : [];
        });
      case "if":
        return some(n.condition, n.then, n.else);
      case "while":
        return [n.condition, n.body];
      case "do":
        return [n.body, n.condition];
      case "for":
        return some(n.init, n.condition, n.step, n.body);
      case "switch":
        return [n.of, n.body];
      case "case":
        return some(n.low, n.high, n.body);
      case "default":
      case "label":
        return [n.body];
      case "return":
        return some(n.of);
      default:
        return [];
    }
  }

  /** Every node of a tree, itself first; `enter` says whether to go on below it. */
  walk(i: number, enter: (n: Node, i: number) => boolean | undefined | void): void {
    const n = this.node(i);
    if (enter(n, i) === false) return;
    for (const c of this.children(n)) this.walk(c, enter);
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
