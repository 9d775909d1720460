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

test("a number is chance too where the C module prints other lines from run to run, in the same place", async () => {
  const c = run("sample: took 7 ticks");
  const settled = async (again: BootRun) => (await settleChance(compareRuns(c, run("sample: took 9 ticks")), c, async () => again)).map((f) => f.severity);
  assert.deepEqual(await settled(run("sample: took 7 ticks", "sample: late")), ["warning"]);
  assert.deepEqual(await settled({ ...c, exercise: { exitCode: 0, output: ["x"] } } as BootRun), ["error"]);
});

test("the C module is not booted again where nothing is in doubt", async () => {
  const c = run("sample: up");
  const found = await settleChance(compareRuns(c, run("sample: down")), c, () => assert.fail("booted again"));
  assert.deepEqual(found.map((f) => f.severity), ["error"]);
});

test("lines in another order are an error where the C module keeps theirs, and a warning where it does not", async () => {
  const c = run("alg: one", "alg: two", "alg: three");
  const rust = run("alg: two", "alg: one", "alg: three");
  const settled = async (...again: BootRun[]) => (await settleChance(compareRuns(c, rust), c, async (n) => again[n] ?? c)).map((f) => [f.severity, f.message.slice(0, 48)]);
  assert.deepEqual(await settled(), [["error", "the kernel log differs in the order of 1 line on"]]);
  assert.deepEqual(await settled(c, c, run("alg: one", "alg: three", "alg: two")), [["warning", "the kernel log differs in the order of 1 line on"]]);
  // A number that changes says nothing of the order.
  const numbered = run("alg: 1 one", "alg: 2 two");
  const found = await settleChance(compareRuns(numbered, run("alg: 2 two", "alg: 1 one")), numbered, async () => run("alg: 3 one", "alg: 4 two"));
  assert.deepEqual(found.map((f) => f.severity), ["error"]);
});

test("a line that is there more often is no other order", () => {
  assert.deepEqual(compareRuns(run("a: x", "a: y"), run("a: y", "a: x", "a: x")).map((f) => f.severity), ["error"]);
});

test("two hangs at two places are one where the C module is found at other places too, and two where it is not", async () => {
  const hang = (phase: string, at: string): BootRun => ({ ...run(), status: "hang", message: `${phase}: no answer within 60 s, the kernel is at ${at}+0x12/0x40 [m]` });
  const [c, rust] = [hang("in init", "one"), hang("in init", "two")];
  const settled = async (of: BootRun, again: BootRun) => (await settleChance(compareRuns(c, of), c, async () => again)).map((f) => [f.check, f.severity]);
  assert.deepEqual(await settled(rust, hang("in init", "three")), [["boot-status", "warning"]]);
  assert.deepEqual(await settled(rust, hang("in init", "one")), [["boot-status", "error"]]);
  assert.deepEqual(await settled(hang("in exit", "two"), hang("in init", "three")), [["boot-status", "error"]]);
  assert.deepEqual(await settled(rust, run()), [["boot-status", "error"]]);
});
