import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { forOtherKernel, gccErrors, nameAt } from "../../src/stages/other-kernel.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");

/** What is said of a module of one unit with these lines. */
async function said(...lines: string[]): Promise<{ message?: string; line?: number } | undefined> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-test-"));
  try {
    await mkdir(path.join(dir, "m"));
    await writeFile(path.join(dir, "m", "Kbuild"), "obj-m := old.o\n");
    await writeFile(path.join(dir, "m", "old.c"), ["#include <linux/module.h>", "#include <linux/fs.h>", ...lines, 'MODULE_LICENSE("GPL");', 'MODULE_DESCRIPTION("x");', ""].join("\n"));
    const words = ["make", "-C", kernel.buildDir, `M=${path.join(dir, "m")}`, "CC=/none/clang", "modules"];
    const found = await forOtherKernel(words, kernel, dir, { cwd: path.join(dir, "m") });
    return found && { message: found.message.replace(kernel.release, "K"), ...(found.line === undefined ? {} : { line: found.line }) };
  } finally {
    await rm(dir, { recursive: true });
  }
}

test("what the kernel lacks is named: a header, a member, a function, another name; with its line", async () => {
  const header = await said("#include <linux/kport_no_kernel_has_this.h>");
  assert.deepEqual(header, { message: "not C for kernel K: it includes `linux/kport_no_kernel_has_this.h`, which is neither there nor in the module's folder; `kport kernels` lists the kernels to try", line: 3 });
  const member = await said("long f(struct inode *i);", "long f(struct inode *i)", "{", "\tif (i)", "\t\treturn /* ä */ i->i_no_such;", "\treturn 0;", "}");
  assert.match(member?.message ?? "", /^not C for kernel K: the member `i_no_such` is not there, or is another one \(gcc: /);
  assert.match((await said("static int __init start(void) { return kport_no_such(3); }", "module_init(start);"))?.message ?? "", /: the function `kport_no_such` is not there/);
  assert.match((await said("static int x = KPORT_NO_SUCH;"))?.message ?? "", /: the name `KPORT_NO_SUCH` is not there/);
});

test("C that the kernel's own compiler takes is C for this kernel", async () => {
  assert.equal(await said("static int __init start(void) { return 0; }", "module_init(start);"), undefined);
});

test("names are told by what stands around them", () => {
  assert.deepEqual(nameAt("\t#  include \"a/b.h\" // x", 3), { kind: "header", name: "a/b.h" });
  assert.deepEqual(nameAt("\t.iterate = go,", 3), { kind: "member", name: "iterate" });
  assert.deepEqual(nameAt("\treturn a->b (1);", 12), { kind: "member", name: "b" });
  assert.deepEqual(nameAt("\treturn a->b;", 10), { kind: "member", name: "b" });
  assert.deepEqual(nameAt("go (1);", 1), { kind: "function", name: "go" });
  assert.equal(nameAt("x = 3;", 5), undefined);
});

test("lines that are no JSON of gcc's, or warn only, are none of its errors", () => {
  assert.deepEqual(gccErrors('[{"kind": "warning", "message": "m", "locations": []}]\n[{ nothing\n[{"other": 1}]\nx.c:1:1: error: y'), []);
});
