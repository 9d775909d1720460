/** One module, already read, in one fresh guest: restored where one is saved, booted otherwise. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { EnvironmentError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import type { BootRun } from "../../report/schema.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { type Accelerator, accelerator, kvmFailed } from "./accelerator.ts";
import type { Control } from "./controls.ts";
import type { CpioEntry } from "./cpio.ts";
import type { Dependency } from "./dependencies.ts";
import { type Device, deviceArguments } from "./devices.ts";
import { type Executed, ExecutionTrace, type ReachedByCalls } from "./execution.ts";
import type { Exercise } from "./exercise.ts";
import { baseInitramfs, withPayload } from "./initramfs.ts";
import { Machine } from "./machine.ts";
import type { MachineShape } from "./machine-arguments.ts";
import type { ModuleFile } from "./module-file.ts";
import { type Start, SUBJECT, type Timeouts, dependencyPath } from "./run-plan.ts";
import { carryOut } from "./run.ts";
import { warmMachine } from "./saved-guest.ts";
import { bootTools } from "./tools.ts";
import { bootableImage } from "./vmlinux.ts";

export interface BootOptions {
  /** Left out: the default one, which reads all that the module shows to user space (guest/show.c). */
  exercise?: Exercise | "none";
  /** Milliseconds. */
  timeouts?: Partial<Timeouts>;
  signal?: AbortSignal;
  /** What the kernel is known to ask for; the modules that answer are among the dependencies. */
  requests?: readonly string[];
  /** What the guest has besides; those that the module drives when left out (devices.ts). */
  devices?: readonly Device[];
  /** How many times as long each phase may take. */
  patience?: number;
  /** How often the module is loaded and unloaded in all; 5 when left out. */
  loads?: number;
  /** `cold` boots the kernel even where a saved guest could be restored. */
  start?: "cold";
  /** Is told what of the module ran, where QEMU emulates the machine. Called once a run, so that the last call is of the run that counts. */
  onExecuted?: (executed: Executed, byCalls: ReachedByCalls) => void;
  /** Is told what the module offers to user space, once it is loaded. */
  onOffers?: (offers: readonly string[]) => void;
  /** Emulate the machine even where KVM works. */
  emulated?: boolean;
  /** The controls that have to be named rightly first (guard.ts); for tests. */
  guards?: readonly Control[];
}

/** Under TCG on a busy machine a boot that takes 4 s has been seen to take 20. */
const TIMEOUTS: Record<Accelerator, Timeouts> = {
  kvm: { boot: 30_000, load: 30_000, exercise: 60_000, unload: 30_000 },
  tcg: { boot: 120_000, load: 60_000, exercise: 180_000, unload: 60_000 },
};
const LOADS = 5;
/** MiB. Debian's kernels come up in 128 and leave 60 free; a module gets 128 more. */
const MEMORY = 256;
/** MiB. KASAN's shadow takes an eighth, its quarantine and its redzones more, and such kernels come with other debugging. */
const MEMORY_KASAN = 1024;

/** As `bootModule` (index.ts), unguarded: the controls themselves run so. */
export async function bootModuleFile(
  module: ModuleFile,
  dependencies: readonly Dependency[],
  kernel: Kernel,
  options: BootOptions = {},
): Promise<BootRun> {
  const payload = await payloadOf(module, dependencies, options);
  // A saved guest is that of one machine, and takes a hundred megabytes.
  const warm =
    options.start === "cold" || (options.devices?.length ?? 0) > 0
      ? undefined
      : await attempt("warm", module, dependencies, payload, kernel, options);
  if (warm !== undefined && warm.status !== "harness-error") return warm;
  if (warm !== undefined) log.debug(`the restored guest did not work (${warm.message}); booting instead`);
  const cold = await attempt("cold", module, dependencies, payload, kernel, options);
  if (cold === undefined) throw new Error("a cold start always gives a run");
  if (cold.status !== "harness-error" || options.emulated === true || (await accelerator()) !== "kvm") return cold;
  await kvmFailed(cold.message ?? "");
  return (await attempt("cold", module, dependencies, payload, kernel, options)) ?? cold;
}

/** One run in one guest; undefined when there is no saved guest to restore. */
async function attempt(
  kind: "cold" | "warm",
  module: ModuleFile,
  dependencies: readonly Dependency[],
  payload: readonly CpioEntry[],
  kernel: Kernel,
  options: BootOptions,
): Promise<BootRun | undefined> {
  options.signal?.throwIfAborted();
  const shape = {
    ...(await machineShape(kernel, options.emulated)),
    ...((options.devices?.length ?? 0) > 0 ? { devices: deviceArguments(options.devices ?? []) } : {}),
  };
  const timeouts = longer({ ...TIMEOUTS[shape.accelerator], ...options.timeouts }, options.patience ?? 1);
  await using trace =
    options.onExecuted === undefined || shape.accelerator === "kvm" ? undefined : await ExecutionTrace.open();
  const started =
    kind === "cold"
      ? await coldMachine(shape, payload, trace)
      : await warmMachine(shape, payload, timeouts.boot, trace);
  if (started === undefined) return undefined;
  await using machine = started.machine;
  const plan = {
    module,
    dependencies,
    exercise:
      options.exercise === undefined
        ? ("default" as const)
        : options.exercise === "none"
          ? ("none" as const)
          : ("own" as const),
    loads: options.loads ?? LOADS,
    timeouts,
    kernel,
    ...(options.onOffers ? { onOffers: options.onOffers } : {}),
  };
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(options.signal?.reason);
  options.signal?.addEventListener("abort", abort, { once: true });
  try {
    const run = { ...(await Promise.race([carryOut(plan, machine, started.start), aborted])), start: kind };
    if (trace !== undefined) options.onExecuted?.(trace.executed, trace.byCalls);
    return run;
  } finally {
    options.signal?.removeEventListener("abort", abort);
  }
}

function longer(timeouts: Timeouts, times: number): Timeouts {
  return {
    boot: timeouts.boot,
    load: times * timeouts.load,
    exercise: times * timeouts.exercise,
    unload: times * timeouts.unload,
  };
}

async function coldMachine(
  shape: MachineShape,
  payload: readonly CpioEntry[],
  trace?: ExecutionTrace,
): Promise<{ machine: Machine; start: Start }> {
  await using initramfs = await withPayload(shape.initramfs, payload);
  const machine = await Machine.cold(shape, initramfs, trace);
  return { machine, start: { awake: (timeout) => machine.channel.waitReady(timeout), handIn: async () => undefined } };
}

/** The machine that `kernel` is booted in here. */
export async function machineShape(kernel: Kernel, emulated = false): Promise<MachineShape> {
  if (kernel.image === undefined)
    throw new EnvironmentError(
      `kernel ${kernel.release} has headers here but no image to boot`,
      `kport doctor --fix --kernel ${kernel.release}`,
    );
  const [tools, image, accel] = await Promise.all([
    bootTools(),
    bootableImage(kernel.image),
    emulated ? ("tcg" as const) : accelerator(),
  ]);
  const config = await readFile(path.join(kernel.buildDir, ".config"), "utf8").catch(() => "");
  const initramfs = await baseInitramfs(tools.busybox.path, tools.gcc.path);
  return {
    qemu: tools.qemu.path,
    accelerator: accel,
    image,
    initramfs: initramfs.file,
    memory: /^CONFIG_KASAN=y$/m.test(config) ? MEMORY_KASAN : MEMORY,
  };
}

async function payloadOf(
  module: ModuleFile,
  dependencies: readonly Dependency[],
  options: BootOptions,
): Promise<CpioEntry[]> {
  const entries: CpioEntry[] = [];
  const file = (guestPath: string, data: Uint8Array, mode = 0o644): void =>
    void entries.push({ kind: "file", name: guestPath.replace(/^\//, ""), mode, data });
  file(SUBJECT, module.bytes);
  dependencies.forEach((d, i) => file(dependencyPath(i), d.module.bytes));
  // What modprobe says yes to (guest/modprobe.c): it has been loaded.
  if (options.requests !== undefined)
    file("/modprobe.known", Buffer.from(options.requests.map((name) => `${name}\n`).join("")));
  const { exercise } = options;
  if (exercise === undefined || exercise === "none") return entries;
  file("/exercise.command", Buffer.from(exercise.command));
  if (exercise.params !== undefined) file(`${SUBJECT}.params`, Buffer.from(exercise.params));
  for (const [name, host] of Object.entries(exercise.files))
    file(`/exercise/${name}`, await readFile(host), (await stat(host)).mode & 0o777);
  return entries;
}
