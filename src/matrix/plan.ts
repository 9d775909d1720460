/** What a run does: which cells run, in which order and in which job, and which ones an earlier result stands for. */
import { z } from "zod";
import type { CellHistory, History } from "../history/schema.ts";
import { cell, type Cell, result, type Result, runStamp, type RunStamp } from "../report/matrix/schema.ts";

/** GitHub's limit of jobs that one matrix may make. */
export const MOST_SHARDS = 256;
/** Seconds for a cell that nothing is known of. */
const UNKNOWN_SECONDS = 240;

export const plan = z.object({
  schemaVersion: z.literal(1),
  run: runStamp,
  /** In the order of kport.yml. */
  cells: z.array(
    z.object({
      cell,
      /** `run` in `shard`; `reuse` the result of an earlier run; `leave` for a later one. */
      what: z.enum(["run", "reuse", "leave"]),
      shard: z.number().optional(),
      /** Expected, in seconds. */
      estimate: z.number(),
      why: z.string(),
      reused: result.optional(),
    }),
  ),
});
export type Plan = z.infer<typeof plan>;
export type Planned = Plan["cells"][number];

export interface Limits {
  /** Seconds of machine time over all jobs; no limit when absent. */
  budget?: number;
  /** Seconds a job should take. */
  shard: number;
  /** Milliseconds a result may be old to be used again. */
  reuse: number;
  /** The time of this machine. */
  now: number;
}

/** Decide for every cell. Pure: the same arguments give the same plan. */
export function planRun(cells: readonly Cell[], history: History, run: RunStamp, limits: Limits): Plan {
  const planned = cells.map((c): Planned => {
    const past = history.cells[c.id];
    const reused = reusable(c, past, limits);
    const estimate = estimateOf(c, history);
    if (reused !== undefined)
      return { cell: c, what: "reuse", estimate: 0, why: `nothing changed since run ${reused.run.id}`, reused };
    return { cell: c, what: "run", estimate, why: reasonOf(c, past) };
  });
  const order = planned.filter((p) => p.what === "run").sort((a, b) => compareUrgency(a.cell, b.cell, history));
  keepBudget(order, limits.budget);
  spread(
    order.filter((p) => p.what === "run"),
    limits.shard,
  );
  return { schemaVersion: 1, run, cells: planned };
}

/** The last result that still says what a run would: same key, believed, not too old, and not of a clock that runs ahead of this one. */
function reusable(c: Cell, past: CellHistory | undefined, limits: Limits): Result | undefined {
  const last = past?.results.at(-1);
  if (last === undefined || last.key !== c.key || (last.outcome !== "pass" && last.outcome !== "fail"))
    return undefined;
  // The cause is still to be looked for.
  if (last.outcome === "fail" && last.culprit === undefined && past?.lastGood !== undefined) return undefined;
  const age = limits.now - Date.parse(last.run.at);
  return age >= 0 && age < limits.reuse ? last : undefined;
}

/** The cell's own last time; else the median of its module's; else of all. Results that never ran to the end say nothing. */
export function estimateOf(c: Cell, history: History): number {
  const of = (pasts: (CellHistory | undefined)[]): number[] =>
    pasts.flatMap((p) => p?.results.findLast((r) => r.outcome !== "unknown")?.seconds ?? []);
  const own = of([history.cells[c.id]]);
  const module = of(Object.values(history.cells).filter((h) => h.folder === c.module.folder));
  const some = [own, module, of(Object.values(history.cells))].find((s) => s.length > 0) ?? [UNKNOWN_SECONDS];
  return some.sort((a, b) => a - b)[Math.floor(some.length / 2)]!;
}

/** Lower runs first: what failed of late, what never ran, what an axis changed of, the rest by how long ago it ran. */
function urgency(c: Cell, past: CellHistory | undefined): number {
  const last = past?.results.at(-1);
  if (past?.results.slice(-5).some((r) => r.outcome === "fail" || r.outcome === "flaky")) return 0;
  if (last === undefined) return 1;
  return last.key === c.key ? 3 : 2;
}

function compareUrgency(a: Cell, b: Cell, history: History): number {
  const [pastA, pastB] = [history.cells[a.id], history.cells[b.id]];
  const ran = (p: CellHistory | undefined): number => p?.results.at(-1)?.run.sequence ?? -1;
  return urgency(a, pastA) - urgency(b, pastB) || ran(pastA) - ran(pastB) || (a.id < b.id ? -1 : 1);
}

function reasonOf(c: Cell, past: CellHistory | undefined): string {
  const last = past?.results.at(-1);
  if (last === undefined) return "never ran";
  if (last.outcome !== "pass") return last.outcome === "unknown" ? "gave no result last time" : "failed last time";
  const changed = [
    ...(["kernel", "c2rust", "rustc"] as const).flatMap((axis) =>
      last.values[axis] === c[axis].resolved ? [] : [`${axis} ${last.values[axis]} → ${c[axis].resolved}`],
    ),
    ...(last.values.source === c.source ? [] : ["the module's files changed"]),
  ];
  return changed.join(", ") || (last.key === c.key ? "its last result is too old" : "kport or its settings changed");
}

/** Takes cells in order while they fit; one that does not may leave room for a shorter one. The first is always taken. */
function keepBudget(order: Planned[], budget: number | undefined): void {
  if (budget === undefined) return;
  let left = budget;
  for (const [i, p] of order.entries()) {
    if (i > 0 && p.estimate > left) {
      p.what = "leave";
      p.why = `left out: the budget is spent (${p.why})`;
    } else left -= p.estimate;
  }
}

/** As many jobs as the time asks for; the longest cell first, each to the job with the least to do. */
function spread(running: readonly Planned[], shardSeconds: number): void {
  const total = running.reduce((sum, p) => sum + p.estimate, 0);
  const loads = new Array<number>(
    Math.min(MOST_SHARDS, running.length, Math.max(1, Math.ceil(total / shardSeconds))),
  ).fill(0);
  for (const p of [...running].sort((a, b) => b.estimate - a.estimate)) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least]! += p.estimate;
    p.shard = least;
  }
}

/** The plan as `strategy.matrix` takes it: a job a shard. */
export function strategyMatrix(of: Plan): { include: { shard: number; cells: number; minutes: number }[] } {
  const shards = new Map<number, Planned[]>();
  for (const p of of.cells) if (p.shard !== undefined) shards.set(p.shard, [...(shards.get(p.shard) ?? []), p]);
  const include = [...shards]
    .sort(([a], [b]) => a - b)
    .map(([shard, all]) => ({
      shard,
      cells: all.length,
      minutes: Math.ceil(all.reduce((sum, p) => sum + p.estimate, 0) / 60),
    }));
  return { include };
}
