/** Which macro invocations of a function are one whole expression or statement, and where. */
import type { Node } from "../../facts/schema.ts";
import type { NodeOf } from "../../facts/tree.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** Conversions that the compiler puts around what a macro says, because of where it stands. */
const AROUND =
  /^(?:IntegralCast|IntegralToBoolean|PointerToBoolean|BitCast|NoOp|LValueToRValue|ArrayToPointerDecay|FunctionToPointerDecay|BooleanToSignedIntegral)$/;

/** What a macro says of a loop that it is the head of. */
export interface Head {
  invocation: number;
  /** Those whose last branch, one within the other, it governs. */
  ifs: readonly NodeOf<"if">[];
  /** What it governs. */
  body: number;
}

export class Invocations {
  private readonly unit: UnitFacts;
  /** The function's body. */
  readonly body: number;
  /** The topmost nodes of each invocation. */
  private readonly tops = new Map<number, Set<number>>();
  private readonly wholes = new Map<number, number[]>();
  private readonly shapes = new Map<number, string>();
  private readonly parents = new Map<number, number>();
  /** Invocations that more than the tree comes out of: declarations as a whole. */
  readonly around = new Set<number>();
  constructor(unit: UnitFacts, body: number) {
    this.unit = unit;
    this.body = body;
    this.enter(body, []);
    for (const [x, tops] of this.tops) {
      // An argument that its macro names several times is several times in the tree, each the same.
      const [first, ...more] = tops;
      if (
        first === undefined ||
        (more.length > 0 && more.some((t) => this.shape(this.stripped(t)) !== this.shape(this.stripped(first))))
      )
        continue;
      if (more.length > 0 && !unit.steps(unit.node(first).p).some((s) => s.argument !== undefined)) continue;
      for (const top of tops) {
        const at = this.stripped(top);
        this.wholes.set(at, [...(this.wholes.get(at) ?? []), x]);
      }
    }
    for (const [at, xs] of this.wholes) {
      const order = unit.steps(unit.node(at).p).map((s) => s.invocation);
      xs.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    }
  }

  private enter(i: number, around: readonly number[]): void {
    const inside = [...new Set(this.unit.steps(this.unit.node(i).p).map((s) => s.invocation))];
    for (const x of inside) {
      if (around.includes(x)) continue;
      const tops = this.tops.get(x) ?? new Set<number>();
      tops.add(i);
      this.tops.set(x, tops);
    }
    for (const c of this.unit.below(i)) {
      this.parents.set(c, i);
      this.enter(c, inside);
    }
    const n = this.unit.node(i);
    for (const d of n.k === "declare" ? n.decls : []) {
      const v = this.unit.declaration(d);
      for (const bound of (v.k === "variable" && v.bounds) || []) this.enter(bound, inside);
    }
  }

  /** The only invocation in the text that gives members of a list, and nothing else; and which. */
  membersIn(items: readonly number[]): { invocation: number; items: ReadonlySet<number> } | undefined {
    const found = [...this.tops].filter(([x, tops]) => {
      const expansion = this.unit.facts.expansions[x];
      const macro = expansion && this.unit.facts.macros[expansion.macro];
      const isWhole = [...tops].every((t) => items.includes(t)) && macro?.parameters !== undefined;
      return isWhole && tops.size > 1 && this.unit.isDirect(expansion?.path);
    });
    const [one, more] = found;
    return one === undefined || more !== undefined ? undefined : { invocation: one[0], items: one[1] };
  }

  /** What two nodes have in common that say the same. */
  private shape(i: number): string {
    const known = this.shapes.get(i);
    if (known !== undefined) return known;
    const n = this.unit.node(i);
    const own =
      "decl" in n
        ? this.nameOf(n.decl)
        : "field" in n
          ? n.field
          : "op" in n
            ? n.op
            : "kind" in n
              ? n.kind
              : "v" in n
                ? n.v
                : "";
    const made = `${n.k} ${own} (${this.unit
      .below(i)
      .map((c) => this.shape(c))
      .join()})`;
    this.shapes.set(i, made);
    return made;
  }

  private nameOf(decl: number): string {
    const d = this.unit.declaration(decl);
    return ("name" in d ? d.name : undefined) ?? String(decl);
  }

  /** The expression itself, without what its surroundings make of it. */
  private stripped(i: number): number {
    for (;;) {
      const n: Node = this.unit.node(i);
      if (n.k === "evaluate") i = n.of;
      else if (
        n.k === "cast" &&
        !n.explicit &&
        AROUND.test(n.kind) &&
        this.sameText(n.p, n.of) &&
        !(n.kind === "LValueToRValue" && this.isVolatile(n.of))
      )
        i = n.of;
      else return i;
    }
  }

  private sameText(path: number | undefined, of: number): boolean {
    return (this.unit.node(of).p ?? 0) === (path ?? 0);
  }

  private isVolatile(i: number): boolean {
    const n = this.unit.node(i);
    return "t" in n && this.unit.isVolatile(n.t);
  }

  /**
   * The invocation that is all of a loop but what it governs: its body (`list_for_each_entry`), or, where that is an `if`, the last branch
   * of it (`scoped_guard`, `for_each_if`).
   */
  headOf(i: number): Head | undefined {
    const n = this.unit.node(i);
    if (n.k !== "for" || (n.p ?? 0) !== 0) return undefined;
    const parts = [n.init, n.condition, n.step].filter((x) => x !== undefined);
    const ifs: NodeOf<"if">[] = [];
    for (let body = n.body; ; ) {
      for (const [x, tops] of this.tops)
        if (parts.length > 1 && tops.size === parts.length && parts.every((t) => tops.has(t)))
          return { invocation: x, ifs, body };
      const below = this.unit.node(body);
      if (below.k !== "if" || below.else === undefined || (below.p ?? 0) !== 0) return undefined;
      parts.push(below.condition, below.then);
      ifs.push(below);
      body = below.else;
    }
  }

  /** The invocations that a node is all of, outermost first. */
  at(i: number): readonly number[] {
    const all = this.wholes.get(i) ?? [];
    return this.around.size === 0 ? all : all.filter((x) => !this.around.has(x));
  }

  /**
   * The names of those that are written there, each as often as it is, where an expression or a statement comes out of it.
   * @param outer the path of what all of it comes out of: a macro that makes a function is the file's
   * @param moved where what stays in C begins, in bytes: what is written within it keeps its name there
   */
  direct(outer: number | undefined, moved: ReadonlySet<number>): string[] {
    const around = new Set(this.unit.steps(outer).map((s) => s.invocation));
    const places = [...this.tops.keys()].flatMap((x) => this.unit.facts.expansions[x]?.place ?? []);
    for (const i of this.parents.keys()) if (this.unit.node(i).k === "call") places.push(this.unit.node(i).place);
    const staying = places.filter((p) => moved.has(p.b));
    return [...this.tops.keys()].flatMap((x) => {
      const { path, place, macro } = this.unit.facts.expansions[x] ?? {};
      const isInC = staying.some((p) => place && p.f === place.f && p.b < place.b && place.e <= p.e);
      // The compiler's own (`__LINE__`) has no text.
      const isBuiltIn = this.unit.facts.macros[macro ?? -1]?.body === "";
      return around.has(x) || isInC || isBuiltIn || !this.unit.isDirect(path) ? [] : [this.unit.macroName(x)];
    });
  }

  topsOf(x: number): ReadonlySet<number> {
    return this.tops.get(x) ?? new Set();
  }

  parentOf(i: number): number | undefined {
    return this.parents.get(i);
  }
}
