import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { GitHub } from "../../src/github/client.ts";
import { bodyLimit, keepComment, marker } from "../../src/github/sticky-comment.ts";
import { GitHubServer, OWNER, READ_ONLY_TOKEN, REPO, TOKEN } from "../e2e/server/github-server.ts";

const SHA = "a".repeat(40);

describe("the sticky comment", () => {
  let server: GitHubServer;
  before(async () => {
    server = await GitHubServer.start();
  });
  after(async () => {
    await server.stop();
    assert.deepEqual(server.invalid, []);
  });

  const client = (token = TOKEN) => new GitHub(token, { owner: OWNER, repo: REPO }, { second: 5, baseUrl: server.url });
  const pull = async () => (await server.openPull({ headSha: SHA, baseSha: SHA })).number;
  const sticky = (number: number, run: number, body: string, attempt = 1) => ({
    pull: number,
    set: "kport-report",
    run: { id: run * 10, number: run, attempt },
    body,
  });

  it("is created once and updated after that", async () => {
    const n = await pull();
    assert.equal((await keepComment(client(), sticky(n, 1, "first"))).did, "created");
    assert.equal((await keepComment(client(), sticky(n, 2, "second"))).did, "updated");
    const comments = await server.comments(n);
    assert.equal(comments.length, 1);
    assert.match(comments[0]!.body, /second$/);
  });

  it("is not rewritten when its body is the same", async () => {
    const n = await pull();
    await keepComment(client(), sticky(n, 1, "same"));
    const writes = server.seen.filter((s) => s.method !== "GET" && s.path !== "/graphql").length;
    assert.equal((await keepComment(client(), sticky(n, 2, "same"))).did, "unchanged");
    assert.equal(server.seen.filter((s) => s.method !== "GET" && s.path !== "/graphql").length, writes);
  });

  it("of a newer run or attempt is left alone by an older one", async () => {
    const n = await pull();
    await keepComment(client(), sticky(n, 7, "newer", 2));
    assert.equal((await keepComment(client(), sticky(n, 6, "older"))).did, "superseded");
    assert.equal((await keepComment(client(), sticky(n, 7, "older attempt", 1))).did, "superseded");
    assert.match((await server.comments(n))[0]!.body, /newer$/);
  });

  it("is found on the third page", async () => {
    const n = await pull();
    for (let i = 0; i < 210; i++) await server.comment(n, `chat ${i}`, "stranger");
    await server.comment(n, `${marker("kport-report", { number: 1, attempt: 1 })}old`, "workflow");
    for (let i = 0; i < 5; i++) await server.comment(n, `more chat ${i}`, "stranger");
    assert.equal((await keepComment(client(), sticky(n, 2, "new"))).did, "updated");
    assert.equal((await server.comments(n)).filter((c) => c.body.includes("kport set=")).length, 1);
  });

  it("is not a stranger's, whatever marker it begins with", async () => {
    const n = await pull();
    const forged = await server.comment(n, `${marker("kport-report", { number: 999, attempt: 1 })}forged`, "stranger");
    assert.equal((await keepComment(client(), sticky(n, 1, "ours"))).did, "created");
    const comments = await server.comments(n);
    assert.deepEqual(
      comments.map((c) => [c.id === forged, c.user.login]),
      [
        [true, "mallory"],
        [false, "github-actions[bot]"],
      ],
    );
    assert.match(comments[0]!.body, /forged$/);
  });

  it("is not one of ours that only quotes the marker", async () => {
    const n = await pull();
    await server.comment(n, `see ${marker("kport-report", { number: 1, attempt: 1 })}`, "workflow");
    assert.equal((await keepComment(client(), sticky(n, 1, "ours"))).did, "created");
  });

  it("is one a set", async () => {
    const n = await pull();
    await keepComment(client(), sticky(n, 1, "a"));
    assert.equal((await keepComment(client(), { ...sticky(n, 1, "b"), set: "kport-report-6.12" })).did, "created");
    assert.equal((await server.comments(n)).length, 2);
  });

  it("that is there twice is healed: the latest run's stays and is updated", async () => {
    const n = await pull();
    await server.comment(n, `${marker("kport-report", { number: 1, attempt: 1 })}x`, "workflow");
    const latest = await server.comment(n, `${marker("kport-report", { number: 2, attempt: 1 })}y`, "workflow");
    assert.equal((await keepComment(client(), sticky(n, 3, "z"))).did, "updated");
    assert.deepEqual(
      (await server.comments(n)).map((c) => c.id),
      [latest],
    );
  });

  it("is there once when two runs create it at the same time", async () => {
    const n = await pull();
    await Promise.all([keepComment(client(), sticky(n, 1, "one")), keepComment(client(), sticky(n, 2, "two"))]);
    const comments = await server.comments(n);
    assert.deepEqual(
      comments.map((c) => c.body.split("\n")[1]),
      ["two"],
    );
  });

  it("of an older run goes away again when the newer one's came to be in between", async () => {
    const n = await pull();
    server.fault = async ({ method, path }) => {
      if (method !== "POST" || !path.endsWith(`/issues/${n}/comments`)) return undefined;
      server.fault = undefined;
      await server.comment(n, `${marker("kport-report", { number: 2, attempt: 1 })}two`, "workflow");
      return undefined;
    };
    assert.equal((await keepComment(client(), sticky(n, 1, "one"))).did, "superseded");
    assert.deepEqual(
      (await server.comments(n)).map((c) => c.body.split("\n")[1]),
      ["two"],
    );
  });

  it("is there once when a creation succeeded but was answered by an error, and was sent again", async () => {
    const n = await pull();
    let failures = 1;
    server.fault = ({ method, path }) =>
      method === "POST" && path.endsWith(`/issues/${n}/comments`) && failures-- > 0
        ? { status: 502, after: true }
        : undefined;
    await keepComment(client(), sticky(n, 1, "once"));
    server.fault = undefined;
    assert.equal((await server.comments(n)).length, 1);
  });

  it("that was deleted between two calls is created anew", async () => {
    const n = await pull();
    await keepComment(client(), sticky(n, 1, "first"));
    const [old] = await server.comments(n);
    server.fault = async ({ method }) => {
      if (method !== "PATCH") return undefined;
      server.fault = undefined;
      await server.as(TOKEN, "DELETE", `/repos/${OWNER}/${REPO}/issues/comments/${old!.id}`);
      return undefined;
    };
    assert.equal((await keepComment(client(), sticky(n, 2, "second"))).did, "created");
    const comments = await server.comments(n);
    assert.equal(comments.length, 1);
    assert.notEqual(comments[0]!.id, old!.id);
  });

  it("fails with 403 where the token may only read", async () => {
    const n = await pull();
    await assert.rejects(keepComment(client(READ_ONLY_TOKEN), sticky(n, 1, "no")), { status: 403 });
    assert.equal((await server.comments(n)).length, 0);
  });

  it("of the largest body that bodyLimit allows is taken, and one more byte is not", async () => {
    const n = await pull();
    const run = { id: 1, number: Number.MAX_SAFE_INTEGER, attempt: 9999 };
    const most = "x".repeat(bodyLimit("kport-report"));
    await assert.rejects(keepComment(client(), { ...sticky(n, 1, `${most}x`), run }), { status: 422 });
    assert.equal((await keepComment(client(), { ...sticky(n, 1, most), run })).did, "created");
  });
});
