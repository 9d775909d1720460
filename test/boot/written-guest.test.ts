/** A saved guest that something has written to, which only what got out of a guest could. In a process of its own: one is not saved twice in any. */
import assert from "node:assert/strict";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
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

test("a saved guest whose memory was written to is dropped, and not restored again", async () => {
  assert.deepEqual([(await boot()).start], ["warm"]);
  await using low = await open(path.join(await saved(), "low"), "r+");
  await low.write(Buffer.from([0]), 0, 1, 0);
  const run = await boot();
  assert.deepEqual([run.status, run.start], ["ok", "cold"]);
  assert.deepEqual(await readdir(path.join(cache, "saved-guest")), []);
});

async function saved(): Promise<string> {
  const parent = path.join(cache, "saved-guest");
  const names = await readdir(parent);
  assert.equal(names.length, 1);
  return path.join(parent, names[0] as string);
}
