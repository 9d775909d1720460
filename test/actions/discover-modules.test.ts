import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { discoverModules } from "../../src/actions/discover-modules.ts";

/** What is found in a tree of these files. */
async function found(files: Record<string, string>): Promise<Record<string, string[]>> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-discover-"));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(scratch.dir, file)), { recursive: true });
    await writeFile(path.join(scratch.dir, file), text);
  }
  return Object.fromEntries((await discoverModules(scratch.dir)).map((m) => [m.dir, m.names]));
}

describe("discoverModules", () => {
  it("finds makefiles and Kbuild files with obj-m, wherever they lie", async () => {
    assert.deepEqual(
      await found({
        Makefile: "obj-m += a.o b.o\n",
        "x/Kbuild": "obj-m := c.o\n",
        "x/Makefile": "all:\n\tmake -C $(KDIR)\n",
        "y/makefile": "ifneq ($(KERNELRELEASE),)\n  obj-m ?= d.o\nendif\n",
        "z/GNUmakefile": "export obj-m = e.o\n",
      }),
      { ".": ["a", "b"], x: ["c"], y: ["d"], z: ["e"] },
    );
  });

  it("joins continued lines and drops comments", async () => {
    assert.deepEqual(await found({ Makefile: "# obj-m := no.o\nobj-m := one.o \\\n  two.o # three.o\n" }), {
      ".": ["one", "two"],
    });
  });

  it("keeps a folder whose names only make knows", async () => {
    assert.deepEqual(await found({ Makefile: "obj-m := $(NAME).o\n" }), { ".": [] });
  });

  it("does not take for a module what only looks like one", async () => {
    assert.deepEqual(
      await found({
        Makefile: "obj-y += core.o\nmy-obj-m := x.o\nobj-m-note = y\n",
        "doc/Makefile": "all:\n\techo obj-m := x.o\n",
        "dkms.conf.d/readme": "obj-m := x.o",
      }),
      {},
    );
  });

  it("takes the folder of dkms.conf for all that it builds below", async () => {
    assert.deepEqual(
      await found({
        "dkms.conf": 'PACKAGE_NAME="pkg"\nBUILT_MODULE_NAME[0]="$PACKAGE_NAME"\nBUILT_MODULE_NAME[1]=other\n',
        "src/Makefile": "obj-m := pkg.o other.o\n",
      }),
      { ".": ["pkg", "other"] },
    );
    assert.deepEqual(await found({ "m/dkms.conf": "PACKAGE_NAME=solo # one\n" }), { m: ["solo"] });
  });

  it("runs nothing of a dkms.conf", async () => {
    assert.deepEqual(
      await found({
        "dkms.conf": "PACKAGE_NAME=$(touch owned)\nBUILT_MODULE_NAME=`id`\n",
        Makefile: "obj-m := real.o\n",
      }),
      { ".": ["real"] },
    );
  });

  it("does not list a folder that the makefile above it builds", async () => {
    assert.deepEqual(
      await found({
        Makefile: "obj-m := top.o sub/\n",
        "sub/Makefile": "obj-m := inner.o\n",
        "apart/Makefile": "obj-m := apart.o\n",
      }),
      { ".": ["top"], apart: ["apart"] },
    );
  });

  it("skips ports, dependencies and build output", async () => {
    assert.deepEqual(
      await found({
        "port/Kbuild": "obj-m := m.o\n",
        "port/Cargo.toml": "[package]\n",
        "port/provenance.json": "{}",
        "node_modules/x/Makefile": "obj-m := x.o\n",
        "kport-out/port/Kbuild": "obj-m := m.o\n",
      }),
      {},
    );
  });

  it("keeps a C module that lies beside other Rust", async () => {
    assert.deepEqual(await found({ Makefile: "obj-m := m.o\n", "Cargo.toml": "[workspace]\n", "m.c": "" }), {
      ".": ["m"],
    });
  });

  it("follows no link, which may lead out of the tree or in a circle", async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-discover-"));
    await writeFile(path.join(scratch.dir, "Makefile"), "obj-m := a.o\n");
    await symlink(scratch.dir, path.join(scratch.dir, "loop"));
    assert.deepEqual(
      (await discoverModules(scratch.dir)).map((m) => m.dir),
      ["."],
    );
  });
});
