/** A file system of the kernel's own that needs a device: its image is mounted in the guest, on a loop device that the kernel asks for. */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { fuzzBoth } from "../../src/doors/commands/boot-fuzz.ts";
import { scratchFolder } from "../../src/machine/cache.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

test("minix is mounted and written to, and does what it does once more", async () => {
  const kernel = await resolveKernel("6.1");
  const ko = path.join(kernel.modulesDir ?? assert.fail("it has modules"), "kernel/fs/minix/minix.ko");
  await using scratch = await scratchFolder("/tmp/kport-fuzz-");
  const { findings, report } = await fuzzBoth({ c: ko, rust: ko }, kernel, { seconds: 1 }, scratch.dir);
  assert.deepEqual(findings, []);
  assert.deepEqual([report.targets, report.given], [["file system minix"], []]);
  const { all, reading, fuzzed } = report.blocks;
  // Without a mount it is less than a tenth: what reads the superblock, and refuses it.
  assert.ok(reading < 20 && fuzzed > all / 4, `${fuzzed} of ${all} blocks, ${reading} by reading`);
});
