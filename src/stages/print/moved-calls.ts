/** What lowering moved into helpers in C: the Rust calls them where the C has the expression. */
import type { MovedInvocation } from "../lower/moved-invocations.ts";
import { literalOf } from "./convert.ts";
import { CannotPrint } from "./crate-types.ts";
import type { Printer } from "./printer.ts";
import { addressOf } from "./rules/places.ts";
import { argumentsInC, givenInC } from "./arguments-in-c.ts";
import { atom, blockLike, prefix, type Rust } from "./rust-text.ts";
import { I32, NEVER, type RustType } from "./rust-type.ts";
import type { Kind, UnitFacts } from "./unit-facts.ts";
import { rustIdentifier } from "./local-names.ts";
import { localNamed } from "./named-local.ts";

/** The helpers' calls of one function, found again in its tree. */
export class MovedCalls {
  private readonly byInvocation = new Map<number, MovedInvocation>();
  private readonly byNode = new Map<number, MovedInvocation>();
  /** Whether what is printed is only said to a reader, and need not be in the crate. */
  private tells = false;
  get telling(): boolean {
    return this.tells;
  }

  /** Print what nothing computes. */
  told<T>(print: () => T): T {
    const outer = this.tells;
    this.tells = true;
    try {
      return print();
    } finally {
      this.tells = outer;
    }
  }

  /** Moved in part only: there is no place in the tree for it. */
  readonly lost: MovedInvocation[];
  constructor(unit: UnitFacts, body: number, moved: readonly MovedInvocation[]) {
    this.lost = [];
    if (moved.length === 0) return;
    this.findInvocations(unit, body, moved);
    this.findCalls(unit, body, moved);
    this.findPieces(unit, body, moved);
    this.findAssembly(
      unit,
      body,
      moved.filter((m) => m.macro === undefined && m.callee === undefined && m.range === undefined),
    );
    this.noteJumps(unit, body);
  }

  private noteJumps(unit: UnitFacts, body: number): void {
    unit.walk(body, (n, i) => {
      const m =
        this.byNode.get(i) ??
        unit
          .steps(n.p)
          .map((s) => this.byInvocation.get(s.invocation))
          .find((x) => x !== undefined);
      if (m?.jumps) unit.jumpsOf.set(i, m.jumps);
    });
  }

  /** What is no macro's and no call's: by the text that it is. */
  private findPieces(unit: UnitFacts, body: number, moved: readonly MovedInvocation[]): void {
    const pieces = moved.filter((m) => m.macro === undefined && m.callee === undefined && m.range !== undefined);
    const found = new Map<MovedInvocation, number>();
    if (pieces.length > 0) {
      unit.walk(body, (n, i) => {
        // The compiler's conversions stand around it; the innermost of a text is what moved.
        const m =
          (n.p ?? 0) === 0 && !(n.k === "cast" && n.explicit !== true)
            ? pieces.find((x) => x.range?.from === n.place.b && (x.range.to === n.place.e || n.k === "asm"))
            : undefined;
        if (m && !found.has(m)) found.set(m, i);
      });
    }
    for (const m of pieces) {
      const i = found.get(m);
      if (i === undefined) this.lost.push(m);
      else this.byNode.set(i, m);
    }
  }

  /**
   * Assembly that comes out of a macro of which the rest is Rust: the n-th is the n-th, where there are as many. And the one piece of a
   * function that a macro writes, where it does nothing but return something: what is no more than that is the gate's to see.
   */
  private findAssembly(unit: UnitFacts, body: number, pieces: readonly MovedInvocation[]): void {
    const found: number[] = [];
    const [only] = pieces;
    const whole = pieces.length === 1 && only?.assembly === undefined ? returnedBy(unit, body) : undefined;
    if (whole !== undefined) found.push(whole);
    else if (pieces.length > 0 && pieces.every((m) => m.assembly)) {
      unit.walk(body, (n, i) => {
        if (this.byNode.has(i) || unit.steps(n.p).some((s) => this.byInvocation.has(s.invocation))) return false;
        if (n.k === "asm") found.push(i);
        return true;
      });
    }
    if (found.length !== pieces.length) this.lost.push(...pieces);
    else for (const [k, i] of found.entries()) this.byNode.set(i, pieces[k] as MovedInvocation);
  }

  private findInvocations(unit: UnitFacts, body: number, moved: readonly MovedInvocation[]): void {
    const met = new Set<number>();
    unit.walk(body, (n) => {
      for (const s of unit.steps(n.p)) met.add(s.invocation);
    });
    const line = (x: number): number => unit.facts.expansions[x]?.place.l ?? 0;
    const begin = (x: number): number => unit.facts.expansions[x]?.place.b ?? 0;
    const isAt = (x: number, m: MovedInvocation): boolean =>
      m.offset === begin(x) && unit.macroName(x) === m.macro && unit.facts.expansions[x]?.path === 0;
    const exact = moved.filter((m) => m.macro !== undefined && m.offset !== undefined);
    for (const m of exact) {
      const x = [...met].find((v) => isAt(v, m));
      if (x === undefined) this.lost.push(m);
      else this.byInvocation.set(x, m);
    }
    moved = moved.filter((m) => !exact.includes(m));
    for (const [key, calls] of Map.groupBy(
      moved.filter((m) => m.macro !== undefined),
      (m) => `${m.macro} ${m.line}`,
    )) {
      const found = [...met]
        .filter((x) => `${unit.macroName(x)} ${line(x)}` === key && unit.facts.expansions[x]?.path === 0)
        .sort((a, b) => begin(a) - begin(b));
      if (found.length !== calls.length) this.lost.push(...calls);
      else for (const [i, x] of found.entries()) this.byInvocation.set(x, calls[i] as MovedInvocation);
    }
  }

  private findCalls(unit: UnitFacts, body: number, moved: readonly MovedInvocation[]): void {
    const calls = new Map<string, number[]>();
    unit.walk(body, (n, i) => {
      if (n.k === "sizeof") return false;
      if (n.k === "call") {
        const name = calleeName(unit, n);
        calls.set(name, [...(calls.get(name) ?? []), i]);
      }
      return true;
    });
    for (const [name, all] of Map.groupBy(
      moved.filter((m) => m.callee !== undefined),
      (m) => m.callee as string,
    )) {
      const left = [...all];
      const here = calls.get(name) ?? [];
      // In a choice that the compiler did not take, as `strlen("text")` has one: there is no call to be found.
      if (here.length === 0) continue;
      // Those with the same arguments left, in order; where there are more, those of the same line.
      const fit = (m: MovedInvocation, i: number): boolean => {
        const { place, p } = unit.node(i);
        if (m.offset === place.b && (p ?? 0) === 0) return true;
        const kept = m.arguments.flatMap((x) => ("argument" in x ? [x.argument] : []));
        const locals = m.arguments.flatMap((x) => ("local" in x ? [x.local] : []));
        const n = unit.node(i) as Kind<"call">;
        return n.arguments.every(
          (a, k) => kept.includes(k) || unit.expression(a).v !== undefined || movesAlong(unit, a, locals),
        );
      };
      for (const i of here) {
        const at = left.findIndex((m) => fit(m, i) && (here.length === all.length || m.line === unit.node(i).place.l));
        const m = left[at];
        if (m === undefined) continue;
        left.splice(at, 1);
        this.byNode.set(i, m);
      }
      this.lost.push(...left);
    }
  }

  call(p: Printer, i: number, _want: RustType | undefined): Rust | undefined {
    const inside = p.invocations.at(i).find((x) => this.byInvocation.has(x));
    const m = inside === undefined ? this.byNode.get(i) : this.byInvocation.get(inside);
    if (m === undefined) return undefined;
    const n = p.unit.node(i);
    return this.helper(p, m, n.k === "call" ? n.arguments : [], i, inside);
  }

  statement(p: Printer, i: number): string[] | undefined {
    const x = p.invocations.at(i).find((v) => this.byInvocation.has(v));
    const m = x === undefined ? this.byNode.get(i) : this.byInvocation.get(x);
    if (m === undefined || (x === undefined && p.unit.node(i).k !== "asm")) return undefined;
    const text = this.helper(p, m, [], i, x).text;
    if (m.jumps === undefined || m.jumps.length === 0) return [`${text};`];
    const arms = m.jumps.map((label, k) => `${k + 1} => ${p.flow.jumpTo(label)},`);
    return [`match ${text} {`, ...arms, "_ => {}", "}"];
  }

  /**
   * @param given the arguments of a call
   * @param invocation the macro's
   */
  private helper(
    p: Printer,
    m: MovedInvocation,
    given: readonly number[],
    at: number,
    invocation: number | undefined,
  ): Rust {
    const signature = p.env.function(m.symbol);
    if (!signature || signature.parameters.length !== m.arguments.length)
      throw new CannotPrint(`the helper ${m.symbol} takes other arguments`);
    const passed = m.arguments.map((x, k) => {
      const type = p.types.resolve((signature.parameters[k] as { type: RustType }).type);
      // In the words of the C, where one of its arguments is that constant.
      const said = "constant" in x ? given.find((a) => p.unit.expression(a).v === x.constant) : undefined;
      if ("constant" in x && said !== undefined) return p.value(said, type);
      if ("constant" in x) return p.convert.to(literalOf(BigInt(x.constant), I32), type);
      if ("argument" in x) return p.value(given[x.argument] as number, type);
      const decl = localNamed(p, x.local, at);
      // A static table that C does not write is none that Rust lets anyone write.
      const constant = p.names.isConstant(decl) ? { constant: true as const } : {};
      const local = { ...atom(p.names.of(decl), p.names.typeOf(decl)), root: decl, ...constant };
      return p.convert.to(x.address ? addressOf(local, true, p) : local, type);
    });
    const result = p.types.resolve(signature.result);
    const inC = m.deadEnd ? undefined : asInC(p, m, given, at, invocation, passed);
    const made = atom(inC ?? `${m.symbol}(${passed.map((r) => r.text).join(", ")})`, result);
    if (m.deadEnd) return blockLike(`{ ${made.text}; core::hint::unreachable_unchecked() }`, NEVER);
    return m.lvalue && result.k === "pointer" ? prefix("*", made, result.to) : made;
  }
}

/** The invocation as C has it, where the helper is not told all that C says. */
function asInC(
  p: Printer,
  m: MovedInvocation,
  given: readonly number[],
  at: number,
  invocation: number | undefined,
  passed: readonly Rust[],
): string | undefined {
  const locals = m.arguments.flatMap((x) => ("local" in x ? [p.names.of(localNamed(p, x.local, at))] : []));
  const within = rustIdentifier(m.func);
  const shared = { symbol: m.symbol, plain: m.plain, within, passed: passed.map((r) => r.text), locals };
  if (invocation !== undefined && m.macro !== undefined) {
    const { macro } = m;
    return p.book.helper(p, () => {
      const said = p.moved.told(() => argumentsInC(p, invocation));
      return said && { ...shared, name: macro, said };
    });
  }
  if (m.callee === undefined || given.length === 0) return undefined;
  const { callee } = m;
  const kept = m.arguments.map((x) => ("argument" in x ? x.argument : undefined));
  if (m.arguments.some((x) => "constant" in x) || given.every((_, k) => kept.includes(k))) return undefined;
  return p.book.helper(p, () => {
    const said = given.map((a, k) =>
      kept.includes(k) ? { passed: kept.indexOf(k) } : p.moved.told(() => givenInC(p, p.withoutImplicit(a, /./))),
    );
    return { ...shared, name: calledAs(p, at, given) ?? callee, said };
  });
}

/** The macro that a call is written as: its arguments are the call's, one by one (`strlen(p)` of `__fortify_strlen(p)`). */
function calledAs(p: Printer, at: number, given: readonly number[]): string | undefined {
  const around = p.invocations.at(at).find((x) => {
    const { path, macro = -1 } = p.unit.facts.expansions[x] ?? {};
    const comes = (a: number, k: number): boolean =>
      p.unit.steps(p.unit.node(p.withoutImplicit(a, /./)).p).some((s) => s.invocation === x && s.argument === k);
    return (
      p.unit.isDirect(path) && p.unit.facts.macros[macro]?.parameters?.length === given.length && given.every(comes)
    );
  });
  return around === undefined ? undefined : p.unit.macroName(around);
}

/** What a function returns that does nothing else, and is a macro's text. */
function returnedBy(unit: UnitFacts, body: number): number | undefined {
  const n = unit.node(body);
  const [only, more] = n.k === "block" && (n.p ?? 0) !== 0 ? n.body : [];
  const last = only === undefined || more !== undefined ? undefined : unit.node(only);
  let at = last?.k === "return" ? last.of : undefined;
  for (
    let x = at === undefined ? undefined : unit.node(at);
    x?.k === "cast" && x.explicit !== true;
    x = unit.node(x.of)
  )
    at = x.of;
  return at;
}

function calleeName(unit: UnitFacts, n: Kind<"call">): string {
  let callee = unit.node(n.callee);
  while (callee.k === "cast") callee = unit.node(callee.of);
  const d = callee.k === "reference" ? unit.declaration(callee.decl) : undefined;
  return d?.k === "function" ? d.name : (n.builtin ?? "");
}

/** What lowering takes along with a call: literals and sizes, strings for one, and places that the helper is told the locals of. */
function movesAlong(unit: UnitFacts, i: number, locals: readonly string[]): boolean {
  return !unit.some(i, (n) => {
    if (n.k === "call" || n.k === "assignment" || n.k === "statement-expression") return true;
    const d = n.k === "reference" ? unit.declaration(n.decl) : undefined;
    return d?.k === "variable"
      ? d.scope !== "file" && !locals.includes(d.name)
      : d !== undefined && d.k !== "enumerator";
  });
}
