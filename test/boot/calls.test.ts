/** The guest's `calls` and what a module offers, in real guests. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { buildControls } from "../../src/stages/boot/control-run.ts";
import type { ReachedByCalls } from "../../src/stages/boot/execution.ts";
import { bootModule } from "../../src/stages/boot/index.ts";
import type { BootRun } from "../../src/report/schema.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const controls = await buildControls(kernel);
const PARAMETER = "/sys/module/uses/parameters/wrong";

async function called(list: string): Promise<{ run: BootRun; reached: ReachedByCalls; offers: readonly string[] }> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-calls-"));
  let reached: ReachedByCalls | undefined;
  let offers: readonly string[] = [];
  try {
    await writeFile(path.join(dir, "list"), list);
    const run = await bootModule({ ko: path.join(controls, "uses.ko") }, kernel, {
      loads: 1,
      emulated: true,
      exercise: { files: { list: path.join(dir, "list") }, command: "calls < list" },
      onExecuted: (_, by) => (reached = by),
      onOffers: (told) => (offers = told),
    });
    assert.ok(reached !== undefined);
    return { run, reached, offers };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test("each call has its line, what is no call is said, and the log says which one reached the module first", async () => {
  const { run, reached, offers } = await called(`# a word
process
r0 = open "/etc/passwd" 0
read r0 room:64 4
read r9 room:4 4
mmap r0 4096 1 0
poll r0 1

process
read r0 room:4 4
frobnicate 1
read r0 room
r1 = open "${PARAMETER}" 1
write r1 "well\\x0a" 5
`);
  assert.equal(run.status, "ok", run.message);
  assert.deepEqual(run.exercise?.output.slice(0, 3), ["1 open = 3", '2 read = 4 "root"', "3 read = -9"]);
  assert.match(run.exercise?.output[3] ?? "", /^4 mmap = (?:-19|mapped "root::0:0)/);
  assert.deepEqual(run.exercise?.output.slice(4), [
    "5 poll = 1",
    // A new process has nothing open.
    "6 read = -9",
    "7 frobnicate = -38",
    "8 is no call",
    "9 open = 3",
    "10 write = 5",
  ]);
  assert.deepEqual([...reached.places.keys()], [10]);
  assert.equal(reached.unfinished, 0);
  assert.ok(
    offers.some((o) => o.startsWith("file 128 ") && o.endsWith(PARAMETER)),
    offers.join("\n"),
  );
});

test("the call that the machine did not come back from is known", async () => {
  const { run, reached } = await called(
    `process\nr0 = open "${PARAMETER}" 1\nwrite r0 "fine" 4\nwrite r0 "oops" 4\nwrite r0 "fine" 4\n`,
  );
  assert.equal(run.status, "oops");
  assert.equal(reached.unfinished, 3);
});
