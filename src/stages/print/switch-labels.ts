/**
 * Labels in one case that another one jumps to (`case -ECONNABORTED: …; quiesce: …; goto clean;`): from such a label on, the case is one of no
 * value, which stands behind the `match` as a long one does that others run on into.
 */
import type { Place } from "../../facts/schema.ts";
import { jumpsTo, labelName } from "./flow.ts";
import type { Label } from "./switch-patterns.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** The statements from a case to the next. */
export interface Group {
  labels: Label[];
  isDefault: boolean;
  body: number[];
  /** Of the first label. */
  place: Place;
  /** The labels that others jump to, where it is no case. */
  entered?: readonly number[];
}

/** The cases, cut at each label that another one jumps to. */
export function cutAtLabels(unit: UnitFacts, groups: readonly Group[]): Group[] {
  return groups.flatMap((g) => {
    const others = groups.flatMap((o) => (o === g ? [] : o.body));
    const parts: Group[] = [{ ...g, body: [] }];
    for (const i of g.body) {
      const entered = labelsOf(unit, i).filter((l) => others.some((s) => jumpsTo(unit, s, l)));
      if (entered.length > 0)
        parts.push({ labels: [], isDefault: false, body: [], place: unit.node(i).place, entered });
      (parts.at(-1) as Group).body.push(i);
    }
    return parts;
  });
}

/** What the block is called that such a part stands behind. */
export function nameOfLabel(unit: UnitFacts, { entered: [first] = [] }: Group): string | undefined {
  return first === undefined ? undefined : labelName(unit, first);
}

/** The labels that stand before a statement. */
function labelsOf(unit: UnitFacts, i: number): number[] {
  const n = unit.node(i);
  return n.k === "label" ? [n.label, ...labelsOf(unit, n.body)] : [];
}
