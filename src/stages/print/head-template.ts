/** A loop whose head an invocation is: what it governs is the last thing that the macro is given. */
import type { NodeOf } from "../../facts/tree.ts";
import { CannotPrint } from "./crate-types.ts";
import { effectOf } from "./effects.ts";
import { has, itemsOf } from "./flow.ts";
import type { Head } from "./invocations.ts";
import { labelOfOnce } from "./loops.ts";
import type { Printer } from "./printer.ts";
import { UNIT } from "./rust-type.ts";
import { isNever, printBody, printItems } from "./statements.ts";
import { describe } from "./template-of.ts";
import type { MacroUse } from "./template.ts";

export function headTemplate(p: Printer, i: number, head: Head): MacroUse {
  const n = p.unit.node(i) as NodeOf<"for">;
  const once = labelOfOnce(p.unit, n);
  if (once !== undefined) p.flow.skipped.add(once);
  const frame = p.flow.enter(once === undefined ? "loop" : "once", undefined);
  const next = once === undefined && has(p.unit, head.body, "continue") ? p.flow.enter("next", undefined) : undefined;
  const body = printBody(p, head.body, "nothing");
  if (next) p.flow.leave(next);
  p.flow.leave(frame);
  // The macro's loop has no label that what is outside of it could name.
  if (frame.used && once === undefined) throw new CannotPrint("a jump out of a macro's loop");
  const use = describe(p, i, head.invocation, () => {
    const first = n.init === undefined ? [] : printItems(p, itemsOf(p.unit, [n.init], p.flow.jumps), "nothing");
    const step = n.step === undefined || once !== undefined ? "" : `${effectOf(p, n.step)};`;
    const test = n.condition === undefined ? "true" : p.condition(n.condition).text;
    const governed = inIfs(p, head.ifs);
    const said = once === undefined ? `while ${test} {` : test === "true" ? "{" : `if ${test} {`;
    return {
      text: `${first.map((l) => `${l}\n`).join("")}${said}\n${governed}\n${step}\n}`,
      type: UNIT,
      statement: true,
    };
  });
  use.parameters.push({ name: "body", kind: "block" });
  const label = next ?? (frame.used ? frame : undefined);
  use.given.set("body", [label ? `{\n'${label.label}: {\n${body.join("\n")}\n}\n}` : `{\n${body.join("\n")}\n}`]);
  return use;
}

/** What is governed, where one branch of each `if` is the macro's. */
function inIfs(p: Printer, ifs: readonly NodeOf<"if">[]): string {
  return ifs.reduceRight((governed, n) => {
    if (isNever(p, n)) return governed;
    // A jump of the macro's own would be printed as one that leaves it.
    const then = printBody(p, n.then, "nothing");
    const test = p.condition(n.condition);
    return `if ${test.text} {\n${then.join("\n")}\n} else ${governed}`;
  }, "$body");
}
