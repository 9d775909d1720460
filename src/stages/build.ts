/** Builds a port into a `.ko`: core (cached) and the crate into one object, kbuild does the rest. */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { cacheDir } from "../machine/cache.ts";
import { StageError } from "../machine/errors.ts";
import { describeFailure, run, type Sandbox } from "../machine/process.ts";
import type { Kernel } from "../toolchain/kernel.ts";
import { kernelSandbox } from "../toolchain/kernel-sandbox.ts";
import { filesOfProgram } from "../toolchain/program.ts";
import { sysrootFiles } from "../toolchain/rust.ts";
import type { RustCompiler } from "../toolchain/tools.ts";

export interface BuiltPort {
  ko: string;
  /** Warnings of objtool, modpost and the compilers, one a line. */
  warnings: string[];
  /** Whether core came from the cache. */
  coreCached: boolean;
}

/**
 * Build in place: `make KDIR=…` as anyone would.
 * @param symbols a Module.symvers of modules it may import from besides the kernel; within `port`
 * @throws StageError("build") with rustc's, gcc's or modpost's first errors
 */
export async function build(port: string, module: string, kernel: Kernel, rustc: RustCompiler, symbols?: string): Promise<BuiltPort> {
  const core = path.join(cacheDir(), "core");
  await mkdir(core, { recursive: true });
  const sandbox = kernelSandbox(kernel, [port, core], [...filesOfProgram(rustc.path), ...(await sysrootFiles(rustc)), rustc.libraryDir]);
  const { ko, output } = await makeModule(port, module, [`KDIR=${kernel.buildDir}`, `KPORT_RUSTC=${rustc.path}`, `KPORT_LIBRARY=${rustc.libraryDir}`, `KPORT_CORE=${core}`], "the port does not build", sandbox, symbols);
  return { ko, warnings: warningsIn(output), coreCached: !/RUSTC\s+core/.test(output) };
}

/**
 * Run a module's own makefile.
 * @param failure what a failure is called
 */
export async function makeModule(dir: string, module: string, variables: readonly string[], failure: string, sandbox: Sandbox, symbols?: string): Promise<{ ko: string; output: string }> {
  const args = ["-C", dir, ...variables, "-j2", ...(symbols === undefined ? [] : [`KBUILD_EXTRA_SYMBOLS=${symbols}`])];
  const r = await run("make", args, { cwd: dir, allowFailure: true, timeout: 1_800_000, sandbox });
  const ko = path.join(dir, `${module}.ko`);
  const made = await stat(ko).then(() => true, () => false);
  if (r.exitCode !== 0 || !made) throw new StageError("build", `${failure}\n${describeFailure("make", args, r)}`);
  return { ko, output: r.all };
}

/** The lines of a build's output that warn. */
export function warningsIn(output: string): string[] {
  return output.split("\n").filter((l) => /\bwarning:|\bWARNING:/.test(l));
}
