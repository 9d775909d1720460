import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { UserError } from "../../src/machine/errors.ts";
import { readRunContext, readWorkflowRun } from "../../src/github/run-context.ts";

const [HEAD, BASE] = ["a".repeat(40), "b".repeat(40)];
const pull = (head: object | null) => ({
  pull_request: {
    number: 5,
    head: { sha: HEAD, repo: head },
    base: { sha: BASE, repo: { full_name: "acme/drivers" } },
  },
});
const ENV = {
  GITHUB_REPOSITORY: "acme/drivers",
  GITHUB_RUN_ID: "9",
  GITHUB_RUN_NUMBER: "4",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_SHA: "c".repeat(40),
  GITHUB_WORKSPACE: "/w",
};

async function withEvent<T>(name: string, payload: unknown, read: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-event-"));
  const file = path.join(scratch.dir, "event.json");
  await writeFile(file, JSON.stringify(payload));
  return await read({ ...ENV, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file });
}

describe("the context of the half that builds", () => {
  it("takes the pull request's head, not the merge commit, as what is judged", async () => {
    const context = await withEvent("pull_request", pull({ full_name: "acme/drivers" }), readRunContext);
    assert.deepEqual(context, {
      repo: { owner: "acme", repo: "drivers" },
      run: { id: 9, number: 4, attempt: 2 },
      runUrl: "https://github.com/acme/drivers/actions/runs/9",
      sha: HEAD,
      workspace: "/w",
      pull: { number: 5, headSha: HEAD, baseSha: BASE, fork: false },
    });
  });

  it("knows a fork, also one that was deleted since", async () => {
    assert.equal(
      (await withEvent("pull_request", pull({ full_name: "mallory/drivers" }), readRunContext)).pull?.fork,
      true,
    );
    assert.equal((await withEvent("pull_request", pull(null), readRunContext)).pull?.fork, true);
  });

  it("has no pull request on other events, and judges the commit of the run", async () => {
    const context = await withEvent("push", {}, readRunContext);
    assert.deepEqual([context.pull, context.sha], [undefined, ENV.GITHUB_SHA]);
  });

  for (const event of ["pull_request_target", "workflow_run"]) {
    it(`refuses ${event}`, () =>
      assert.rejects(
        withEvent(event, pull(null), readRunContext),
        (error) => error instanceof UserError && error.message.includes(event),
      ));
  }

  it("refuses a payload that is not GitHub's", () =>
    assert.rejects(withEvent("pull_request", { pull_request: { number: "5" } }, readRunContext), UserError));
  it("says what to do outside of a workflow", () =>
    assert.rejects(readRunContext({ GITHUB_EVENT_NAME: "push" }), /kport check/));
});

describe("the context of the half that reports", () => {
  const run = {
    id: 7,
    run_number: 3,
    event: "pull_request",
    head_sha: HEAD,
    head_branch: "topic",
    html_url: "https://github.com/acme/drivers/actions/runs/7",
    head_repository: null,
    pull_requests: [],
  };

  it("is the run that built, as the event tells it", async () => {
    const { built } = await withEvent("workflow_run", { workflow_run: run }, readWorkflowRun);
    assert.deepEqual([built.id, built.run_number, built.run_attempt, built.head_sha], [7, 3, 1, HEAD]);
  });

  it("refuses any other event", () =>
    assert.rejects(withEvent("pull_request", pull(null), readWorkflowRun), /runs on workflow_run/));
  it("refuses a commit that is none", () =>
    assert.rejects(
      withEvent("workflow_run", { workflow_run: { ...run, head_sha: "main" } }, readWorkflowRun),
      UserError,
    ));
});
