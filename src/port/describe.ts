/** A plan as text: for a pull request, and for people at a shell. */
import { plainText } from "../report/escape.ts";
import type { PortText } from "../report/port-body.ts";
import type { PortPlan } from "./plan.ts";
import { branchOf } from "./plan.ts";

export function textOfPlan(plan: PortPlan, base: string): PortText {
  const { module, folder, before, added, changed, removed, kept, conflicts } = plan;
  return {
    module,
    folder,
    base,
    first: before === undefined,
    added: added.length,
    changed: changed.length,
    removed: removed.length,
    kept,
    conflicts,
    startsNoChecks: false,
  };
}

/** What would be done, without writing anything. */
export function describePlan(plan: PortPlan, base: string, pull: { title: string; body: string }): string {
  const lists = [
    ["added", plan.added],
    ["changed", plan.changed],
    ["removed", plan.removed],
    ["kept as changed by hand", plan.kept],
    ["conflicting", plan.conflicts.map((c) => `${c.path} ${c.why}`)],
  ] as const;
  const lines = [`branch  ${branchOf(base, plan.module)}`, `base    ${base}`, `folder  ${plan.folder}`];
  if (plan.tree === plan.before)
    return plainText(
      [
        ...lines,
        "The base holds this port: there is nothing to propose, and a pull request for it would be closed.",
      ].join("\n"),
    );
  for (const [what, paths] of lists)
    if (paths.length > 0) lines.push(`${paths.length} ${what}`, ...paths.map((path) => `  ${path}`));
  return plainText([...lines, "", `title   ${pull.title}`, "", pull.body].join("\n"));
}
