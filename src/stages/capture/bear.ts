/** Runs a build under bear, which writes down the compiler's commands. */
import { lstat, mkdir, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { scratchFolder } from "../../machine/cache.ts";
import { EnvironmentError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import { run, type RunOptions, type RunResult } from "../../machine/process.ts";

/** How often a build is begun before bear is given up. */
const TRIES = 3;

/**
 * What bear's wrapper says when it cannot reach the bear that started it, which happens on a busy machine; the compiler is then not run at
 * all. It says so where the build prints, and a makefile can print it as well: the line is a reason to try again, and no proof.
 */
const BROKEN = /^wrapper: failed with: gRPC call failed.*$/m;

export interface Watched {
  /** The bear program. */
  bear: string;
  /** The name of the compiler to watch, as the build finds it on PATH. */
  compiler: string;
  /** Where the compile commands go. */
  database: string;
  /** The build's command. */
  words: readonly string[];
  options: RunOptions;
}

/**
 * Run a build and record each call of one compiler. bear wraps every tool it knows unless told otherwise, and gcc started through such a
 * wrapper looks for cc1 beside the wrapper: a folder of wrappers that holds just the one leaves host programs alone, and ar, ld and nm unslowed.
 * The wrapper mode: the preload mode slows kbuild's thousands of small processes down threefold.
 * @param wrappers a folder to be made, which the build can read and not write; of an earlier run under the same bear, or new
 * @param afresh removes what a build that broke off has left: bear sees only what is compiled
 * @throws EnvironmentError when bear loses its own wrappers again and again, in a build of ours too
 */
export async function runUnderBear(
  { bear, compiler, database, words, options }: Watched,
  wrappers: string,
  afresh: () => Promise<void>,
): Promise<RunResult> {
  await mkdir(wrappers, { recursive: true });
  const wrapper = path.join(wrappers, compiler);
  // There from the build before this one, of a folder that is tried in another way.
  if ((await lstat(wrapper).catch(() => undefined)) === undefined)
    await symlink(await wrapperOf(bear, options), wrapper);
  for (let tries = 1; ; tries++) {
    const result = await run(
      bear,
      ["--force-wrapper", "--wrapper-dir", wrappers, "--output", database, "--", ...words],
      { ...options, allowFailure: true },
    );
    const broken = BROKEN.exec(result.all)?.[0];
    // A makefile can print that line as well as bear: what it is given for that is no time.
    if (broken === undefined || result.bound !== undefined) return result;
    if (tries === TRIES && (await works(bear, compiler, wrappers, options))) return result;
    if (tries === TRIES)
      throw new EnvironmentError(
        `bear, which records the compiler's commands, lost the connection to its own wrapper in ${TRIES} builds (${broken.slice(0, 200)}): this machine is too busy, or has no loopback network`,
        "run it again when less is running",
      );
    log.debug(`bear broke, trying again: ${broken}`);
    await afresh();
  }
}

/** Compilers that are started to see whether bear reaches its wrappers, and how many at once: as a module's build does it. */
const [PROBES, PROBES_AT_ONCE] = [64, 4];

/** Whether bear records a build of ours, in which nobody else has a word, in the same sandbox but for what may be written. */
async function works(bear: string, compiler: string, wrappers: string, options: RunOptions): Promise<boolean> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-bear-"));
  const { sandbox, env, deadline } = options;
  const build = `seq ${PROBES} | xargs -P ${PROBES_AT_ONCE} -I N ${compiler} -x c -c /dev/null -o N.o`;
  const result = await run(
    bear,
    [
      "--force-wrapper",
      "--wrapper-dir",
      wrappers,
      "--output",
      path.join(scratch.dir, "database.json"),
      "--",
      "sh",
      "-c",
      build,
    ],
    {
      cwd: scratch.dir,
      timeout: PROBE_TIME,
      allowFailure: true,
      ...(env && { env }),
      ...(deadline && { deadline }),
      ...(sandbox && {
        sandbox: { ...sandbox, writable: [scratch.dir], readable: [...(sandbox.readable ?? []), ...sandbox.writable] },
      }),
    },
  );
  return result.exitCode === 0 && !BROKEN.test(result.all);
}
/** Milliseconds. */
const PROBE_TIME = 120_000;

/** The program that bear puts in place of compilers, as its help names it; bear 3.0 and 3.1. */
async function wrapperOf(bear: string, options: RunOptions): Promise<string> {
  const help = await run(bear, ["--help"], { ...options, allowFailure: true });
  const wrapper = /--wrapper <arg>\s+path to the wrapper executable \(default: (\S+)\)/.exec(help.all)?.[1];
  if (wrapper === undefined)
    throw new EnvironmentError(`${bear} has no wrapper mode that kport knows (bear 3.0 or 3.1 is needed)`);
  return wrapper;
}
