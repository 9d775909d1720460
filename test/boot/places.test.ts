/** Where SLUB puts objects: the same in each run of a module in a saved guest, and no evidence against another module. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { ModuleBoots } from "../../src/check/module-boots.ts";
import { run } from "../../src/machine/process.ts";
import type { BootRun } from "../../src/report/schema.ts";
import type { CapturedModule } from "../../src/stages/capture/captured-modules.ts";
import { kernelSandbox } from "../../src/toolchain/kernel-sandbox.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const SOURCE = `
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/slab.h>

static void *taken[8];

static int __init places_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(taken); i++) {
		taken[i] = kmalloc(32, GFP_KERNEL);
		pr_info("places: %d of %zu lies at offset 0x%03lx\\n", i, ARRAY_SIZE(taken), offset_in_page(taken[i]));
	}
	return 0;
}

static void __exit places_exit(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(taken); i++)
		kfree(taken[i]);
}

module_init(places_init);
module_exit(places_exit);
MODULE_LICENSE("GPL");
`;

test("where objects lie is chance, though each run in the saved guest has them in the same places", async () => {
  const kernel = await resolveKernel("6.1");
  const scratch = await mkdtemp(path.join(os.tmpdir(), "kport-places-"));
  try {
    const work = path.join(scratch, "module");
    await mkdir(work);
    await writeFile(path.join(work, "places.c"), SOURCE);
    await writeFile(path.join(work, "Kbuild"), "obj-m := places.o\n");
    await run("make", ["-C", kernel.buildDir, `M=${work}`, "modules"], {
      cwd: work,
      sandbox: kernelSandbox(kernel, [work]),
    });
    const ko = path.join(work, "places.ko");
    const boots = await ModuleBoots.of({ ko } as CapturedModule, [], kernel, [work, work], work, scratch);
    const c = await boots.run(ko);
    assert.equal(c.status, "ok");
    const said = (from: RegExp, to: (text: string) => string): BootRun => ({
      ...c,
      dmesg: c.dmesg.map((line) => line.replace(from, to)),
    });
    const elsewhere = said(/0x[0-9a-f]{3}$/, (at) => `0x${(Number(at) ^ 0x20).toString(16).padStart(3, "0")}`);
    assert.notDeepEqual(elsewhere.dmesg, c.dmesg);
    const findings = await boots.differences(c, elsewhere, c);
    assert.deepEqual(
      findings.map((f) => [f.severity, f.check]),
      [["warning", "boot-dmesg"]],
    );
    assert.match(findings[0]?.message ?? "", /two runs of the C module differ as well/);
    // The control: what no run of the C module says.
    const another = await boots.differences(
      c,
      said(/offset/, () => "address"),
      c,
    );
    assert.deepEqual(
      another.map((f) => f.severity),
      ["error"],
    );
  } finally {
    await rm(scratch, { recursive: true });
  }
});
