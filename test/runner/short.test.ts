/** The short form of `npm run test:runner`, where its root file system is there: what of both actions needs no tools, on the bare machine. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { describe, it } from "node:test";
import { passing } from "../e2e/canned-reports.ts";
import { writeGreeter } from "../e2e/greeter.ts";
import { GitHubServer, OWNER, READ_ONLY_TOKEN, REPO } from "../e2e/server/github-server.ts";
import { zipOf } from "../e2e/server/zip.ts";
import { lacking } from "../e2e/tools.ts";
import { releasedFolder, runWorkflow, Workspace } from "../e2e/workflow-run.ts";
import { HOSTED, lackingStandIn, SECRET, standIn } from "./stand-in.ts";

const repository = { full_name: `${OWNER}/${REPO}`, name: REPO, owner: { login: OWNER }, default_branch: "main" };

describe("on a machine like a hosted runner", { skip: lackingStandIn() ?? lacking("act") ?? false }, () => {
  it("a fork's pull request is listed, and what its run found is reported, by a user who can make no user namespace", {
    timeout: 600_000,
  }, async (t) => {
    await using machine = await standIn();
    const [server, workspace, action] = await Promise.all([GitHubServer.start(), Workspace.create(), releasedFolder()]);
    t.after(() => Promise.all([server.stop(), workspace.remove(), rm(action, { recursive: true })]));
    await writeGreeter(workspace.dir);
    const sha = await workspace.commitAll();
    const { number, headBranch } = await server.openPull({ headSha: sha, baseSha: sha, fork: true });
    const common = { workspace, action, machine, env: HOSTED };

    const pull = {
      number,
      head: { sha, ref: headBranch, repo: { full_name: `mallory/${REPO}` } },
      base: { sha, ref: "main", repo: { full_name: repository.full_name } },
    };
    const listed = await runWorkflow(server, {
      ...common,
      example: "fork-safe-build.yml",
      event: "pull_request",
      payload: { action: "synchronize", number, pull_request: pull, repository },
      token: READ_ONLY_TOKEN,
      run: { id: 7, number: 1 },
      edit: (w) => `${w}          mode: list\n`,
    });
    assert.ok(listed.ok, `${listed.log}${listed.besides}`);
    assert.deepEqual(
      (JSON.parse(listed.outputs["matrix"] ?? "{}") as { include: { module: string }[] }).include.map((i) => i.module),
      ["drivers/greeter"],
    );
    assert.match(listed.besides, /max_user_namespaces is 0 behind the step, left in \/usr\/local\/lib: 0/);

    server.results.plant(
      7,
      "kport-report",
      zipOf({ "report.json": JSON.stringify({ schemaVersion: 1, reports: [passing()], removed: [] }) }),
    );
    const run = {
      id: 7,
      run_number: 1,
      run_attempt: 1,
      event: "pull_request",
      head_sha: sha,
      head_branch: headBranch,
      html_url: `https://github.com/${OWNER}/${REPO}/actions/runs/7`,
      head_repository: { full_name: `mallory/${REPO}`, owner: { login: "mallory" } },
      pull_requests: [],
    };
    const told = await runWorkflow(server, {
      ...common,
      example: "fork-safe-report.yml",
      event: "workflow_run",
      payload: { action: "completed", workflow_run: run, repository },
      run: { id: 8, number: 1 },
    });
    assert.ok(told.ok, `${told.log}${told.besides}`);
    assert.match((await server.comments(number))[0]?.body ?? "", /### ✅/);
    assert.doesNotMatch(listed.log + told.log, new RegExp(SECRET));
  });
});
