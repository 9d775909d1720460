/** The boot stage: a module in, what happened to it in a fresh guest out. */
import os from "node:os";
import { cacheDir } from "../../machine/cache.ts";
import { EnvironmentError } from "../../machine/errors.ts";
import type { BootRun } from "../../report/schema.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { resolveDependencies } from "./dependencies.ts";
import { type BootOptions, bootModuleFile } from "./guest-run.ts";
import { controlThatFails } from "./guard.ts";
import { type ModuleFile, readModuleFile } from "./module-file.ts";

export { accelerator } from "./accelerator.ts";
export { compareRuns } from "./compare.ts";
export type { Exercise } from "./exercise.ts";
export type { BootOptions } from "./guest-run.ts";

/** What is booted. */
export interface BootSubject {
  /** Absolute path. */
  ko: string;
  /** Modules to load before it, in order; absolute paths. Left out: found among the kernel's modules and beside it. */
  dependencies?: string[];
  /** Modules that were built with it, which it may depend on. */
  siblings?: string[];
}

/**
 * Boot `kernel` in a fresh guest, load the module, exercise it, unload it, load and unload it again.
 * What goes wrong in the guest is the run's status, never an exception. A guest in which a control is not named rightly gives `harness-error`.
 * @throws UserError when the file is no module for this architecture; EnvironmentError when QEMU, busybox or the kernel's image is missing.
 */
export async function bootModule(subject: BootSubject, kernel: Kernel, options: BootOptions = {}): Promise<BootRun> {
  const module = await readModuleFile(subject.ko);
  const dependencies = subject.dependencies === undefined ? await resolveDependencies(subject.ko, module, kernel, subject.siblings) : await Promise.all(subject.dependencies.map(readModuleFile));
  return guarded(module, dependencies, kernel, options).catch((e: NodeJS.ErrnoException) => {
    if (e.code === "ENOSPC") throw new EnvironmentError(`no space left for the guest's files in ${os.tmpdir()} or ${cacheDir()}`);
    throw e;
  });
}

async function guarded(module: ModuleFile, dependencies: readonly ModuleFile[], kernel: Kernel, options: BootOptions): Promise<BootRun> {
  const failing = await controlThatFails(kernel, options.guards, options.signal);
  if (failing === undefined) return bootModuleFile(module, dependencies, kernel, options);
  return { status: "harness-error", message: `this guest cannot be believed: ${failing}`, loaded: false, unloaded: false, seconds: 0, taint: { before: 0, after: 0 }, dmesg: [] };
}
