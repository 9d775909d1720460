/**
 * `npm run test:runner`: every mode of both actions, by the example workflows and from the committed bundles, on a machine like a hosted
 * runner (stand-in.ts) that is bare when the first of them begins. Needs root. `KPORT_RUNNER_BOOT=0` leaves the boot out, `-v` prints the
 * logs, `--hostile` runs the hostile tests there and nothing else (further words choose files of them), `--modes` the modes, `--cold` the first
 * of them without a build of c2rust brought along, and says what its set-up cost. What it does not show is Ubuntu's own: docs/action.md
 * lists it.
 */
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { readHistory } from "../../src/history/read.ts";
import { writeGreeter } from "../e2e/greeter.ts";
import { PortScene } from "../e2e/port-scene.ts";
import { GitHubServer, OWNER, READ_ONLY_TOKEN, REPO } from "../e2e/server/github-server.ts";
import { type Ran, releasedFolder, runWorkflow, type RunOfWorkflow, Workspace } from "../e2e/workflow-run.ts";
import { hostileTests } from "./hostile-tests.ts";
import { HOSTED, SECRET, standIn } from "./stand-in.ts";

/** A log that a person reads in some minutes: on a bare machine a third of it is what apt sets up, folded away. */
const MOST_LINES = 320;
const boots = process.env["KPORT_RUNNER_BOOT"] !== "0";
const repository = { full_name: `${OWNER}/${REPO}`, name: REPO, owner: { login: OWNER }, default_branch: "main" };

// An exit, unlike a signal's default, ends what runs on the machine and takes it away.
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(status));

const cold = process.argv.includes("--cold");
await using machine = await standIn({ c2rust: !cold });
/** Pull requests of people's, and those of ports with the repository that they are for. */
const [server, ports] = [await GitHubServer.start(), await PortScene.make()];
const workspace = await Workspace.create();
const action = await releasedFolder();
const FIRST = 101;
let runs = FIRST - 1;

/** The workflow with more inputs of the action that builds. */
function given(...lines: readonly string[]): (workflow: string) => string {
  return (w) =>
    w.replaceAll(
      /^( +)- uses: OWNER\/kport@.*\n(?:\s+id: .*\n)?(?: +with:\n)?/gm,
      (step: string, indent: string) =>
        `${step.includes("with:") ? step : `${step}${indent}  with:\n`}${lines.map((l) => `${indent}    ${l}\n`).join("")}`,
    );
}

let wrong = 0;

/** One mode: its run, and what must have come of it. What fails is told, and the next one is tried. */
async function mode(
  what: string,
  run: { github?: GitHubServer } & Pick<RunOfWorkflow, "example" | "event" | "payload"> & Partial<RunOfWorkflow>,
  holds: (ran: Ran) => Promise<void> | void,
): Promise<void> {
  const started = performance.now();
  runs++;
  if (process.argv.includes("--hostile") || (cold && runs > FIRST)) return;
  let ran: Ran | undefined;
  let problem: unknown;
  try {
    ran = await runWorkflow(run.github ?? server, {
      workspace,
      run: { id: runs, number: runs },
      action,
      machine,
      ...run,
      env: { ...HOSTED, ...run.env },
    });
    assert.doesNotMatch(ran.log + ran.summary, new RegExp(SECRET));
    assert.match(ran.besides, /max_user_namespaces is 0 behind the step, left in \/usr\/local\/lib: 0/);
    assert.deepEqual((run.github ?? server).invalid, []);
    assert.ok(ran.log.split("\n").length <= MOST_LINES, `${ran.log.split("\n").length} lines of log`);
    await holds(ran);
  } catch (error) {
    problem = error;
    wrong++;
  }
  if (ran !== undefined && (problem !== undefined || process.argv.includes("-v")))
    console.log(ran.log.replaceAll(/^/gm, "  | "));
  console.log(
    `${problem === undefined ? "✓" : "✗"} ${what} (${Math.round((performance.now() - started) / 1000)} s, ${ran?.log.split("\n").length ?? 0} lines of log)`,
  );
  if (problem !== undefined) console.log(problem instanceof Error ? problem.message : problem);
}

/** A pull request of the greeter's, and what its events say. */
async function pull(
  baseSha: string,
  headSha: string,
  fork: boolean,
): Promise<{ number: number; branch: string; payload: object }> {
  const { number, headBranch: branch } = await server.openPull({ headSha, baseSha, fork });
  const head = { sha: headSha, ref: branch, repo: { full_name: fork ? `mallory/${REPO}` : repository.full_name } };
  return {
    number,
    branch,
    payload: {
      action: "synchronize",
      number,
      pull_request: { number, head, base: { sha: baseSha, ref: "main", repo: { full_name: repository.full_name } } },
      repository,
    },
  };
}

try {
  await writeGreeter(workspace.dir);
  const baseSha = await workspace.commitAll();
  await writeGreeter(workspace.dir, "greeting");
  const headSha = await workspace.commitAll();

  const fork = await pull(baseSha, headSha, true);
  await mode(
    "mode: check, a fork's pull request, on the bare machine",
    {
      example: "fork-safe-build.yml",
      event: "pull_request",
      payload: fork.payload,
      token: READ_ONLY_TOKEN,
      edit: given(`boot: ${boots}`, "baseline: none"),
    },
    (ran) => {
      assert.ok(ran.ok);
      const [cost] = /set up in .*/.exec(ran.log) ?? assert.fail("the set-up does not say what it cost");
      if (cold) console.log(cost);
      assert.match(ran.log, /sandbox: user\.max_user_namespaces is 1024 for this step, and was 0/);
      assert.equal(ran.outputs["verdict"], "pass");
      assert.equal(ran.outputs[boots ? "passed" : "not-run"], "1");
    },
  );

  const built = {
    id: runs,
    run_number: runs,
    run_attempt: 1,
    event: "pull_request",
    head_sha: headSha,
    head_branch: fork.branch,
    html_url: `https://github.com/${OWNER}/${REPO}/actions/runs/${runs}`,
    head_repository: { full_name: `mallory/${REPO}`, owner: { login: "mallory" } },
    pull_requests: [],
  };
  await mode(
    "mode: report, of what the fork's run found",
    {
      example: "fork-safe-report.yml",
      event: "workflow_run",
      payload: { action: "completed", workflow_run: built, repository },
    },
    async (ran) => {
      assert.ok(ran.ok);
      assert.match(
        (await server.comments(fork.number))[0]?.body ?? "",
        boots ? /`greeter`: the Rust port builds, boots and behaves like the C/ : /`greeter`/,
      );
    },
  );

  const own = await pull(baseSha, headSha, false);
  await mode(
    "mode: check, a pull request of the repository's own",
    { example: "pull-request.yml", event: "pull_request", payload: own.payload, edit: given("boot: false") },
    async (ran) => {
      assert.ok(ran.ok);
      assert.match(
        (await server.comments(own.number))[0]?.body ?? "",
        /What it does to the Rust, against <code>[0-9a-f]{12}<\/code>: 1 file, \+1 −1/,
      );
    },
  );

  await mode(
    "mode: list",
    { example: "pull-request.yml", event: "pull_request", payload: own.payload, edit: given("mode: list") },
    (ran) => {
      assert.deepEqual(
        (JSON.parse(ran.outputs["matrix"] ?? "{}") as { include: { module: string }[] }).include.map((i) => i.module),
        ["drivers/greeter"],
      );
    },
  );

  await mode(
    "mode: port, of both actions",
    {
      example: "port.yml",
      event: "workflow_dispatch",
      payload: { ref: "refs/heads/main", repository },
      github: ports.server,
      edit: given("boot: false"),
    },
    async (ran) => {
      // Nothing that was not run is proposed by itself.
      assert.match(ran.outputs["pull-requests"] ?? "", /"module":"greeter"/);
    },
  );

  await writeFile(path.join(workspace.dir, "kport.yml"), "modules: [drivers/greeter]\nboot: false\n");
  await workspace.commitAll();
  await mode(
    "modes plan, cells and regress, of both actions",
    {
      example: "schedule.yml",
      event: "schedule",
      payload: { schedule: "17 4 * * 1", repository },
      github: ports.server,
    },
    (ran) => {
      assert.match(ran.log, /1 cells?: 1 to run in 1 job/);
      assert.deepEqual(
        Object.values(
          readHistory(ports.repository.git(["cat-file", "blob", "kport-data:history.json"]), "history.json").history
            .cells,
        ).map((c) => c.results.length),
        [1],
      );
    },
  );

  await mode(
    "the control: on a machine that is not thrown away, a fork's pull request is not built, whatever `sandbox` says",
    {
      example: "fork-safe-build.yml",
      event: "pull_request",
      payload: fork.payload,
      edit: given("boot: false", "sandbox: off"),
      env: { RUNNER_ENVIRONMENT: "self-hosted" },
    },
    (ran) => {
      assert.equal(ran.ok, false);
      assert.match(ran.log, /the sandbox that a module's makefile is built in does not start/);
      assert.doesNotMatch(ran.log, /✓.* capture/);
    },
  );

  if (!process.argv.includes("--modes") && !cold) {
    const problems = await hostileTests(
      machine,
      process.argv.slice(2).filter((w) => !w.startsWith("-")),
      (line) => {
        if (process.argv.includes("-v") || /^\s*(?:not )?ok \d+ - (?:# |.*# SKIP)|^\s*not ok/.test(line))
          console.log(line.trim());
      },
    );
    console.log(
      problems.length === 0
        ? "✓ the hostile tests, by a plain user"
        : `✗ the hostile tests, by a plain user:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
    wrong += problems.length > 0 ? 1 : 0;
  }
} finally {
  await Promise.all([server.stop(), ports.remove()]);
  await Promise.all([workspace.remove(), rm(action, { recursive: true, force: true })]);
}
console.log(wrong === 0 ? "all as they should be" : `${wrong} failed`);
process.exitCode = wrong === 0 ? 0 : 1;
