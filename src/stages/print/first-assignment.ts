/** Conditions that begin with an assignment (`if ((err = f()) < 0)`): it is a statement before them. */
import type { Printer } from "./printer.ts";
import { not } from "./rules/operators.ts";
import type { Kind } from "./unit-facts.ts";

/** The assignment that is done before anything else of an expression is, where it can be said apart. */
function firstAssignment(p: Printer, expression: number): number | undefined {
  for (let i = expression; ; ) {
    const n = p.unit.node(i);
    if (n.k === "assignment")
      return p.isPure(n.left) && !p.unit.isVolatile(p.unit.expression(n.left).t) ? i : undefined;
    if (n.k === "binary" && n.op !== ",") i = n.left;
    else if (n.k === "cast" || (n.k === "unary" && /^[-+!~]$/.test(n.op))) i = n.of;
    else if (n.k === "call" && n.arguments[0] !== undefined && (n.builtin === "__builtin_expect" || callsByName(p, n)))
      i = n.arguments[0];
    else return undefined;
  }
}

/** C computes a function's address when it likes; a name is none that changes. */
function callsByName(p: Printer, n: Kind<"call">): boolean {
  const callee = p.unit.node(n.callee);
  return callee.k === "cast" && p.unit.node(callee.of).k === "reference" && callee.kind === "FunctionToPointerDecay";
}

/**
 * A condition, and the assignment that it begins with as statements before it.
 * @param negated it is asked whether it does not hold
 */
export function tested(p: Printer, i: number, negated = false): { test: string; before: string[] } {
  const print = (): string => (negated ? not(p.condition(i)) : p.condition(i)).text;
  // What a macro of the port's stands for has its text from every use of it.
  const first = p.template ? undefined : firstAssignment(p, i);
  if (first === undefined) return { test: print(), before: [] };
  const before = p.prelude.apart(first, print);
  return { test: before.value, before: before.said ? [`${p.effect(first)};`] : [] };
}
