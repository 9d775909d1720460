/**
 * The example workflow with nothing replaced: the committed bundle, the real pipeline, a small module, a change to its C, two boots of each
 * commit, and a second push that leaves the module as it is.
 * Runs with `npm run e2e` only.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { cacheDir } from "../../src/machine/cache.ts";
import { writeGreeter } from "./greeter.ts";
import { pushed } from "./scene.ts";
import { GitHubServer } from "./server/github-server.ts";
import { lacking } from "./tools.ts";
import { Workspace, releasedFolder, runWorkflow } from "./workflow-run.ts";

const skip = process.env["KPORT_E2E"] ? (lacking("act") ?? false) : "npm run e2e runs it";

describe("a pull request on a real module", { skip }, () => {
  it("is ported with its base, booted and reported, and reuses all of it at a second push that does not touch it", async (t) => {
    const server = await GitHubServer.start();
    const workspace = await Workspace.create();
    const action = await releasedFolder();
    const runner = await mkdtemp(path.join(os.tmpdir(), "kport-runner-"));
    t.after(async () => {
      await server.stop();
      await workspace.remove();
      for (const dir of [action, runner]) await rm(dir, { recursive: true });
    });
    await writeGreeter(workspace.dir);
    const baseSha = await workspace.commitAll();
    await writeGreeter(workspace.dir, "greeting");
    const headSha = await workspace.commitAll();
    const pull = await server.openPull({ headSha, baseSha });
    const runAt = (sha: string, run: number) =>
      runWorkflow(server, {
        example: "pull-request.yml",
        event: "pull_request",
        payload: pushed({ number: pull.number, branch: pull.headBranch, headSha: sha, baseSha }),
        workspace,
        run: { id: run, number: run },
        action,
        runner,
        env: { KPORT_CACHE_DIR: cacheDir() },
        edit: (w) => `${w}        with:\n          cache: false\n`,
      });
    const ran = await runAt(headSha, 1);
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

    await writeFile(path.join(workspace.dir, "README.md"), "A greeter.\n");
    const later = await workspace.commitAll();
    server.movePull(pull.number, later);
    const again = await runAt(later, 2);
    assert.ok(again.ok, again.log);
    const [second] = await server.comments(pull.number);
    assert.match(second!.body, /<!-- kport set=kport-report run=2\.1 -->/);
    const reused = [...second!.body.matchAll(/(\w+)[^\n|]*\|[^\n]*\(reused, of /g)].map(([, stage]) => stage);
    for (const stage of ["capture", "lower", "print", "build", "boot"])
      assert.ok(reused.includes(stage), `${stage}: ${second!.body}`);
    assert.deepEqual(server.invalid, []);
  });
});
