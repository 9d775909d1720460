/** C that clang only warns of, where the kernel has that as an error: the module is none of this kernel's, and need not boot to show it. */
import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { checkOne, complaints, folder, moduleFolder, told } from "./pipeline.ts";

const OLD = `// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

static const struct file_operations fops = { .llseek = noop_llseek };

static int __init old_init(void)
{
	return proc_create("kport-old", 0, NULL, &fops) ? 0 : -ENOMEM;
}

static void __exit old_exit(void)
{
	remove_proc_entry("kport-old", NULL);
}

module_init(old_init);
module_exit(old_exit);
MODULE_DESCRIPTION("x");
MODULE_LICENSE("GPL");
`;

const LOOSE = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

static long number = 3;

static int __init loose_init(void)
{
	int *low = &number;

	pr_info("loose: %d\\n", *low);
	return 0;
}

static void __exit loose_exit(void)
{
}

module_init(loose_init);
module_exit(loose_exit);
MODULE_DESCRIPTION("x");
MODULE_LICENSE("GPL");
`;

describe("what clang only warns of", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  before(async () => void (scratch = await folder()));
  after(() => scratch[Symbol.asyncDispose]());

  test("is refused where the kernel's own compiler refuses it, by what is another one there", async () => {
    const report = await checkOne(await moduleFolder(scratch.dir, "old", OLD), path.join(scratch.dir, "out-old"));
    assert.equal(report.verdict, "fail");
    const said = [...report.findings.map(told), ...report.stages.map((s) => s.message ?? "")].join("\n");
    assert.match(said, /not C for kernel \S+: the function `proc_create` is another one/);
  });

  test("is C for this kernel where that takes it", async () => {
    const dir = await moduleFolder(scratch.dir, "loose", LOOSE);
    await appendFile(path.join(dir, "Makefile"), "\nccflags-y += -Wno-error=incompatible-pointer-types\n");
    const report = await checkOne(dir, path.join(scratch.dir, "out-loose"));
    assert.equal(report.verdict, "pass", complaints(report));
  });
});
