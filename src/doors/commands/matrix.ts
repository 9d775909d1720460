/** `kport plan`, `cells`, `merge`, `regress`, and `matrix`, which is all of them on this machine. */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { addedBy } from "../../history/added.ts";
import { loadFolder, saveFolder } from "../../history/folder-store.ts";
import { emptyHistory, type History } from "../../history/schema.ts";
import { log } from "../../machine/log.ts";
import { writeResult } from "../../machine/results-folder.ts";
import { type MatrixFile, readMatrixFile } from "../../matrix/file.ts";
import { judgeRun, writeMatrix } from "../../matrix/judge-run.ts";
import { mergeReports, readReports } from "../../matrix/merge.ts";
import type { Plan } from "../../matrix/plan.ts";
import { preparePlan } from "../../matrix/prepare.ts";
import { readPlan } from "../../matrix/read-plan.ts";
import { renderPlan } from "../../matrix/render-plan.ts";
import { runCell } from "../../matrix/run-cells.ts";
import { check } from "../../check/pipeline.ts";
import { git as gitIn } from "../../machine/git.ts";
import { nextRun, regress } from "../../regression/regress.ts";
import type { MatrixReport } from "../../report/matrix/schema.ts";
import { renderMatrixSummary } from "../../report/matrix/summary.ts";

export interface MatrixOptions {
  file: string;
  out: string;
  /** A folder with the history, instead of the one the file names. */
  history?: string;
  signal?: AbortSignal;
}

interface Opened {
  file: MatrixFile;
  /** The folder of kport.yml. */
  tree: string;
  /** Where the history lies, if it is kept in a folder. */
  folder: string | undefined;
  history: History;
  notes: string[];
}

async function open(o: Pick<MatrixOptions, "file" | "history">): Promise<Opened> {
  const file = await readMatrixFile(o.file);
  const tree = path.resolve(path.dirname(o.file));
  const folder = o.history ?? ("folder" in file.history ? path.join(tree, file.history.folder) : undefined);
  if (folder === undefined) return { file, tree, folder, history: emptyHistory(), notes: [] };
  return { file, tree, folder, ...(await loadFolder(folder)) };
}

/** `kport plan`: print what a run would do, and write it for `kport cells`. */
export async function planCommand(o: Omit<MatrixOptions, "out"> & { out?: string }): Promise<Plan> {
  const opened = await open(o);
  for (const n of opened.notes) log.warn(n);
  const plan = await preparePlan(
    opened.file,
    opened.tree,
    opened.history,
    nextRun(opened.history, new Date(), await commitOf(opened.tree)),
  );
  process.stdout.write(renderPlan(plan));
  if (o.out !== undefined) {
    await mkdir(path.dirname(path.resolve(o.out)), { recursive: true });
    await writeResult(o.out, `${JSON.stringify(plan, null, 1)}\n`);
  }
  return plan;
}

/** `kport cells`: run the cells of a plan, of one shard or all of them. */
export async function cellsCommand(
  planFile: string,
  o: { tree: string; out: string; shard?: number; signal?: AbortSignal },
): Promise<number> {
  const plan = await readPlan(planFile);
  return runCells(plan, o);
}

async function runCells(
  plan: Plan,
  o: { tree: string; out: string; shard?: number; signal?: AbortSignal },
): Promise<number> {
  const mine = plan.cells.filter((p) => p.what === "run" && (o.shard === undefined || p.shard === o.shard));
  let failed = false;
  for (const [i, { cell }] of mine.entries()) {
    log.info(
      `\n${i + 1} of ${mine.length}: ${cell.module.folder}, kernel ${cell.kernel.resolved}, c2rust ${cell.c2rust.resolved}, rustc ${cell.rustc.resolved}`,
    );
    const reports = await runCell(cell, path.join(o.out, cell.id), {
      check,
      tree: path.resolve(o.tree),
      run: plan.run,
      ...(o.signal ? { signal: o.signal } : {}),
    });
    failed ||= reports.some((r) => r.verdict !== "pass") && !cell.allowFailure;
  }
  return failed ? 1 : 0;
}

/** `kport merge`: join reports into one, without judging them. */
export async function mergeCommand(paths: readonly string[], o: { out: string; plan?: string }): Promise<number> {
  const merged = await mergeReports(readReports(paths));
  const run = [...merged.cells.values()].map((c) => c.result.run).sort((a, b) => b.sequence - a.sequence)[0] ?? {
    id: "none",
    sequence: 0,
    at: new Date(0).toISOString(),
  };
  const plan = o.plan === undefined ? { schemaVersion: 1 as const, run, cells: [] } : await readPlan(o.plan);
  const report = await regress({
    merged,
    plan,
    history: emptyHistory(),
    again: async (cell) => merged.cells.get(cell.id)!.result,
    between: async () => [],
    searches: 0,
  });
  // Without a history nothing is news.
  const cells = report.cells.map((c) => (c.state === "new-failure" ? { ...c, state: "still-failing" as const } : c));
  return finish({ ...report, cells, notes: report.notes.filter((n) => !n.startsWith("The cause of")) }, o.out);
}

/** `kport regress`: join the reports of a plan, judge them beside the history, look for the cause of what is new, and remember. */
export async function regressCommand(paths: readonly string[], o: MatrixOptions & { plan: string }): Promise<number> {
  return judgeAndKeep(await open(o), await readPlan(o.plan), paths, o);
}

/** `kport matrix`: plan, run all cells here, judge. */
export async function matrixCommand(o: MatrixOptions): Promise<number> {
  const opened = await open(o);
  const plan = await preparePlan(
    opened.file,
    opened.tree,
    opened.history,
    nextRun(opened.history, new Date(), await commitOf(opened.tree)),
  );
  process.stdout.write(renderPlan(plan));
  // Each run has a folder of its own; one that was cancelled may have left reports there.
  const reports = path.join(o.out, `run-${plan.run.id}`);
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  await runCells(plan, { tree: opened.tree, out: reports, ...(o.signal ? { signal: o.signal } : {}) });
  return judgeAndKeep(opened, plan, [reports], o);
}

async function judgeAndKeep(opened: Opened, plan: Plan, paths: readonly string[], o: MatrixOptions): Promise<number> {
  const report = await judgeRun({
    history: opened.history,
    plan,
    reports: readReports(paths),
    tree: opened.tree,
    notes: opened.notes,
    check,
    ...(o.signal ? { signal: o.signal } : {}),
  });
  if (opened.folder !== undefined) {
    const { notes } = await saveFolder(opened.folder, addedBy(report));
    report.notes.push(...notes.filter((n) => !report.notes.includes(n)));
  }
  return finish(report, o.out);
}

async function finish(report: MatrixReport, out: string): Promise<number> {
  await writeMatrix(report, out);
  process.stdout.write(renderMatrixSummary(report));
  log.info(
    `written ${["matrix.json", "matrix.md", "matrix.html", "badge.svg", "badge.json"].map((f) => path.join(out, f)).join(", ")}`,
  );
  return { pass: 0, fail: 1, error: 3 }[report.verdict];
}

/** The commit that is checked, to go back to: only where the folder has no changes that git does not know. */
async function commitOf(tree: string): Promise<{ commit?: string }> {
  const git = (...args: string[]) => gitIn(tree, args).catch(() => undefined);
  const [head, status] = [
    await git("rev-parse", "--verify", "--quiet", "HEAD"),
    await git("status", "--porcelain", "--", "."),
  ];
  return head?.exitCode === 0 && status?.stdout.trim() === "" ? { commit: head.stdout.trim() } : {};
}
