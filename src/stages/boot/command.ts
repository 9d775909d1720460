/** `kport boot`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../errors.ts";
import { log } from "../../log.ts";
import type { BootRun, Finding } from "../../report/schema.ts";
import { resolveKernel } from "../../toolchain/kernels.ts";
import { accelerator } from "./accelerator.ts";
import { compareRuns, runFindings } from "./compare.ts";
import { loadExercise } from "./exercise.ts";
import { bootModule } from "./index.ts";
import { type ControlResult, selfTest } from "./self-test.ts";
import { taintLetters } from "./taint.ts";

export interface BootCommandOptions {
  /** The module; not with `selfTest`. */
  file?: string;
  /** A version prefix, a release or a build folder. */
  kernel?: string;
  /** The C module to compare it with. */
  reference?: string;
  /** A script, or a folder as exercise.ts describes it, run in the guest while the module is loaded. */
  exercise?: string;
  /** Where the result is written as JSON. */
  json?: string;
  selfTest?: boolean;
  signal?: AbortSignal;
}

/** Boot a module, and its reference, or the negative controls. Returns the exit status of the command-line contract. */
export async function bootCommand(options: BootCommandOptions): Promise<0 | 1> {
  const kernel = await resolveKernel(options.kernel);
  if (options.selfTest === true) return selfTestResult(await selfTest(kernel, { signal: options.signal, onResult: showControl }));
  if (options.file === undefined) throw new UserError("kport boot: name the module to boot (FILE.ko), or --self-test");
  await using scratch = await scratchFolder();
  const exercise = options.exercise === undefined ? undefined : await loadExercise(options.exercise, scratch.dir, { signal: options.signal });
  const boot = (file: string): Promise<BootRun> => bootModule({ ko: path.resolve(file) }, kernel, { exercise, signal: options.signal });
  const reference = options.reference === undefined ? undefined : await boot(options.reference);
  const run = await boot(options.file);
  const findings = reference === undefined ? runFindings(run) : compareRuns(reference, run);
  if (options.json !== undefined) await writeJson(options.json, { accelerator: await accelerator(), run, reference, findings });
  show(options.file, run);
  if (options.reference !== undefined && reference !== undefined) show(options.reference, reference);
  for (const f of findings) log.info(`  ${f.severity}: ${f.message}`);
  return findings.some((f: Finding) => f.severity === "error") ? 1 : 0;
}

function show(file: string, run: BootRun): void {
  const facts = [run.start ?? "cold", run.initRan === true ? "init ran" : "init did not run", `taint ${taintLetters(run.taint.after) || "none"}`];
  log.step(run.status === "ok" ? "ok" : "failed", run.status, `${path.basename(file)}${run.message === undefined ? "" : `: ${run.message}`} (${facts.join(", ")})`, run.seconds);
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`).catch((e: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot be written: ${e.message}`);
  });
}

function showControl(r: ControlResult): void {
  log.step(r.ok ? "ok" : "failed", r.got.status, `${r.name}: ${r.got.message ?? "loaded and unloaded"}${r.ok ? "" : `\n    expected: ${r.expected}`}`, r.got.seconds);
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
