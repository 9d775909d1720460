import assert from "node:assert/strict";
import { test } from "node:test";
import type { BootRun } from "../../src/report/schema.ts";
import { compareRuns } from "../../src/stages/boot/compare.ts";
import { withPatience } from "../../src/stages/boot/patience.ts";

const run = (over: Partial<BootRun> = {}): BootRun => ({
  status: "ok",
  loaded: true,
  unloaded: true,
  initRan: true,
  seconds: 1,
  taint: { before: 0, after: 0 },
  dmesg: ["m: done"],
  ...over,
});
const hang = (message: string): BootRun => run({ status: "hang", message, unloaded: false, dmesg: [] });

test("a module that was only slow is compared when it is done, and what it did otherwise is found", async () => {
  const slow = hang("in init: no answer within 60 s, the kernel is at work [m]");
  const done = await withPatience([slow, run()], async () => [run(), run()]);
  assert.deepEqual(compareRuns(...done.runs), []);
  const wrong = await withPatience([slow, slow], async () => [run(), run({ dmesg: ["m: failed"] })]);
  assert.deepEqual(
    compareRuns(...wrong.runs).map((f) => f.severity),
    ["error"],
  );
});

test("a module that hangs in earnest hangs again, and is an error where the C one does not", async () => {
  const { runs, more } = await withPatience([run(), hang("in init: no answer within 60 s")], async (with_) => [
    run(),
    hang(`in init: no answer within ${60 * (with_.patience ?? 1)} s`),
  ]);
  assert.equal(more.patience, 8);
  assert.deepEqual(
    compareRuns(...runs).map((f) => [f.check, f.severity]),
    [["boot-status", "error"]],
  );
});

test("nothing is run twice where both answered", async () => {
  await withPatience([run(), run({ status: "oops" })], () => assert.fail("booted again"));
});
