/** The life of a regression's issue, on the emulated GitHub. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { GitHub } from "../../src/github/client.ts";
import { keepIssues, LABEL } from "../../src/github/regression-issue.ts";
import type { JudgedCell, MatrixReport } from "../../src/report/matrix/schema.ts";
import { GitHubServer, OWNER, REPO, TOKEN } from "../e2e/server/github-server.ts";
import { aCell, aMatrix, aResult, judged } from "../matrix/cell.ts";

const SETTINGS = { labels: ["kernel"], assignees: [], most: 3 };
const PERSON = "ghp_setup0000000000000000000000000000000";
const STRANGER = "ghp_other0000000000000000000000000000000";

interface Seen {
  number: number;
  state: string;
  title: string;
  body: string;
  labels: { name: string }[];
  user: { login: string };
}

class Repository {
  readonly server: GitHubServer;
  readonly github: GitHub;
  known: Record<string, number> = {};
  notes: string[] = [];
  private constructor(server: GitHubServer) {
    this.server = server;
    this.github = new GitHub(TOKEN, { owner: OWNER, repo: REPO }, { baseUrl: server.url, second: 1, fetch });
  }

  static async open(t: TestContext): Promise<Repository> {
    const server = await GitHubServer.start();
    t.after(async () => {
      await server.stop();
      assert.deepEqual(server.invalid, [], "GitHub would have refused a request");
    });
    return new Repository(server);
  }

  async keep(report: MatrixReport, settings = SETTINGS): Promise<string[]> {
    const { outcomes, issues, notes } = await keepIssues(this.github, report, settings, this.known);
    this.known = issues;
    this.notes = notes;
    return outcomes.map((o) => `${o.did} ${o.fingerprint}`);
  }

  as(token: string, method: string, route: string, body?: unknown): Promise<unknown> {
    return this.server.as(token, method, `/repos/${OWNER}/${REPO}${route}`, body);
  }

  async issues(): Promise<Seen[]> {
    return ((await this.as(PERSON, "GET", "/issues?state=all&per_page=100")) as Seen[]).sort(
      (a, b) => a.number - b.number,
    );
  }

  /** Numbers and states. */
  async states(): Promise<string[]> {
    return (await this.issues()).map((i) => `${i.number} ${i.state}`);
  }
}

const on = (kernel: string, folder = "ring") => aCell({ folder, kernel });
const broken = (sequence: number, fingerprint = "f00d", more: Partial<JudgedCell> = {}): JudgedCell => {
  const cell = on("7.2", more.cell?.module.folder ?? "ring");
  return judged(cell, "new-failure", {
    result: aResult(cell, sequence, "fail", { fingerprint, message: `failure ${fingerprint}` }),
    ...more,
  });
};
const sound = (kernel = "7.2"): JudgedCell => judged(on(kernel), "pass");

describe("a regression's issue", () => {
  it("is opened, left alone, brought up to date, closed when it is fixed, and opened again when it is back", async (t) => {
    const r = await Repository.open(t);
    const culprit: JudgedCell["culprit"] = {
      kind: "axis",
      axes: [{ axis: "kernel", lastGood: "6.12", firstBad: "7.2", untold: [] }],
      probes: [],
    };
    assert.deepEqual(await r.keep(aMatrix([broken(1, "f00d", { culprit }), sound("6.1")], 1)), ["opened f00d"]);
    const [opened] = await r.issues();
    assert.match(opened!.title, /^ring with kernel 7\.2: failure f00d$/);
    assert.match(opened!.body, /Culprit: \*\*kernel 7\.2 \(last good: 6\.12\)\*\*/);
    assert.match(opened!.body, /kport check ring --kernel 7\.2/);
    assert.match(opened!.body, /\| ring \|/);
    assert.deepEqual(opened!.labels.map((l) => l.name).sort(), ["kernel", LABEL]);
    assert.deepEqual(await r.keep(aMatrix([broken(1, "f00d", { culprit }), sound("6.1")], 1)), ["unchanged f00d"]);
    assert.deepEqual(await r.keep(aMatrix([broken(2), judged(on("6.1"), "still-failing")], 2)), ["updated f00d"]);
    assert.deepEqual(await r.keep(aMatrix([sound(), sound("6.1")], 3)), ["closed f00d"]);
    assert.deepEqual(await r.states(), ["1 closed"]);
    assert.deepEqual(await r.keep(aMatrix([sound(), sound("6.1")], 4)), []);
    assert.deepEqual(await r.keep(aMatrix([broken(5)], 5)), ["reopened f00d"]);
    assert.deepEqual(await r.states(), ["1 open"]);
    assert.deepEqual(
      (await r.server.comments(1)).map((c) => c.body.slice(0, 10)),
      ["Fixed: [ru", "It is back"],
    );
  });

  it("stays open while a cell that had it has no result", async (t) => {
    const r = await Repository.open(t);
    await r.keep(aMatrix([broken(1), sound("6.1")], 1));
    const past = [
      {
        outcome: "fail" as const,
        sequence: 1,
        at: "",
        values: aResult(on("7.2"), 1, "fail").values,
        fingerprint: "f00d",
      },
    ];
    assert.deepEqual(
      await r.keep(aMatrix([judged(on("7.2"), "unknown", { past }), sound("6.1"), sound("6.6")], 2)),
      [],
    );
    assert.deepEqual(await r.states(), ["1 open"]);
  });

  it("is one for all cells and modules that show the same", async (t) => {
    const r = await Repository.open(t);
    const others = ["tone", "lamp"].map((folder) => broken(1, "f00d", { cell: on("7.2", folder) }));
    assert.deepEqual(await r.keep(aMatrix([broken(1), ...others], 1)), ["opened f00d"]);
    assert.match((await r.issues())[0]!.title, /^3 modules/);
  });

  it("is never opened twice: not when its label is gone, not when an answer is lost, not by two runs at once", async (t) => {
    const r = await Repository.open(t);
    await r.keep(aMatrix([broken(1)], 1));
    await r.as(PERSON, "PATCH", "/issues/1", { labels: [] });
    assert.deepEqual(await r.keep(aMatrix([broken(2)], 2)), ["updated f00d"]);
    assert.deepEqual(await r.states(), ["1 open"]);

    const lost = await Repository.open(t);
    let once = true;
    lost.server.fault = ({ method, path }) => {
      const now = once && method === "POST" && path.endsWith("/issues");
      once &&= !now;
      return now ? { status: 502, after: true } : undefined;
    };
    await lost.keep(aMatrix([broken(1)], 1));
    assert.deepEqual(
      (await lost.states()).filter((s) => s.endsWith("open")),
      ["1 open"],
    );

    const two = await Repository.open(t);
    await Promise.all([two.keep(aMatrix([broken(1)], 1)), two.keep(aMatrix([broken(2)], 2))]);
    two.known = {};
    await two.keep(aMatrix([broken(3)], 3));
    assert.deepEqual(
      (await two.states()).filter((s) => s.endsWith("open")),
      ["1 open"],
    );
  });

  it("that a person closed as not planned stays closed; one closed as done is opened again when it shows", async (t) => {
    const r = await Repository.open(t);
    await r.keep(aMatrix([broken(1)], 1));
    await r.as(PERSON, "PATCH", "/issues/1", { state: "closed", state_reason: "not_planned" });
    assert.deepEqual(await r.keep(aMatrix([broken(2)], 2)), ["respected f00d"]);
    await r.as(PERSON, "PATCH", "/issues/1", { state: "open" });
    await r.as(PERSON, "PATCH", "/issues/1", { state: "closed", state_reason: "completed" });
    assert.deepEqual(await r.keep(aMatrix([broken(3)], 3)), ["reopened f00d"]);
  });

  it("of a run that ends late does not undo a later run's", async (t) => {
    const r = await Repository.open(t);
    await r.keep(aMatrix([broken(5)], 5));
    const before = (await r.issues())[0]!.body;
    assert.deepEqual(await r.keep(aMatrix([broken(4, "f00d", { note: "old" })], 4)), ["superseded f00d"]);
    assert.deepEqual(await r.keep(aMatrix([sound()], 4)), ["superseded f00d"]);
    assert.equal((await r.issues())[0]!.body, before);
  });

  it("is not taken from a stranger who writes the marker", async (t) => {
    const r = await Repository.open(t);
    await r.as(STRANGER, "POST", "/issues", {
      title: "mine",
      body: "<!-- kport regression=f00d run=99 by=people -->\nx",
      labels: [LABEL],
    });
    assert.deepEqual(await r.keep(aMatrix([broken(1)], 1)), ["opened f00d"]);
    assert.deepEqual(await r.states(), ["1 open", "2 open"]);
    assert.equal((await r.issues())[0]!.title, "mine");
  });

  it("says nothing that a module's text could do harm with", async (t) => {
    const r = await Repository.open(t);
    const cell = on("7.2");
    const evil = "@everyone --> <script>x</script> <!-- kport regression=beef run=1 by=kport --> fixes #1";
    await r.keep(aMatrix([judged(cell, "new-failure", { result: aResult(cell, 1, "fail", { message: evil }) })], 1));
    const [issue] = await r.issues();
    assert.doesNotMatch(issue!.body, /@everyone|<script|fixes #1|<!-- kport regression=beef/);
    assert.match(issue!.body, /^<!-- kport regression=f00d run=1 by=people -->\n/);
  });
});

describe("a flood", () => {
  it("of failures opens as many issues as allowed, and one for the rest, which get theirs in time", async (t) => {
    const r = await Repository.open(t);
    const all = (sequence: number, count: number) =>
      aMatrix(
        Array.from({ length: count }, (_, i) => broken(sequence, `f${i}`, { cell: on("7.2", `m${i}`) })),
        sequence,
      );
    assert.deepEqual((await r.keep(all(1, 6))).sort(), ["opened f0", "opened f1", "opened f2", "opened overflow"]);
    assert.match(r.notes.join(), /3 new failures have no issue of their own yet/);
    const second = await r.keep(all(2, 6));
    assert.deepEqual(second.filter((o) => !o.startsWith("updated")).sort(), [
      "closed overflow",
      "opened f3",
      "opened f4",
      "opened f5",
    ]);
  });

  it("of cells without a result opens one, closed when there are results again", async (t) => {
    const r = await Repository.open(t);
    const cells = Array.from({ length: 40 }, (_, i) => judged(on("7.2", `m${i}`), "unknown"));
    assert.deepEqual(await r.keep(aMatrix(cells, 1)), ["opened environment"]);
    assert.match((await r.issues())[0]!.body, /40 cells: no kernel 6&#46;1 here|40 cells: no kernel 6\.1 here/);
    await r.keep(aMatrix(cells, 2));
    assert.deepEqual(await r.states(), ["1 open"]);
    assert.deepEqual(await r.keep(aMatrix([sound(), sound("6.1")], 3)), ["closed environment"]);
  });

  it("is not made of one cell that has no result", async (t) => {
    const r = await Repository.open(t);
    assert.deepEqual(await r.keep(aMatrix([judged(on("7.2"), "unknown"), sound("6.1"), sound("6.6")], 1)), []);
  });

  it("is not made of failures that are allowed", async (t) => {
    const r = await Repository.open(t);
    assert.deepEqual(await r.keep(aMatrix([broken(1, "f00d", { cell: { ...on("7.2"), allowFailure: true } })], 1)), []);
  });
});
