/** `kport boot`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import type { BootRun } from "../../report/schema.ts";
import { prepareKernel } from "../../toolchain/kernel-packages.ts";
import { resolveKernel } from "../../toolchain/kernels.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { accelerator } from "../../stages/boot/accelerator.ts";
import { settleChance } from "../../stages/boot/chance.ts";
import { runFindings } from "../../stages/boot/run-findings.ts";
import { exerciseOwners } from "../../stages/boot/exercise-owners.ts";
import { loadExercise } from "../../stages/boot/exercise.ts";
import { bootModule } from "../../stages/boot/index.ts";
import { readModuleFile } from "../../stages/boot/module-file.ts";
import { type ControlResult, selfTest } from "../../stages/boot/self-test.ts";
import { taintLetters } from "../../stages/boot/taint.ts";
import { fuzzWords } from "../../report/fuzz.ts";
import { fuzzBoth } from "./boot-fuzz.ts";

export interface BootCommandOptions {
  /** The module; not with `selfTest`. */
  file?: string;
  /** A version prefix, a release or a build folder. */
  kernel?: string;
  /** The C module to compare it with. */
  reference?: string;
  /** A script, or a folder as exercise.ts describes it, run in the guest while the module is loaded. */
  exercise?: string;
  /** Seconds; with `reference`. */
  fuzz?: number;
  seed?: number;
  /** Where the result is written as JSON. */
  json?: string;
  selfTest?: boolean;
  signal?: AbortSignal;
}

/**
 * Boot a module, and its reference, or the negative controls. Returns the exit status of the command-line contract: 1 when something
 * is wrong with the module (or a control was named wrongly), 3 when the check itself could not be carried out.
 */
export async function bootCommand(options: BootCommandOptions): Promise<0 | 1 | 3> {
  if (options.selfTest === true) {
    const kernel = await describedKernel(await prepareKernel(options.kernel));
    return selfTestResult(await selfTest(kernel, { signal: options.signal, onResult: showControl }));
  }
  const { file, reference } = options;
  if (file === undefined) throw new UserError("kport boot: name the module to boot (FILE.ko), or --self-test");
  if (options.fuzz !== undefined && reference === undefined)
    throw new UserError("kport boot --fuzz: name the C module to compare with (--reference C.ko)");
  // Bad input is told before anything is booted.
  for (const f of reference === undefined ? [file] : [file, reference]) await readModuleFile(f);
  await using scratch = await scratchFolder();
  const exercise =
    options.exercise === undefined
      ? undefined
      : await loadExercise(options.exercise, scratch.dir, {
          readable: await readableFor(options.exercise),
          signal: options.signal,
        });
  const kernel = await describedKernel(await resolveKernel(options.kernel));
  const boot = (ko: string): Promise<BootRun> =>
    bootModule({ ko: path.resolve(ko) }, kernel, { exercise, signal: options.signal });
  const referenceRun = reference === undefined ? undefined : await boot(reference);
  const run = await boot(file);
  const findings =
    reference === undefined || referenceRun === undefined
      ? runFindings(run)
      : await settleChance(referenceRun, run, referenceRun, () => boot(reference));
  const fuzzed =
    options.fuzz === undefined || reference === undefined || run.status !== "ok" || referenceRun?.status !== "ok"
      ? undefined
      : await fuzzBoth(
          { c: reference, rust: file },
          kernel,
          { ...options, exercise, seconds: options.fuzz },
          scratch.dir,
        );
  findings.push(...(fuzzed?.findings ?? []));
  if (options.json !== undefined)
    await writeJson(options.json, {
      accelerator: await accelerator(),
      run,
      reference: referenceRun,
      findings,
      ...(fuzzed === undefined ? {} : { fuzz: fuzzed.report }),
    });
  if (reference !== undefined && referenceRun !== undefined) show(reference, referenceRun);
  show(file, run);
  if (fuzzed !== undefined) log.info(`  ${fuzzWords(fuzzed.report)}`);
  for (const f of findings) log.info(`  ${f.severity}: ${f.message}`);
  if (run.status === "harness-error" || referenceRun?.status === "harness-error") return 3;
  return findings.some((f) => f.severity === "error") ? 1 : 0;
}

/** The folders of the modules that the exercise belongs to; loadExercise says it where there is no such exercise. */
async function readableFor(exercise: string): Promise<string[]> {
  return exerciseOwners(exercise).catch(() => []);
}

async function describedKernel(kernel: Kernel): Promise<Kernel> {
  log.info(
    `kernel ${kernel.release}, ${(await accelerator()) === "kvm" ? "KVM" : "QEMU's emulation (TCG), since KVM is not there or does not work"}`,
  );
  return kernel;
}

function show(file: string, run: BootRun): void {
  const facts = [
    run.start ?? "cold",
    run.initRan === true ? "init ran" : "init did not run",
    `taint ${taintLetters(run.taint.after) || "none"}`,
  ];
  log.step(
    run.status === "ok" ? "ok" : "failed",
    run.status,
    `${path.basename(file)}${run.message === undefined ? "" : `: ${run.message}`} (${facts.join(", ")})`,
    run.seconds,
  );
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`).catch((e: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot be written: ${e.message}`);
  });
}

function showControl(r: ControlResult): void {
  log.step(
    r.ok ? "ok" : "failed",
    r.got.status,
    `${r.name}: ${r.got.message ?? "loaded and unloaded"}${r.ok ? "" : `\n    expected: ${r.expected}`}`,
    r.got.seconds,
  );
}

function selfTestResult(results: readonly ControlResult[]): 0 | 1 {
  const right = results.filter((r) => r.ok).length;
  log.info(`${right} of ${results.length} controls were named rightly`);
  return right === results.length ? 0 : 1;
}

/** A folder for a built exercise, gone when the command is done. */
async function scratchFolder(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-exercise-"));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
