/** The stages in their order: a folder of C in, one report a module out. */
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import pLimit from "p-limit";
import { MODULE_TIME } from "../machine/bounds.ts";
import { scratchFolder } from "../machine/cache.ts";
import { within } from "../machine/deadline.ts";
import type { CheckRequest } from "./check-request.ts";
import { EnvironmentError, UserError } from "../machine/errors.ts";
import { requireSandbox } from "../machine/process.ts";
import { lookAhead } from "../machine/seen-files.ts";
import { usesKeptResults } from "../machine/result-store.ts";
import { resultsFolder } from "../machine/results-folder.ts";
import type { Report } from "../report/schema.ts";
import { ModuleCheck } from "./module-check.ts";
import { seenBesides } from "./seen-besides.ts";
import { failedCapture, toolVersions, writeResults } from "./results.ts";
import { StageFailed, StageRecorder } from "./stage-recorder.ts";
import type { Doctor } from "./work.ts";
import { capture, type Captured } from "../stages/capture/index.ts";
import { chooseC2rust, chooseRustc } from "../toolchain/choose.ts";
import { requireTools } from "../toolchain/discover.ts";
import { buildPlugin } from "../toolchain/facts-plugin.ts";
import { kbuildCommand } from "../toolchain/kbuild.ts";
import { prepareKernel } from "../toolchain/kernel-packages.ts";
import { findProvers } from "../toolchain/provers.ts";
import { lend } from "../toolchain/lent-programs.ts";

/**
 * Check every module a folder builds (or those named) against one kernel.
 * @param doctor makes mistakes, for the negative controls
 * @returns one report a module, written under `request.out` as well; also when a module fails
 * @throws UserError for bad input, EnvironmentError when a tool or kernel is missing
 */
export async function check(request: CheckRequest, doctor?: Doctor): Promise<Report[]> {
  if (usesKeptResults()) lookAhead("/usr");
  await requireSandbox();
  await resultsFolder(request.out);
  const found = await requireTools([
    "clang",
    "llvmConfig",
    "llvmReadelf",
    "bear",
    "make",
    "gcc",
    ...(request.rustc === undefined ? (["rustc"] as const) : []),
    ...(request.c2rust === undefined ? (["c2rust"] as const) : []),
    ...(request.boot ? (["qemu", "busybox"] as const) : []),
  ]);
  const tools = {
    ...found,
    rustc: request.rustc === undefined ? found.rustc : await chooseRustc(request.rustc),
    c2rust: request.c2rust === undefined ? found.c2rust : await chooseC2rust(request.c2rust),
  };
  const kernel = await prepareKernel(request.kernel);
  if (kernel.root !== undefined)
    await lend(kernel.root, [tools.clang.path, tools.llvmReadelf.path, tools.rustc.path], [tools.rustc.libraryDir]);
  const kbuild = await kbuildCommand(kernel);
  const plugin = await buildPlugin(tools);
  const provers = await findProvers(tools.rustc);
  if (typeof provers === "string" && request.requireProof !== undefined)
    throw new EnvironmentError(
      `whether ${request.requireProof} % of the functions are proved cannot be said: ${provers}`,
      "kport doctor --fix",
    );
  const [versions, around] = await Promise.all([
    toolVersions(tools),
    // A part of keys alone: some hundred thousand files are looked at for it.
    usesKeptResults() ? seenBesides(tools, kernel, plugin) : undefined,
  ]);
  await using scratch = await scratchFolder(path.join(tmpdir(), "kport-check-"));
  const work = {
    request,
    tools,
    plugin,
    provers,
    kernel,
    kbuild,
    versions,
    units: pLimit(cpus().length),
    workDir: scratch.dir,
    ...(around === undefined ? {} : { around }),
    ...(doctor ? { doctor } : {}),
  };

  const start = new StageRecorder((file) => file);
  let captured: Captured;
  try {
    captured = await start.stage("capture", async () => {
      const value = await capture({
        dir: request.dir,
        ...(request.root === undefined ? {} : { root: request.root }),
        kernel,
        workDir: scratch.dir,
        clang: tools.clang.path,
        kernelCompiler: kbuild.compiler,
        bear: tools.bear.path,
        jobs: cpus().length,
        plugin,
        ...(around === undefined ? {} : { around }),
        ...(request.make === undefined ? {} : { make: request.make }),
      });
      return {
        value,
        say: `${value.modules.map((m) => m.name).join(", ")} built as C by clang ${tools.clang.version} for ${kernel.release}`,
        ...(value.at === undefined ? {} : { reused: value.at }),
      };
    });
  } catch (error) {
    if (!(error instanceof StageFailed)) throw error;
    const report = await failedCapture(work, start);
    return [await writeResults(report, request.out)];
  }
  const chosen = choose(captured, request);
  return await inParallel(chosen, async (module) => {
    request.signal?.throwIfAborted();
    const out = chosen.length === 1 ? request.out : path.join(request.out, module.name);
    const run = new ModuleCheck(work, captured, module, path.join(scratch.dir, "modules", module.name), start.stages);
    const report = await within(MODULE_TIME, () => run.report());
    return writeResults(report, out, run.artefacts);
  });
}

/**
 * As many modules at once as there are processors; results in the modules' order. When one throws (a tool is missing: no module will
 * do), no other is begun, and those that run are waited for, because the scratch folder under them goes next.
 */
async function inParallel<T, R>(inputs: readonly T[], step: (input: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit({ concurrency: cpus().length, rejectOnClear: true });
  const results = await Promise.allSettled(
    inputs.map((input) =>
      limit(() =>
        step(input).catch((error: unknown) => {
          limit.clearQueue();
          throw error;
        }),
      ),
    ),
  );
  return results.map((r) => {
    if (r.status === "rejected") throw r.reason;
    return r.value;
  });
}

function choose(captured: Captured, request: CheckRequest): Captured["modules"] {
  const wanted = request.modules ?? [];
  if (wanted.length === 0) return captured.modules;
  return wanted.map((name) => {
    const found = captured.modules.find((m) => m.name === name.replace(/\.ko$/, ""));
    if (found === undefined)
      throw new UserError(
        `--module ${name}: ${request.dir} builds no such module, but ${captured.modules.map((m) => m.name).join(", ")}`,
      );
    return found;
  });
}
