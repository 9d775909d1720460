/**
 * An exercise: what is done with a module while it is loaded, so that the C and the Rust one can be compared by what they do.
 *
 * The convention is a folder `exercise/`, in the module's folder or beside it:
 *   run.sh    runs in the guest under busybox's sh, in the folder that holds the exercise's files; its output and exit status are compared
 *   params    one line: the parameters the module is loaded with (optional)
 *   devices   names of devices the guest has, one a line (optional; see devices.ts)
 *   Makefile  its default target makes, in its own folder, what run.sh needs: static programs, for the guest has no C library (optional);
 *             SRC names the folder the exercise came from, since a copy is built
 * A single script is an exercise too.
 */
import { copyFile, lstat, mkdir, readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { type Device, devicesNamed } from "./devices.ts";
import { UserError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { copyUntrusted, isWithin } from "../../machine/untrusted-folder.ts";

export interface Exercise {
  /** What is put into the guest's folder for it: the name there, and the file here (absolute). */
  files: Record<string, string>;
  /** The command for the guest's `sh -c`, run in that folder. */
  command: string;
  /** The module's parameters, as insmod takes them. */
  params?: string;
  /** What the guest has; what the module drives when left out. */
  devices?: readonly Device[];
}

const SCRIPT = "run.sh";
const PARAMS = "params";
const DEVICES = "devices";
const MAKEFILES = ["GNUmakefile", "makefile", "Makefile"];
/** The guest's memory holds the files twice while it starts. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Each is opened and copied here, where nothing bounds what a makefile's `seq | xargs touch` has left: 300,000 took two minutes. */
const MOST_FILES = 1000;
/** Bytes of `params` and of `devices`, each handed on as words of one command. */
const LONGEST_SETTING = 4096;
const MAKE_TIMEOUT_MS = 5 * 60 * 1000;
const PLAIN_NAME = /^[A-Za-z0-9_][\w.+-]*$/;

/**
 * The exercise that belongs to the module in `moduleDir`, if it has one: `exercise/` in it, in one of the folders above it up to `top`
 * (what was asked to be checked), or beside that. Absolute.
 * @param bound a link may lead no further; nowhere when absent
 */
export async function findExercise(moduleDir: string, top = moduleDir, bound?: string): Promise<string | undefined> {
  const highest = path.dirname(path.resolve(top));
  for (let dir = path.resolve(moduleDir); ; dir = path.dirname(dir)) {
    const exercise = path.join(dir, "exercise");
    if ((await isFile(path.join(exercise, SCRIPT))) && (await isPlace(exercise, bound))) return exercise;
    if (dir === highest || dir === path.dirname(dir)) return undefined;
  }
}

/** Whether a folder is one, or a link that stays within the bound: the content of what it leads to is shown to whoever reads the report. */
async function isPlace(folder: string, bound: string | undefined): Promise<boolean> {
  if (!(await lstat(folder)).isSymbolicLink()) return true;
  return bound !== undefined && isWithin(await realpath(folder), bound);
}

/** Where the exercise's makefile works: the only folder it can change. Its name is none that an exercise's file may have. */
const BUILD = ".build";

/**
 * Make the exercise at `source` (a folder or a script) ready for the guest: copied to `outDir`, built there, listed.
 * The exercise is as much a stranger's as the module: its makefile runs in the sandbox, may change one folder in `outDir` only, and sees besides
 * its own folder those of `readable` (the module's folder, for a header the two share). Symbolic links are not followed, or one would carry a
 * file of this machine into the log; what was built is copied out of where it was.
 * @throws UserError when `source` is no exercise, its files have odd names, are too many or too large; StageError when its makefile fails.
 */
export async function loadExercise(
  source: string,
  outDir: string,
  options: { readable?: string[]; signal?: AbortSignal } = {},
): Promise<Exercise> {
  const from = path.resolve(source);
  const out = path.resolve(outDir);
  const kind = await stat(from).catch(() => undefined);
  if (!kind) throw new UserError(`${source}: there is no such exercise; give a script or a folder with a ${SCRIPT}`);
  await mkdir(out, { recursive: true });
  if (kind.isFile()) {
    const name = path.basename(from);
    checkName(name, source);
    await copyFile(from, path.join(out, name));
    return { files: await filesOf(out, source), command: `sh ./${name}` };
  }
  if (!(await isFile(path.join(from, SCRIPT))))
    throw new UserError(`${source}: not an exercise: it has no ${SCRIPT}, which is what runs in the guest`);
  const names = Object.keys(await filesOf(from, source));
  const build = path.join(out, BUILD);
  const given = MAKEFILES.some((m) => names.includes(m)) ? build : out;
  await mkdir(given, { recursive: true });
  for (const name of names) await copyUntrusted(from, name, path.join(given, name), MOST_BYTES);
  if (given === build) {
    const readable = [from, ...(options.readable ?? []).map((d) => path.resolve(d))];
    await run("make", [`SRC=${from}`], {
      cwd: build,
      timeout: MAKE_TIMEOUT_MS,
      sandbox: { writable: [build], readable, hidden: readable.map((d) => path.join(d, ".git")) },
      ...(options.signal && { signal: options.signal }),
    });
    for (const name of Object.keys(await filesOf(build, source)))
      await copyUntrusted(build, name, path.join(out, name), MOST_BYTES);
  }
  const files = await filesOf(out, source);
  const exercise: Exercise = { files, command: `sh ./${SCRIPT}` };
  const params = ((await settingOf(files, PARAMS, source)) ?? "").trim();
  if (/[^\x20-\x7e]/.test(params))
    throw new UserError(`${path.join(source, PARAMS)}: must be one line of plain text: the module's parameters`);
  if (params !== "") exercise.params = params;
  const devices = await settingOf(files, DEVICES, source);
  if (devices !== undefined) exercise.devices = devicesNamed(devices, path.join(source, DEVICES));
  return exercise;
}

async function settingOf(files: Exercise["files"], name: string, source: string): Promise<string | undefined> {
  const file = files[name];
  if (file === undefined) return undefined;
  if ((await stat(file)).size > LONGEST_SETTING)
    throw new UserError(`${path.join(source, name)}: is larger than ${LONGEST_SETTING} bytes`);
  return readFile(file, "utf8");
}

/** The regular files directly in `dir`, by name. `source` is how messages call it. */
async function filesOf(dir: string, source: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  let bytes = 0;
  const names = (await readdir(dir)).filter((name) => name !== BUILD);
  if (names.length > MOST_FILES)
    throw new UserError(`${source}: the exercise has ${names.length} files, and it may have at most ${MOST_FILES}`);
  for (const name of names.sort()) {
    const file = path.join(dir, name);
    const facts = await lstat(file);
    if (!facts.isFile() || name.startsWith(".")) continue;
    checkName(name, source);
    bytes += facts.size;
    if (bytes > MOST_BYTES)
      throw new UserError(
        `${source}: the exercise's files are larger than ${MOST_BYTES / 1024 / 1024} MiB together, which the guest does not hold`,
      );
    files[name] = file;
  }
  return files;
}

function checkName(name: string, source: string): void {
  if (!PLAIN_NAME.test(name))
    throw new UserError(
      `${source}: the file name ${JSON.stringify(name)} cannot be used in the guest; use letters, digits, "_", ".", "+" and "-"`,
    );
}

async function isFile(file: string): Promise<boolean> {
  return lstat(file).then(
    (s) => s.isFile(),
    () => false,
  );
}
