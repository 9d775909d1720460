/** The half that runs modules, for matrices: `mode: plan`, `cells` and `regress`, three jobs of one workflow run that hand over by artifacts. */
import path from "node:path";
import type { ActionResult, Machinery } from "./check.ts";
import { outFolder } from "./check.ts";
import { UserError } from "../machine/errors.ts";
import { withCache } from "../github/actions-cache.ts";
import { GitHub } from "../github/client.ts";
import { loadBranch } from "../github/data-branch.ts";
import { writeSummary } from "../github/publish.ts";
import { downloadBundle, downloadJson } from "../github/report-artifact.ts";
import { readMatrixContext, type RunContext } from "../github/run-context.ts";
import { fencedGroup } from "../github/runner-log.ts";
import { uploadBundle, uploadFiles, uploadJson } from "../github/upload.ts";
import { loadFolder, type Stored } from "../history/folder-store.ts";
import type { CheckInputs } from "../doors/inputs.ts";
import { log } from "../machine/log.ts";
import { type MatrixFile, readMatrixFile } from "../matrix/file.ts";
import { judgeRun, writeMatrix } from "../matrix/judge-run.ts";
import type { Source } from "../matrix/merge.ts";
import { plan as planSchema, type Plan, strategyMatrix } from "../matrix/plan.ts";
import { preparePlan } from "../matrix/prepare.ts";
import { renderPlan } from "../matrix/render-plan.ts";
import { runCell } from "../matrix/run-cells.ts";
import { fence } from "../report/escape.ts";
import { countStates } from "../report/matrix/words.ts";
import { renderMatrixMarkdown } from "../report/matrix/markdown.ts";
import type { Report } from "../report/schema.ts";
import { countOutcomes, worstVerdict } from "../report/verdict.ts";

/** Names of the artifacts, after the input `artifact-name`. The last one, by that name itself, is what the half that writes reads. */
const planArtifact = (inputs: CheckInputs): string => `${inputs["artifact-name"]}-plan`;
const cellsArtifact = (inputs: CheckInputs, shard: number): string => `${inputs["artifact-name"]}-cells-${shard}`;
const PLAN_FILE = "plan.json";

/** @throws UserError and EnvironmentError; a module that fails is a result. */
export async function matrixInAction(
  inputs: CheckInputs,
  machinery: Machinery,
  signal: AbortSignal,
): Promise<ActionResult> {
  const context = readMatrixContext();
  if (inputs.token === "")
    throw new UserError('input "token": empty; matrices need one that may read artifacts and the history');
  const github = new GitHub(inputs.token, context.repo);
  if (inputs.mode === "plan") return planJob(inputs, context, github);
  const plan = await downloadJson(github, context.run.id, planArtifact(inputs), PLAN_FILE, planSchema);
  if (plan === undefined)
    throw new UserError(
      `this run has no artifact ${planArtifact(inputs)}: a job with mode: plan comes first (examples/workflows/schedule.yml)`,
    );
  return inputs.mode === "cells"
    ? cellsJob(inputs, context, plan, machinery, signal)
    : regressJob(inputs, context, github, plan, machinery, signal);
}

async function planJob(inputs: CheckInputs, context: RunContext, github: GitHub): Promise<ActionResult> {
  const { file, tree } = await open(inputs, context);
  const { history, notes } = await historyOf(file, tree, github);
  for (const n of notes) log.warn(n);
  const { run } = context;
  const plan = await preparePlan(file, tree, history, {
    id: `${run.id}.${run.attempt}`,
    sequence: run.number * 100 + Math.min(run.attempt, 99),
    at: new Date().toISOString(),
    commit: context.sha,
    url: context.runUrl,
  });
  const text = renderPlan(plan);
  log.info(text);
  await uploadJson(planArtifact(inputs), PLAN_FILE, plan);
  if (inputs.summary) await writeSummary((limit) => fence("text", text.slice(0, limit - 100)), notes);
  const matrix = strategyMatrix(plan);
  return { outputs: { matrix: JSON.stringify(matrix), shards: String(matrix.include.length) } };
}

/** A failing cell is a result, which the regress job judges: this job fails only when it cannot run any. */
async function cellsJob(
  inputs: CheckInputs,
  context: RunContext,
  plan: Plan,
  machinery: Machinery,
  signal: AbortSignal,
): Promise<ActionResult> {
  const shard = Number(inputs.shard);
  const mine = plan.cells.filter((p) => p.shard === shard);
  if (inputs.shard === "" || mine.length === 0)
    throw new UserError(
      `input "shard": ${JSON.stringify(inputs.shard)}: the plan has no such job; write \${{ matrix.shard }}`,
    );
  const { tree } = await open(inputs, context);
  const out = await outFolder(context.workspace, inputs.out);
  await using _sandbox = await fencedGroup("Sandbox", () => machinery.setUpSandbox(inputs.sandbox));
  const runAll = async (): Promise<Report[]> => {
    const all: Report[] = [];
    for (const { cell } of mine) {
      const title = `${cell.module.folder} on ${cell.kernel.resolved}, c2rust ${cell.c2rust.resolved}, rustc ${cell.rustc.resolved}`;
      all.push(
        ...(await fencedGroup(title, () =>
          runCell(cell, path.join(out, cell.id), { check: machinery.check, tree, run: plan.run, signal }),
        )),
      );
    }
    return all;
  };
  const reports = await withCache(
    inputs.cache,
    () => fencedGroup("Set-up", () => machinery.setUp({ boot: mine.some((p) => p.cell.boot) })),
    runAll,
  );
  await uploadBundle(cellsArtifact(inputs, shard), {
    schemaVersion: 1,
    reports: reports.map(withoutText),
    removed: [],
  });
  if (inputs.artifact) await uploadFiles(`${cellsArtifact(inputs, shard)}-files`, out);
  const { passed, built, failed: bad } = countOutcomes(reports);
  const failed = reports.every((r) => r.verdict === "error") ? { failure: "no cell gave a result" } : {};
  return {
    outputs: {
      verdict: worstVerdict(reports),
      modules: String(reports.length),
      passed: String(passed),
      "not-run": String(built),
      failed: String(bad),
    },
    ...failed,
  };
}

async function regressJob(
  inputs: CheckInputs,
  context: RunContext,
  github: GitHub,
  plan: Plan,
  machinery: Machinery,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { file, tree } = await open(inputs, context);
  const { history, notes } = await historyOf(file, tree, github);
  const out = await outFolder(context.workspace, inputs.out);
  await using sandbox = new AsyncDisposableStack();
  let ready: Promise<void> | undefined;
  const prepare = (): Promise<void> =>
    (ready ??= fencedGroup("Set-up", async () => {
      sandbox.use(await machinery.setUpSandbox(inputs.sandbox));
      await machinery.setUp({ boot: file.boot });
    }));
  const report = await judgeRun({
    history,
    plan,
    reports: shardReports(inputs, context, github, plan),
    tree,
    notes,
    check: machinery.check,
    prepare,
    signal,
  });
  await writeMatrix(report, out);
  await uploadJson(inputs["artifact-name"], "matrix.json", report);
  const id = inputs.artifact ? await uploadFiles(`${inputs["artifact-name"]}-files`, out) : undefined;
  if (inputs.summary) await writeSummary((limit) => renderMatrixMarkdown(report).slice(0, limit), []);
  const outputs = {
    verdict: report.verdict,
    report: path.join(out, "matrix.json"),
    "artifact-url": id === undefined ? "" : `${context.runUrl}/artifacts/${id}`,
  };
  return inputs["fail-on"] !== "never" && report.verdict !== "pass"
    ? { outputs, failure: countStates(report) }
    : { outputs };
}

/** What the jobs of the plan uploaded, one after the other; a job that uploaded nothing leaves its cells without a result. */
async function* shardReports(
  inputs: CheckInputs,
  context: RunContext,
  github: GitHub,
  plan: Plan,
): AsyncGenerator<Source> {
  for (const { shard } of strategyMatrix(plan).include) {
    const name = cellsArtifact(inputs, shard);
    try {
      const bundle = await downloadBundle(github, context.run.id, name);
      for (const report of bundle?.reports ?? []) yield { report };
    } catch (error) {
      yield { file: name, message: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function open(inputs: CheckInputs, context: RunContext): Promise<{ file: MatrixFile; tree: string }> {
  const place = path.join(context.workspace, inputs["matrix-file"]);
  return { file: await readMatrixFile(place), tree: path.dirname(place) };
}

/** The history as the file says: on the branch, or in a folder that a step before this one brought. */
async function historyOf(file: MatrixFile, tree: string, github: GitHub): Promise<Stored> {
  return "branch" in file.history
    ? loadBranch(github.git, file.history.branch)
    : loadFolder(path.join(tree, file.history.folder));
}

/** Without what only a person reads: the job that judges may have a thousand of them. */
function withoutText(report: Report): Report {
  const { functions: _, diff: __, ...rest } = report;
  return rest;
}
