/** The cases of a `switch`: those that stand together, with the statements behind them. */
import { CannotPrint } from "./crate-types.ts";
import { bodyOf, has, leaves } from "./flow.ts";
import type { Group } from "./switch-labels.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** @throws CannotPrint for cases within statements */
export function groupsOf(unit: UnitFacts, body: number): Group[] {
  const groups: Group[] = [];
  const add = (i: number): void => {
    const n = unit.node(i);
    if (n.k === "case" || n.k === "default") {
      const last = groups.at(-1);
      const open = last && last.body.length === 0 ? last : undefined;
      const group: Group = open ?? { labels: [], isDefault: false, body: [], place: n.place };
      if (!open) groups.push(group);
      if (n.k === "default") group.isDefault = true;
      else group.labels.push({ low: n.low, ...(n.high === undefined ? {} : { high: n.high }) });
      add(n.body);
      return;
    }
    const group = groups.at(-1);
    if (!group) throw new CannotPrint("a statement before the first case");
    if (n.k === "empty" && n.fallthrough) return;
    if (n.k === "block" && !has(unit, i, "break") && n.body.length === 0) return;
    // A block of a case's own ends with its break.
    if (n.k === "block" && group.body.length === 0 && !n.body.some((s) => unit.node(s).k === "declare")) {
      for (const s of n.body) add(s);
      return;
    }
    if (n.k !== "empty" || group.body.length > 0) group.body.push(i);
    if (unit.some(i, (x, at) => at !== i && (x.k === "case" || x.k === "default") && !inSwitch(unit, i, at)))
      throw new CannotPrint("a case within a statement");
  };
  for (const s of bodyOf(unit, body)) add(s);
  return groups;
}

/** Whether a case below a statement is one of a switch that is below it too. */
function inSwitch(unit: UnitFacts, from: number, target: number): boolean {
  let found = false;
  unit.walk(from, (n, i) => {
    if (n.k === "switch") {
      found ||= unit.some(i, (_x, at) => at === target);
      return false;
    }
    return !found;
  });
  return found;
}

/** The statements of each, where all of them are entered at their beginning and none runs on into the next. */
export function bodiesApart(unit: UnitFacts, body: number): number[][] | undefined {
  try {
    const groups = groupsOf(unit, body);
    const isApart = groups.every((g, at) => at === groups.length - 1 || leaves(unit, g.body.at(-1)));
    return isApart ? groups.map((g) => g.body) : undefined;
  } catch (error) {
    if (error instanceof CannotPrint) return undefined;
    throw error;
  }
}
