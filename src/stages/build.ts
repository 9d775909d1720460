/** Builds a port into a `.ko`: core (cached) and the crate into one object, kbuild does the rest. */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { StageError } from "../machine/errors.ts";
import { describeFailure, run, type Sandbox } from "../machine/process.ts";
import { copyUntrusted } from "../machine/untrusted-folder.ts";
import { compiledCore, rustVariables } from "./core.ts";
import type { Kernel } from "../toolchain/kernel.ts";
import { kernelSandbox } from "../toolchain/kernel-sandbox.ts";
import type { RustCompiler } from "../toolchain/tools.ts";

export interface BuiltPort {
  ko: string;
  /** Warnings of objtool, modpost and the compilers, one a line. */
  warnings: string[];
  /** Whether core came from the cache. */
  coreCached: boolean;
}

/**
 * Build in place: `make KDIR=…` as anyone would, but with core compiled before, where the module has no part in it.
 * @param symbols a Module.symvers of modules it may import from besides the kernel; within `port`
 * @throws StageError("build") with rustc's, gcc's or modpost's first errors
 */
export async function build(port: string, module: string, kernel: Kernel, rustc: RustCompiler, symbols?: string): Promise<BuiltPort> {
  const core = await compiledCore(kernel, rustc);
  const sandbox = kernelSandbox(kernel, [port], [core.dir, rustc.sysroot, rustc.libraryDir, path.dirname(rustc.path)]);
  const { ko, output } = await makeModule(port, module, [`KDIR=${kernel.buildDir}`, ...rustVariables(rustc), `KPORT_CORE=${core.dir}`], "the port does not build", sandbox, symbols);
  return { ko, warnings: warningsIn(output), coreCached: core.hit };
}

/**
 * Run a module's own makefile.
 * @param failure what a failure is called
 * @returns the module, copied out of the folder that its makefile could write in to one beside it
 */
export async function makeModule(dir: string, module: string, variables: readonly string[], failure: string, sandbox: Sandbox, symbols?: string): Promise<{ ko: string; output: string }> {
  const args = ["-C", dir, ...variables, "-j2", ...(symbols === undefined ? [] : [`KBUILD_EXTRA_SYMBOLS=${symbols}`])];
  const r = await run("make", args, { cwd: dir, allowFailure: true, timeout: 1_800_000, sandbox });
  if (r.exitCode !== 0) throw new StageError("build", `${failure}\n${describeFailure("make", args, r)}`);
  const ko = path.join(`${dir}-made`, `${module}.ko`);
  await mkdir(path.dirname(ko), { recursive: true });
  await rm(ko, { force: true });
  await copyUntrusted(dir, `${module}.ko`, ko);
  return { ko, output: r.all };
}

/** The lines of a build's output that warn. */
export function warningsIn(output: string): string[] {
  return output.split("\n").filter((l) => /\bwarning:|\bWARNING:/.test(l));
}
