/**
 * Builds the C module with clang under bear, in a copy: gives the compile commands, and the C `.ko` that everything later is held against.
 */
import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { StageError, UserError } from "../../machine/errors.ts";
import { deadlineIn } from "../../machine/deadline.ts";
import type { RunResult, Sandbox } from "../../machine/process.ts";
import { describeFailure } from "../../machine/tool-failure.ts";
import { log } from "../../machine/log.ts";
import { removeFolder } from "../../machine/remove-folder.ts";
import { contentsOf } from "../../machine/seen-files.ts";
import { filesOfUntrusted, requireNoLinkOut } from "../../machine/untrusted-folder.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { kernelSandbox } from "../../toolchain/kernel-sandbox.ts";
import { filesOfProgram } from "../../toolchain/program.ts";
import { offerOptions, STAND_IN_CALLS, writeStandIn } from "./compiler-stand-in.ts";
import { runUnderBear } from "./bear.ts";
import { type CapturedModule, describeModules, modulesAmong } from "./captured-modules.ts";
import { readDkms } from "./dkms-conf.ts";
import type { ObjectFolders } from "./clang-stand-in.ts";
import { BuildKeeper } from "./kept-build.ts";
import { KeptObjects } from "./kept-objects.ts";
import { forOtherKernel } from "./other-kernel.ts";
import { warningsIn } from "../build/index.ts";
import { copyAside, type WorkingCopy } from "./working-copy.ts";

/**
 * What clang only warns of here, since the stand-in takes `-Werror` away, and kernels have as an error: `proc_create()` of what are no
 * `proc_ops` builds, and faults.
 */
const WARNED_OF_TYPES = /\[-Wincompatible-pointer-types\]/;

/** In the module's folder; empty where it is not known. */
interface Place {
  file?: string;
  line?: number;
}

export interface Captured {
  copy: WorkingCopy;
  modules: CapturedModule[];
  /** Warnings of objtool, modpost and the compiler, one a line. */
  warnings: string[];
  /** For what looks at the module's sources later: as the sandbox it was built in, but nobody can change them any more. */
  sandbox: Sandbox;
  /** Tells this build from every other one, where it is kept. */
  id?: string;
  /** When it was built, where that was in an earlier run. */
  at?: Date;
}

export interface CaptureRequest {
  dir: string;
  /** The folder that the module may not reach out of; see `boundOf`. */
  root?: string;
  kernel: Kernel;
  /** Holds the copy and the stand-ins. The module's build can write in two folders of it that nothing of ours lies in. */
  workDir: string;
  clang: string;
  /** What kbuild compiles with when it is not told otherwise. */
  kernelCompiler: string;
  bear: string;
  /** The clang plugin that writes down the units' facts. */
  plugin?: string;
  /** Replaces the way the module is built: a shell command, run in its folder. */
  make?: string;
  /** How many compilations at once. */
  jobs: number;
  /** A digest of everything that the build's sandbox shows besides the working copy (surroundings.ts); the build is not kept without it. */
  around?: string;
}

/** Milliseconds for building a folder's C. */
const BUILD_TIME = 1_800_000;

/** The way to build that is a program of the module's. */
const DKMS = "dkms.conf";

/** Names that are told of what was not copied along. */
const MOST_TOLD = 8;

/**
 * @throws UserError when the folder holds nothing to build, StageError("capture") when its C does not build with clang
 */
export async function capture(rq: CaptureRequest): Promise<Captured> {
  const copied = path.join(rq.workDir, "c");
  const output = path.join(rq.workDir, "out");
  const afresh = async (): Promise<WorkingCopy> => {
    await removeFolder(output);
    await mkdir(output, { recursive: true });
    return copyAside(rq.dir, copied, rq.root);
  };
  const copy = await afresh();
  for (const why of copy.leftOut.slice(0, MOST_TOLD)) log.info(`  left out: ${why}`);
  const tools = path.join(rq.workDir, "bin");
  const objects = { kept: path.join(tools, "objects"), made: path.join(output, "objects"), workDir: rq.workDir };
  const cc = await writeStandIn(tools, {
    clang: rq.clang,
    kernelCompiler: rq.kernelCompiler,
    release: rq.kernel.release,
    prefix: copy.root,
    notes: output,
    ...(rq.plugin === undefined ? {} : { plugin: rq.plugin }),
    ...(rq.around === undefined ? {} : { objects }),
  });
  const sandbox = kernelSandbox(
    rq.kernel,
    [copy.root, output],
    [tools, ...filesOfProgram(rq.clang), ...(rq.plugin === undefined ? [] : [rq.plugin])],
  );
  const later = { ...sandbox, writable: [], readable: [...(sandbox.readable ?? []), copy.root] };
  const kernelFolders = [rq.kernel.buildDir, ...rq.kernel.readable];
  // A root has its own: bear starts parts of itself, which would have to be lent one by one.
  const bear = rq.kernel.root === undefined ? rq.bear : "bear";
  const attempts = await waysToBuild(rq, copy.dir, cc);
  const database = path.join(output, "compile_commands.json");
  const places = { root: copy.root, known: [...kernelFolders, tools], out: path.join(rq.workDir, "ko") };
  const finished = async (said: string): Promise<Captured | undefined> => {
    await requireNoLinkOut(copy.root, kernelFolders);
    const modules = modulesAmong(await filesOfUntrusted(copy.dir));
    return modules.length === 0
      ? undefined
      : { copy, sandbox: later, modules: await describeModules(modules, output, places), warnings: warningsIn(said) };
  };
  const keeper = await buildKeeper(rq, copy, attempts);
  const kept = await keeper?.putBack();
  if (kept !== undefined) {
    await writeFile(database, kept.build.database);
    const captured = await finished(kept.build.said);
    if (captured !== undefined) return { ...captured, id: kept.id, at: kept.at };
    await afresh();
  }
  await offerOptions(tools, rq.clang, rq.kernel, rq.kernelCompiler);
  const keptObjects = await objectKeeper(rq, copy, objects, [
    ...kernelFolders,
    tools,
    ...filesOfProgram(rq.clang),
    "/usr",
  ]);
  await keptObjects?.offer();
  // One for all the ways and tries: a makefile decides how many there are.
  const deadline = deadlineIn(BUILD_TIME);
  const failures: { how: string; result: RunResult; words: string[] }[] = [];
  /** Whether the kernel's own compiler refuses the C, and what it says. */
  const refusal = async (words: readonly string[]): Promise<{ message: string; place: Place } | undefined> => {
    await afresh();
    const other = await forOtherKernel(words, rq.kernel, copy.root, { ...inBuild(copy.dir, tools, sandbox), deadline });
    return (
      other && {
        message: other.message,
        place: {
          ...(other.file === undefined ? {} : { file: path.relative(copy.dir, other.file) }),
          ...(other.line === undefined ? {} : { line: other.line }),
        },
      }
    );
  };
  for (const { how, words } of attempts) {
    // bear sees only what is compiled: nothing may be left of an earlier attempt.
    if (failures.length > 0) await afresh();
    const build = (): Promise<RunResult> =>
      runUnderBear(
        {
          bear,
          compiler: STAND_IN_CALLS,
          database,
          words,
          options: { ...inBuild(copy.dir, tools, sandbox), deadline },
        },
        path.join(tools, "wrappers"),
        async () => void (await afresh()),
      );
    let result = await build();
    if (result.exitCode === 0 && WARNED_OF_TYPES.test(result.all)) {
      const refused = await refusal(words);
      if (refused) throw new StageError("capture", `${refused.message} (${how})`, refused.place);
      await afresh();
      result = await build();
    }
    const captured = result.exitCode === 0 ? await finished(result.all) : undefined;
    if (captured !== undefined) {
      const id = await keeper?.keep(database, result.all);
      if (how !== DKMS) await keptObjects?.keep();
      return { ...captured, ...(id === undefined ? {} : { id }) };
    }
    failures.push({ how, result, words });
    if (result.bound !== undefined) break;
  }
  const told =
    failures.find((f) => f.result.bound !== undefined) ??
    failures.find((f) => /\berror:/.test(f.result.all)) ??
    failures[0];
  if (told === undefined)
    throw new UserError(`${rq.dir} holds no Makefile or Kbuild: name the folder that builds the module`);
  if (told.result.exitCode === 0)
    throw new StageError("capture", `${told.how} succeeded but made no .ko in ${rq.dir}: does its makefile set obj-m?`);
  const lacking = copy.leftOut
    .slice(0, MOST_TOLD)
    .map((why) => `\n  left out: ${why}`)
    .join("");
  const refused = await refusal(told.words);
  throw new StageError(
    "capture",
    `${refused?.message ?? "the C module does not build with clang"} (${told.how})${lacking}\n${describeFailure(told.words[0] as string, told.words.slice(1), told.result)}`,
    refused?.place ?? firstError(told.result.all, copy),
  );
}

/** Finds or keeps this build; undefined where it cannot be told what the build can see. */
async function buildKeeper(
  rq: CaptureRequest,
  copy: WorkingCopy,
  ways: readonly { how: string; words: string[] }[],
): Promise<BuildKeeper | undefined> {
  if (rq.around === undefined) return undefined;
  // The stand-ins lie in this run's folder, and are made of what is in the key.
  const words = JSON.stringify(ways).replaceAll(rq.workDir, "");
  return BuildKeeper.of(copy.root, rq.workDir, [
    rq.around,
    words,
    path.relative(copy.root, copy.dir),
    rq.kernel.release,
    rq.kernel.buildDir,
    rq.kernelCompiler,
    rq.bear,
    rq.clang,
    rq.plugin ?? "",
  ]);
}

/** Finds or keeps this build's objects; undefined where that cannot be told, and where what builds may run what the module brings. */
async function objectKeeper(
  { around, make, kernel, clang, plugin = "" }: CaptureRequest,
  { root }: WorkingCopy,
  folders: ObjectFolders,
  fixed: readonly string[],
): Promise<KeptObjects | undefined> {
  if (around === undefined || make !== undefined) return undefined;
  const parts = [around, kernel.release, kernel.buildDir, clang, plugin];
  return KeptObjects.of({ root, folders, fixed, parts }, await contentsOf(root));
}

/** The place of a compiler's first error, as the module's folder names it; empty where it is not in the module's sources. */
function firstError(output: string, { root, dir }: WorkingCopy): Place {
  for (const m of output.matchAll(/^([^\s:]+):(\d+):\d+: (?:fatal )?error:/gm)) {
    const file = path.resolve(dir, m[1] as string);
    if (existsSync(file) && file.startsWith(`${root}${path.sep}`))
      return { file: path.relative(dir, file), line: Number(m[2]) };
  }
  return {};
}

function inBuild(cwd: string, tools: string, sandbox: Sandbox) {
  return { cwd, env: { PATH: `${tools}:${process.env["PATH"] ?? "/usr/bin:/bin"}` }, sandbox };
}

/** The user's own command, or in turn: the folder's makefile, kbuild itself, what dkms would do. */
async function waysToBuild(rq: CaptureRequest, dir: string, cc: string): Promise<{ how: string; words: string[] }[]> {
  const build = rq.kernel.buildDir;
  const common = [`CC=${cc}`, `-j${rq.jobs}`];
  if (rq.make !== undefined) return [{ how: rq.make, words: ["sh", "-c", `${rq.make} "$@"`, "sh", ...common] }];
  const has = async (name: string): Promise<boolean> =>
    stat(path.join(dir, name)).then(
      (s) => s.isFile(),
      () => false,
    );
  const makefile = (await has("Makefile")) || (await has("makefile")) || (await has("GNUmakefile"));
  const ways: { how: string; words: string[] }[] = [];
  // KERNELRELEASE stays out: most makefiles take it as the sign that kbuild is reading them.
  const names = [
    "KDIR",
    "KERNELDIR",
    "KERNEL_DIR",
    "KERNEL_SRC",
    "KERNEL_PATH",
    "KSRC",
    "KSRC_DIR",
    "KBUILD_DIR",
    "KERNEL_BUILD",
    "KERNEL_SOURCE",
    "KSOURCE",
    "KERNEL_SOURCES",
    "LINUX_DIR",
  ].map((n) => `${n}=${build}`);
  const versions = ["KVER", "KVERSION", "KERNEL_VERSION", "TARGET", "kernelver"].map(
    (n) => `${n}=${rq.kernel.release}`,
  );
  if (makefile) ways.push({ how: "the folder's own makefile", words: ["make", ...names, ...versions, ...common] });
  if (makefile || (await has("Kbuild")))
    ways.push({ how: "kbuild", words: ["make", "-C", build, `M=${dir}`, ...common, "modules"] });
  const dkms = await readDkms(dir, rq.kernel);
  if (dkms !== undefined) ways.push({ how: DKMS, words: ["sh", "-c", `${dkms} "$@"`, "sh", ...common] });
  return ways;
}
