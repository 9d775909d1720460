/** What an example workflow of several jobs, a shallow checkout and a cancelled job come to. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { run } from "../../src/machine/process.ts";
import { canned, passing } from "./canned-reports.ts";
import { Scene } from "./scene.ts";
import { serveGit } from "./server/git-server.ts";
import { OWNER, REPO, TOKEN } from "./server/github-server.ts";
import { lacking } from "./tools.ts";
import { Workspace, actionFolder } from "./workflow-run.ts";

const skip = lacking("act") ?? false;
const repository = { full_name: `${OWNER}/${REPO}`, name: REPO, owner: { login: OWNER } };

describe("a shallow checkout", { skip }, () => {
  it("fetches the base it lacks from the repository's own server, without our token", async (t) => {
    const scene = await Scene.set(
      t,
      { ring: canned(passing(), { "a.rs": "old\n" }) },
      { ring: canned(passing(), { "a.rs": "new\n" }) },
    );
    const root = await mkdtemp(path.join(os.tmpdir(), "kport-git-"));
    const git = await serveGit(root);
    t.after(async () => {
      await git.stop();
      await rm(root, { recursive: true });
    });
    await run("git", ["clone", "--quiet", "--bare", scene.workspace.dir, path.join(root, "drivers.git")]);
    const checkout = path.join(root, "checkout");
    await run("git", ["clone", "--quiet", "--depth=1", `${git.url}/drivers.git`, checkout]);
    const ran = await scene.run({ workspace: Workspace.at(checkout) });
    assert.ok(ran.ok, ran.log);
    assert.match(await scene.comment(), /-old\n\+new/);
    assert.ok(git.seen.some((s) => s.path.endsWith("git-upload-pack")));
    assert.deepEqual(
      git.seen.filter((s) => s.authorized),
      [],
    );
  });

  it("that can fetch nothing says what to give actions/checkout, and is checked all the same", async (t) => {
    const scene = await Scene.set(t, { ring: canned(passing()) }, { ring: canned(passing()) });
    const checkout = await mkdtemp(path.join(os.tmpdir(), "kport-shallow-"));
    t.after(() => rm(checkout, { recursive: true }));
    await run("git", ["clone", "--quiet", "--depth=1", `file://${scene.workspace.dir}`, checkout]);
    await run("git", ["remote", "set-url", "origin", path.join(checkout, "nowhere")], { cwd: checkout });
    const ran = await scene.run({ workspace: Workspace.at(checkout) });
    assert.ok(ran.ok, ran.log);
    assert.match(ran.summary, /Nothing is compared with the base: .*`fetch-depth: 2`/);
  });
});

describe("a company's network", { skip }, () => {
  it("is crossed by the proxy that the environment names", async (t) => {
    const scene = await Scene.set(t, {}, { ring: canned(passing()) });
    const asked: string[] = [];
    const proxy = createServer();
    // Only the proxy knows where the API is: a client that does not ask it fails to find api.github.test.
    proxy.on("connect", (request, client: Socket) => {
      asked.push(request.url ?? "");
      const api = connect(Number(new URL(scene.server.url).port), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        api.pipe(client).pipe(api);
      });
      for (const end of [api, client]) end.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const ran = await scene.run({
      env: {
        GITHUB_API_URL: "http://api.github.test",
        GITHUB_GRAPHQL_URL: "http://api.github.test/graphql",
        http_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        no_proxy: "127.0.0.1",
      },
    });
    assert.ok(ran.ok, ran.log);
    assert.match(await scene.comment(), /### ✅ `ring`/, ran.log);
    assert.ok(asked.length > 0 && asked.every((a) => a === "api.github.test:80"), asked.join());
  });

  it("with GitHub Enterprise Server, which has no artifact service, still gets the rest", async (t) => {
    const scene = await Scene.set(t, {}, { ring: canned(passing()) });
    const ran = await scene.run({ env: { GITHUB_SERVER_URL: "https://git.company.example" } });
    assert.ok(ran.ok, ran.log);
    assert.match(ran.summary, /No artifact: .*GHES/);
    assert.match(await scene.comment(), /https:\/\/git\.company\.example\/acme\/drivers\/actions\/runs\/101/);
  });
});

describe("a cancelled job", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends at ${signal}, writes nothing and leaves no checkout of the base behind`, async (t) => {
      const scene = await Scene.set(t, { ring: canned(passing()) }, { ring: canned(passing(), {}, { hangs: true }) });
      const temp = await mkdtemp(path.join(os.tmpdir(), "kport-cancel-"));
      t.after(() => rm(temp, { recursive: true }));
      await mkdir(path.join(temp, "runner"));
      await writeFile(path.join(temp, "event.json"), JSON.stringify(scene.payload));
      const child = spawn(process.execPath, [path.join(await actionFolder(), "dist", "action.js")], {
        env: {
          ...inputs(),
          PATH: process.env["PATH"],
          HOME: temp,
          GITHUB_ACTIONS: "true",
          GITHUB_API_URL: scene.server.url,
          GITHUB_REPOSITORY: repository.full_name,
          GITHUB_WORKSPACE: scene.workspace.dir,
          GITHUB_EVENT_NAME: "pull_request",
          GITHUB_EVENT_PATH: path.join(temp, "event.json"),
          GITHUB_RUN_ID: "1",
          GITHUB_RUN_NUMBER: "1",
          GITHUB_OUTPUT: "",
          RUNNER_TEMP: path.join(temp, "runner"),
          KPORT_CACHE_DIR: path.join(temp, "cache"),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          const before = said;
          said += chunk.toString();
          if (!before.includes("hanging") && said.includes("hanging")) child.kill(signal);
        });
      }
      assert.equal(await ended, 1, said);
      assert.match(said, new RegExp(`::error::cancelled \\(${signal}\\)`));
      assert.deepEqual(scene.writes(), []);
      assert.deepEqual(scene.server.results.artifacts, []);
      assert.deepEqual(await readdir(path.join(temp, "runner")), []);
    });
  }
});

/** The inputs of action.yml as the runner hands them over. */
function inputs(): Record<string, string> {
  const defaults = {
    mode: "check",
    modules: "",
    names: "",
    kernel: "",
    boot: "true",
    headers: "helpers",
    make: "",
    baseline: "base",
    "fail-on": "error",
    "require-proof": "",
    fuzz: "",
    comment: "true",
    check: "true",
    summary: "true",
    artifact: "true",
    "artifact-name": "kport-report",
    cache: "false",
    sandbox: "required",
    out: "kport-out",
    token: TOKEN,
    "dry-run": "false",
  };
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}
