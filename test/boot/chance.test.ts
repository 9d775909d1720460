import assert from "node:assert/strict";
import { test } from "node:test";
import type { BootRun } from "../../src/report/schema.ts";
import { settleChance } from "../../src/stages/boot/chance.ts";
import { compareRuns } from "../../src/stages/boot/compare.ts";

function run(...lines: string[]): BootRun {
  return {
    status: "ok",
    loaded: true,
    unloaded: true,
    initRan: true,
    seconds: 1,
    taint: { before: 0, after: 0 },
    dmesg: lines,
  };
}

test("a number that the C module prints the same twice is an error in the Rust one", async () => {
  const c = run("sample: sum 7 of 3");
  const found = await settleChance(c, run("sample: sum 9 of 3"), c, async () => run("sample: sum 7 of 3"));
  assert.deepEqual(
    found.map((f) => [f.check, f.severity]),
    [["boot-dmesg", "error"]],
  );
});

test("a number that changes from run to run of the C module stays a warning", async () => {
  const c = run("sample: took 7 ticks");
  const found = await settleChance(c, run("sample: took 9 ticks"), c, async () => run("sample: took 8 ticks"));
  assert.deepEqual(
    found.map((f) => [f.check, f.severity]),
    [["boot-dmesg", "warning"]],
  );
});

test("a number is chance too where the C module prints other lines from run to run, in the same place", async () => {
  const c = run("sample: took 7 ticks");
  const settled = async (again: BootRun) =>
    (await settleChance(c, run("sample: took 9 ticks"), c, async () => again)).map((f) => f.severity);
  assert.deepEqual(await settled(run("sample: took 7 ticks", "sample: late")), ["warning"]);
  assert.deepEqual(await settled({ ...c, exercise: { exitCode: 0, output: ["x"] } } as BootRun), ["error"]);
});

test("the C module is not booted again where nothing is in doubt", async () => {
  const c = run("sample: up");
  const noInit = { ...c, initRan: false };
  assert.deepEqual(await settleChance(c, c, c, () => assert.fail("booted again")), []);
  const found = await settleChance(c, noInit, c, () => assert.fail("booted again"));
  assert.deepEqual(
    found.map((f) => [f.check, f.severity]),
    [["init-ran", "error"]],
  );
});

const severities = async (c: BootRun, rust: BootRun, ...again: BootRun[]): Promise<string[]> =>
  (await settleChance(c, rust, c, async (n) => again[n] ?? c)).map((f) => `${f.check} ${f.severity}`);

test("a line that only one module prints is chance where the C module prints it in one run and not in another", async () => {
  const [c, more] = [run("t: start", "t: end"), run("t: start", "t: retried 3 times", "t: end")];
  assert.deepEqual(await severities(c, more, c, more), ["boot-dmesg warning"]);
  assert.deepEqual(await severities(more, c, c), ["boot-dmesg warning"]);
  assert.deepEqual(await severities(c, more), ["boot-dmesg error"]);
  // Another line than the one that comes and goes.
  assert.deepEqual(await severities(c, run("t: start", "t: failed", "t: end"), more), ["boot-dmesg error"]);
});

test("a line that is another one in each run of the C module is chance, in its place only", async () => {
  const c = run("t: uuid abcdef", "t: verdict good");
  assert.deepEqual(
    await severities(c, run("t: uuid fedcba", "t: verdict good"), run("t: uuid beefed", "t: verdict good")),
    ["boot-dmesg warning"],
  );
  assert.deepEqual(
    await severities(c, run("t: uuid fedcba", "t: verdict bad"), run("t: uuid beefed", "t: verdict good")),
    ["boot-dmesg warning", "boot-dmesg error"],
  );
});

test("a number of one line is no excuse for that of another", async () => {
  const c = run("t: took 7 ticks", "t: sum 12");
  assert.deepEqual(await severities(c, run("t: took 9 ticks", "t: sum 13"), run("t: took 8 ticks", "t: sum 12")), [
    "boot-dmesg warning",
    "boot-dmesg error",
  ]);
});

test("a line that is by chance one of another time is lined up with what says the same", async () => {
  // Each time the module is loaded it says where its objects lie; the second time's first place is the Rust module's first.
  const log = (...places: string[]): BootRun => run(...places.map((p, i) => `t: object ${i % 2} lies at ${p}`));
  const c = log("0x0c0", "0x1a0", "0x060", "0x0c0", "0xf00", "0x0c0");
  const rust = log("0x2c0", "0x0c0", "0x360", "0x0c0", "0x060", "0x0c0");
  assert.deepEqual(await severities(c, rust, log("0x4c0", "0x5a0", "0x460", "0x5c0", "0x400", "0x0e0")), [
    "boot-dmesg warning",
  ]);
  // A line less is none that numbers excuse.
  const less = { ...rust, dmesg: rust.dmesg.slice(0, -1) };
  assert.deepEqual(
    (await severities(c, less, log("0x4c0", "0x5a0", "0x460", "0x5c0", "0x400", "0x0e0"))).at(-1),
    ["boot-dmesg error"][0],
  );
});

test("what the exercise prints, an ending, a report, a taint, names left behind and requests are chance where the C module's runs differ in them", async () => {
  const c = run("t: up");
  const used = (line: string): BootRun => ({ ...c, exercise: { exitCode: 0, output: [line] } });
  assert.deepEqual(await severities(used("read 1"), used("read 2"), used("read 3")), ["exercise warning"]);
  assert.deepEqual(await severities(used("read 1"), used("read 2"), used("read 1")), ["exercise error"]);
  const failing: BootRun = { ...c, status: "init-failed", loaded: false, message: "init returned -12 (ENOMEM)" };
  assert.deepEqual(await severities(c, failing, c, failing), ["boot-status warning"]);
  assert.deepEqual(await severities(c, failing), ["boot-status error"]);
  for (const more of [
    { leftBehind: ["/proc/t"] },
    { taint: { before: 0, after: 1 << 9 } },
    { requests: [{ name: "fs-t", loaded: [] }] },
    { splats: [{ kind: "warning", title: "WARNING: CPU PID at t.c:3 f [t]", trace: ["f [t]"], fingerprint: "1" }] },
  ] satisfies Partial<BootRun>[]) {
    const rust = { ...c, ...more };
    assert.deepEqual(
      (await severities(c, rust, rust)).map((s) => s.split(" ")[1]),
      ["warning"],
      JSON.stringify(more),
    );
    assert.deepEqual(
      (await severities(c, rust)).map((s) => s.split(" ")[1]),
      ["error"],
      JSON.stringify(more),
    );
  }
});

test("lines in another order are an error where the C module keeps theirs, and a warning where it does not", async () => {
  const c = run("alg: one", "alg: two", "alg: three");
  const rust = run("alg: two", "alg: one", "alg: three");
  const settled = async (...again: BootRun[]) =>
    (await settleChance(c, rust, c, async (n) => again[n] ?? c)).map((f) => [f.severity, f.message.slice(0, 48)]);
  assert.deepEqual(await settled(), [["error", "the kernel log differs in the order of 1 line on"]]);
  assert.deepEqual(await settled(c, c, run("alg: one", "alg: three", "alg: two")), [
    ["warning", "the kernel log differs in the order of 1 line on"],
  ]);
  // A number that changes says nothing of the order.
  const numbered = run("alg: 1 one", "alg: 2 two");
  const found = await settleChance(numbered, run("alg: 2 two", "alg: 1 one"), numbered, async () =>
    run("alg: 3 one", "alg: 4 two"),
  );
  assert.deepEqual(
    found.map((f) => f.severity),
    ["error"],
  );
});

test("a line that is there more often is no other order", () => {
  assert.deepEqual(
    compareRuns(run("a: x", "a: y"), run("a: y", "a: x", "a: x")).map((f) => f.severity),
    ["error"],
  );
});

test("two hangs at two places are one where the C module is found at other places too, and two where it is not", async () => {
  const hang = (phase: string, at: string): BootRun => ({
    ...run(),
    status: "hang",
    message: `${phase}: no answer within 60 s, the kernel is at ${at}+0x12/0x40 [m]`,
  });
  const [c, rust] = [hang("in init", "one"), hang("in init", "two")];
  const settled = async (of: BootRun, again: BootRun) =>
    (await settleChance(c, of, c, async () => again)).map((f) => [f.check, f.severity]);
  assert.deepEqual(await settled(rust, hang("in init", "three")), [["boot-status", "warning"]]);
  assert.deepEqual(await settled(rust, hang("in init", "one")), [["boot-status", "error"]]);
  assert.deepEqual(await settled(hang("in exit", "two"), hang("in init", "three")), [["boot-status", "error"]]);
  assert.deepEqual(await settled(rust, run()), [["boot-status", "error"]]);
});
