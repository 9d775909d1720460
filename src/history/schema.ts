/** What is remembered of each cell from run to run. Two histories can be joined in any order, any number of times, and nothing is lost. */
import { z } from "zod";
import { result, type Result } from "../report/matrix/schema.ts";

/** Results kept of a cell. */
export const KEPT = 30;

export const cellHistory = z.object({
  folder: z.string(),
  /** Oldest first, by the run's sequence. */
  results: z.array(result),
  /** The last pass, also when it is older than all that is kept. */
  lastGood: result.optional(),
});
export type CellHistory = z.infer<typeof cellHistory>;

export const history = z.object({
  schemaVersion: z.literal(1),
  cells: z.record(z.string(), cellHistory),
  /** The issue of each fingerprint. */
  issues: z.record(z.string(), z.number().int().positive()),
});
export type History = z.infer<typeof history>;

export function emptyHistory(): History {
  return { schemaVersion: 1, cells: {}, issues: {} };
}

/** Which of two results is later. The run's sequence decides: the clocks of two runners need not agree. */
export function compareResults(a: Result, b: Result): number {
  return (
    a.run.sequence - b.run.sequence ||
    (a.run.id < b.run.id ? -1 : a.run.id > b.run.id ? 1 : 0) ||
    (a.run.at < b.run.at ? -1 : a.run.at > b.run.at ? 1 : 0) ||
    (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  );
}

/** The union of two histories; of one run's results on a cell the later stays. */
export function joinHistories(a: History, b: History): History {
  const cells: History["cells"] = {};
  for (const id of [...new Set([...Object.keys(a.cells), ...Object.keys(b.cells)])].sort())
    cells[id] = joinCells(a.cells[id], b.cells[id]);
  const issues: History["issues"] = {};
  // Of two issues that two runs opened at once the older one stays (github/regression-issue.ts).
  for (const [print, number] of [...Object.entries(a.issues), ...Object.entries(b.issues)])
    issues[print] = Math.min(issues[print] ?? number, number);
  return { schemaVersion: 1, cells, issues };
}

function joinCells(a: CellHistory | undefined, b: CellHistory | undefined): CellHistory {
  const results = new Map<string, Result>();
  for (const r of [...(a?.results ?? []), ...(b?.results ?? [])].sort(compareResults))
    results.set(`${r.run.sequence} ${r.run.id}`, r);
  const goods = [a?.lastGood, b?.lastGood, ...results.values()]
    .filter((r): r is Result => r?.outcome === "pass")
    .sort(compareResults);
  const lastGood = goods.at(-1);
  return {
    folder: (a ?? b)!.folder,
    results: [...results.values()].sort(compareResults).slice(-KEPT),
    ...(lastGood ? { lastGood } : {}),
  };
}

/** The largest sequence of any run; 0 where nothing ran. */
export function lastSequence(of: History): number {
  return Math.max(0, ...Object.values(of.cells).map((c) => c.results.at(-1)?.run.sequence ?? 0));
}
