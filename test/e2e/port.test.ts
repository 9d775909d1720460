/** The example workflow for port pull requests, run by act: a job that makes the ports, and one that writes, over a repository that git serves. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { describe, it } from "node:test";
import { run } from "../../src/machine/process.ts";
import type { Canned } from "./canned-action.ts";
import { HOSTILE, canned, errors, failing, passing } from "./canned-reports.ts";
import { PortScene } from "./port-scene.ts";
import { serveGit } from "./server/git-server.ts";
import { OWNER, READ_ONLY_TOKEN, REPO } from "./server/github-server.ts";
import { zipOf } from "./server/zip.ts";
import { lacking } from "./tools.ts";
import type { Ran, RunOfWorkflow } from "./workflow-run.ts";
import { Workspace, runWorkflow } from "./workflow-run.ts";

const skip = lacking("act") ?? false;
const repository = { full_name: `${OWNER}/${REPO}`, name: REPO, owner: { login: OWNER }, default_branch: "main" };
const RUST = { Kbuild: "obj-m := ring.o\n", "src/ring.rs": "fn ring() {}\n", "helpers/ring.c": "int h;\n" };

/** The emulated repository's base is what the workspace's commits are. */
class PortRuns {
  readonly scene: PortScene;
  readonly workspace: Workspace;
  #runs = 0;

  private constructor(scene: PortScene, workspace: Workspace) {
    this.scene = scene;
    this.workspace = workspace;
  }

  static async set(t: TestContext): Promise<PortRuns> {
    const runs = new PortRuns(await PortScene.set(t), await Workspace.create());
    t.after(() => runs.workspace.remove());
    return runs;
  }

  /** The modules of the base, whose main becomes a commit on top of what it is. */
  async commit(modules: Record<string, Canned>): Promise<void> {
    const own = await this.workspace.commit(modules);
    const files = Object.fromEntries(
      (await this.workspace.git("ls-tree", "-r", "--name-only", own)).split("\n").map((f) => [f, ""]),
    );
    for (const file of Object.keys(files)) files[file] = await this.workspace.git("show", `${own}:${file}`);
    this.scene.push("main", files);
  }

  async run(more: Partial<RunOfWorkflow> = {}): Promise<Ran> {
    const number = ++this.#runs;
    return runWorkflow(this.scene.server, {
      example: "port.yml",
      event: "workflow_dispatch",
      payload: { ref: "refs/heads/main", repository },
      workspace: this.workspace,
      run: { id: 300 + number, number },
      ...more,
    });
  }
}

function outcomes(ran: Ran): Record<string, string> {
  return Object.fromEntries(
    (JSON.parse(ran.outputs["pull-requests"] ?? "[]") as { module: string; did: string }[]).map((o) => [
      o.module,
      o.did,
    ]),
  );
}

describe("the workflow for port pull requests", { skip, concurrency: 2 }, () => {
  it("opens one a module, updates it, keeps hand-made changes after the merge, and closes it; git fetches what the API made", async (t) => {
    const runs = await PortRuns.set(t);
    const { scene } = runs;
    await runs.commit({
      "drivers/ring": canned(passing(), RUST),
      "drivers/pool": canned(passing("pool"), { Kbuild: "obj-m := pool.o\n" }),
    });
    const first = await runs.run();
    assert.ok(first.ok, first.log);
    assert.deepEqual(outcomes(first), { ring: "created", pool: "created" });
    assert.deepEqual(
      scene.server.results.artifactsOf(301).map((a) => a.name),
      ["kport-port", "kport-port-files"],
    );
    assert.match(first.summary, /### Ports for `main`[\s\S]*\| `ring` +\| created +\| \[\d+\]\(/);
    const ring = (await scene.server.pulls()).find((p) => p.head.ref.endsWith("/ring"))!;
    assert.deepEqual([ring.draft, ring.title, ring.base.ref], [true, "Port ring to Rust", "main"]);
    assert.match(ring.body, /actions\/runs\/301/);
    assert.match(ring.body, /GitHub starts no workflows for that/);
    assert.deepEqual(scene.portIn("kport/port/main/ring"), RUST);

    const root = await mkdtemp(path.join(os.tmpdir(), "kport-clone-"));
    const git = await serveGit(scene.repository.root);
    t.after(async () => {
      await git.stop();
      await rm(root, { recursive: true });
    });
    await run("git", [
      "clone",
      "--quiet",
      "--branch",
      "kport/port/main/ring",
      `${git.url}/${OWNER}/${REPO}.git`,
      path.join(root, "clone"),
    ]);
    const clone = async (...args: string[]) => (await run("git", ["-C", path.join(root, "clone"), ...args])).stdout;
    assert.equal(await clone("fsck", "--strict", "--no-dangling"), "");
    assert.equal(await clone("show", "HEAD:rust/ring/src/ring.rs"), RUST["src/ring.rs"]);

    assert.deepEqual(outcomes(await runs.run()), { ring: "unchanged", pool: "unchanged" });

    await scene.server.mergePull(ring.number, "squash");
    scene.push("main", { "rust/ring/src/ring.rs": "fn ring() {}\n// checked by hand\n", "rust/ring/NOTES": "ours\n" });
    await runs.commit({
      "drivers/ring": canned(passing(), {
        ...RUST,
        "src/ring.rs": "// ported anew\nfn ring() {}\n",
        "helpers/ring.c": "int h2;\n",
      }),
      "drivers/pool": canned(failing(errors(1), "pool"), { Kbuild: "other\n" }),
    });
    const second = await runs.run();
    assert.equal(second.ok, false, "the module that fails fails its job");
    assert.deepEqual(outcomes(second), { ring: "created", pool: "skipped" });
    assert.deepEqual(scene.portIn("kport/port/main/ring"), {
      ...RUST,
      "helpers/ring.c": "int h2;\n",
      "src/ring.rs": "// ported anew\nfn ring() {}\n// checked by hand\n",
      NOTES: "ours\n",
    });
    const update = (await scene.server.pulls()).find((p) => p.state === "open" && p.head.ref.endsWith("/ring"))!;
    assert.match(update.body, /Changes made by hand are kept in `src\/ring\.rs`\./);

    await scene.server.mergePull(update.number);
    assert.deepEqual(outcomes(await runs.run()), { ring: "closed", pool: "skipped" });
    assert.equal(scene.repository.branch("kport/port/main/ring"), undefined);
    assert.ok(scene.repository.branch("kport/port/main/pool"), "what does not pass now is left as it was");
    assert.deepEqual(scene.server.invalid, []);
  });

  it("explains the setting, and gives the page to open the pull request by hand", async (t) => {
    const runs = await PortRuns.set(t);
    runs.scene.server.allows.actionsToOpenPulls = false;
    await runs.commit({ "drivers/ring": canned(passing(), RUST) });
    const ran = await runs.run();
    assert.equal(ran.ok, false);
    assert.deepEqual(outcomes(ran), { ring: "refused" });
    assert.match(
      ran.log,
      /"Allow GitHub Actions to create and approve pull requests" in Settings, Actions, General.*https:\/\/github\.com\/acme\/drivers\/compare\/main\.\.\.kport\/port\/main\/ring\?expand=1/,
    );
    assert.match(ran.summary, /\[open it\]\(https:\/\/github\.com\/acme\/drivers\/compare/);
  });

  it("says which permissions are missing", async (t) => {
    const runs = await PortRuns.set(t);
    await runs.commit({ "drivers/ring": canned(passing(), RUST) });
    const ran = await runs.run({ token: READ_ONLY_TOKEN });
    assert.equal(ran.ok, false);
    assert.match(ran.log, /give the job `contents: write` and `pull-requests: write`/);
    assert.deepEqual(runs.scene.writes(), []);
  });

  it("writes nothing in a dry run, and says what it would do", async (t) => {
    const runs = await PortRuns.set(t);
    await runs.commit({ "drivers/ring": canned(passing(), RUST) });
    const ran = await runs.run({
      edit: (text) => `${text}          dry-run: true\n          port-dir: ports/{module}\n`,
    });
    assert.ok(ran.ok, ran.log);
    assert.match(
      ran.log,
      /branch  kport\/port\/main\/ring[\s\S]*folder  ports\/ring[\s\S]*4 added[\s\S]*src\/ring\.rs[\s\S]*title   Port ring to Rust/,
    );
    assert.deepEqual(runs.scene.writes(), []);
  });

  it("cannot be made to do anything by what a module is called, says or prints, nor by its port's files", async (t) => {
    const runs = await PortRuns.set(t);
    const hostile = passing("ring", {
      findings: HOSTILE.map((message) => ({
        check: message,
        severity: "warning" as const,
        message,
        file: `${message}.c`,
        line: 3,
      })),
    });
    await runs.commit({
      "drivers/ring": canned(hostile, { ...RUST, "src/``` <b>@acme.rs": HOSTILE.join("\n") }, { prints: HOSTILE }),
    });
    const ran = await runs.run();
    assert.deepEqual(outcomes(ran), { ring: "created" });
    assert.equal(ran.commands.filter((c) => c === "error").length, 0);
    const { body, title } = (await runs.scene.server.pulls())[0]!;
    assert.equal(title, "Port ring to Rust");
    const prose = body.replaceAll(/`+[^`]*`+/g, "");
    assert.doesNotMatch(prose.replaceAll(/<!-- \/?kport-port [^>]*-->/g, ""), /<!--|<script|<img|@(everyone|acme)/);
    // A second run finds its own marks, not those in the module's text.
    assert.deepEqual(outcomes(await runs.run()), { ring: "unchanged" });
  });

  for (const [what, ports, why] of [
    [
      "a path that leads out",
      [
        {
          module: "ring",
          files: [{ path: "../../.github/workflows/x.yml", mode: "100644", size: 1, content: "YQ==" }],
        },
      ],
      /the port of ring will not do: .*does not name a file inside the port's folder/,
    ],
    [
      "a name that is a path",
      [{ module: "../main", files: [] }],
      /ports\.json is not of this version \(ports\.0\.module: a module's name/,
    ],
    [
      "a mode that is none",
      [{ module: "ring", files: [{ path: "a", mode: "160000", size: 1, content: "YQ==" }] }],
      /ports\.0\.files\.0\.mode/,
    ],
    [
      "a module twice",
      [
        { module: "ring", files: [{ path: "a", mode: "100644", size: 1, content: "YQ==" }] },
        { module: "ring", files: [{ path: "a", mode: "100644", size: 1, content: "YQ==" }] },
      ],
      /holds ring twice/,
    ],
  ] as const) {
    it(`refuses an artifact with ${what}`, async (t) => {
      const runs = await PortRuns.set(t);
      await runs.commit({});
      const zip = zipOf({
        "report.json": JSON.stringify({ schemaVersion: 1, reports: [passing()], removed: [] }),
        "ports.json": JSON.stringify({ schemaVersion: 1, ports }),
      });
      runs.scene.server.results.plant(301, "kport-port", zip);
      // Only the half that writes.
      const ran = await runs.run({
        edit: (text) => text.replace(/ {2}make:[\s\S]*?(?= {2}propose:)/, "").replace("    needs: make\n", ""),
      });
      assert.equal(ran.ok, false);
      assert.match(ran.log, why);
      assert.deepEqual(runs.scene.writes(), []);
    });
  }

  for (const event of ["pull_request", "pull_request_target", "workflow_run"]) {
    it(`does not run on ${event}`, async (t) => {
      const runs = await PortRuns.set(t);
      await runs.commit({ "drivers/ring": canned(passing(), RUST) });
      const ran = await runs.run({
        event,
        edit: (text) => text.replace(/^on:[\s\S]*?(?=^permissions)/m, `on:\n  ${event}:\n\n`),
        payload: {
          pull_request: {
            number: 1,
            head: { sha: "a".repeat(40), repo: repository },
            base: { sha: "a".repeat(40), repo: repository },
          },
          workflow_run: { id: 1 },
          repository,
        },
      });
      assert.equal(ran.ok, false);
      assert.match(ran.log, /mode: port brings ports of the repository's own modules in/);
      assert.deepEqual(runs.scene.writes(), []);
    });
  }
});
