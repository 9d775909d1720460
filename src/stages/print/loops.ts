/** Prints C's loops. */
import { has } from "./flow.ts";
import type { Printer } from "./printer.ts";
import { not } from "./rules/operators.ts";
import { type Ending, inBlock, printBody } from "./statements.ts";
import type { Kind } from "./unit-facts.ts";

/** A `for` without its first part. */
export function forBehindInit(p: Printer, i: number): string[] {
  const n = p.unit.node(i) as Kind<"for">;
  return loop(p, n.body, n.condition, n.step);
}

/** `while`, and a `for` whose first part stands before it. */
export function loop(p: Printer, body: number, condition: number | undefined, step: number | undefined): string[] {
  const next = step !== undefined && has(p.unit, body, "continue");
  const frame = p.flow.enter("loop", undefined);
  const inside = next ? p.flow.enter("next", undefined) : undefined;
  const inner = printBody(p, body, "nothing");
  if (inside) p.flow.leave(inside);
  const stepped = step === undefined ? [] : [`${p.prelude.without(() => p.effect(step))};`].filter((s) => s !== ";");
  p.flow.leave(frame);
  const lines = inside ? [`'${inside.label}: {`, ...inner, "}", ...stepped] : [...inner, ...stepped];
  const v = condition === undefined ? "1" : p.unit.expression(condition).v;
  const head =
    v === undefined
      ? `while ${p.prelude.without(() => p.condition(condition as number).text)}`
      : v === "0"
        ? undefined
        : "loop";
  if (head === undefined) return [];
  return [`${frame.used ? `'${frame.label}: ` : ""}${head} {`, ...lines, "}"];
}

/** `do`: a loop that asks at its end, or none where it never runs again. */
export function printDo(p: Printer, n: Kind<"do">, ending: Ending): string[] {
  const v = p.unit.expression(n.condition).v;
  const [breaks, continues] = [has(p.unit, n.body, "break"), has(p.unit, n.body, "continue")];
  if (v === "0" && !breaks && !continues) return inBlock(p, n.body, ending === "function" ? ending : "nothing");
  const frame = p.flow.enter(v === "0" ? "once" : "loop", undefined);
  const inside = v !== "0" && continues && v === undefined ? p.flow.enter("next", undefined) : undefined;
  const inner = printBody(p, n.body, "nothing");
  if (inside) p.flow.leave(inside);
  p.flow.leave(frame);
  if (v === "0") return [`'${frame.label}: {`, ...inner, "}"];
  const body = inside ? [`'${inside.label}: {`, ...inner, "}"] : inner;
  const test =
    v === undefined ? [`if ${p.prelude.without(() => not(p.condition(n.condition)).text)} {`, "break;", "}"] : [];
  return [`${frame.used ? `'${frame.label}: ` : ""}loop {`, ...body, ...test, "}"];
}
