/** Folders as repositories hold them: a unit that is a link out of the folder, links that lead nowhere or to themselves, a folder that is a link. */
import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { checkOne, complaints, folder, told } from "./pipeline.ts";

const UNIT = `// SPDX-License-Identifier: GPL-2.0
#include <linux/types.h>

const char *word(int n);
const char *word(int n)
{
	static const char *const words[] = { "zero", "one", "two" };

	return words[n % 3];
}
`;

const MAIN = `// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
const char *word(int n);

static int __init linked_init(void)
{
	pr_info("word %s\\n", word(5));
	return 0;
}

static void __exit linked_exit(void)
{
}

module_init(linked_init);
module_exit(linked_exit);
MODULE_DESCRIPTION("x");
MODULE_LICENSE("GPL");
`;

describe("a module with links", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  before(async () => {
    scratch = await folder();
    const at = (...names: string[]): string => path.join(scratch.dir, ...names);
    await Promise.all([mkdir(at("real")), mkdir(at("shared"))]);
    await writeFile(
      at("real", "Makefile"),
      "obj-m := linked.o\nlinked-y := main.o strings.o\nKDIR ?= /lib/modules/$(shell uname -r)/build\n\nall:\n\t$(MAKE) -C $(KDIR) M=$(shell pwd) modules\n",
    );
    await writeFile(at("real", "main.c"), MAIN);
    await writeFile(at("shared", "strings.c"), UNIT);
    const links = {
      "real/strings.c": "../shared/strings.c",
      "real/dangling.h": "../headers/missing.h",
      "real/loop": ".",
      "real/itself": "itself",
      link: "real",
    };
    for (const [name, to] of Object.entries(links)) await symlink(to, at(name));
  });
  after(() => scratch[Symbol.asyncDispose]());

  for (const name of ["real", "link"]) {
    test(`checked as ${name}, with leave to go as far as its links do`, async () => {
      const report = await checkOne(path.join(scratch.dir, name), path.join(scratch.dir, `out-${name}`), {
        root: scratch.dir,
      });
      assert.equal(report.verdict, "pass", complaints(report));
      assert.deepEqual(report.units.map((u) => u.file).sort(), ["main.c", "strings.c"]);
      assert.ok(report.boot?.rust?.dmesg.includes("linked: word two"), complaints(report));
    });
  }

  test("without that leave the link is named, and what allows it", async () => {
    const report = await checkOne(path.join(scratch.dir, "real"), path.join(scratch.dir, "out-alone"));
    assert.equal(report.verdict, "fail");
    const said = [...report.findings.map(told), ...report.stages.map((s) => s.message ?? "")].join("\n");
    assert.match(
      said,
      /strings\.c is a symbolic link that leads out of \S+: \.\.\/shared\/strings\.c \(--root DIR allows more\)/,
    );
  });
});
