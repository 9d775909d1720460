import assert from "node:assert/strict";
import { test } from "node:test";
import type { BootRun } from "../../src/report/schema.ts";
import { settleChance } from "../../src/stages/boot/chance.ts";
import { compareRuns } from "../../src/stages/boot/compare.ts";

function run(...lines: string[]): BootRun {
  return { status: "ok", loaded: true, unloaded: true, initRan: true, seconds: 1, taint: { before: 0, after: 0 }, dmesg: lines };
}

test("a number that the C module prints the same twice is an error in the Rust one", async () => {
  const c = run("sample: sum 7 of 3");
  const found = await settleChance(compareRuns(c, run("sample: sum 9 of 3")), c, async () => run("sample: sum 7 of 3"));
  assert.deepEqual(found.map((f) => [f.check, f.severity]), [["boot-dmesg", "error"]]);
});

test("a number that changes from run to run of the C module stays a warning", async () => {
  const c = run("sample: took 7 ticks");
  const found = await settleChance(compareRuns(c, run("sample: took 9 ticks")), c, async () => run("sample: took 8 ticks"));
  assert.deepEqual(found.map((f) => [f.check, f.severity]), [["boot-dmesg", "warning"]]);
});

test("the C module is not booted again where nothing is in doubt", async () => {
  const c = run("sample: up");
  const found = await settleChance(compareRuns(c, run("sample: down")), c, () => assert.fail("booted again"));
  assert.deepEqual(found.map((f) => f.severity), ["error"]);
});
