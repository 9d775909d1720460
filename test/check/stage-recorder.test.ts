import assert from "node:assert/strict";
import { test } from "node:test";
import { StageError } from "../../src/machine/errors.ts";
import { StageFailed, StageRecorder, STAGES } from "../../src/check/stage-recorder.ts";

const recorder = (): StageRecorder => new StageRecorder((f) => f.replace("/module/", ""));

test("a stage that is well is on record with its value", async () => {
  const r = recorder();
  assert.equal(await r.stage("lower", async () => ({ value: 7, say: "fine", cached: true })), 7);
  assert.deepEqual(
    r.stages.map(({ seconds: _, ...s }) => s),
    [{ name: "lower", status: "ok", cached: true }],
  );
  assert.deepEqual(r.findings, []);
});

test("a stage that fails becomes a finding with its place, and ends the run", async () => {
  const r = recorder();
  await assert.rejects(
    r.stage("lower", async () =>
      Promise.reject(new StageError("helper", "cannot\nin detail", { file: "/module/a.c", line: 3 })),
    ),
    StageFailed,
  );
  assert.deepEqual(r.findings, [
    { check: "helper", severity: "error", message: "cannot\nin detail", file: "a.c", line: 3 },
  ]);
  assert.deepEqual(
    r.stages.map((s) => [s.name, s.status, s.message]),
    [["lower", "failed", "cannot"]],
  );
});

test("all failures of a stage are told; a tool's is the stage's", async () => {
  const r = recorder();
  await assert.rejects(
    r.stage("build", async () =>
      Promise.reject(
        new AggregateError([
          new StageError("tool", "one"),
          new StageError("lower", "two", { file: "/module/b.c", line: 0 }),
        ]),
      ),
    ),
    StageFailed,
  );
  assert.deepEqual(r.findings, [
    { check: "build", severity: "error", message: "one" },
    { check: "lower", severity: "error", message: "two", file: "b.c" },
  ]);
});

test("a defect of ours is no finding", async () => {
  const r = recorder();
  await assert.rejects(
    r.stage("lower", async () => Promise.reject(new TypeError("ours"))),
    TypeError,
  );
  assert.deepEqual([r.findings, r.stages], [[], []]);
});

test("stages that were not reached are reported as skipped, those left out with their reason", async () => {
  const r = new StageRecorder((f) => f, [{ name: "capture", status: "ok", seconds: 1, cached: false }]);
  r.skip("boot", "on request");
  const all = r.complete();
  assert.deepEqual(
    all.map((s) => s.name),
    [...STAGES],
  );
  assert.deepEqual(
    all.map((s) => s.status),
    ["ok", ...STAGES.slice(1).map(() => "skipped")],
  );
  assert.deepEqual([all[1]?.message, all.at(-1)?.message], ["an earlier stage failed", "on request"]);
});

test("a text that is nested too deep for kport is the module's, and a finding", async () => {
  const r = recorder();
  const walk = (depth: number): number => 1 + walk(depth + 1);
  await assert.rejects(
    r.stage("lower", async () => ({ value: walk(0), say: "" })),
    StageFailed,
  );
  assert.deepEqual(
    r.findings.map((f) => f.check),
    ["nesting"],
  );
  await assert.rejects(
    r.stage("lower", async () => Promise.reject(new RangeError("Invalid array length"))),
    RangeError,
  );
});
