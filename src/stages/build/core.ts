/**
 * Rust's core for a kernel's modules, compiled once a kernel's configuration and rustc, in a run that no module has a part in: what lies in
 * the cache goes into every later port, so no run that a module's names, flags or sources take part in can write there.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cached, contentKey, scratchFolder } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { describeFailure } from "../../machine/tool-failure.ts";
import { copyUntrusted, filesOfUntrusted } from "../../machine/untrusted-folder.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { kernelSandbox } from "../../toolchain/kernel-sandbox.ts";
import { rustcFiles } from "../../toolchain/rust.ts";
import type { RustCompiler } from "../../toolchain/tools.ts";
import { COMPILER_BUILTINS } from "../assemble/crate.ts";
import { coreKbuild, makefile, TARGET } from "../assemble/kbuild-files.ts";

/** What a port's Kbuild is told of rustc. */
export function rustVariables(rustc: RustCompiler): string[] {
  return [`KPORT_RUSTC=${rustc.path}`, `KPORT_LIBRARY=${rustc.libraryDir}`];
}

/**
 * @returns the folder for `KPORT_CORE`, and whether it was there
 * @throws StageError("build") with make's words
 */
export async function compiledCore(kernel: Kernel, rustc: RustCompiler): Promise<{ dir: string; hit: boolean }> {
  const files: Record<string, string> = {
    Kbuild: coreKbuild(),
    Makefile: makefile("kport_core"),
    "target.json": `${JSON.stringify(TARGET, null, 2)}\n`,
    "compiler_builtins.rs": COMPILER_BUILTINS,
  };
  const configuration = await readFile(path.join(kernel.buildDir, ".config")).catch(() => Buffer.from(""));
  const key = contentKey([
    ...Object.values(files),
    kernel.buildDir,
    kernel.release,
    configuration,
    rustc.path,
    rustc.version,
    rustc.libraryDir,
  ]);
  const begun = underWay.get(key) ?? cached("core", key, (out) => compile(files, out, kernel, rustc));
  underWay.set(key, begun);
  try {
    return await begun;
  } finally {
    underWay.delete(key);
  }
}
/** Modules of one run are built at once. */
const underWay = new Map<string, Promise<{ dir: string; hit: boolean }>>();

async function compile(
  files: Readonly<Record<string, string>>,
  out: string,
  kernel: Kernel,
  rustc: RustCompiler,
): Promise<void> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-core-"));
  const [dir, made] = [path.join(scratch.dir, "kbuild"), path.join(scratch.dir, "core")];
  await mkdir(path.join(dir, "src"), { recursive: true });
  await mkdir(made);
  for (const [name, text] of Object.entries(files))
    await writeFile(path.join(dir, name.endsWith(".rs") ? "src" : "", name), text);
  const args = ["-C", dir, `KDIR=${kernel.buildDir}`, ...rustVariables(rustc), `KPORT_CORE=${made}`];
  const sandbox = kernelSandbox(kernel, [dir, made], await rustcFiles(rustc));
  const r = await run("make", args, { cwd: dir, allowFailure: true, timeout: 1_800_000, sandbox });
  if (r.exitCode !== 0)
    throw new StageError("build", `core does not compile for this kernel\n${describeFailure("make", args, r)}`);
  for (const file of await filesOfUntrusted(made)) {
    const to = path.join(out, path.relative(made, file));
    await mkdir(path.dirname(to), { recursive: true });
    await copyUntrusted(made, file, to);
  }
}
