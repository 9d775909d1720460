/** The versions that lie between two of an axis, as far as they are known: of the file, the history, this machine and its package sources. */
import semver from "semver";
import type { History } from "../history/schema.ts";
import type { Axis, Cell } from "../report/matrix/schema.ts";
import { compareReleases } from "../toolchain/kernels.ts";

/** Every version that the cells and the history name, an axis each. */
export function knownVersions(cells: readonly Cell[], history: History): Record<Exclude<Axis, "source">, Set<string>> {
  const known = { kernel: new Set<string>(), c2rust: new Set<string>(), rustc: new Set<string>() };
  const results = Object.values(history.cells).flatMap((c) => c.results);
  for (const axis of ["kernel", "c2rust", "rustc"] as const)
    for (const v of [...cells.map((c) => c[axis].resolved), ...results.map((r) => r.values[axis])]) known[axis].add(v);
  return known;
}

/** Those strictly between `good` and `bad`, in the order from the one to the other; none for files, and for what is named by a path. */
export function versionsBetween(axis: Axis, good: string, bad: string, known: Iterable<string>): string[] {
  if (axis === "source" || good.includes("/") || bad.includes("/")) return [];
  const compare =
    axis === "kernel"
      ? compareReleases
      : (a: string, b: string): number => semver.compare(semver.coerce(a) ?? "0.0.0", semver.coerce(b) ?? "0.0.0");
  const [low, high] = compare(good, bad) < 0 ? [good, bad] : [bad, good];
  const inside = [...new Set(known)]
    .filter((v) => !v.includes("/") && compare(low, v) < 0 && compare(v, high) < 0)
    .sort(compare);
  return low === good ? inside : inside.reverse();
}
