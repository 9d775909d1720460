/** What a moved expression is told apart by, and how its helper is declared and called. */
import { declarator, parameterList } from "./helper-source.ts";
import type { MovedExpression } from "./moved.ts";
import type { TailCall } from "./tail-calls.ts";

/** A call with the constants that its helper would have set. */
export function withConstants(m: MovedExpression, direct: TailCall | undefined): MovedExpression {
  if (direct === undefined) return m;
  const last = m.params.length;
  const constants = direct.constants.map((c, i) => (last + i > 0 ? `, ${c}` : c)).join("");
  return {
    ...m,
    params: [...m.params, ...direct.constants.map((_, i) => ({ name: `constant${i}`, type: "unsigned long" }))],
    passed: [...m.passed, ...direct.constants.map((constant) => ({ constant }))],
    call: [...m.call.slice(0, -1), constants, ")"],
  };
}

/** Two calls with the same constants can do with one helper. */
export function isSameCall(a: MovedExpression, b: MovedExpression): boolean {
  return a.expanded === b.expanded && a.returns === b.returns && JSON.stringify(a.params) === JSON.stringify(b.params);
}

/** What a helper may not have in common with another: its function's name, and variables that live on. */
const ITS_OWN = /\b(?:static|__func__|__FUNCTION__|__PRETTY_FUNCTION__|__label__)\b/;

/**
 * Two invocations that say the same can do with one helper (`test_bit(RX_HALTED, &dev->flags)` in two functions). What tells its line
 * (`WARN_ON`) has another one in its expansion.
 */
export function isSameWhole(a: MovedExpression, b: MovedExpression): boolean {
  return (
    a.optional === undefined &&
    b.optional === undefined &&
    a.macro?.name !== undefined &&
    a.macro.name === b.macro?.name &&
    a.jumps === undefined &&
    b.jumps === undefined &&
    a.lvalue === b.lvalue &&
    a.deadEnd === b.deadEnd &&
    a.file === b.file &&
    isSameCall(a, b) &&
    !ITS_OWN.test(a.expanded)
  );
}

/** Let an expression be its like's helper. */
export function share(m: MovedExpression, like: MovedExpression): void {
  m.name = like.name;
  m.plain = like.plain;
  // What is passed by its number is in the text of each call.
  m.call = like.call.length === 1 ? [...like.call] : [`${like.name}(`, ...m.call.slice(1)];
}

/** Declarations of the moved expressions' helpers, one a line, for the lowered unit. */
export function movedPrototype(m: MovedExpression): string {
  return `${declarator(m.lvalue ? `__typeof__(${m.returns}) *` : m.returns, `${m.name}(${parameterList(m.params)})`)};\n`;
}

/** Symbols are numbered anew in each round; what an expression is does not change. */
export function key(m: MovedExpression): string {
  return `${m.start}:${m.end}`;
}

/** Whether what stands at `at` moves with `m`: the arguments that a moved call is still given stay where they were. */
export function takesAlong(m: MovedExpression, at: { start: number; end: number }): boolean {
  const within = (outer: { start: number; end: number }): boolean => outer.start <= at.start && at.end <= outer.end;
  return within(m) && !m.call.some((p) => typeof p !== "string" && within(p));
}
