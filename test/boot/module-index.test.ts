import assert from "node:assert/strict";
import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { resolveDependencies, softDependencies } from "../../src/stages/boot/dependencies.ts";
import { readModuleFile } from "../../src/stages/boot/module-file.ts";
import { globMatcher, moduleIndex } from "../../src/stages/boot/module-index.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");

test("what the kernel asks for is answered by name, by alias with its patterns, and by nothing", async () => {
  const index = await moduleIndex(kernel);
  assert.deepEqual(await index.answer("libcrc32c"), ["libcrc32c"]);
  assert.deepEqual(await index.answer("dm-mod"), ["dm_mod"]);
  assert.deepEqual(await index.answer("fs-ext4"), ["ext4"]);
  assert.deepEqual((await index.answer("crypto-crc32c")).toSorted(), ["crc32c_generic", "crc32c_intel"]);
  assert.deepEqual(await index.answer("pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00"), ["e1000"]);
  assert.deepEqual(await index.answer("kport-no-kernel-has-this"), []);
  // Built in: there is nothing to load.
  assert.ok(index.builtin.size > 0);
  assert.deepEqual(await index.answer([...index.builtin][0] as string), []);
});

test("a kernel of which there is no folder answers nothing", async () => {
  const index = await moduleIndex({ release: "6.1" });
  assert.deepEqual(await index.answer("ext4"), []);
});

test("aliases match as those of kmod", () => {
  for (const [pattern, yes, no] of [
    ["pci:v00008086d*sv*", "pci:v00008086d0000100Esv1", "pci:v00008087d0000100Esv1"],
    ["usb:v0403p600?d*", "usb:v0403p6001d1", "usb:v0403p61d1"],
    ["cpu:type:x86,ven000[02]fam*", "cpu:type:x86,ven0002fam1", "cpu:type:x86,ven0001fam1"],
    ["fs-ext4", "fs_ext4", "fs_ext45"],
    ["a.b*", "a.bc", "axbc"],
    ["odd[", "odd[", "odd"],
    ["a[!0-9]", "ab", "a1"],
    // No mistakes of a pattern's, which is a stranger's.
    ["a[z-ac]", "ac", "az"],
    ["a[\\]", "a\\", "ab"],
  ] as const) {
    assert.ok(globMatcher(pattern)(yes), `${pattern} ${yes}`);
    assert.ok(!globMatcher(pattern)(no), `${pattern} ${no}`);
  }
});

test("soft dependencies are read, and loaded before and behind; what is only wished for may be missing", async () => {
  const said = (softdep: string[]) => softDependencies({ modinfo: new Map([["softdep", softdep]]) });
  assert.deepEqual(said(["pre: a b-c  post: d", "pre: e"]), { pre: ["a", "b-c", "e"], post: ["d"] });
  assert.deepEqual(said([]), { pre: [], post: [] });
  const file = path.join(kernel.modulesDir ?? "", "kernel/lib/libcrc32c.ko");
  const libcrc32c = await readModuleFile(file);
  const found = await resolveDependencies(file, libcrc32c, kernel);
  assert.ok(found.some((d) => d.module.name === "crc32c_generic"));
  assert.ok(found.every((d) => !d.needed));
  const asked = await resolveDependencies(
    file,
    { ...libcrc32c, modinfo: new Map() },
    kernel,
    [],
    ["fs-ext4", "kport-no-kernel-has-this"],
  );
  assert.deepEqual(asked.at(-1)?.module.name, "ext4");
  assert.ok(asked.some((d) => d.module.name === "jbd2"));
});

test("a wish that goes round in a circle is left out; a need is told", async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-test-"));
  await mkdir(path.join(dir, "kernel"));
  const libcrc32c = await readModuleFile(path.join(kernel.modulesDir ?? "", "kernel/lib/libcrc32c.ko"));
  const module = { ...libcrc32c, name: "round", modinfo: new Map([["softdep", ["pre: round post: round"]]]) };
  assert.deepEqual(
    await resolveDependencies(path.join(dir, "round.ko"), module, { release: "6.1", modulesDir: dir }),
    [],
  );
  await writeFile(path.join(dir, "modules.builtin"), "");
  await assert.rejects(
    resolveDependencies(
      path.join(dir, "round.ko"),
      { ...module, modinfo: new Map([["depends", ["nowhere"]]]) },
      { release: "6.1", modulesDir: dir },
    ),
    /needs the module nowhere/,
  );
});
