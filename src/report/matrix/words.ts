/** How a state of a cell is said and shown, in every rendering. */
import type { Culprit, JudgedCell, MatrixReport, State } from "./schema.ts";

export const STATE_WORDS: Record<State, string> = {
  pass: "pass",
  "new-failure": "new failure",
  "still-failing": "still failing",
  fixed: "fixed",
  flaky: "flaky",
  unknown: "no result",
  "left-out": "left out",
};
export const STATE_ICONS: Record<State, string> = {
  pass: "✅",
  "new-failure": "❌",
  "still-failing": "🟥",
  fixed: "🎉",
  flaky: "🎲",
  unknown: "💥",
  "left-out": "➖",
};

/** In the order in which people want to know. */
export const STATE_ORDER: readonly State[] = [
  "new-failure",
  "still-failing",
  "fixed",
  "flaky",
  "unknown",
  "left-out",
  "pass",
];

/** A pass of modules that were built and not run is not shown as one. */
export const NOT_RUN = { icon: "🔨", words: "built, not run" };

export function isNotRun(c: Pick<JudgedCell, "state" | "result">): boolean {
  return (c.state === "pass" || c.state === "fixed") && c.result?.notRun !== undefined;
}

export function stateIcon(c: Pick<JudgedCell, "state" | "result">): string {
  return isNotRun(c) ? NOT_RUN.icon : STATE_ICONS[c.state];
}

export function stateWords(c: Pick<JudgedCell, "state" | "result">): string {
  return isNotRun(c) ? NOT_RUN.words : STATE_WORDS[c.state];
}

/** `2 new failures, 1 fixed, 15 pass, 3 built, not run`. */
export function countStates(report: Pick<MatrixReport, "cells">): string {
  const ran = report.cells.filter((c) => !isNotRun(c));
  const notRun = report.cells.length - ran.length;
  const counts = STATE_ORDER.map((s) => [s, ran.filter((c) => c.state === s).length] as const).filter(([, n]) => n > 0);
  const words = counts.map(([s, n]) => `${n} ${s === "new-failure" && n > 1 ? "new failures" : STATE_WORDS[s]}`);
  return [...words, ...(notRun > 0 ? [`${notRun} ${NOT_RUN.words}`] : [])].join(", ") || "no cells";
}

/** A value as it was asked for, and what it turned out to be where that says more. */
export function valueWords(v: { asked: string; resolved: string }): string {
  return v.asked === v.resolved || v.resolved.includes("/") ? v.asked : `${v.asked} (${v.resolved})`;
}

/** A module's row name: its folder, and the modules that are meant where not all of the folder's are. */
export function moduleWords(cell: JudgedCell["cell"]): string {
  return cell.module.names === undefined ||
    cell.module.names.length === 0 ||
    cell.module.names.join() === cell.module.folder
    ? cell.module.folder
    : `${cell.module.folder} (${cell.module.names.join(", ")})`;
}

/** Failures by fingerprint, the news first. */
export function failuresOf(report: Pick<MatrixReport, "cells">): { fingerprint: string; cells: JudgedCell[] }[] {
  const failing = report.cells.filter((c) => c.result?.outcome === "fail" && c.state !== "left-out");
  const groups = [...Map.groupBy(failing, (c) => c.result!.fingerprint ?? "")].map(([fingerprint, cells]) => ({
    fingerprint,
    cells,
  }));
  const isNew = (g: { cells: JudgedCell[] }): number => Number(!g.cells.some((c) => c.state === "new-failure"));
  return groups.sort((a, b) => isNew(a) - isNew(b) || b.cells.length - a.cells.length);
}

/** `kernel 6.12.95 (6.1.0-56 was the last good one)`, for a title or a cell. */
export function describeCulprit(c: Culprit): string {
  const one = (a: Culprit["axes"][number]): string => {
    const name = a.axis === "source" ? "the module's own files" : `${a.axis} ${a.firstBad}`;
    const from =
      a.axis === "source"
        ? ""
        : ` (last good: ${a.lastGood}${a.untold.length > 0 ? `; no result for ${a.untold.join(", ")}` : ""})`;
    return name + from;
  };
  const all = c.axes.map(one);
  if (c.kind === "axis") return all.join("");
  if (c.kind === "together") return `${all.join(" together with ")}: going back on either one cures it`;
  if (c.kind === "each") return `${all.join(" and ")}, each by itself`;
  if (c.kind === "outside")
    return "none of the versions: it fails with the last good ones now, so the machine, its packages or kport changed";
  return c.axes.length === 0 ? "not found" : `not found; changed are ${all.join(", ")}`;
}
