/** From the results of a run and the history to what people are told: which cells are news, and whose fault it is. */
import packageJson from "../../package.json" with { type: "json" };
import type { History } from "../history/schema.ts";
import { log } from "../machine/log.ts";
import type { Merged } from "../matrix/merge.ts";
import { valuesOf } from "../matrix/merge.ts";
import type { Plan } from "../matrix/plan.ts";
import {
  AXES,
  type Axis,
  type Cell,
  type Culprit,
  type JudgedCell,
  type MatrixReport,
  type Result,
  type RunStamp,
  type Values,
} from "../report/matrix/schema.ts";
import { describeCulprit } from "../report/matrix/words.ts";
import { findCulprit } from "./culprit.ts";
import { judge } from "./judge.ts";
import { answerOf } from "./probe.ts";
import { reproduceCommand } from "./reproduce.ts";

export interface Judging {
  merged: Merged;
  plan: Plan;
  history: History;
  /** Runs a cell again with these versions, and its files as of that commit. */
  again(cell: Cell, values: Values, commit: string | undefined): Promise<Result>;
  /** Versions strictly between two of an axis, in order. */
  between(axis: Axis, good: string, bad: string): Promise<readonly string[]>;
  /** Failures whose cause is looked for in one run; the rest waits for the next. */
  searches: number;
  notes?: readonly string[];
}

export async function regress(judging: Judging): Promise<MatrixReport> {
  const { merged, plan, history } = judging;
  const cells: JudgedCell[] = [];
  for (const planned of plan.cells) cells.push(await judgeCell(planned, judging));
  // Reports of cells that no plan has: of an earlier plan, or of `kport check`.
  for (const [id, { cell, result }] of merged.cells)
    if (!plan.cells.some((p) => p.cell.id === id))
      cells.push(
        await judgeCell(
          { cell, what: "run", estimate: 0, why: "" },
          { ...judging, merged: { ...merged, cells: new Map([[id, { cell, result }]]) } },
        ),
      );
  const searched = await searchAll(cells, judging);
  const notes = [...(judging.notes ?? []), ...searched];
  if (merged.broken.length > 0)
    notes.push(
      `${merged.broken.length} ${merged.broken.length === 1 ? "report" : "reports"} could not be read: ${merged.broken
        .map((b) => `${b.file} (${b.message})`)
        .slice(0, 20)
        .join("; ")}`,
    );
  return {
    schemaVersion: 1,
    run: plan.run,
    kport: packageJson.version,
    verdict: verdictOf(cells),
    cells: cells.map((c) => ({ ...c, past: pastOf(c, history) })),
    broken: merged.broken,
    notes,
  };
}

async function judgeCell(
  planned: Plan["cells"][number],
  { merged, plan, history, again }: Judging,
): Promise<JudgedCell> {
  const { cell } = planned;
  const past = history.cells[cell.id];
  const last = past?.results.findLast((r) => r.outcome !== "unknown");
  const common = { cell, past: [], reproduce: reproduceCommand(cell, valuesOf(cell)) };
  const ran = merged.cells.get(cell.id)?.result;
  if (ran !== undefined) {
    const { result, state } = await judge(ran, past, () => again(cell, ran.values, undefined));
    return {
      ...common,
      result,
      state,
      origin: "run",
      ...found(result),
      ...(result.outcome === "unknown" ? { note: result.message ?? "no result" } : {}),
    };
  }
  if (planned.what === "reuse" && planned.reused)
    return {
      ...common,
      result: planned.reused,
      state: planned.reused.outcome === "fail" ? "still-failing" : "pass",
      origin: "reused",
      note: planned.why,
      ...found(planned.reused),
    };
  if (planned.what === "leave")
    return { ...common, ...(last ? { result: last } : {}), state: "left-out", origin: "none", note: planned.why };
  const missing: Result = {
    run: plan.run,
    outcome: "unknown",
    values: valuesOf(cell),
    key: cell.key,
    seconds: 0,
    message: "no report: its job failed or was cancelled",
  };
  return { ...common, result: missing, state: "unknown", origin: "none", note: missing.message! };
}

function found(result: Result): Pick<JudgedCell, "culprit"> {
  return result.culprit === undefined ? {} : { culprit: result.culprit };
}

/** One search a failure, however many cells show it: what is found goes to all of them. */
async function searchAll(cells: JudgedCell[], judging: Judging): Promise<string[]> {
  // Also what an earlier run had no time for.
  const unexplained = cells.filter(
    (c) =>
      c.origin === "run" && (c.state === "new-failure" || (c.state === "still-failing" && c.culprit === undefined)),
  );
  const news = Map.groupBy(unexplained, (c) => c.result!.fingerprint ?? "");
  const notes: string[] = [];
  let left = judging.searches;
  for (const [, group] of news) {
    const candidates = group.flatMap((c) => {
      const good = lastGoodOf(c, cells, judging.history);
      return good === undefined ? [] : [{ c, good }];
    });
    // The shortest way back is the cheapest to walk.
    candidates.sort((a, b) => distance(a) - distance(b));
    const first = candidates[0];
    if (first === undefined) continue;
    if (left-- <= 0) {
      notes.push(
        `The cause of ${first.c.result!.message} was not looked for: ${judging.searches} searches a run are enough`,
      );
      continue;
    }
    const cause = await search(first.c, first.good, judging);
    log.info(`${first.c.cell.id}: ${describeCulprit(cause)}`);
    // The same failure may have come another way to a cell that has the last good version still.
    for (const c of group.filter(
      (g) => g === first.c || cause.axes.every((a) => g.result!.values[a.axis] !== a.lastGood),
    )) {
      c.culprit = cause;
      c.result = { ...c.result!, culprit: cause };
      if (c === first.c) c.reproduce = reproduceCommand(c.cell, firstBadOf(c, cause));
    }
  }
  return notes;
}

function distance({ c, good }: { c: JudgedCell; good: Result }): number {
  return AXES.filter((a) => good.values[a] !== c.result!.values[a]).length;
}

/** The cell's own last pass; for a cell that never passed, that of the module's cell with the fewest other versions. */
function lastGoodOf(c: JudgedCell, cells: readonly JudgedCell[], history: History): Result | undefined {
  const own = history.cells[c.cell.id]?.lastGood;
  if (own !== undefined) return own;
  const others = cells.filter(
    (o) =>
      o.cell.module.folder === c.cell.module.folder && o.result?.outcome === "pass" && o.cell.source === c.cell.source,
  );
  return others.sort((a, b) => distance({ c, good: a.result! }) - distance({ c, good: b.result! }))[0]?.result;
}

async function search(c: JudgedCell, good: Result, judging: Judging): Promise<Culprit> {
  const failure = c.result!;
  log.info(`${c.cell.id} passed last in run ${good.run.id}: looking for the cause`);
  return findCulprit({
    bad: failure.values,
    good: good.values,
    between: judging.between,
    probe: async (values) =>
      answerOf(
        await judging.again(c.cell, values, values.source === good.values.source ? good.run.commit : undefined),
        failure,
      ),
  });
}

function firstBadOf(c: JudgedCell, found: Culprit): Values {
  const [only] = found.kind === "axis" ? found.axes : [];
  return only === undefined || only.axis === "source"
    ? c.result!.values
    : { ...c.result!.values, [only.axis]: only.firstBad };
}

/** Failures that are allowed do not count; a cell without a result keeps the run from passing. */
function verdictOf(cells: readonly JudgedCell[]): MatrixReport["verdict"] {
  const counted = cells.filter((c) => !c.cell.allowFailure);
  if (
    counted.some(
      (c) =>
        c.state === "new-failure" ||
        c.state === "still-failing" ||
        (c.state === "left-out" && c.result?.outcome === "fail"),
    )
  )
    return "fail";
  return counted.some((c) => c.state === "unknown") ? "error" : "pass";
}

function pastOf(c: JudgedCell, history: History): JudgedCell["past"] {
  const results = (history.cells[c.cell.id]?.results ?? []).filter(
    (r) => c.origin !== "run" || r.run.id !== c.result?.run.id,
  );
  return results.slice(-20).map(({ outcome, run, values, fingerprint }) => ({
    outcome,
    sequence: run.sequence,
    at: run.at,
    values,
    ...(fingerprint === undefined ? {} : { fingerprint }),
  }));
}

/** The stamp of a run at a shell: one after all that the history knows. */
export function nextRun(history: History, now: Date, more: Partial<RunStamp> = {}): RunStamp {
  const sequence =
    Math.max(0, ...Object.values(history.cells).flatMap((c) => c.results.map((r) => r.run.sequence))) + 1;
  return { id: `${sequence}`, sequence, at: now.toISOString(), ...more };
}
