/** The example workflow for pull requests, run by act with real payloads against a GitHub that keeps state. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { HOSTILE, canned, errors, failing, passing } from "./canned-reports.ts";
import { Scene } from "./scene.ts";
import { READ_ONLY_TOKEN } from "./server/github-server.ts";
import { lacking } from "./tools.ts";

const ring = { "drivers/ring": canned(passing()) };
const changed = { "drivers/ring": canned(passing(), { "src/ring.rs": "fn ring() { two() }\n" }) };
const skip = lacking("act") ?? false;

describe("a pull request", { skip, concurrency: 2 }, () => {
  it("gets a comment, a check run, a summary, artifacts and outputs from its first run", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    const ran = await scene.run();
    assert.ok(ran.ok, ran.log);
    const body = await scene.comment();
    assert.match(body, /^<!-- kport set=kport-report run=1\.1 -->\n### ✅ `ring`/);
    assert.match(body, new RegExp(scene.baseSha.slice(0, 12)));
    assert.match(body, /```diff\n[^`]*-fn ring\(\) \{\}\n\+fn ring\(\) \{ two\(\) \}/);
    const [check] = await scene.server.checkRuns(scene.headSha);
    assert.equal(check?.conclusion, "success");
    assert.equal(check?.name, "kport");
    assert.match(ran.summary, /^### ✅ `ring`/);
    assert.deepEqual(
      {
        ...ran.outputs,
        matrix: JSON.parse(ran.outputs["matrix"]!).include.length,
        report: "",
        "artifact-url": "",
        "comment-url": "",
      },
      {
        verdict: "pass",
        modules: "1",
        passed: "1",
        "not-run": "0",
        failed: "0",
        errors: "0",
        warnings: "0",
        matrix: 1,
        report: "",
        "artifact-url": "",
        "comment-url": "",
      },
    );
    assert.deepEqual(
      scene.server.results.artifactsOf(101).map((a) => a.name),
      ["kport-report", "kport-report-files"],
    );
    assert.deepEqual(scene.server.invalid, []);
  });

  it("keeps one comment over its runs", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    await scene.run();
    const [first] = await scene.comments();
    await scene.push({ "drivers/ring": canned(failing(errors(1))) });
    const ran = await scene.run();
    assert.equal(ran.ok, false, "a failed check fails the job");
    const [second, ...others] = await scene.comments();
    assert.deepEqual(others, []);
    assert.equal(second!.id, first!.id);
    assert.match(second!.body, /run=2\.1 -->\n### ❌ `ring`/);
    assert.equal((await scene.server.checkRuns(scene.headSha))[0]?.conclusion, "failure");
    assert.deepEqual(scene.server.invalid, []);
  });

  it("from a fork ends on the module alone and says how to get the comment", async (t) => {
    const scene = await Scene.set(t, ring, changed, true);
    const good = await scene.run();
    assert.ok(good.ok, good.log);
    assert.match(good.summary, /### ✅ `ring`/);
    assert.match(good.summary, /No comment: the token may only read.*`pull-requests: write`.*fork-safe/);
    assert.deepEqual(
      scene.server.results.artifactsOf(101).map((a) => a.name),
      ["kport-report", "kport-report-files"],
    );
    await scene.push({ "drivers/ring": canned(failing(errors(2))) });
    const bad = await scene.run();
    assert.equal(bad.ok, false);
    assert.equal(bad.commands.filter((c) => c === "error").length, 3, "two findings through the log, and the verdict");
    assert.deepEqual(scene.writes(), []);
  });

  it("with a report of 70 kB gets a comment within GitHub's limit, with a link to what was left out", async (t) => {
    const port = Object.fromEntries(
      Array.from({ length: 14 }, (_, i) => [`src/f${i}.rs`, "let x = 1; // filling it up\n".repeat(190)]),
    );
    const scene = await Scene.set(t, ring, { "drivers/ring": canned(passing(), port) });
    const ran = await scene.run();
    assert.ok(ran.ok, ran.log);
    const body = await scene.comment();
    assert.ok(Buffer.byteLength(body) <= 65_536, String(Buffer.byteLength(body)));
    assert.ok(Buffer.byteLength(body) > 40_000, "as much as fits is kept");
    assert.match(body, /actions\/runs\/101\/artifacts\/\d+/);
    assert.ok(Buffer.byteLength(ran.summary) > 70_000, "the summary has room for all of it");
  });

  it("with 120 findings gets all of them as annotations, 50 a request", async (t) => {
    const scene = await Scene.set(t, ring, { "drivers/ring": canned(failing(errors(120))) });
    await scene.run();
    const [check] = await scene.server.checkRuns(scene.headSha);
    assert.equal(check?.annotations.length, 120);
    assert.deepEqual(
      new Set(check?.annotations.map((a) => (a as { path: string }).path)),
      new Set(["drivers/ring/ring.c"]),
    );
    assert.equal(scene.writes().filter((w) => w.includes("check-runs")).length, 3);
    assert.deepEqual(scene.server.invalid, []);
  });

  it("cannot do anything with what its module prints, is called or says", async (t) => {
    const hostile = passing("ring", {
      verdict: "fail",
      findings: HOSTILE.map((message) => ({
        check: message,
        severity: "error" as const,
        message,
        file: `${message}.c`,
        line: 3,
        c: message,
        rust: message,
      })),
      boot: {
        accelerator: "tcg",
        c: { status: "ok", loaded: true, unloaded: true, seconds: 1, taint: { before: 0, after: 0 }, dmesg: HOSTILE },
        rust: {
          status: "oops",
          message: HOSTILE.join(" "),
          loaded: true,
          unloaded: false,
          seconds: 1,
          taint: { before: 0, after: 128 },
          dmesg: HOSTILE,
        },
      },
    });
    const scene = await Scene.set(t, ring, {
      "drivers/ring": canned(hostile, { "src/``` <b>.rs": HOSTILE.join("\n") }, { prints: HOSTILE }),
    });
    const ran = await scene.run();
    // What act obeyed came from the action itself: nothing a hostile line names is among it (`ignored` is what it met inside the fence).
    const own = new Set([
      "add-mask",
      "group",
      "endgroup",
      "stop-commands",
      "add-matcher",
      "remove-matcher",
      "set-output",
      "summary",
      "error",
      "ignored",
    ]);
    assert.deepEqual(
      ran.commands.filter((c) => !own.has(c) && !/^[0-9a-f-]{36}$/.test(c)),
      [],
    );
    assert.ok(ran.commands.includes("ignored"), "some did reach the runner");
    assert.equal(ran.outputs["verdict"], "fail");
    assert.match(ran.log, /owned/, "the lines are in the log, where they do nothing");
    for (const text of [await scene.comment(), ran.summary]) {
      const html = micromark(text.replace(/^<!-- kport [^\n]*\n/, ""), {
        allowDangerousHtml: true,
        extensions: [gfm()],
        htmlExtensions: [gfmHtml()],
      });
      const prose = html.replaceAll(/<code[^>]*>.*?<\/code>/gs, "");
      assert.doesNotMatch(prose, /<!--|<script|<img|@(everyone|acme)/);
      assert.deepEqual(
        [...html.matchAll(/(?:href|src)="([^"]*)"/g)]
          .map((m) => m[1]!)
          .filter((url) => !url.startsWith("https://github.com/acme/drivers/")),
        [],
      );
      assert.doesNotMatch(text, /^(::|.*##\[)/m, "no line of it is a command, should it reach a log");
    }
    // A second run still finds the comment by its own marker, not by the one in the module's text.
    await scene.run();
    assert.match(await scene.comment(), /^<!-- kport set=kport-report run=2\.1 -->/);
  });

  it("is still judged by its module when GitHub's API goes down half way", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    scene.server.fault = ({ path }) =>
      path.endsWith("/comments") ? { status: 503, body: { message: "Service Unavailable" } } : undefined;
    const ran = await scene.run();
    assert.ok(ran.ok, ran.log);
    assert.equal((await scene.server.checkRuns(scene.headSha)).length, 1);
    assert.match(ran.summary, /No comment: GitHub&#39;s API|No comment: GitHub's API/);
    assert.ok(scene.server.seen.filter((s) => s.path.endsWith("/comments")).length > 1, "it was tried again");
    scene.server.fault = undefined;
    await scene.run();
    assert.match(await scene.comment(), /run=2\.1/);
  });

  it("waits for a short rate limit and gives up on a long one", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    let limits = 1;
    scene.server.fault = ({ method, path }) =>
      method === "POST" && path.endsWith("/comments") && limits-- > 0
        ? {
            status: 403,
            headers: { "retry-after": "1" },
            body: { message: "You have exceeded a secondary rate limit" },
          }
        : undefined;
    const short = await scene.run();
    assert.ok(short.ok, short.log);
    assert.match(await scene.comment(), /run=1\.1/);
    await scene.push({ "drivers/ring": canned(passing(), { "src/ring.rs": "fn three() {}\n" }) });
    const reset = String(Math.floor(Date.now() / 1000) + 3000);
    scene.server.fault = ({ method, path }) =>
      method === "PATCH" && path.includes("/comments/")
        ? {
            status: 403,
            headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
            body: { message: "API rate limit exceeded" },
          }
        : undefined;
    const long = await scene.run();
    assert.ok(long.ok, long.log);
    assert.match(long.summary, /No comment:.*rate limit/);
  });

  it("keeps the newer result when an older run ends later", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    const older = { payload: scene.payload, run: { id: 50, number: 0 } };
    await scene.push({ "drivers/ring": canned(failing(errors(1))) });
    await scene.run();
    const newer = await scene.comment();
    const late = await scene.run(older);
    assert.match(late.log, /comment: superseded/);
    assert.equal(await scene.comment(), newer);
  });

  it("that brings a new module is compared with nothing", async (t) => {
    const scene = await Scene.set(t, {}, ring);
    const ran = await scene.run();
    assert.ok(ran.ok, ran.log);
    assert.doesNotMatch(await scene.comment(), /What it does to the Rust|since/);
  });

  it("that removes a module is told so, and passes", async (t) => {
    const scene = await Scene.set(t, ring, {});
    const ran = await scene.run();
    assert.ok(ran.ok, ran.log);
    assert.match(await scene.comment(), /### ✅ Nothing to check — this pull request removes `drivers\/ring`/);
    assert.equal((await scene.server.checkRuns(scene.headSha))[0]?.conclusion, "success");
  });

  it("with several modules gets one comment with one table, and fails for one of them", async (t) => {
    const three = {
      "a/one": canned(passing("one")),
      "a/two": canned(failing(errors(1), "two")),
      three: canned(passing("three")),
    };
    const scene = await Scene.set(t, { "a/one": canned(passing("one")) }, three);
    const ran = await scene.run();
    assert.equal(ran.ok, false);
    const body = await scene.comment();
    assert.match(body, /^<!--[^\n]*\n### ❌ [^\n]*(1 of 3|two)/);
    for (const name of ["one", "two", "three"]) assert.match(body, new RegExp(`\`${name}\``));
    assert.deepEqual([ran.outputs["modules"], ran.outputs["passed"], ran.outputs["failed"]], ["3", "2", "1"]);
    assert.match(ran.log, /1 of 3 modules do not pass/);
  });

  it("is not touched in a dry run", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    const ran = await scene.run({ edit: (text) => `${text}        with:\n          dry-run: true\n` });
    assert.ok(ran.ok, ran.log);
    assert.deepEqual(scene.writes(), []);
    assert.match(ran.log, /dry run: the comment on pull request 1 would be/);
  });

  it("has its tools saved once and restored after that, and nothing of what its module's run left", async (t) => {
    const head = { "drivers/ring": canned(passing(), {}, { caches: "core" }) };
    const scene = await Scene.set(t, {}, head);
    const kept = await mkdtemp(path.join(os.tmpdir(), "kport-cache-"));
    t.after(() => rm(kept, { recursive: true, force: true }));
    const env = { KPORT_CACHE_DIR: path.join(kept, "kport"), KPORT_CANNED_TOOL: "c2rust" };
    const first = await scene.run({ env });
    assert.match(first.log, /cache: none yet/);
    assert.equal(scene.server.results.caches.length, 1);
    await rm(env.KPORT_CACHE_DIR, { recursive: true });
    const second = await scene.run({ env });
    assert.match(second.log, /cache: restored kport-2-linux-x64-/);
    assert.equal(
      (await readdir(path.join(env.KPORT_CACHE_DIR, "canned"))).length,
      2,
      "the tool, restored, and the module's own, made anew",
    );
    assert.equal(scene.server.results.caches.length, 1, "the same content is not saved again");
  });

  it("whose machine lacks something fails with what mends it, and no verdict on the module", async (t) => {
    const scene = await Scene.set(t, {}, { "drivers/ring": canned(passing(), {}, { lacks: "no kernel 6.1 here" }) });
    const ran = await scene.run();
    assert.equal(ran.ok, false);
    assert.match(ran.log, /no kernel 6\.1 here/);
    assert.deepEqual(await scene.comments(), []);
  });

  for (const [what, edit, message] of [
    ["a bad input", "boot: perhaps", /input "boot": "perhaps" will not do: write true or false/],
    ["a module that is nowhere", "modules: drivers/nope", /input "modules": "drivers\/nope": no such folder/],
    ["a baseline that is nowhere", "baseline: port", /input "baseline": "port": no such folder/],
  ] as const) {
    it(`with ${what} fails in one line`, async (t) => {
      const scene = await Scene.set(t, ring, changed);
      const ran = await scene.run({ edit: (text) => `${text}        with:\n          ${edit}\n` });
      assert.equal(ran.ok, false);
      assert.match(ran.log, message);
    });
  }

  it("is never built under an event that holds secrets", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    const ran = await scene.run({
      event: "pull_request_target",
      edit: (text) => text.replace("  pull_request:", "  pull_request_target:"),
    });
    assert.equal(ran.ok, false);
    assert.match(ran.log, /must not run on pull_request_target/);
    assert.deepEqual(scene.server.seen, []);
  });

  it("is reported with a token of an unknown account as one that may not write", async (t) => {
    const scene = await Scene.set(t, ring, changed);
    const ran = await scene.run({ token: READ_ONLY_TOKEN.replace("reads", "never") });
    assert.ok(ran.ok, ran.log);
    assert.match(ran.summary, /No comment/);
  });
});
