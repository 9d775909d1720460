/**
 * Whose fault a new failure is. From the versions it fails with, one axis at a time goes back to the last good value; the axis that cures it is
 * the culprit, and between its two values the version is looked for by halving. Nothing here runs a module: `probe` does.
 */
import { AXES, type Axis, type Culprit, type Values } from "../report/matrix/schema.ts";

/** Whether the failure shows with some versions: `unknown` where there is no result, or another failure comes before it could. */
export type Answer = "shows" | "gone" | "unknown";

export interface Search {
  bad: Values;
  /** The last versions it passed with. */
  good: Values;
  /** Versions strictly between two of an axis, in order, where they are known. */
  between(axis: Axis, good: string, bad: string): Promise<readonly string[]>;
  probe(values: Values): Promise<Answer>;
}

export async function findCulprit(search: Search): Promise<Culprit> {
  const { good, bad } = search;
  const probes: Culprit["probes"] = [];
  const ask = async (values: Values): Promise<Answer> => {
    const known = probes.find((p) => AXES.every((a) => p.values[a] === values[a]));
    if (known) return known.answer;
    const answer = await search.probe(values);
    probes.push({ values, answer });
    return answer;
  };
  const changed = AXES.filter((a) => good[a] !== bad[a]);
  const whole = (axes: readonly Axis[]): Culprit["axes"] =>
    axes.map((a) => ({ axis: a, lastGood: good[a], firstBad: bad[a], untold: [] }));

  // With the very versions that were good it may fail now, too: then something else of the machine changed.
  const still = await ask(good);
  if (changed.length === 0 || still === "shows") return { kind: "outside", axes: [], probes };
  if (still === "unknown") return { kind: "unclear", axes: whole(changed), probes };
  if (changed.length === 1) return { kind: "axis", axes: [await halve(changed[0]!, search, ask)], probes };

  const reverted = new Map<Axis, Answer>();
  for (const a of changed) reverted.set(a, await ask({ ...bad, [a]: good[a] }));
  const cures = changed.filter((a) => reverted.get(a) === "gone");
  if (cures.length === 1) return { kind: "axis", axes: [await halve(cures[0]!, search, ask)], probes };
  if (cures.length > 1) return { kind: "together", axes: whole(cures), probes };

  // No one way back cures it: perhaps several bring it about, each by itself.
  const brings: Axis[] = [];
  for (const a of changed) if ((await ask({ ...good, [a]: bad[a] })) === "shows") brings.push(a);
  if (brings.length === 1) return { kind: "axis", axes: whole(brings), probes };
  return brings.length > 1
    ? { kind: "each", axes: whole(brings), probes }
    : { kind: "unclear", axes: whole(changed), probes };
}

/** Halves what lies between the last good and the first bad version. One that gives no result is passed over, and named if it stays between. */
async function halve(
  axis: Axis,
  search: Search,
  ask: (values: Values) => Promise<Answer>,
): Promise<Culprit["axes"][number]> {
  const { good, bad } = search;
  const versions = [good[axis], ...(await search.between(axis, good[axis], bad[axis])), bad[axis]];
  const untold = new Set<number>();
  let low = 0;
  let high = versions.length - 1;
  for (;;) {
    const inside = versions.map((_, i) => i).filter((i) => i > low && i < high && !untold.has(i));
    const middle = inside[Math.floor(inside.length / 2)];
    if (middle === undefined) break;
    const answer = await ask({ ...bad, [axis]: versions[middle]! });
    if (answer === "unknown") untold.add(middle);
    else if (answer === "shows") high = middle;
    else low = middle;
  }
  return { axis, lastGood: versions[low]!, firstBad: versions[high]!, untold: versions.slice(low + 1, high) };
}
