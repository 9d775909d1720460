import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { copyAside } from "../../src/stages/capture/working-copy.ts";

let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "kport-copy-"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function tree(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(base, name)), { recursive: true });
    await writeFile(path.join(base, name), text);
  }
}
const copy = (dir: string) => copyAside(path.join(base, dir), path.join(base, "work"), base);

test("a module that keeps to its folder is copied alone", async () => {
  await tree({
    "up/secret": "",
    "up/mod/Makefile": "obj-m := a.o\nccflags-y := -I$(src)/include -DX=...\n",
    "up/mod/a.c": '#include "a.h"\n',
    "up/mod/a.h": "",
  });
  const c = await copy("up/mod");
  assert.deepEqual(c, {
    root: path.join(base, "work", "mod"),
    dir: path.join(base, "work", "mod"),
    origin: path.join(base, "up", "mod"),
    bound: base,
    leftOut: [],
  });
  assert.ok(existsSync(path.join(c.dir, "a.h")) && !existsSync(path.join(base, "work", "secret")));
});

for (const [what, files] of [
  ["an object of a makefile", { "up/mod/Makefile": "obj-m := a.o\na-y := b.o ../common/c.o\n" }],
  ["a search path of a makefile", { "up/mod/Makefile": "ccflags-y := -I$(src)/../common\nobj-m := a.o\n" }],
  ["an include", { "up/mod/Makefile": "obj-m := a.o\n", "up/mod/a.c": '#include "../common/c.h"\n' }],
  [
    "an include from a folder further down",
    { "up/mod/Makefile": "obj-m := a.o\n", "up/mod/deep/a.c": '# include "../../common/c.h"\n' },
  ],
] as const) {
  test(`${what} outside of the folder is copied along`, async () => {
    await tree({ ...files, "up/common/c.c": "int c;\n", "up/common/c.h": "", "beside/x": "" });
    const c = await copy("up/mod");
    assert.equal(c.root, path.join(base, "work", "up"));
    assert.equal(c.dir, path.join(base, "work", "up", "mod"));
    assert.ok(existsSync(path.join(c.root, "common", "c.c")));
  });
}

test("what an earlier build left stays behind, a shipped object does not; version control neither", async () => {
  await tree({
    "mod/Makefile": "",
    "mod/a.o": "built",
    "mod/.a.o.cmd": "cmd",
    "mod/blob.o": "shipped",
    "mod/.git/HEAD": "",
    "mod/node_modules/x": "",
  });
  const c = await copy("mod");
  assert.equal(await readFile(path.join(c.dir, "blob.o"), "utf8"), "shipped");
  for (const gone of ["a.o", ".a.o.cmd", ".git", "node_modules"]) assert.ok(!existsSync(path.join(c.dir, gone)), gone);
});

test("a second copy replaces the first, and the origin keeps every byte", async () => {
  await tree({ "mod/Makefile": "obj-m := a.o\n", "mod/a.c": "int a;\n", "mod/a.o": "built", "mod/.a.o.cmd": "cmd" });
  const first = await copy("mod");
  await writeFile(path.join(first.dir, "a.c"), "changed\n");
  await writeFile(path.join(first.dir, "new.o"), "");
  const second = await copy("mod");
  assert.equal(await readFile(path.join(second.dir, "a.c"), "utf8"), "int a;\n");
  assert.ok(!existsSync(path.join(second.dir, "new.o")));
  assert.equal(await readFile(path.join(base, "mod", "a.o"), "utf8"), "built");
  assert.equal(await readFile(path.join(base, "mod", "a.c"), "utf8"), "int a;\n");
});

test("what is no folder is the user's mistake", async () => {
  await assert.rejects(copy("none"), (e) => e instanceof UserError && /none is not a folder/.test(e.message));
});

test("what is named twice and left out is told once", async () => {
  await tree({
    "up/mod/Makefile": "ccflags-y := -I$(src)/../common\nobj-m := a.o\na-y := ../common/c.o ../common/c.o\n",
    "up/common/c.c": "",
  });
  const c = await copyAside(path.join(base, "up/mod"), path.join(base, "work"), path.join(base, "up/mod"));
  assert.ok(c.leftOut.length > 0);
  assert.deepEqual(c.leftOut, [...new Set(c.leftOut)]);
});
