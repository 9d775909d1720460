/** The typed tree of a unit: what the tables of its facts say, by reference instead of by index. */
import { childrenOf } from "./children.ts";
import type { CType, Declaration, Facts, Node, Place } from "./schema.ts";

export type Expression = Extract<Node, { t: number }>;
export type Statement = Exclude<Node, Expression>;
type Kind<T extends { k: string }, K extends T["k"]> = Extract<T, { k: K }>;
export type NodeOf<K extends Node["k"]> = Kind<Node, K>;
export type DeclarationOf<K extends Declaration["k"]> = Kind<Declaration, K>;

/** One step of a path: into an invocation, or over to the text of its argument. */
export interface Step {
  expansion: number;
  macro: string;
  argument: number | undefined;
}

/** Facts that were checked (read.ts): every index leads somewhere, and nothing leads round in a circle. */
export class Tree {
  readonly facts: Facts;
  constructor(facts: Facts) {
    this.facts = facts;
  }

  node(index: number): Node {
    return at(this.facts.nodes, index);
  }

  /** @throws Error where the node is a statement */
  expression(index: number): Expression {
    const n = this.node(index);
    if (!("t" in n)) throw new Error(`node ${index} (${n.k}) is no expression`);
    return n;
  }

  declaration(index: number): Declaration {
    return at(this.facts.declarations, index);
  }

  /** @throws Error where the declaration is of another kind */
  declared<K extends Declaration["k"]>(index: number, kind: K): DeclarationOf<K> {
    const d = this.declaration(index);
    if (d.k !== kind) throw new Error(`declaration ${index} is no ${kind} but a ${d.k}`);
    return d as DeclarationOf<K>;
  }

  type(index: number): CType {
    return at(this.facts.types, index);
  }

  /** A type without the typedefs around it; what they qualify stays qualified. */
  underlying(index: number): CType {
    let t = this.type(index);
    let isConst = t.const;
    let isVolatile = t.volatile;
    while (t.k === "typedef") {
      t = this.type(t.of);
      isConst ??= t.const;
      isVolatile ??= t.volatile;
    }
    if (isConst === t.const && isVolatile === t.volatile) return t;
    return { ...t, ...(isConst ? { const: true } : {}), ...(isVolatile ? { volatile: true } : {}) };
  }

  /** Whether C takes two types for the same: without typedefs, their qualifiers aside at the top only. */
  same(a: number, b: number): boolean {
    return a === b || this.canonical(a, true) === this.canonical(b, true);
  }

  private readonly canonicals = new Map<number, string>();
  /** A text that is equal for equal types. */
  private canonical(index: number, unqualified: boolean): string {
    const t = this.underlying(index);
    const known = this.canonicals.get(index);
    const bare = known ?? this.spelled(t);
    if (known === undefined) this.canonicals.set(index, bare);
    // An array is qualified by its elements (C11 6.7.3p9).
    return unqualified && t.k !== "array" ? bare : `${t.const ? "const " : ""}${t.volatile ? "volatile " : ""}${bare}`;
  }

  private spelled(t: CType): string {
    switch (t.k) {
      case "void":
      case "bool":
      case "typedef":
        return t.k;
      case "int":
        return t.name;
      case "float":
        return `float${t.bits}`;
      case "pointer":
        return `(${this.canonical(t.to, false)})*`;
      case "array":
        return `(${this.canonical(t.of, false)})[${t.length ?? (t.vla ? "*" : "")}]`;
      case "function":
        return `(${this.canonical(t.result, true)})(${t.unprototyped ? "?" : t.parameters.map((p) => this.canonical(p, true)).join(",")}${t.variadic ? ",..." : ""})`;
      case "record":
      case "enum":
        return `${t.k} ${t.decl}`;
      case "atomic":
        return `_Atomic(${this.canonical(t.of, false)})`;
      case "other":
        return `other ${t.name}`;
    }
  }

  children(index: number): number[] {
    return childrenOf(this.node(index));
  }

  /** Every node from one down, it first, in the order of the C; with the initialisers of what is declared on the way. `visit` says false to stay out of what is below. */
  walk(index: number, visit: (node: Node, index: number) => boolean | void): void {
    const waiting = [index];
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      const n = this.node(i);
      if (visit(n, i) === false) continue;
      const below = n.k === "declare" ? n.decls.flatMap((d) => this.initialiserOf(d)) : childrenOf(n);
      for (let c = below.length - 1; c >= 0; c--) waiting.push(below[c] as number);
    }
  }

  private initialiserOf(index: number): number[] {
    const d = this.declaration(index);
    return d.k === "variable" && d.initialiser !== undefined ? [d.initialiser] : [];
  }

  /** The steps of a path, from the file inwards. */
  path(p: number | undefined): Step[] {
    const steps: Step[] = [];
    for (let i = p ?? 0; i !== 0; ) {
      const s = at(this.facts.paths, i - 1);
      steps.push({
        expansion: s.x,
        macro: at(this.facts.macros, at(this.facts.expansions, s.x).macro).name,
        argument: s.a,
      });
      i = s.up;
    }
    return steps.reverse();
  }

  /** Whether a declaration stands in one of the module's own files. */
  isOwn(d: Declaration): boolean {
    return "place" in d && d.place !== undefined && this.facts.files[d.place.f]?.own === true;
  }

  /** The file of a place. */
  file(place: Place): string {
    return at(this.facts.files, place.f).path;
  }
}

function at<T>(table: readonly T[], index: number): T {
  const found = table[index];
  if (found === undefined) throw new Error(`there is no entry ${index} in a table of ${table.length}`);
  return found;
}
