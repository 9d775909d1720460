/** What a server that behaves cannot be made to do: answers that break off, and limits that would take real minutes. */
import assert from "node:assert/strict";
import { afterEach, before, describe, it } from "node:test";
import nock from "nock";
import { GitHub, isReadOnly, statusOf } from "../../src/github/client.ts";

const API = "https://api.github.test";
const COMMENTS = "/repos/acme/drivers/issues/1/comments";
const client = () =>
  new GitHub("secret-token", { owner: "acme", repo: "drivers" }, { baseUrl: API, fetch: globalThis.fetch, second: 1 });
const comment = { id: 1, body: "b", html_url: "https://github.com/c", user: { login: "u" } };

describe("the client", () => {
  before(() => nock.disableNetConnect());
  afterEach(() => {
    nock.cleanAll();
  });

  it("tries again after a connection that broke and after 5xx answers", async () => {
    nock(API)
      .get(COMMENTS)
      .query(true)
      .replyWithError(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    nock(API).get(COMMENTS).query(true).reply(502, "<html>bad gateway</html>");
    nock(API).get(COMMENTS).query(true).reply(200, [comment]);
    assert.deepEqual(await client().comments(1), [{ id: 1, author: "u", body: "b", url: "https://github.com/c" }]);
  });

  it("gives up after a few of them", async () => {
    const scope = nock(API).get(COMMENTS).query(true).times(20).reply(500, {});
    await assert.rejects(client().comments(1), { status: 500 });
    assert.equal(scope.isDone(), false, "far fewer than 20");
  });

  it("waits out a secondary limit that names its time, twice at most", async () => {
    const limit = { message: "You have exceeded a secondary rate limit" };
    nock(API).post(COMMENTS).times(2).reply(403, limit, { "retry-after": "60" });
    nock(API).post(COMMENTS).reply(201, comment);
    assert.equal((await client().createComment(1, "b")).id, 1);
    nock(API).post(COMMENTS).times(3).reply(429, limit, { "retry-after": "60" });
    const error = await client()
      .createComment(1, "b")
      .catch((e: unknown) => e);
    assert.equal(statusOf(error), 429);
    assert.equal(isReadOnly(error), false);
  });

  it("does not wait for a limit that takes longer than a job should", async () => {
    nock(API)
      .post(COMMENTS)
      .reply(
        403,
        { message: "API rate limit exceeded" },
        { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600) },
      );
    const error = await client()
      .createComment(1, "b")
      .catch((e: unknown) => e);
    assert.equal(statusOf(error), 403);
    assert.equal(isReadOnly(error), false, "a limit is not a missing permission");
  });

  it("tells a token that may only read from every other refusal", async () => {
    for (const [status, body, expected] of [
      [403, "Resource not accessible by integration", true],
      [401, "Bad credentials", true],
      [404, "Not Found", false],
      [422, "Validation Failed", false],
    ] as const) {
      nock(API).post(COMMENTS).reply(status, { message: body });
      assert.equal(
        isReadOnly(
          await client()
            .createComment(1, "b")
            .catch((e: unknown) => e),
        ),
        expected,
        body,
      );
    }
  });

  it("does not send again what GitHub understood and refused", async () => {
    const scope = nock(API).post(COMMENTS).times(2).reply(422, { message: "Validation Failed" });
    await assert.rejects(client().createComment(1, "b"), { status: 422 });
    assert.equal(scope.isDone(), false);
  });

  it("takes GITHUB_TOKEN's account where GraphQL does not answer", async () => {
    nock(API).post("/graphql").reply(404, {});
    assert.equal(await client().login(), "github-actions[bot]");
  });

  it("takes a comment that is gone as deleted, and no other refusal", async () => {
    nock(API).delete("/repos/acme/drivers/issues/comments/1").reply(404, {});
    await client().deleteComment(1);
    nock(API).delete("/repos/acme/drivers/issues/comments/1").reply(403, { message: "Must have admin rights" });
    await assert.rejects(client().deleteComment(1), { status: 403 });
  });

  it("shows its token to nobody", async () => {
    const github = client();
    const { inspect } = await import("node:util");
    assert.doesNotMatch(inspect(github, { depth: 9, showHidden: true }) + JSON.stringify(github), /secret-token/);
  });
});
