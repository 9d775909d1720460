/**
 * A run that keeps a port's pull request, ended between any two of its requests: the next run comes to what an undisturbed one comes to. `npm run e2e` ends it after each
 * request in turn, `npm test` after every seventh.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PullOptions } from "../../src/github/port-pr.ts";
import type { Texts } from "./port-scene.ts";
import { BRANCH, FIRST, PortScene, lines } from "./port-scene.ts";

const STRIDE = process.env["KPORT_E2E"] ? 1 : 7;
const SECOND: Texts = {
  ...FIRST,
  "src/ring.rs": lines("fn", 40, { 30: "fn thirty" }),
  "logo.bin": ["100755", Buffer.from([0, 9, 9])],
};

interface Case {
  what: string;
  before: (scene: PortScene) => Promise<void>;
  texts: Texts;
  options?: Partial<PullOptions>;
  did: string;
}

const CASES: Case[] = [
  {
    what: "creates it",
    before: async () => undefined,
    texts: FIRST,
    options: { labels: ["rust"], reviewers: ["mallory"] },
    did: "created",
  },
  {
    what: "updates it over changes made by hand",
    before: async (scene) => {
      await scene.keep(FIRST);
      await scene.server.mergePull(1, "squash");
      scene.push("main", {
        "rust/ring/src/ring.rs": lines("fn", 40, { 3: "fn by hand" }),
        "rust/ring/own.rs": "own\n",
      });
      await scene.keep({ ...FIRST, "src/ring.rs": lines("fn", 40, { 20: "fn twenty" }) });
    },
    texts: SECOND,
    did: "updated",
  },
  {
    what: "closes it",
    before: async (scene) => {
      await scene.keep(FIRST);
      await scene.server.mergePull(1);
      await scene.keep(SECOND);
    },
    texts: FIRST,
    did: "closed",
  },
  {
    what: "opens it again",
    before: async (scene) => {
      await scene.keep(FIRST);
      await scene.server.closePull(1);
    },
    texts: SECOND,
    options: { reopen: true },
    did: "updated",
  },
  {
    what: "stops at a person's commit",
    before: async (scene) => {
      await scene.keep(FIRST);
      scene.push(BRANCH, { "rust/ring/own.rs": "own\n" });
    },
    texts: SECOND,
    did: "stopped",
  },
];

/** All that people can see of the end. */
async function endOf(scene: PortScene): Promise<object> {
  const branch = scene.repository.branch(BRANCH);
  const pulls = (await scene.server.pulls()).sort((a, b) => a.number - b.number);
  return {
    branch:
      branch === undefined
        ? undefined
        : { files: scene.files(BRANCH), change: scene.repository.git(["diff", "--name-only", `main...${BRANCH}`]) },
    branches: scene.repository.git(["for-each-ref", "--format=%(refname)"]),
    main: scene.repository.git(["ls-tree", "-r", "main"]),
    pulls: await Promise.all(
      pulls.map(async ({ number, state, draft, title, body, base, requested_reviewers }) => ({
        number,
        state,
        draft,
        title,
        base: base.ref,
        body: body.replaceAll(/[0-9a-f]{40}/g, "…"),
        labels: await scene.server.labelsOf(number),
        reviewers: requested_reviewers.map((r) => r.login),
        comments: (await scene.server.comments(number)).map((c) => c.body.replaceAll(/run=\S+|[0-9a-f]{12}/g, "…")),
      })),
    ),
  };
}

async function within<T>(work: (scene: PortScene) => Promise<T>): Promise<T> {
  const scene = await PortScene.make();
  try {
    return await work(scene);
  } finally {
    await scene.remove();
  }
}

describe("a run that keeps a port's pull request", { concurrency: 3 }, () => {
  for (const { what, before, texts, options, did } of CASES) {
    it(`and ${what} can be ended after any request`, async () => {
      const { end, methods } = await within(async (scene) => {
        await before(scene);
        const from = scene.server.seen.length;
        assert.equal((await scene.keep(texts, options)).did, did);
        return { end: await endOf(scene), methods: scene.server.seen.slice(from).map((s) => s.method) };
      });
      assert.ok(methods.length >= 8 && methods.some((m) => m !== "GET"), "there is something to disturb");
      for (let nth = 0; nth < methods.length; nth += STRIDE) {
        await within(async (scene) => {
          await before(scene);
          let request = 0;
          // The request is carried out, but nothing comes back any more, and no further one gets through.
          scene.server.fault = () =>
            request++ === nth ? { status: 401, after: true } : request > nth ? { status: 401 } : undefined;
          await scene.keep(texts, options).catch(() => undefined);
          scene.server.fault = undefined;
          await scene.keep(texts, options);
          assert.deepEqual(await endOf(scene), end, `ended after request ${nth + 1}`);
        });
      }
      for (const nth of methods.keys().filter((i) => methods[i] !== "GET" && i % STRIDE === 0)) {
        await within(async (scene) => {
          await before(scene);
          let request = 0;
          // Carried out, the answer lost: it is sent again.
          scene.server.fault = () => (request++ === nth ? { status: 502, after: true } : undefined);
          await scene.keep(texts, options);
          assert.deepEqual(await endOf(scene), end, `the answer to request ${nth + 1} lost`);
        });
      }
    });
  }
});
