/** Builds a port into a `.ko`: core (cached) and the crate into one object, kbuild does the rest. */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { cacheDir } from "../cache.ts";
import { StageError } from "../errors.ts";
import { describeFailure, run } from "../process.ts";
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
 * Build in place: `make KDIR=…` as anyone would.
 * @param symbols a Module.symvers of modules it may import from besides the kernel; within `port`
 * @throws StageError("build") with rustc's, gcc's or modpost's first errors
 */
export async function build(port: string, module: string, kernel: Kernel, rustc: RustCompiler, sandboxed: boolean, symbols?: string): Promise<BuiltPort> {
  const core = path.join(cacheDir(), "core");
  await mkdir(core, { recursive: true });
  const sandbox = sandboxed ? kernelSandbox(kernel, [port, core], [rustc.sysroot, rustc.libraryDir, path.dirname(rustc.path)]) : undefined;
  const args = ["-C", port, `KDIR=${kernel.buildDir}`, `KPORT_RUSTC=${rustc.path}`, `KPORT_LIBRARY=${rustc.libraryDir}`, `KPORT_CORE=${core}`, "-j2", ...(symbols === undefined ? [] : [`KBUILD_EXTRA_SYMBOLS=${symbols}`])];
  const r = await run("make", args, { cwd: port, allowFailure: true, timeout: 1_800_000, ...(sandbox ? { sandbox } : {}) });
  const ko = path.join(port, `${module}.ko`);
  const made = await stat(ko).then(() => true, () => false);
  if (r.exitCode !== 0 || !made) throw new StageError("build", `the port does not build\n${describeFailure("make", args, r)}`);
  return { ko, warnings: warningsIn(r.all), coreCached: !/RUSTC\s+core/.test(r.all) };
}

/** The lines of a build's output that warn. */
export function warningsIn(output: string): string[] {
  return output.split("\n").filter((l) => /\bwarning:|\bWARNING:/.test(l));
}
