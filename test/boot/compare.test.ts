import assert from "node:assert/strict";
import { test } from "node:test";
import type { BootRun } from "../../src/report/schema.ts";
import { compareRuns } from "../../src/stages/boot/compare.ts";
import { runFindings } from "../../src/stages/boot/run-findings.ts";

const run = (over: Partial<BootRun> = {}): BootRun => ({
  status: "ok",
  loaded: true,
  unloaded: true,
  seconds: 1,
  taint: { before: 0, after: 0x3000 },
  dmesg: ["m: here at ffff8880060629d0", "m: 3 things"],
  initRan: true,
  exercise: { exitCode: 0, output: ["sum 42"] },
  ...over,
});
const errors = (rust: BootRun, c = run()): string[] =>
  compareRuns(c, rust)
    .filter((f) => f.severity === "error")
    .map((f) => f.check);

test("equal runs give no finding", () => assert.deepEqual(compareRuns(run(), run()), []));

test("a known difference is a note that says why", () => {
  const findings = compareRuns(run(), run({ dmesg: ["m: here at ffff888001234567", "m: 3 things"] }));
  assert.deepEqual(
    findings.map((f) => f.severity),
    ["note"],
  );
  assert.match(findings[0]?.message ?? "", /1 line differs in addresses only/);
});

test("another ending is an error", () =>
  assert.deepEqual(errors(run({ status: "oops", message: "in init: BUG" })), ["boot-status"]));
test("the same failure in both is a warning, another failure of the same kind an error", () => {
  const failed = run({ status: "init-failed", message: "init returned -19 (ENODEV)" });
  assert.deepEqual(errors(failed, failed), []);
  assert.equal(compareRuns(failed, failed)[0]?.severity, "warning");
  assert.deepEqual(errors(run({ status: "init-failed", message: "init returned -12 (ENOMEM)" }), failed), [
    "boot-status",
  ]);
});
test("a lost init is an error", () => assert.deepEqual(errors(run({ initRan: false })), ["init-ran"]));
test("a line that is missing from the log is an error", () =>
  assert.deepEqual(errors(run({ dmesg: ["m: 3 things"] })), ["boot-dmesg"]));
test("another number in the log is a warning, another number from the exercise an error", () => {
  const findings = compareRuns(run(), run({ dmesg: ["m: here at ffff8880060629d0", "m: 4 things"] }));
  assert.deepEqual(
    findings.map((f) => [f.check, f.severity]),
    [["boot-dmesg", "warning"]],
  );
  assert.deepEqual(errors(run({ exercise: { exitCode: 0, output: ["sum 43"] } })), ["exercise"]);
});
test("another exit status of the exercise is an error", () =>
  assert.deepEqual(errors(run({ exercise: { exitCode: 1, output: ["sum 42"] } })), ["exercise"]));
test("taint that only the Rust module sets is an error, by letter", () => {
  const finding = compareRuns(run(), run({ taint: { before: 0, after: 0x3200 } })).find(
    (f) => f.check === "boot-taint",
  );
  assert.equal(finding?.severity, "error");
  assert.deepEqual([finding?.c, finding?.rust], ["OE", "WOE"]);
});
test("a splat that only the Rust module makes is an error once, however often it came", () => {
  const splat = { kind: "warning", title: "WARNING: at w.c:7", trace: ["w [m]"], fingerprint: "f" };
  assert.deepEqual(errors(run({ splats: [splat, splat] })), ["boot-splat"]);
  assert.deepEqual(
    compareRuns(run({ splats: [splat] }), run({ splats: [splat] })).map((f) => f.severity),
    ["note"],
  );
});
test("a broken harness is never a pass", () =>
  assert.deepEqual(errors(run(), run({ status: "harness-error", message: "QEMU died" })), ["boot-harness"]));

test("a single run: clean, warned, without init", () => {
  assert.deepEqual(runFindings(run()), []);
  assert.deepEqual(
    runFindings(run({ splats: [{ kind: "warning", title: "WARNING: x", trace: [], fingerprint: "f" }] })).map(
      (f) => f.severity,
    ),
    ["error"],
  );
  assert.deepEqual(
    runFindings(run({ initRan: false })).map((f) => f.severity),
    ["warning"],
  );
});

test("what only the Rust module leaves behind is an error", () => {
  assert.deepEqual(errors(run({ leftBehind: ["/proc/m"] })), ["left-behind"]);
  assert.deepEqual(
    compareRuns(run({ leftBehind: ["/proc/m"] }), run({ leftBehind: ["/proc/m"] })).map((f) => f.severity),
    ["note"],
  );
  assert.deepEqual(
    runFindings(run({ leftBehind: ["/proc/m"] })).map((f) => f.severity),
    ["error"],
  );
});
