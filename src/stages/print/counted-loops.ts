/**
 * Loops that count: `for (i = 0; i < n; i++)` is `for i in 0..n` where nothing but the loop gives `i` a value, nobody asks for it behind
 * the loop, and `n` is the same in each round. What `continue` does in C it then does in Rust as well.
 */
import type { Invocations } from "./invocations.ts";
import type { Printer } from "./printer.ts";
import { typedOf } from "./rust-text.ts";
import { I32, type RustType, same } from "./rust-type.ts";
import { printBody } from "./statements.ts";
import type { Kind } from "./unit-facts.ts";
import { assignedBy, partsOf } from "./uses.ts";

/** What a loop counts with, from where, and up to where: nodes. */
interface Counted {
  decl: number;
  low: number;
  high: number;
}

/** @returns nothing of a loop that does more than count, or whose macro is its head */
function countedLoop(p: Printer, i: number): Counted | undefined {
  const n = p.unit.node(i);
  if (n.k !== "for" || (n.p ?? 0) !== 0 || n.condition === undefined || n.step === undefined) return undefined;
  // What a macro writes is said by its name.
  if ([n.init, n.condition, n.step].some((part) => part !== undefined && (p.unit.node(part).p ?? 0) !== 0))
    return undefined;
  const begun = beginning(p, i, n);
  const condition = p.unit.node(n.condition);
  if (begun === undefined || condition.k !== "binary" || condition.op !== "<") return undefined;
  const { decl } = begun;
  const counted = { ...begun, high: condition.right };
  if (!isCounter(p, decl) || !isNext(p, n.step, decl) || readOf(p, condition.left)?.decl !== decl) return undefined;
  const isRead = wholly(p, n.body, decl, (use) => use === "read");
  return isRead && isInRange(p, counted, condition.left, n) ? counted : undefined;
}

/** `i = 0`, or `int i = 0`. */
function beginning(p: Printer, i: number, n: Kind<"for">): { decl: number; low: number } | undefined {
  const init = n.init === undefined ? undefined : p.unit.node(n.init);
  if (init?.k === "declare") {
    const [decl, ...more] = init.decls;
    const v = p.unit.declaration(decl ?? -1);
    const low = v?.k === "variable" && v.storage === "none" ? v.initialiser : undefined;
    return decl === undefined || more.length > 0 || low === undefined ? undefined : { decl, low };
  }
  const [part, ...more] = partsOf(p.unit, i);
  const assigned = part === undefined || more.length > 0 ? undefined : assignedBy(p.unit, part);
  return assigned && { decl: assigned.decl, low: assigned.right };
}

/** A local number that is not volatile, and no parameter. */
function isCounter(p: Printer, decl: number): boolean {
  const v = p.unit.declaration(decl);
  if (v.k !== "variable" || v.scope !== "block" || v.storage !== "none" || p.unit.isVolatile(v.type)) return false;
  return p.unit.plain(v.type).k === "int" && p.names.typeOf(decl).k === "int";
}

/** `i++`, `++i` or `i += 1`. */
function isNext(p: Printer, step: number, decl: number): boolean {
  const n = p.unit.node(step);
  if (n.k === "evaluate") return isNext(p, n.of, decl);
  if (n.k === "unary" && (n.op === "_++" || n.op === "++_")) return isNamed(p, n.of, decl);
  if (n.k !== "assignment" || n.op !== "+=") return false;
  return isNamed(p, n.left, decl) && p.unit.expression(n.right).v === "1";
}

function isNamed(p: Printer, i: number, decl: number): boolean {
  const n = p.unit.node(i);
  return n.k === "reference" && n.decl === decl;
}

/** The variable that an expression is the value of, and whether it is that as it is. */
function readOf(p: Printer, i: number): { decl: number; plain: boolean } | undefined {
  let plain = true;
  for (let n = p.unit.node(i); n.k === "cast" && !n.explicit; n = p.unit.node(n.of)) {
    if (n.kind === "LValueToRValue") {
      const of = p.unit.node(n.of);
      return of.k === "reference" ? { decl: of.decl, plain } : undefined;
    }
    plain = false;
  }
  return undefined;
}

/**
 * Whether the numbers are the same in Rust: the bound is one that the counter has as well and never is behind, or both are compared as they
 * are and nothing gives the bound another value meanwhile.
 */
function isInRange(p: Printer, { decl, low, high }: Counted, left: number, n: Kind<"for">): boolean {
  const type = p.names.typeOf(decl) as RustType & { k: "int" };
  const [from, to] = [p.unit.expression(low).v, p.unit.expression(high).v];
  if (readOf(p, left)?.plain === true) return isInvariant(p, high, n);
  if (from === undefined || to === undefined) return false;
  const most = 1n << BigInt(type.signed ? type.bits - 1 : type.bits);
  return BigInt(from) >= 0n && BigInt(to) >= 0n && BigInt(to) < most;
}

/** Worked out at least once in C as well, where the loop begins. */
const ARITHMETIC: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^"]);

/** Whether an expression is of numbers and locals alone that the loop leaves as they are. */
function isInvariant(p: Printer, i: number, n: Kind<"for">): boolean {
  const e = p.unit.node(i);
  if ("t" in e && e.v !== undefined) return true;
  if (e.k === "binary") return ARITHMETIC.has(e.op) && isInvariant(p, e.left, n) && isInvariant(p, e.right, n);
  if (e.k !== "cast") return false;
  if (e.kind === "IntegralCast") return isInvariant(p, e.of, n);
  const of = e.kind === "LValueToRValue" ? p.unit.node(e.of) : undefined;
  const v = of?.k === "reference" ? p.unit.declaration(of.decl) : undefined;
  if (of?.k !== "reference" || v?.k !== "variable" || p.unit.isVolatile(v.type)) return false;
  const isLocal = v.scope !== "file" && v.storage === "none";
  if (!isLocal || !wholly(p, p.invocations.body, of.decl, (use) => use !== "other")) return false;
  return wholly(p, n.body, of.decl, (use) => use === "read");
}

/** Whether all that is done with a variable within a node is of a kind. */
function wholly(p: Printer, i: number, decl: number, is: (use: "read" | "write" | "other") => boolean): boolean {
  return !p.unit.some(i, (n, at) => n.k === "reference" && n.decl === decl && !is(useOf(p, at)));
}

function useOf(p: Printer, reference: number): "read" | "write" | "other" {
  const at = p.invocations.parentOf(reference);
  const n = at === undefined ? undefined : p.unit.node(at);
  if (n?.k === "cast" && n.kind === "LValueToRValue") return "read";
  const isWrite = (n?.k === "assignment" && n.left === reference) || (n?.k === "unary" && /[+-]/.test(n.op));
  return isWrite ? "write" : "other";
}

/** Of each function once: whatever it is printed as, it is the same loops that count. */
const known = new WeakMap<Invocations, ReadonlyMap<number, Counted>>();

/** The loops of the function that are printed so, by their nodes: those whose counters are asked for in such loops alone. */
function countedLoops(p: Printer): ReadonlyMap<number, Counted> {
  const before = known.get(p.invocations);
  if (before !== undefined) return before;
  const [loops, elsewhere] = [new Map<number, Counted>(), new Set<number>()];
  const visit = (i: number, counters: readonly number[]): void => {
    p.unit.walk(i, (n, at) => {
      const counted = at === i ? undefined : countedLoop(p, at);
      if (counted !== undefined) {
        loops.set(at, counted);
        visit(at, [...counters, counted.decl]);
        return false;
      }
      if (n.k === "reference" && !counters.includes(n.decl)) elsewhere.add(n.decl);
      return true;
    });
  };
  visit(p.invocations.body, []);
  const found = new Map([...loops].filter(([, { decl }]) => !elsewhere.has(decl)));
  known.set(p.invocations, found);
  return found;
}

/** What a loop counts with where it is printed so. */
export function countedAt(p: Printer, i: number): Counted | undefined {
  const counted = p.template === undefined ? countedLoops(p).get(i) : undefined;
  return counted !== undefined && p.form.counts ? counted : undefined;
}

/** Whether nothing but such loops declares a variable. */
export function isCounterAlone(p: Printer, decl: number): boolean {
  if (p.template !== undefined) return false;
  return (
    countedLoops(p)
      .values()
      .some((c) => c.decl === decl) && p.form.counts
  );
}

/** The loop, of whose counter there is no other declaration. */
export function printCounted(p: Printer, n: Kind<"for">, { decl, low, high }: Counted): string[] {
  const type = p.names.typeOf(decl);
  const [from, to] = [p.value(low, type), p.value(high, type)];
  const isOpen = (r: typeof from): boolean => r.literal !== undefined || r.inferred === true;
  const first = isOpen(from) && isOpen(to) && !same(type, I32) ? (typedOf(from) ?? from.text) : from.text;
  const frame = p.flow.enter("loop", undefined);
  const inner = printBody(p, n.body, "nothing");
  p.flow.leave(frame);
  const isAsked = p.unit.some(n.body, (b) => b.k === "reference" && b.decl === decl);
  const name = isAsked ? p.localName(decl) : "_";
  return [`${frame.used ? `'${frame.label}: ` : ""}for ${name} in ${first}..${to.text} {`, ...inner, "}"];
}
