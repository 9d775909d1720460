/** From a run's reports to matrix.json and its pictures: what a shell and the action share. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Check } from "../check/check-request.ts";
import type { History } from "../history/schema.ts";
import { runAgain } from "../regression/probe.ts";
import { writeResult } from "../machine/results-folder.ts";
import { regress } from "../regression/regress.ts";
import { knownVersions, versionsBetween } from "../regression/versions.ts";
import { matrixFiles } from "../report/matrix/files.ts";
import type { MatrixReport } from "../report/matrix/schema.ts";
import { mergeReports, type Source } from "./merge.ts";
import type { Plan } from "./plan.ts";
import { machine } from "./resolve.ts";

/** Failures whose cause one run looks for. */
const SEARCHES = 6;

export interface RunToJudge {
  history: History;
  plan: Plan;
  reports: AsyncIterable<Source>;
  /** The folder of kport.yml. Absolute. */
  tree: string;
  notes: readonly string[];
  check: Check;
  /** Called before a cell is run again. */
  prepare?: () => Promise<void>;
  signal?: AbortSignal;
}

/** Merge, judge, and look for the cause of what is new. */
export async function judgeRun(what: RunToJudge): Promise<MatrixReport> {
  const { history, plan, tree } = what;
  const merged = await mergeReports(what.reports);
  const known = knownVersions(
    plan.cells.map((p) => p.cell),
    history,
  );
  const how = { check: what.check, tree, run: plan.run, ...(what.signal ? { signal: what.signal } : {}) };
  return regress({
    merged,
    plan,
    history,
    again: async (cell, values, commit) => {
      await what.prepare?.();
      return runAgain(cell, values, commit, how);
    },
    between: async (axis, good, bad) => {
      if (axis === "source") return [];
      if (axis === "kernel")
        for (const k of Object.values(await machine.kernelsOffered().catch(() => ({}))).flat()) known.kernel.add(k);
      return versionsBetween(axis, good, bad, known[axis]);
    },
    searches: SEARCHES,
    notes: what.notes,
  });
}

/** Everything that is made of a matrix.json, whole or not at all. */
export async function writeMatrix(report: MatrixReport, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  for (const [name, text] of Object.entries(matrixFiles(report))) await writeResult(path.join(out, name), text);
}
