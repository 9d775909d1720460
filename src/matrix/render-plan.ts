/** A plan for a terminal: a line a cell. */
import { oneLine } from "../report/escape.ts";
import { secondsOf } from "../report/facts.ts";
import { moduleWords, valueWords } from "../report/matrix/words.ts";
import type { Plan } from "./plan.ts";

export function renderPlan(plan: Plan): string {
  const lines = plan.cells.map((p) => {
    const what = p.what === "run" ? `run, job ${p.shard}` : p.what === "reuse" ? "reuse" : "leave";
    const { cell } = p;
    return `  ${what.padEnd(11)} ${(p.what === "run" ? `~${secondsOf(p.estimate)}` : "").padEnd(10)} ${oneLine(moduleWords(cell))}, kernel ${oneLine(valueWords(cell.kernel))}, c2rust ${oneLine(valueWords(cell.c2rust))}, rustc ${oneLine(valueWords(cell.rustc))}: ${oneLine(p.why)}`;
  });
  const runs = plan.cells.filter((p) => p.what === "run");
  const jobs = new Set(runs.map((p) => p.shard)).size;
  const of = (what: string): number => plan.cells.filter((p) => p.what === what).length;
  return `${plan.cells.length} cells: ${of("run")} to run in ${jobs} ${jobs === 1 ? "job" : "jobs"} (about ${secondsOf(runs.reduce((s, p) => s + p.estimate, 0))} of machine time), ${of("reuse")} reused, ${of("leave")} left out\n${lines.join("\n")}\n`;
}
