/** Folders and programs of a made-up machine, for tests that must not depend on this one. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import type { KernelPlaces } from "../../src/toolchain/kernels.ts";
import type { ToolPlaces } from "../../src/toolchain/tools.ts";

/** A folder that goes when the test ends. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-test-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** One with a cache of its own in it, which is this process's until the test ends. */
export async function folderWithCache(t: TestContext): Promise<string> {
  const dir = await temporaryFolder(t);
  const before = process.env["KPORT_CACHE_DIR"];
  process.env["KPORT_CACHE_DIR"] = path.join(dir, "cache");
  t.after(() => {
    if (before === undefined) delete process.env["KPORT_CACHE_DIR"];
    else process.env["KPORT_CACHE_DIR"] = before;
  });
  return dir;
}

/** Write a file and the folders above it. */
export async function put(file: string, text = ""): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** A shell script that can be run. */
export async function putProgram(file: string, script: string): Promise<void> {
  await put(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** A machine with nothing on it. */
export function emptyPlaces(root: string): ToolPlaces & KernelPlaces {
  return {
    path: [path.join(root, "bin")],
    llvm: path.join(root, "llvm"),
    rustSources: path.join(root, "src"),
    rustupHome: path.join(root, "rustup"),
    cache: path.join(root, "cache"),
    sources: path.join(root, "src"),
    modules: path.join(root, "modules"),
    boot: path.join(root, "boot"),
    unpacked: path.join(root, "unpacked"),
  };
}

/** A kernel's build folder; with `common` as in Debian's packages, where the makefile only includes another. */
export async function putKernel(
  dir: string,
  release: string,
  options: { common?: string; config?: string } = {},
): Promise<void> {
  await put(
    path.join(dir, "Makefile"),
    options.common === undefined ? "all:\n" : `include ${options.common}/Makefile\n`,
  );
  await put(
    path.join(dir, ".config"),
    options.config ?? 'CONFIG_X86_64=y\nCONFIG_CC_VERSION_TEXT="gcc-12 (Debian 12.2.0) 12.2.0"\n',
  );
  await put(path.join(dir, "Module.symvers"));
  await put(path.join(dir, "include/generated/utsrelease.h"), `#define UTS_RELEASE "${release}"\n`);
  // Debian's packages have the upstream version here.
  await put(path.join(dir, "include/config/kernel.release"), "6.1.192\n");
}
