/** The scheduled workflow as it is: plan, cells, judgement, history and issues, over several runs. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";
import { readHistory } from "../../src/history/read.ts";
import type { Canned } from "./canned-action.ts";
import { canned, passing } from "./canned-reports.ts";
import { GitRepository } from "./server/git-repository.ts";
import { GitHubServer, OWNER, REPO, READ_ONLY_TOKEN } from "./server/github-server.ts";
import { lacking } from "./tools.ts";
import { type Ran, runWorkflow, Workspace } from "./workflow-run.ts";

const skip = lacking("act") ?? false;

class Schedule {
  readonly server: GitHubServer;
  readonly repository: GitRepository;
  readonly workspace: Workspace;
  #runs = 0;
  private constructor(server: GitHubServer, repository: GitRepository, workspace: Workspace) {
    this.server = server;
    this.repository = repository;
    this.workspace = workspace;
  }

  static async set(t: TestContext): Promise<Schedule> {
    const server = await GitHubServer.start();
    const repository = new GitRepository(OWNER, REPO);
    server.repository = repository;
    const workspace = await Workspace.create();
    t.after(async () => {
      await server.stop();
      await workspace.remove();
      repository.remove();
    });
    return new Schedule(server, repository, workspace);
  }

  /** A commit with these modules and this kport.yml, and the workflow's run on it. */
  async run(
    modules: Record<string, Canned>,
    file: string,
    more: { token?: string; edit?: (text: string) => string } = {},
  ): Promise<Ran> {
    await this.workspace.commit(modules);
    await writeFile(path.join(this.workspace.dir, "kport.yml"), file);
    await this.workspace.commitAll();
    const number = ++this.#runs;
    const ran = await runWorkflow(this.server, {
      example: "schedule.yml",
      event: "schedule",
      payload: {
        schedule: "17 4 * * 1",
        repository: { full_name: `${OWNER}/${REPO}`, name: REPO, owner: { login: OWNER } },
      },
      workspace: this.workspace,
      run: { id: 100 + number, number },
      ...more,
    });
    assert.deepEqual(this.server.invalid, []);
    return ran;
  }

  async issues(): Promise<{ state: string; title: string; body: string }[]> {
    return (await this.server.as(
      "ghp_setup0000000000000000000000000000000",
      "GET",
      `/repos/${OWNER}/${REPO}/issues?state=all`,
    )) as { state: string; title: string; body: string }[];
  }

  history(): ReturnType<typeof readHistory>["history"] {
    return readHistory(this.repository.git(["cat-file", "blob", "kport-data:history.json"]), "history.json").history;
  }
}

const ONE = "modules: [ring, tone]\n";
const TWO = `${ONE}c2rust: [default, "0.21.0"]\n`;

describe("a scheduled run", { skip }, () => {
  it("remembers, names the culprit of what is new in an issue, runs nothing again that did not change, and closes the issue when it is fixed", async (t) => {
    const schedule = await Schedule.set(t);
    const sound = { ring: canned(passing("ring")), tone: canned(passing("tone")) };
    const first = await schedule.run(sound, ONE);
    assert.ok(first.ok, first.log);
    assert.match(first.log, /2 cells: 2 to run in 1 job/);
    assert.deepEqual(
      Object.values(schedule.history().cells).map((c) => c.results.map((r) => r.outcome)),
      [["pass"], ["pass"]],
    );
    assert.deepEqual(await schedule.issues(), []);
    assert.match(schedule.repository.git(["cat-file", "blob", "kport-data:badge.svg"]), /2 of 2 pass/);

    const broken = { ...sound, ring: canned(passing("ring"), {}, { breaksWith: "0.21.0" }) };
    const second = await schedule.run(broken, TWO);
    assert.equal(second.ok, false, "something is new");
    const [issue] = await schedule.issues();
    assert.match(
      issue!.title,
      /^ring with c2rust 0\.21\.0: the port does not build: error\[E0308\]: mismatched types$/,
      second.log,
    );
    assert.match(issue!.body, /Culprit: \*\*c2rust 0&#46;21\.0|Culprit: \*\*c2rust 0\.21\.0/);
    assert.match(second.log, /1 reused/);
    assert.match(second.summary, /new failure/);

    const third = await schedule.run(broken, TWO);
    assert.match(third.log, /4 cells: 0 to run in 0 jobs .*4 reused/);
    assert.equal(third.ok, false, "it fails still");
    assert.deepEqual(
      (await schedule.issues()).map((i) => i.state),
      ["open"],
    );
    assert.match(
      (await schedule.issues())[0]!.body,
      /Culprit: \*\*c2rust 0/,
      "and whose fault it is, is not forgotten",
    );

    const fourth = await schedule.run(sound, TWO);
    assert.ok(fourth.ok, fourth.log);
    assert.deepEqual(
      (await schedule.issues()).map((i) => i.state),
      ["closed"],
    );
    assert.match(
      schedule.repository.git(["log", "--format=%s", "kport-data"]),
      /^Run 104\.1: 2 cells\nRun 103\.1: 0 cells\nRun 102\.1: 3 cells\nRun 101\.1: 2 cells$/,
    );
  });

  it("whose machine lacks something opens one issue, blames no module, and remembers no failure", async (t) => {
    const schedule = await Schedule.set(t);
    const lacks = canned(passing(), {}, { lacks: "no kernel here" });
    const ran = await schedule.run({ ring: lacks, tone: lacks }, ONE);
    assert.equal(ran.ok, false);
    assert.deepEqual(
      (await schedule.issues()).map((i) => i.title),
      ["Scheduled runs give no result"],
    );
    assert.deepEqual(
      Object.values(schedule.history().cells).map((c) => c.results.map((r) => r.outcome)),
      [["unknown"], ["unknown"]],
    );
  });

  it("whose token may not write says which permissions it needs", async (t) => {
    const schedule = await Schedule.set(t);
    const ran = await schedule.run({ ring: canned(passing("ring")), tone: canned(passing("tone")) }, ONE, {
      token: READ_ONLY_TOKEN,
    });
    assert.equal(ran.ok, false);
    assert.match(ran.log, /give the job `contents: write` for the history's branch and `issues: write`/);
  });

  it("with a kport.yml that will not do says in which line", async (t) => {
    const schedule = await Schedule.set(t);
    const ran = await schedule.run({ ring: canned(passing("ring")) }, "modules: [ring]\nkernels: [6.10]\n");
    assert.equal(ran.ok, false);
    assert.match(ran.log, /kport\.yml:2: kernels\.\[1\]: 6\.1 is a number to YAML/);
  });
});
