/** The warm start's own failures, in a cache of its own: each must end in a cold start, never in a word about the module. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { buildControls } from "../../src/stages/boot/control-run.ts";
import { bootModule } from "../../src/stages/boot/index.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const ko = path.join(await buildControls(kernel), "good.ko");
const cache = await mkdtemp(path.join(os.tmpdir(), "kport-saved-guest-"));
const before = process.env["KPORT_CACHE_DIR"];
process.env["KPORT_CACHE_DIR"] = cache;
after(async () => {
  if (before === undefined) delete process.env["KPORT_CACHE_DIR"];
  else process.env["KPORT_CACHE_DIR"] = before;
  await rm(cache, { recursive: true });
});
const boot = () => bootModule({ ko }, kernel, { loads: 1, exercise: "none" });

test("the guest is saved once, restored for each run, and not changed by it", async () => {
  const first = await boot();
  assert.deepEqual([first.status, first.start], ["ok", "warm"]);
  const low = path.join(await saved(), "low");
  const written = (await stat(low)).mtimeMs;
  // A module in one run is not there in the next.
  const [a, b] = await Promise.all([boot(), boot()]);
  assert.deepEqual([a.start, b.start, a.taint.before, b.taint.before], ["warm", "warm", 0, 0]);
  assert.deepEqual(a.dmesg, b.dmesg);
  assert.equal((await stat(low)).mtimeMs, written);
});

test("a saved guest that is damaged is given up for a cold start", async () => {
  await truncate(path.join(await saved(), "state"), 1000);
  const run = await boot();
  assert.deepEqual([run.status, run.start], ["ok", "cold"]);
  assert.deepEqual(
    await readdir(path.join(cache, "saved-guest")),
    [],
    "it is dropped, so that the next process saves it anew",
  );
});

async function saved(): Promise<string> {
  const parent = path.join(cache, "saved-guest");
  const names = await readdir(parent);
  assert.equal(names.length, 1);
  return path.join(parent, names[0] as string);
}
