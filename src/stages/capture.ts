/**
 * Builds the C module with clang under bear, in a copy: gives the compile commands, and the C `.ko` that everything later is held against.
 */
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";
import type { CompileCommand } from "../c/compile-command.ts";
import { StageError, UserError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { describeFailure, type RunResult, type Sandbox } from "../machine/process.ts";
import type { Kernel } from "../toolchain/kernel.ts";
import { kernelSandbox } from "../toolchain/kernel-sandbox.ts";
import { factsBeside, STAND_IN_CALLS, writeStandIn } from "./compiler-stand-in.ts";
import { runUnderBear } from "./bear.ts";
import { readDkms } from "./dkms-conf.ts";
import { warningsIn } from "./build.ts";
import { copyAside, type WorkingCopy } from "./working-copy.ts";

export interface CapturedModule {
  name: string;
  /** The C module, built with clang. */
  ko: string;
  /** In link order: what becomes Rust, and what stays an object of its own. */
  objects: ({ kind: "c"; command: CompileCommand; /** The file of what clang knows of the unit (src/facts); absent where it was not written. */ facts?: string } | { kind: "asm"; file: string; object: string; flags: string[] } | { kind: "prebuilt"; object: string })[];
}

export interface Captured {
  copy: WorkingCopy;
  modules: CapturedModule[];
  /** Warnings of objtool, modpost and the compiler, one a line. */
  warnings: string[];
  /** The sandbox the module was built in, for what looks at its sources later. */
  sandbox: Sandbox | undefined;
}

export interface CaptureRequest {
  dir: string;
  kernel: Kernel;
  /** Holds the copy and the stand-ins. */
  workDir: string;
  clang: string;
  /** What kbuild compiles with when it is not told otherwise. */
  kernelCompiler: string;
  bear: string;
  /** The clang plugin that writes down the units' facts. */
  plugin?: string;
  /** Replaces the way the module is built: a shell command, run in its folder. */
  make?: string;
  sandboxed: boolean;
  /** How many compilations at once. */
  jobs: number;
}

/**
 * @throws UserError when the folder holds nothing to build, StageError("capture") when its C does not build with clang
 */
export async function capture(rq: CaptureRequest): Promise<Captured> {
  const copy = await copyAside(rq.dir, path.join(rq.workDir, "c"));
  const tools = path.join(rq.workDir, "bin");
  const cc = await writeStandIn(tools, rq.clang, rq.kernelCompiler, rq.kernel.release, copy.root, rq.plugin);
  const sandbox = rq.sandboxed ? kernelSandbox(rq.kernel, [rq.workDir], [path.dirname(path.dirname(rq.clang)), ...(rq.plugin === undefined ? [] : [path.dirname(rq.plugin)])]) : undefined;
  // A root has its own: bear starts parts of itself, which would have to be lent one by one.
  const bear = rq.kernel.root === undefined ? rq.bear : "bear";
  const attempts = await waysToBuild(rq, copy.dir, cc);
  const failures: { how: string; result: RunResult; words: string[] }[] = [];
  for (const { how, words } of attempts) {
    const database = path.join(rq.workDir, "compile_commands.json");
    const afresh = async (): Promise<void> => void (await copyAside(rq.dir, path.join(rq.workDir, "c")));
    // bear sees only what is compiled: nothing may be left of an earlier attempt.
    if (failures.length > 0) await afresh();
    const result = await runUnderBear({ bear, compiler: STAND_IN_CALLS, database, words, options: { ...inBuild(copy.dir, tools, sandbox), timeout: 1_800_000 } }, path.join(tools, "wrappers"), afresh);
    const modules = await modulesOf(copy.dir);
    if (result.exitCode === 0 && modules.length > 0) return { copy, sandbox, modules: await describe(modules, database), warnings: warningsIn(result.all) };
    failures.push({ how, result, words });
  }
  const told = failures.find((f) => /\berror:/.test(f.result.all)) ?? failures[0];
  if (told === undefined) throw new UserError(`${rq.dir} holds no Makefile or Kbuild: name the folder that builds the module`);
  if (told.result.exitCode === 0) throw new StageError("capture", `${told.how} succeeded but made no .ko in ${rq.dir}: does its makefile set obj-m?`);
  throw new StageError("capture", `the C module does not build with clang (${told.how})\n${describeFailure(told.words[0] as string, told.words.slice(1), told.result)}`, firstError(told.result.all, copy));
}

/** The place of a compiler's first error, as the module's folder names it; empty where it is not in the module's sources. */
function firstError(output: string, { root, dir }: WorkingCopy): { file?: string; line?: number } {
  for (const m of output.matchAll(/^([^\s:]+):(\d+):\d+: (?:fatal )?error:/gm)) {
    const file = path.resolve(dir, m[1] as string);
    if (existsSync(file) && file.startsWith(`${root}${path.sep}`)) return { file: path.relative(dir, file), line: Number(m[2]) };
  }
  return {};
}

function inBuild(cwd: string, tools: string, sandbox: Sandbox | undefined) {
  return { cwd, env: { PATH: `${tools}:${process.env["PATH"] ?? "/usr/bin:/bin"}` }, ...(sandbox ? { sandbox } : {}) };
}

/** The user's own command, or in turn: the folder's makefile, kbuild itself, what dkms would do. */
async function waysToBuild(rq: CaptureRequest, dir: string, cc: string): Promise<{ how: string; words: string[] }[]> {
  const build = rq.kernel.buildDir;
  const common = [`CC=${cc}`, `-j${rq.jobs}`];
  if (rq.make !== undefined) return [{ how: rq.make, words: ["sh", "-c", `${rq.make} "$@"`, "sh", ...common] }];
  const has = async (name: string): Promise<boolean> => stat(path.join(dir, name)).then((s) => s.isFile(), () => false);
  const makefile = (await has("Makefile")) || (await has("makefile")) || (await has("GNUmakefile"));
  const ways: { how: string; words: string[] }[] = [];
  // KERNELRELEASE stays out: most makefiles take it as the sign that kbuild is reading them.
  const names = ["KDIR", "KERNELDIR", "KERNEL_DIR", "KERNEL_SRC", "KERNEL_PATH", "KSRC", "KSRC_DIR", "KBUILD_DIR", "KERNEL_BUILD", "KERNEL_SOURCE", "KSOURCE", "KERNEL_SOURCES", "LINUX_DIR"].map((n) => `${n}=${build}`);
  const versions = ["KVER", "KVERSION", "KERNEL_VERSION", "TARGET", "kernelver"].map((n) => `${n}=${rq.kernel.release}`);
  if (makefile) ways.push({ how: "the folder's own makefile", words: ["make", ...names, ...versions, ...common] });
  if (makefile || (await has("Kbuild"))) ways.push({ how: "kbuild", words: ["make", "-C", build, `M=${dir}`, ...common, "modules"] });
  const dkms = await readDkms(dir, rq.kernel);
  if (dkms !== undefined) ways.push({ how: "dkms.conf", words: ["sh", "-c", `${dkms} "$@"`, "sh", ...common] });
  return ways;
}

/** Every module that was built below a folder: a `.ko`, and the list of its objects that kbuild leaves beside it, from where some makefiles move it away. */
async function modulesOf(dir: string): Promise<{ ko: string; list: string }[]> {
  const kos = await glob("**/*.ko", { cwd: dir, absolute: true, dot: true });
  const found: { ko: string; list: string }[] = [];
  for (const ko of kos.sort()) {
    const beside = ko.replace(/\.ko$/, ".mod");
    const list = (await stat(beside).then(() => true, () => false)) ? [beside] : await glob(`**/${path.basename(beside)}`, { cwd: dir, absolute: true, dot: true });
    if (list.length === 1) found.push({ ko, list: list[0] as string });
  }
  return found;
}

async function describe(modules: { ko: string; list: string }[], database: string): Promise<CapturedModule[]> {
  const entries = JSON.parse(await readFile(database, "utf8")) as { file: string; directory: string; arguments: string[]; output?: string }[];
  const commands = new Map<string, CompileCommand>();
  for (const e of entries) {
    if (e.output === undefined) continue;
    const output = path.resolve(e.directory, e.output);
    commands.set(output, { file: path.resolve(e.directory, e.file), directory: e.directory, arguments: e.arguments, output });
  }
  const out: CapturedModule[] = [];
  for (const { ko, list } of modules) {
    const objects: CapturedModule["objects"] = [];
    // kbuild up to 6.0 writes the objects on one line; paths are relative to the folder kbuild ran in.
    for (const word of (await readFile(list, "utf8")).split(/\s+/).filter((w) => w.endsWith(".o"))) {
      const candidates = [path.resolve(path.dirname(ko), word), path.resolve(path.dirname(ko), path.basename(word)), ...[...commands.keys()].filter((k) => k.endsWith(`/${path.normalize(word)}`))];
      const object = candidates.find((c) => commands.has(c)) ?? candidates[0] as string;
      const command = commands.get(object);
      if (command?.file.endsWith(".c")) objects.push({ kind: "c", command, ...factsOf(command) });
      else if (command?.file.endsWith(".S")) objects.push({ kind: "asm", file: command.file, object, flags: command.arguments });
      else objects.push({ kind: "prebuilt", object });
    }
    if (!objects.some((o) => o.kind === "c")) throw new StageError("capture", `${path.basename(ko)} was built, but no compile command of its C units was seen: were they compiled by another compiler than CC?`);
    const name = path.basename(ko, ".ko");
    out.push({ name, ko, objects });
  }
  return out;
}


function factsOf(command: CompileCommand): { facts?: string } {
  const facts = factsBeside(command.output);
  if (existsSync(facts)) return { facts };
  log.debug(`no facts of ${command.file}: clang ran without the plugin, or the plugin failed`);
  return {};
}
