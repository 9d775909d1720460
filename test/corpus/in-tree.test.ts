import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { layOut } from "./in-tree.ts";
import { kbuildLists } from "./kbuild-lists.ts";
import { drawn } from "./sample.ts";

let dir: string;
const put = async (file: string, text: string): Promise<void> => {
  await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
  await writeFile(path.join(dir, file), text);
};
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-in-tree-"));
  await put("build/include/config/auto.conf", "CONFIG_MMU=y\nCONFIG_EXTRA=m\n");
  await put(
    "tree/fs/thing/Makefile",
    "obj-m += thing.o\nthing-y := super.o\nthing-$(CONFIG_EXTRA) += extra.o\nifneq ($(CONFIG_MMU),y)\nthing-y += nommu.o\nendif\nccflags-y := -I$(srctree)/fs/shared -DTHING -I $(srctree)/$(src)/sub\nCFLAGS_super.o := -DSUPER\nCFLAGS_other.o :=\n",
  );
  await put("tree/fs/thing/super.c", '#include "own.h"\n#include <both.h>\n');
  for (const file of ["extra.c", "own.h", "nommu.c"]) await put(`tree/fs/thing/${file}`, "\n");
  await put("tree/fs/shared/both.h", "\n");
});
after(() => rm(dir, { recursive: true, force: true }));

test("a module's objects and flags are those that make sees, with the kernel's configuration", async () => {
  assert.deepEqual(await kbuildLists(path.join(dir, "tree"), "fs/thing", "thing", path.join(dir, "build")), {
    objects: ["super", "extra"],
    flags: ["ccflags-y += -I$(src)/../shared -DTHING -I $(src)/sub", "CFLAGS_super.o := -DSUPER"],
    includes: ["fs/shared", "fs/thing/sub"],
  });
});

test("a makefile that make cannot read, and a folder without one, give nothing", async () => {
  await put("tree/fs/broken/Makefile", "ifeq (\n");
  assert.equal(await kbuildLists(path.join(dir, "tree"), "fs/broken", "broken", path.join(dir, "build")), undefined);
  assert.equal(await kbuildLists(path.join(dir, "tree"), "fs/none", "none", path.join(dir, "build")), undefined);
});

test("it is laid out with what it includes, and nothing else", async () => {
  const to = path.join(dir, "out");
  assert.equal(
    await layOut(path.join(dir, "tree"), { from: "fs/thing", name: "thing" }, path.join(dir, "build"), to),
    path.join(to, "fs/thing"),
  );
  assert.deepEqual(
    (await readdir(to, { recursive: true })).filter((f) => f.includes(".") || f.endsWith("Kbuild")).sort(),
    ["fs/shared/both.h", "fs/thing/Kbuild", "fs/thing/extra.c", "fs/thing/own.h", "fs/thing/super.c"],
  );
  assert.match(
    await readFile(path.join(to, "fs/thing/Kbuild"), "utf8"),
    /^obj-m := thing\.o\nthing-y := super\.o extra\.o\n/m,
  );
  assert.equal(
    await layOut(path.join(dir, "tree"), { from: "fs/thing", name: "gone" }, path.join(dir, "build"), to),
    undefined,
  );
  assert.equal(
    await layOut(path.join(dir, "tree"), { from: "fs/thing", name: "thing" }, path.join(dir, "build"), to, 1),
    undefined,
  );
});

test("a larger sample holds the smaller one, and another seed draws otherwise", async () => {
  await put("modules/modules.order", Array.from({ length: 50 }, (_, i) => `kernel/drivers/d${i}/m${i}.ko\n`).join(""));
  const kernel = {
    release: "6.1.0-1-amd64",
    arch: "x86_64",
    buildDir: "",
    readable: [],
    compiler: "gcc",
    modulesDir: path.join(dir, "modules"),
  } as const;
  const first = await drawn({ ...kernel, readable: [] }, "1");
  assert.equal(first.length, 50);
  assert.deepEqual(first, await drawn({ ...kernel, readable: [] }, "1"));
  assert.deepEqual(new Set(first.map((m) => m.from)).size, 50);
  assert.notDeepEqual(first.slice(0, 10), (await drawn({ ...kernel, readable: [] }, "2")).slice(0, 10));
  await assert.rejects(
    drawn({ release: "6.1.0-1-amd64", arch: "x86_64", buildDir: "", readable: [], compiler: "gcc" }, "1"),
    /nothing to draw from/,
  );
});
