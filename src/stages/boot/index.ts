/** The boot stage: a module in, what happened to it in a fresh guest out. */
import os from "node:os";
import { cacheDir } from "../../machine/cache.ts";
import { EnvironmentError } from "../../machine/errors.ts";
import type { BootRun } from "../../report/schema.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { log } from "../../machine/log.ts";
import { type Dependency, resolveDependencies } from "./dependencies.ts";
import { type Device, devicesFor } from "./devices.ts";
import { type BootOptions, bootModuleFile } from "./guest-run.ts";
import { controlThatFails } from "./guard.ts";
import { type ModuleFile, readModuleFile } from "./module-file.ts";
import { moduleIndex } from "./module-index.ts";

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
  const asked = options.devices ?? (options.exercise === "none" ? [] : options.exercise?.devices);
  const run = await withDevices(subject, module, kernel, options, asked ?? devicesFor(module));
  if (run.status !== "harness-error" || asked !== undefined || run.devices === undefined) return run;
  // Nobody has asked for the device, and this QEMU may not have it.
  log.debug(`${module.name}: no run with ${run.devices.join(", ")} (${run.message}); once more without`);
  return withDevices(subject, module, kernel, options, []);
}

async function withDevices(
  subject: BootSubject,
  module: ModuleFile,
  kernel: Kernel,
  options: BootOptions,
  devices: readonly Device[],
): Promise<BootRun> {
  const once = (dependencies: readonly Dependency[], requests: readonly string[]): Promise<BootRun> =>
    guarded(module, dependencies, kernel, { ...options, devices, requests }).catch((e: NodeJS.ErrnoException) => {
      if (e.code === "ENOSPC")
        throw new EnvironmentError(`no space left for the guest's files in ${os.tmpdir()} or ${cacheDir()}`);
      throw e;
    });
  if (subject.dependencies !== undefined)
    return once(
      (await Promise.all(subject.dependencies.map(readModuleFile))).map((m) => ({ module: m, needed: true })),
      [],
    );
  const buses = [...new Set(devices.flatMap((d) => d.bus ?? []))];
  const run = await untilAnswered(subject, module, kernel, options.requests ?? [], buses, once);
  return devices.length === 0 ? run : { ...run, devices: devices.map((d) => d.name) };
}

/** Runs at the most, each with the modules that the one before has shown to be asked for. One that is loaded may ask for others. */
const MOST_RUNS = 5;

/** Boot again with what was asked for and could not be had, until nothing more of that is among the kernel's modules. */
async function untilAnswered(
  subject: BootSubject,
  module: ModuleFile,
  kernel: Kernel,
  known: readonly string[],
  buses: readonly string[],
  once: (dependencies: readonly Dependency[], requests: readonly string[]) => Promise<BootRun>,
): Promise<BootRun> {
  const index = await moduleIndex(kernel);
  const answers = new Map<string, string[]>();
  for (const name of known) answers.set(name, await index.answer(name));
  for (let turn = 1; ; turn++) {
    const answered = [...answers].filter(([, modules]) => modules.length > 0).map(([name]) => name);
    const run = await once(
      await resolveDependencies(subject.ko, module, kernel, subject.siblings, [...buses, ...answered]),
      answered,
    );
    const more: string[] = [];
    for (const { name } of run.requests ?? []) {
      if (answers.has(name)) continue;
      const modules = (await index.answer(name)).filter((m) => m !== module.name);
      answers.set(name, modules);
      if (modules.length > 0) more.push(name);
    }
    if (more.length === 0 || turn === MOST_RUNS)
      return answers.size === 0 ? run : { ...run, requests: [...answers].map(([name, loaded]) => ({ name, loaded })) };
    log.debug(`${module.name}: the kernel asks for ${more.join(", ")}: run again with what answers`);
  }
}

async function guarded(
  module: ModuleFile,
  dependencies: readonly Dependency[],
  kernel: Kernel,
  options: BootOptions,
): Promise<BootRun> {
  const failing = await controlThatFails(kernel, options.guards, options.signal);
  if (failing === undefined) return bootModuleFile(module, dependencies, kernel, options);
  return {
    status: "harness-error",
    message: `this guest cannot be believed: ${failing}`,
    loaded: false,
    unloaded: false,
    seconds: 0,
    taint: { before: 0, after: 0 },
    dmesg: [],
  };
}
