/**
 * The example workflow with nothing replaced: the committed bundle, the real pipeline, a small module, a change to its C, two boots of each commit.
 * Runs with `npm run e2e` only.
 */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { describe, it } from "node:test";
import { cacheDir } from "../../src/machine/cache.ts";
import { writeGreeter } from "./greeter.ts";
import { GitHubServer, OWNER, REPO } from "./server/github-server.ts";
import { lacking } from "./tools.ts";
import { Workspace, releasedFolder, runWorkflow } from "./workflow-run.ts";

const skip = process.env["KPORT_E2E"] ? (lacking("act") ?? false) : "npm run e2e runs it";

describe("a pull request on a real module", { skip }, () => {
  it("is ported with its base, booted and reported", async (t) => {
    const server = await GitHubServer.start();
    const workspace = await Workspace.create();
    const action = await releasedFolder();
    t.after(async () => {
      await server.stop();
      await workspace.remove();
      await rm(action, { recursive: true });
    });
    await writeGreeter(workspace.dir);
    const baseSha = await workspace.commitAll();
    await writeGreeter(workspace.dir, "greeting");
    const headSha = await workspace.commitAll();
    const pull = await server.openPull({ headSha, baseSha });
    const repo = { full_name: `${OWNER}/${REPO}` };
    const payload = {
      action: "synchronize",
      number: pull.number,
      pull_request: {
        number: pull.number,
        head: { sha: headSha, ref: pull.headBranch, repo },
        base: { sha: baseSha, ref: "main", repo },
      },
      repository: { ...repo, name: REPO, owner: { login: OWNER } },
    };
    const ran = await runWorkflow(server, {
      example: "pull-request.yml",
      event: "pull_request",
      payload,
      workspace,
      run: { id: 1, number: 1 },
      action,
      env: { KPORT_CACHE_DIR: cacheDir() },
      edit: (w) => `${w}        with:\n          cache: false\n`,
    });
    assert.ok(ran.ok, ran.log);
    const [comment, ...others] = await server.comments(pull.number);
    assert.deepEqual(others, []);
    assert.match(comment!.body, /\n### (✅|⚠️) `greeter`: the Rust port builds, boots and behaves like the C/);
    assert.match(
      comment!.body,
      /What it does to the Rust, against <code>[0-9a-f]{12}<\/code>: 1 file, \+1 −1/,
      "a port depends on the C alone, not on where and when it was made",
    );
    assert.match(comment!.body, /```diff\n[^`]*\+[^\n]*greeting/);
    assert.equal((await server.checkRuns(headSha))[0]?.conclusion, "success");
    const files = server.results.artifactsOf(1).find((a) => a.name === "kport-report-files");
    for (const name of ["report.html", "port/Kbuild"]) assert.ok(files?.bytes.includes(name), name);
    assert.doesNotMatch(ran.log, /ghs_writes/);
    assert.deepEqual(server.invalid, []);
  });
});
