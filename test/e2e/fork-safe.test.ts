/** The pair of workflows for forks: the first half builds with a token that can only read, the second reads its artifact and writes. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canned, errors, failing, passing } from "./canned-reports.ts";
import { Scene } from "./scene.ts";
import { zipOf } from "./server/zip.ts";
import { lacking } from "./tools.ts";

const ring = { "drivers/ring": canned(passing()) };
const broken = { "drivers/ring": canned(failing(errors(3))) };
const skip = lacking("act") ?? false;
const BUILD = { example: "fork-safe-build.yml" };

/** A bundle whose author chose every byte. */
function bundle(reports: unknown[], more: object = {}): Buffer {
  return zipOf({ "report.json": JSON.stringify({ schemaVersion: 1, reports, removed: [], ...more }) });
}

/** A neutral check run, and one comment that says it, in the place of what an earlier run said. */
async function saysRefused(scene: Scene): Promise<void> {
  const checks = await scene.server.checkRuns(scene.headSha);
  assert.deepEqual([checks.at(-1)?.conclusion, checks.at(-1)?.annotations.length], ["neutral", 0]);
  assert.match(await scene.comment(), /^<!-- kport set=kport-report run=\d\.1 -->\n### ⚠️ No report/);
  assert.doesNotMatch(await scene.comment(), /✅/);
}

describe("the pair of workflows for forks", { skip, concurrency: 2 }, () => {
  it("builds without writing, then writes without building", async (t) => {
    const scene = await Scene.set(t, ring, broken, true);
    const built = await scene.run({ ...BUILD, run: { id: 7, number: 4 } });
    assert.equal(built.ok, false);
    assert.deepEqual(scene.writes(), []);
    const reported = await scene.report({ id: 7, number: 4 });
    assert.ok(reported.ok, reported.log);
    assert.match(await scene.comment(), /^<!-- kport set=kport-report run=4\.1 -->\n### ❌ `ring`/);
    const [check] = await scene.server.checkRuns(scene.headSha);
    assert.deepEqual([check?.conclusion, check?.annotations.length], ["failure", 3]);
    assert.deepEqual(scene.server.invalid, []);
  });

  it("takes the pull request from GitHub, whatever the artifact says", async (t) => {
    const scene = await Scene.set(t, ring, ring, true);
    const other = await scene.server.openPull({ headSha: "b".repeat(40), baseSha: scene.baseSha });
    scene.server.results.plant(
      7,
      "kport-report",
      bundle([passing()], {
        pull: other.number,
        number: other.number,
        pull_request: { number: other.number },
        sha: "b".repeat(40),
      }),
    );
    assert.ok((await scene.report({ id: 7, number: 1 })).ok);
    assert.equal((await scene.comments()).length, 1);
    assert.deepEqual(await scene.server.comments(other.number), []);
    assert.deepEqual(await scene.server.checkRuns("b".repeat(40)), []);
  });

  for (const [what, zip, message] of [
    ["is not JSON", zipOf({ "report.json": "{" }), /its report\.json is not JSON/],
    ["is not a report", bundle([{ schemaVersion: 1, verdict: "fine" }]), /not of this version \(reports\.0\.verdict/],
    [
      "is of another version",
      zipOf({ "report.json": '{"schemaVersion":2,"reports":[],"removed":[]}' }),
      /not of this version/,
    ],
    ["holds no report.json", zipOf({ "../report.json": "{}", "other.json": "{}" }), /refused/],
    ["is no zip file", Buffer.from("<html>"), /refused/],
    ["is too large", Buffer.alloc(21 * 1024 * 1024), /refused: it has 22020096 bytes, and a report has at most/],
  ] as const) {
    it(`refuses an artifact that ${what}`, async (t) => {
      const scene = await Scene.set(t, ring, ring, true);
      scene.server.results.plant(7, "kport-report", zip);
      const ran = await scene.report({ id: 7, number: 1 });
      assert.equal(ran.ok, false);
      assert.match(ran.log, message);
      await saysRefused(scene);
    });
  }

  it("takes back what an earlier run said when a report is refused", async (t) => {
    const scene = await Scene.set(t, ring, ring, true);
    scene.server.results.plant(7, "kport-report", bundle([passing()]));
    assert.ok((await scene.report({ id: 7, number: 1 })).ok);
    assert.match(await scene.comment(), /### ✅/);
    scene.server.results.plant(8, "kport-report", bundle([{ ...passing(), verdict: "`".repeat(400_000) }]));
    assert.equal((await scene.report({ id: 8, number: 2 })).ok, false);
    await saysRefused(scene);
    assert.equal((await scene.comments()).length, 1);
    scene.server.results.plant(9, "kport-report", bundle([passing()]));
    assert.ok((await scene.report({ id: 9, number: 3 })).ok);
    assert.match(await scene.comment(), /### ✅/);
  });

  it("refuses an entry that grows over the size it declares", async (t) => {
    const zip = bundle([passing()]);
    // The sizes in the local header and in the directory, of the deflated and the inflated content: a lie of one byte.
    const size = zip.readUInt32LE(18);
    for (let at = zip.indexOf(Buffer.from("PK")); at >= 0; at = zip.indexOf(Buffer.from("PK"), at + 1)) {
      if (zip.readUInt16LE(at + 2) === 0x0201) zip.writeUInt32LE(size - 1, at + 24);
    }
    const scene = await Scene.set(t, ring, ring, true);
    scene.server.results.plant(7, "kport-report", zip);
    const ran = await scene.report({ id: 7, number: 1 });
    assert.equal(ran.ok, false);
    assert.match(ran.log, /artifact kport-report is refused/);
    await saysRefused(scene);
  });

  it("says nothing on a pull request whose head has moved on", async (t) => {
    const scene = await Scene.set(t, ring, ring, true);
    scene.server.results.plant(7, "kport-report", bundle([passing()]));
    const old = scene.headSha;
    await scene.push(broken);
    const ran = await scene.report({ id: 7, number: 1, headSha: old });
    assert.ok(ran.ok, ran.log);
    assert.match(ran.log, /nothing to report: no open pull request has/);
    assert.deepEqual(scene.writes(), []);
  });

  it("says nothing for a run that uploaded nothing, nor for one that was no pull request's", async (t) => {
    const scene = await Scene.set(t, ring, ring, true);
    const cancelled = await scene.report({ id: 7, number: 1 });
    assert.ok(cancelled.ok, cancelled.log);
    assert.match(cancelled.log, /nothing to report: run 7 uploaded no artifact kport-report/);
    const pushed = await scene.report(
      { id: 7, number: 1, event: "push" },
      { edit: (text) => text.replace(/^ +if: .*\n/m, "") },
    );
    assert.match(pushed.log, /nothing to report: the run that ended was started by push/);
    assert.deepEqual(scene.writes(), []);
  });

  it("reports the latest attempt of a run, and an earlier one never over it", async (t) => {
    const scene = await Scene.set(t, ring, ring, true);
    scene.server.results.plant(7, "kport-report", bundle([passing()]));
    scene.server.results.plant(7, "kport-report", bundle([failing(errors(1))]));
    await scene.report({ id: 7, number: 1, attempt: 2 });
    assert.match(await scene.comment(), /run=1\.2 -->\n### ❌/);
    assert.match((await scene.report({ id: 7, number: 1, attempt: 1 })).log, /comment: superseded/);
  });

  it("fails where it was given no right to write, since writing is all it does", async (t) => {
    const scene = await Scene.set(t, ring, ring, true);
    scene.server.results.plant(7, "kport-report", bundle([passing()]));
    const ran = await scene.report({ id: 7, number: 1 }, { token: "ghs_reads0000000000000000000000000000000" });
    assert.equal(ran.ok, false);
    assert.match(ran.log, /No comment: the token may only read/);
  });

  it("does not run on an event that is not workflow_run", async (t) => {
    const scene = await Scene.set(t, ring, ring);
    const ran = await scene.run({
      example: "fork-safe-report.yml",
      edit: (text) =>
        text.replace(/on:\n {2}workflow_run:.*\n.*\n.*\n/, "on: pull_request\n").replace(/^ +if: .*\n/m, ""),
    });
    assert.equal(ran.ok, false);
    assert.match(ran.log, /kport\/report runs on workflow_run/);
  });
});
