/** LLVM IR of units: made once, kept where all that clang reads is known, and made again for each thing of it that is another. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import type { LoweredUnit } from "../../../src/stages/lower/index.ts";
import { UnitIr } from "../../../src/stages/prove/unit-ir.ts";
import { run } from "../../../src/machine/process.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { folderWithCache, putProgram } from "../../toolchain/fakes.ts";

/** A folder with a cache of its own, and a clang that counts its runs and says the last word of its command. */
async function scene(t: TestContext) {
  const dir = await folderWithCache(t);
  const clang = path.join(dir, "clang");
  await putProgram(clang, `echo run >>"${dir}/runs"; for a; do :; done; echo "$a"; cat`);
  const runs = async (): Promise<number> =>
    (await readFile(path.join(dir, "runs"), "utf8").catch(() => "")).split("\n").length - 1;
  const irs = (around?: string): UnitIr =>
    new UnitIr({ clang, sandbox: { writable: [dir] }, workDir: dir, ...(around === undefined ? {} : { around }) });
  const unit = (changed: Partial<LoweredUnit> & { flags?: string[] } = {}): LoweredUnit =>
    ({
      text: "int a;",
      seen: "as it was",
      symbols: new Map(),
      elsewhere: new Map(),
      definitions: [],
      command: {
        file: path.join(dir, "a.c"),
        directory: dir,
        arguments: ["clang", ...(changed.flags ?? []), "-c", "a.c"],
        output: path.join(dir, "a.o"),
      },
      ...changed,
    }) as unknown as LoweredUnit;
  return { dir, runs, irs, unit };
}

test("it has no checks of UBSAN, whatever the kernel's configuration asks for", async (t) => {
  const { dir, unit } = await scene(t);
  const clang = (await requireTools(["clang"])).clang.path;
  const shifts = unit({ text: "int f(int a, int b) { return a << b; }", flags: ["-fsanitize=shift,bounds"] });
  const ir = await new UnitIr({ clang, sandbox: { writable: [dir] }, workDir: dir }).lowered(shifts);
  assert.match(ir, /shl i32/);
  assert.doesNotMatch(ir, /ubsan/);
  // The control.
  const asked = await run(clang, ["-xc", "-", "-S", "-emit-llvm", "-O1", "-o", "-", "-fsanitize=shift,bounds"], {
    input: shifts.text,
  });
  assert.match(asked.stdout, /ubsan/);
});

const HELPERS = { preamble: "#include <linux/list.h>", wrappers: [], moved: [], defines: false };

test("a run makes each once, and the next one none", async (t) => {
  const { irs, unit, runs } = await scene(t);
  const helped = unit({ helpers: HELPERS } as unknown as Partial<LoweredUnit>);
  const first = irs("around");
  await first.begin([helped]);
  assert.match(await first.lowered(helped), /int a;/);
  const { unit: whole, helpers } = await first.written(helped);
  assert.match(whole, /a\.c/);
  assert.match(helpers ?? "", /linux\/list\.h/);
  assert.equal(await runs(), 3);
  const second = irs("around");
  await second.begin([helped]);
  assert.deepEqual(await second.written(helped), { unit: whole, helpers });
  assert.match(await second.lowered(helped), /int a;/);
  assert.equal(await runs(), 3);
});

test("it is made again where something that clang reads is another, comments of the lowered text aside", async (t) => {
  const { irs, unit, runs } = await scene(t);
  const made = async (u: LoweredUnit, around = "around"): Promise<number> => {
    const before = await runs();
    const ir = irs(around);
    await ir.lowered(u);
    await ir.written(u);
    return (await runs()) - before;
  };
  assert.equal(await made(unit()), 2);
  assert.equal(await made(unit()), 0, "the control");
  assert.equal(await made(unit({ text: "int /* b */ a;" })), 1);
  assert.equal(await made(unit({ text: "int /* c */ a;" })), 0);
  assert.equal(await made(unit({ text: "int b;" })), 1);
  assert.equal(await made(unit({ seen: "otherwise" })), 1);
  assert.equal(await made(unit({ flags: ["-DX"] })), 2);
  assert.equal(await made(unit(), "other"), 2);
});

test("nothing is kept of what is not known to be the same", async (t) => {
  const { irs, unit, runs } = await scene(t);
  const { seen: _, ...unseen } = unit();
  for (const n of [1, 2]) {
    await irs("around").written(unseen);
    assert.equal(await runs(), n);
  }
  for (const n of [3, 4]) {
    await irs().lowered(unit());
    assert.equal(await runs(), n);
  }
});

test("what has not begun when a check ends never does", async (t) => {
  const { irs, unit, runs } = await scene(t);
  const ir = irs("around");
  const units = Array.from({ length: 40 }, (_, i) => unit({ text: `int a${i};`, seen: String(i) }));
  await ir.begin(units);
  await ir.ended();
  const then = await runs();
  assert.ok(then < 80, `${then} runs`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(await runs(), then);
});
