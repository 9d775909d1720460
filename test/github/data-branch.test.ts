/** The history on a branch, over a real git repository behind the emulated API. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { GitHub } from "../../src/github/client.ts";
import { loadBranch, saveBranch } from "../../src/github/data-branch.ts";
import { emptyHistory, type History } from "../../src/history/schema.ts";
import { GitRepository } from "../e2e/server/git-repository.ts";
import { GitHubServer, OWNER, REPO, TOKEN } from "../e2e/server/github-server.ts";
import { aCell, aResult } from "../matrix/cell.ts";

const BRANCH = "kport-data";

async function open(t: TestContext): Promise<{ server: GitHubServer; repository: GitRepository; git: GitHub["git"] }> {
  const server = await GitHubServer.start();
  const repository = new GitRepository(OWNER, REPO);
  server.repository = repository;
  t.after(async () => {
    await server.stop();
    repository.remove();
    assert.deepEqual(server.invalid, []);
  });
  return {
    server,
    repository,
    git: new GitHub(TOKEN, { owner: OWNER, repo: REPO }, { baseUrl: server.url, second: 1, fetch }).git,
  };
}

function one(sequence: number): History {
  const cell = aCell();
  const result = aResult(cell, sequence, "pass");
  return { ...emptyHistory(), cells: { [cell.id]: { folder: "ring", results: [result], lastGood: result } } };
}

const sequences = (history: History): number[] =>
  Object.values(history.cells)[0]?.results.map((r) => r.run.sequence) ?? [];
const files = (sequence: number) => ({ "badge.json": `{"run":${sequence}}` });

describe("the data branch", () => {
  it("is made by the first run, shares nothing with the others, and grows a commit a run", async (t) => {
    const { repository, git } = await open(t);
    assert.deepEqual((await loadBranch(git, BRANCH)).history, emptyHistory());
    await saveBranch(git, BRANCH, one(1), files(1), "Run 1");
    await saveBranch(git, BRANCH, one(2), files(2), "Run 2");
    assert.deepEqual(sequences((await loadBranch(git, BRANCH)).history), [1, 2]);
    assert.deepEqual(repository.git(["log", "--format=%s", BRANCH]).split("\n"), ["Run 2", "Run 1"]);
    assert.equal(repository.git(["cat-file", "blob", `${BRANCH}:badge.json`]), '{"run":2}');
    assert.match(repository.git(["ls-tree", "--name-only", BRANCH]), /README\.md/);
  });

  it("loses nothing of runs that end at once, and shows the picture of the latest", async (t) => {
    const { repository, git } = await open(t);
    await Promise.all([3, 1, 2].map((n) => saveBranch(git, BRANCH, one(n), files(n), `Run ${n}`)));
    assert.deepEqual(sequences((await loadBranch(git, BRANCH)).history), [1, 2, 3]);
    assert.equal(repository.git(["cat-file", "blob", `${BRANCH}:badge.json`]), '{"run":3}');
  });

  it("keeps what cannot be read aside, says so, and begins anew", async (t) => {
    const { repository, git } = await open(t);
    await saveBranch(git, BRANCH, one(1), files(1), "Run 1");
    const tree = repository.writeTree(repository.branch(BRANCH)!, [
      { path: "history.json", mode: "100644", content: '{"schemaVersion":1,"cells":{' },
    ]);
    repository.git([
      "update-ref",
      `refs/heads/${BRANCH}`,
      repository.commit(tree, [repository.branch(BRANCH)!], "A careless hand"),
    ]);
    const { notes } = await saveBranch(git, BRANCH, one(2), files(2), "Run 2");
    assert.match(notes.join(), /history\.json on kport-data is not JSON.*kept as history\.corrupt-[0-9a-f]{8}\.json/);
    const aside = /history\.corrupt-\w+\.json/.exec(repository.git(["ls-tree", "--name-only", BRANCH]))![0];
    assert.equal(repository.git(["cat-file", "blob", `${BRANCH}:${aside}`]), '{"schemaVersion":1,"cells":{');
    assert.deepEqual(sequences((await loadBranch(git, BRANCH)).history), [2]);
    assert.deepEqual((await saveBranch(git, BRANCH, one(3), {}, "Run 3")).notes, [], "and it is said once");
  });

  it("is never one that is not kport's", async (t) => {
    const { repository, git } = await open(t);
    const tree = repository.writeTree(undefined, [{ path: "main.c", mode: "100644", content: "int main;\n" }]);
    repository.git(["update-ref", "refs/heads/main", repository.commit(tree, [], "The module")]);
    const before = repository.branch("main");
    await assert.rejects(
      saveBranch(git, "main", one(1), files(1), "Run 1"),
      (e) => e instanceof UserError && /not kport's/.test(e.message),
    );
    assert.equal(repository.branch("main"), before);
  });

  it("is whole when a run is cancelled between any two calls", async (t) => {
    const { server, git } = await open(t);
    await saveBranch(git, BRANCH, one(1), files(1), "Run 1");
    let calls = 0;
    server.fault = () => void calls++;
    await saveBranch(git, BRANCH, one(2), files(2), "Run 2");
    for (let dies = 0; dies < calls; dies++) {
      let seen = 0;
      server.fault = () => (seen++ >= dies ? { status: 418 } : undefined);
      await assert.rejects(saveBranch(git, BRANCH, one(10 + dies), files(9), "dies"));
      server.fault = undefined;
      const there = sequences((await loadBranch(git, BRANCH)).history);
      assert.deepEqual(there.slice(0, 2), [1, 2]);
      await saveBranch(git, BRANCH, one(10 + dies), files(9), "once more");
    }
    assert.equal(sequences((await loadBranch(git, BRANCH)).history).length, 2 + calls);
  });
});
