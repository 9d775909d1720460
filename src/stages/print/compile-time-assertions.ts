/** What C asserts when it is compiled (`BUILD_BUG_ON`): a call of a function that must not be left, behind a condition that is not met. */
import { isCompileTimeError, isEffect } from "./pure.ts";
import type { UnitFacts } from "./unit-facts.ts";

/**
 * The condition that must not be met, of a statement that asserts and does nothing else.
 * @returns undefined also where it asks about variables: Rust's constants know none
 */
export function assertedBy(unit: UnitFacts, statement: number): number | undefined {
  if (unit.some(statement, (n) => isEffect(unit, n))) return undefined;
  const conditions: number[] = [];
  unit.walk(statement, (n) => {
    if (n.k === "if" && unit.some(n.then, (c) => c.k === "call" && isCompileTimeError(unit, c)))
      conditions.push(n.condition);
  });
  const [condition, more] = conditions;
  if (condition === undefined || more !== undefined || unit.expression(condition).v !== "0") return undefined;
  const asksMore = unit.some(
    condition,
    (n) =>
      n.k === "call" ||
      n.k === "statement-expression" ||
      (n.k === "reference" && unit.declaration(n.decl).k !== "enumerator"),
  );
  return asksMore ? undefined : condition;
}
