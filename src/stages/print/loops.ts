/** Prints C's loops. */
import { tested } from "./first-assignment.ts";
import { bodyOf, has } from "./flow.ts";
import type { Printer } from "./printer.ts";
import { type Ending, inBlock, printBody } from "./statements.ts";
import type { Kind, UnitFacts } from "./unit-facts.ts";

/** A `for` without its first part. */
export function forBehindInit(p: Printer, i: number): string[] {
  const n = p.unit.node(i) as Kind<"for">;
  const label = labelOfOnce(p.unit, n);
  return label === undefined ? loop(p, n.body, n.condition, n.step) : once(p, n, label);
}

/** The label of the `break` that a loop's step jumps to (`({ goto done; })`, in `scoped_guard()`), so that it has one round at most. */
export function labelOfOnce(unit: UnitFacts, n: Kind<"for">): number | undefined {
  const step = n.step === undefined ? undefined : unit.node(n.step);
  const [only, ...more] = step?.k === "statement-expression" ? bodyOf(unit, step.body) : [];
  const jump = only === undefined || more.length > 0 ? undefined : unit.node(only);
  if (jump?.k !== "goto") return undefined;
  let leaves = false;
  unit.walk(n.body, (b) => {
    if (b.k === "label" && b.label === jump.label) leaves = unit.node(b.body).k === "break";
    return !["while", "do", "for", "switch", "statement-expression"].includes(b.k);
  });
  return leaves ? jump.label : undefined;
}

/** A loop of one round: what leaves or continues it leaves a block. */
function once(p: Printer, n: Kind<"for">, label: number): string[] {
  p.flow.skipped.add(label);
  const frame = p.flow.enter("once", undefined);
  const inner = printBody(p, n.body, "nothing");
  p.flow.leave(frame);
  const test = n.condition === undefined ? "true" : p.prelude.without(() => p.condition(n.condition as number).text);
  const lines = test === "true" ? ["{", ...inner, "}"] : [`if ${test} {`, ...inner, "}"];
  return frame.used ? [`'${frame.label}: {`, ...lines, "}"] : lines;
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
  const { test, before } =
    v === undefined ? p.prelude.without(() => tested(p, condition as number)) : { test: "", before: [] };
  const head =
    v === undefined
      ? `while ${before.length === 0 ? test : `{ ${before.join("\n")} ${test} }`}`
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
  const { test, before } =
    v === undefined ? p.prelude.without(() => tested(p, n.condition, true)) : { test: undefined, before: [] };
  const asks = test === undefined ? [] : [...before, `if ${test} {`, "break;", "}"];
  return [`${frame.used ? `'${frame.label}: ` : ""}loop {`, ...body, ...asks, "}"];
}
