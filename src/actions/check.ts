/** The half that builds, as the runner starts it: find the modules, check them, publish. */
import { lstat, realpath } from "node:fs/promises";
import path from "node:path";
import { withCache } from "../github/actions-cache.ts";
import { annotateLog, annotationsFor } from "../github/annotate.ts";
import { renderBody, titleOf } from "../github/body.ts";
import { GitHub } from "../github/client.ts";
import type { Published } from "../github/publish.ts";
import { publish, writeSummary } from "../github/publish.ts";
import { uploadBundle, uploadFiles } from "../github/upload.ts";
import type { RunContext } from "../github/run-context.ts";
import { readRunContext, refuseForPorts } from "../github/run-context.ts";
import { fencedGroup, withProblemMatchers } from "../github/runner-log.ts";
import type { Check } from "../check/check-request.ts";
import type { CheckedTree } from "./check-tree.ts";
import { checkTree } from "./check-tree.ts";
import { discoverModules } from "./discover-modules.ts";
import { EnvironmentError, UserError } from "../machine/errors.ts";
import type { CheckInputs } from "../doors/inputs.ts";
import { log } from "../machine/log.ts";
import type { SandboxMode } from "../machine/sandbox-policy.ts";
import { matrixOf } from "./job-matrix.ts";
import { packPorts } from "../port/pack-ports.ts";
import { failed } from "../report/fail-on.ts";
import { countOutcomes, worstVerdict } from "../report/verdict.ts";

/** What the door brings: the pipeline, and what installs the tools it needs. */
export interface Machinery {
  check: Check;
  setUp: (options: { boot: boolean; kernel?: string }) => Promise<void>;
  /** Lets the sandbox start, until the result is disposed of. */
  setUpSandbox: (mode: SandboxMode) => Promise<AsyncDisposable>;
}

export interface ActionResult {
  outputs: Record<string, string>;
  /** Where the job is to fail, the one line that says why. */
  failure?: string;
}

/** @throws UserError and EnvironmentError; a module that fails is a result. */
export async function checkInAction(
  inputs: CheckInputs,
  machinery: Machinery,
  signal: AbortSignal,
): Promise<ActionResult> {
  const context = await readRunContext();
  if (inputs.mode === "port") {
    refuseForPorts();
    if (!inputs.artifact)
      throw new UserError('input "artifact": mode: port hands the ports over in the artifact; leave it true');
  }
  const folders =
    inputs.modules.length > 0
      ? await namedFolders(inputs.modules, context.workspace)
      : (await discoverModules(context.workspace)).map((m) => m.dir);
  const matrix = JSON.stringify(matrixOf(folders, inputs.kernel));
  if (inputs.mode === "list") return { outputs: { matrix } };

  const out = await outFolder(context.workspace, inputs.out);
  // First: a kernel with a root file system of its own is only set up where that can be entered.
  await using _sandbox = await fencedGroup("Sandbox", () => machinery.setUpSandbox(sandboxMode(inputs, context)));
  const tree = await withCache(
    inputs.cache,
    () => fencedGroup("Set-up", () => setUpFor(inputs, machinery)),
    async () => {
      const checked = await withProblemMatchers(() =>
        checkTree(inputs, context, folders, out, machinery.check, signal),
      );
      signal.throwIfAborted();
      return checked;
    },
  );

  const reports = tree.checked.map((c) => c.report);
  if (reports.length === 0 && tree.removed.length === 0)
    throw new UserError(
      "no kernel module here: no makefile with obj-m and no dkms.conf; name the folder in the input `modules`",
    );
  const artifactId = inputs.artifact ? await uploadAll(inputs, out, tree) : undefined;
  const artifactUrl = artifactId === undefined ? undefined : `${context.runUrl}/artifacts/${artifactId}`;
  const published = await publishAll(inputs, context, tree, artifactUrl);
  const findings = reports.flatMap((r) => r.findings);
  const { passed, built, failed: bad } = countOutcomes(reports);
  const outputs = {
    verdict: worstVerdict(reports),
    report: tree.checked.map((c) => path.join(c.dir, "report.json")).join("\n"),
    modules: String(reports.length),
    passed: String(passed),
    "not-run": String(built),
    failed: String(bad),
    errors: String(findings.filter((f) => f.severity === "error").length),
    warnings: String(findings.filter((f) => f.severity === "warning").length),
    matrix,
    "comment-url": published.commentUrl ?? "",
    "artifact-url": artifactUrl ?? "",
  };
  return failed(reports, inputs["fail-on"]) ? { outputs, failure: titleOf(reports, tree.removed) } : { outputs };
}

/** What a stranger wrote is built in the sandbox, or not at all. */
export function sandboxMode(inputs: Pick<CheckInputs, "sandbox">, context: Pick<RunContext, "pull">): SandboxMode {
  return context.pull?.fork === true ? "required" : inputs.sandbox;
}

async function setUpFor(inputs: CheckInputs, machinery: Machinery): Promise<void> {
  // A build folder is there or it is not; only a version can be installed.
  const versions = inputs.kernel.filter((k) => !k.startsWith("/"));
  if (versions.length === 0) return machinery.setUp({ boot: inputs.boot });
  for (const kernel of versions) await machinery.setUp({ boot: inputs.boot, kernel });
}

/**
 * Those of the named folders that are there; one that is not may be one that the pull request removes.
 * @throws UserError when one leads out of the repository by a link.
 */
async function namedFolders(named: readonly string[], workspace: string): Promise<string[]> {
  const root = await realpath(workspace);
  const there: string[] = [];
  for (const dir of named) {
    const real = await realpath(path.join(root, dir)).catch(() => undefined);
    if (real === undefined) continue;
    if (real !== root && !real.startsWith(`${root}${path.sep}`))
      throw new UserError(`input "modules": ${JSON.stringify(dir)} leads out of the repository by a symbolic link`);
    there.push(dir);
  }
  return there;
}

/** @throws UserError where a part of the path is a symbolic link of the checkout's, which may lead anywhere. */
export async function outFolder(workspace: string, out: string): Promise<string> {
  const parts = out.split("/");
  for (let i = 1; i <= parts.length; i++) {
    const link = await lstat(path.join(workspace, ...parts.slice(0, i))).then(
      (s) => s.isSymbolicLink(),
      () => false,
    );
    if (link)
      throw new UserError(
        `input "out": ${JSON.stringify(parts.slice(0, i).join("/"))} is a symbolic link; name a folder`,
      );
  }
  return path.join(workspace, out);
}

/** Without the artifact service (GHES, a service that is down) a check goes on, and the summary says so; ports have no other way to go. */
async function uploadAll(inputs: CheckInputs, out: string, tree: CheckedTree): Promise<number | undefined> {
  const name = inputs["artifact-name"];
  const ports = inputs.mode === "port" ? await packPorts(tree.checked, tree.notes) : undefined;
  try {
    await uploadBundle(
      name,
      { schemaVersion: 1, reports: tree.checked.map((c) => c.report), removed: tree.removed },
      ports,
    );
  } catch (error) {
    if (ports) throw new EnvironmentError(whyNoArtifact(error));
    return withoutArtifact(tree, error);
  }
  return uploadFiles(`${name}-files`, out).catch((error: unknown) => withoutArtifact(tree, error));
}

function withoutArtifact(tree: CheckedTree, error: unknown): undefined {
  log.warn(whyNoArtifact(error));
  tree.notes.push(whyNoArtifact(error));
}

function whyNoArtifact(error: unknown): string {
  return `No artifact: ${error instanceof Error ? error.message : String(error)}`;
}

async function publishAll(
  inputs: CheckInputs,
  context: RunContext,
  tree: CheckedTree,
  artifact: string | undefined,
): Promise<Published> {
  const reports = tree.checked.map((c) => c.report);
  const annotations = annotationsFor(reports);
  const render = renderBody(reports, tree.removed, {
    run: context.runUrl,
    artifact,
    sha: context.sha,
    repo: context.repo,
  });
  const published =
    inputs.token === ""
      ? { checkRun: false, notes: ["No comment and no check run: the input `token` is empty"] }
      : await publish(
          new GitHub(inputs.token, context.repo),
          {
            reports,
            set: inputs["artifact-name"],
            run: context.run,
            runUrl: context.runUrl,
            sha: context.sha,
            pull: context.pull,
            failOn: inputs["fail-on"],
            render,
            annotations,
            title: titleOf(reports, tree.removed),
          },
          { comment: inputs.comment, check: inputs.check && inputs.mode === "check", dryRun: inputs["dry-run"] },
        );
  if (!published.checkRun) annotateLog(annotations);
  if (inputs.summary) await writeSummary((limit) => render("summary", limit), [...tree.notes, ...published.notes]);
  return published;
}
