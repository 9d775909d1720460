import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { discoverTools, requireTools } from "../../src/toolchain/discover.ts";
import { needsDynamicLinker } from "../../src/toolchain/program.ts";
import { C2RUST_VERSION, PROGRAMS } from "../../src/toolchain/tools.ts";
import { emptyPlaces, putProgram, temporaryFolder } from "./fakes.ts";

describe("discoverTools", () => {
  test("an empty machine lacks everything, said at once with what brings each", async (t) => {
    const { tools, missing } = await discoverTools(emptyPlaces(await temporaryFolder(t)));
    assert.deepEqual(tools, {});
    const expected = [
      ...Object.keys(PROGRAMS),
      "c2rust",
      "cargo",
      "clang",
      "lld",
      "llvmConfig",
      "llvmReadelf",
      "rustc",
    ].sort();
    assert.deepEqual(missing.map((m) => m.tool).sort(), expected);
    assert.deepEqual(missing.find((m) => m.tool === "clang")?.packages, ["clang-19", "llvm-19-dev", "libclang-19-dev"]);
    assert.deepEqual(missing.find((m) => m.tool === "qemu")?.packages, ["qemu-system-x86"]);
  });

  test("finds a program and reads its version", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const bear = path.join(places.path[0] as string, "bear");
    await putProgram(bear, "echo bear 3.1.1");
    assert.deepEqual((await discoverTools(places)).tools.bear, { path: bear, version: "3.1.1" });
  });

  test("a tool that is too old is named with its version; a newer one further on PATH is taken", async (t) => {
    const root = await temporaryFolder(t);
    const places = emptyPlaces(root);
    const old = path.join(places.path[0] as string, "bear");
    await putProgram(old, "echo bear 2.4.4");
    const { tools, missing } = await discoverTools(places);
    assert.equal(tools.bear, undefined);
    assert.equal(missing.find((m) => m.tool === "bear")?.reason, `${old} is 2.4.4, 3.0.0 or newer is needed`);
    const newer = path.join(root, "opt/bear");
    await putProgram(newer, "echo bear 3.1.1");
    assert.equal(
      (await discoverTools({ ...places, path: [...places.path, path.dirname(newer)] })).tools.bear?.path,
      newer,
    );
  });

  test("a program that cannot be run is not found", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    await putProgram(path.join(places.path[0] as string, "xz"), "exit 127");
    assert.match(
      (await discoverTools(places)).missing.find((m) => m.tool === "xz")?.reason ?? "",
      /does not say its version/,
    );
  });

  test("a busybox that needs a dynamic linker cannot start in the boot image", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    await putProgram(path.join(places.path[0] as string, "busybox"), "echo BusyBox v1.35.0");
    const { tools, missing } = await discoverTools(places);
    assert.equal(tools.busybox, undefined);
    assert.match(missing.find((m) => m.tool === "busybox")?.reason ?? "", /not statically linked/);
  });

  test("clang, llvm-config and readelf come from the one LLVM that the plugin is written for", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const putLlvm = async (major: number, commands: string[]): Promise<void> => {
      for (const c of commands)
        await putProgram(path.join(places.llvm, `llvm-${major}/bin`, c), `echo ${c} version ${major}.1.0`);
    };
    await putLlvm(19, ["clang"]);
    await putLlvm(18, ["clang", "llvm-config", "llvm-readelf", "ld.lld"]);
    const without = await discoverTools(places);
    assert.equal(without.tools.clang, undefined);
    assert.match(without.missing.find((m) => m.tool === "clang")?.reason ?? "", /of LLVM 19/);
    await putLlvm(19, ["llvm-config", "llvm-readelf"]);
    const { tools, missing } = await discoverTools(places);
    assert.equal(tools.clang?.version, "19.1.0");
    assert.equal(tools.llvmConfig?.path, path.join(places.llvm, "llvm-19/bin/llvm-config"));
    assert.deepEqual(missing.find((m) => m.tool === "lld")?.packages, ["lld-19"]);
  });

  test("c2rust: the cache's before PATH's, and only the version that kport is written for", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    const onPath = path.join(places.path[0] as string, "c2rust");
    await putProgram(onPath, "echo C2Rust 0.20.0");
    assert.equal(
      (await discoverTools(places)).missing.find((m) => m.tool === "c2rust")?.reason,
      `${onPath} is 0.20.0, ${C2RUST_VERSION} is needed`,
    );
    const inCache = path.join(places.cache, `c2rust-${C2RUST_VERSION}/bin/c2rust`);
    await putProgram(inCache, `echo C2Rust ${C2RUST_VERSION}`);
    assert.deepEqual((await discoverTools(places)).tools.c2rust, { path: inCache, version: C2RUST_VERSION });
  });
});

describe("requireTools", () => {
  test("names all that are missing and one command for them", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    await assert.rejects(requireTools(["qemu", "modinfo", "depmod"], places), (e) => {
      assert.ok(e instanceof EnvironmentError);
      assert.match(e.message, /missing: depmod, modinfo, qemu/);
      assert.equal(e.fix, "sudo apt-get install kmod qemu-system-x86");
      return true;
    });
    await assert.rejects(
      requireTools(["qemu", "c2rust"], places),
      (e) => e instanceof EnvironmentError && e.fix === "kport doctor --fix",
    );
  });

  test("asks for no more than it was told to", async (t) => {
    const places = emptyPlaces(await temporaryFolder(t));
    await putProgram(path.join(places.path[0] as string, "make"), "echo GNU Make 4.3");
    assert.equal((await requireTools(["make"], places)).make.version, "4.3");
  });
});

test("a static ELF program is told from a dynamic one", async (t) => {
  assert.equal(await needsDynamicLinker(process.execPath), true);
  const elf = Buffer.alloc(64 + 56);
  elf.write("\x7fELF\x02", "latin1");
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(1, 64); // PT_LOAD
  const file = path.join(await temporaryFolder(t), "program");
  await writeFile(file, elf);
  assert.equal(await needsDynamicLinker(file), false);
});
