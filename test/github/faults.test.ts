/** A fault at each request of a run in turn: the run goes on, and the next one finds a state it can mend. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GitHub } from "../../src/github/client.ts";
import type { Publication } from "../../src/github/publish.ts";
import { publish } from "../../src/github/publish.ts";
import { annotationsFor } from "../../src/github/annotate.ts";
import { errors, failing } from "../e2e/canned-reports.ts";
import { GitHubServer, OWNER, REPO, TOKEN } from "../e2e/server/github-server.ts";

const SHA = "a".repeat(40);
const ON = { comment: true, check: true, dryRun: false };

function publication(pull: number, run: number, text: string): Publication {
  const reports = [failing(errors(60))];
  return {
    reports,
    set: "kport-report",
    run: { id: run, number: run, attempt: 1 },
    runUrl: "https://github.com/acme/drivers/actions/runs/1",
    sha: SHA,
    pull: { number: pull, headSha: SHA },
    failOn: "error",
    render: () => text,
    annotations: annotationsFor(reports),
    title: "t",
  };
}

describe("publishing", { concurrency: 8 }, () => {
  for (const [what, status, after] of [
    ["is refused", 422, false],
    ["gets lost", 500, false],
    ["is done, and its answer gets lost", 500, true],
  ] as const) {
    for (let nth = 0; nth < 7; nth++) {
      it(`goes on and can be repeated when request ${nth + 1} ${what}`, async (t) => {
        const server = await GitHubServer.start();
        t.after(() => server.stop());
        const { number } = await server.openPull({ headSha: SHA, baseSha: SHA });
        const github = () => new GitHub(TOKEN, { owner: OWNER, repo: REPO }, { baseUrl: server.url, second: 2 });
        let request = 0;
        server.fault = () => (request++ === nth ? { status, after, body: { message: "fault" } } : undefined);
        await publish(github(), publication(number, 1, "first"), ON);
        server.fault = undefined;
        const { notes } = await publish(github(), publication(number, 2, "second"), ON);
        assert.deepEqual(notes, []);
        assert.deepEqual(
          (await server.comments(number)).map((c) => c.body.split("\n")[1]),
          ["second"],
        );
        assert.equal((await server.checkRuns(SHA)).at(-1)?.annotations.length, 60);
      });
    }
  }
});
