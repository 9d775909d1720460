/** Copies a module aside, so that nothing in the user's folder is built, cleaned or changed. */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";
import { UserError } from "../machine/errors.ts";

/** Bytes; a module's sources are far below it, a home folder is not. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface WorkingCopy {
  /** The copied folder that holds everything the module names. */
  root: string;
  /** The module's own folder in the copy. */
  dir: string;
  /** The folder `root` was copied from. */
  origin: string;
}

/**
 * Copy `dir`, and as many of the folders above it as its makefiles and includes reach with `../`.
 * @throws UserError when there is no such folder, or what is reached is too large to be a module's sources
 */
export async function copyAside(dir: string, to: string): Promise<WorkingCopy> {
  const top = path.resolve(dir);
  if (!(await stat(top).catch(() => undefined))?.isDirectory()) throw new UserError(`${dir} is not a folder: name the folder that holds the module's makefile`);
  const origin = await reached(top);
  let bytes = 0;
  const keep = async (source: string): Promise<boolean> => {
    const name = path.basename(source);
    if (source !== origin && (name === ".git" || name === "node_modules")) return false;
    // What an earlier build left: kbuild notes the command of each object it makes beside it.
    if (/^\..*\.cmd$/.test(name) || (name.endsWith(".o") && existsSync(path.join(path.dirname(source), `.${name}.cmd`)))) return false;
    const s = await stat(source).catch(() => undefined);
    if (s === undefined || s.isSocket() || s.isFIFO()) return false;
    bytes += s.isFile() ? s.size : 0;
    if (bytes > MOST_BYTES) throw new UserError(`${origin} holds more than ${MOST_BYTES / 1024 / 1024} MiB: the makefile of ${dir} reaches that far up with ../`);
    return true;
  };
  const root = path.join(to, path.basename(origin) || "module");
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await cp(origin, root, { recursive: true, filter: keep });
  return { root, dir: path.join(root, path.relative(origin, top)), origin };
}

/** The highest folder that a makefile or an include of the module names relative to itself. */
async function reached(top: string): Promise<string> {
  let highest = top;
  const files = await glob(["**/{Makefile,makefile,GNUmakefile,Kbuild,*.mk,*.mak}", "**/*.{c,h,S}"], { cwd: top, absolute: true, dot: true, ignore: ["**/.git/**", "**/node_modules/**"], followSymbolicLinks: false });
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    const pattern = /\.[chS]$/.test(file) ? /^\s*#\s*include\s+"((?:\.\.\/)+)/gm : /(?<![\w.$)])((?:\.\.\/)+|(?<=\/)(?:\.\.\/)+|\.\.(?=\s|$))/g;
    // Objects of a makefile are named relative to the module's folder as well as to the makefile's own.
    for (const m of text.matchAll(pattern)) {
      const target = path.resolve(path.dirname(file), m[1] ?? ".");
      if (isAbove(target, highest)) highest = target;
    }
  }
  return highest;
}

function isAbove(folder: string, below: string): boolean {
  const r = path.relative(folder, below);
  return r !== "" && !r.startsWith("..");
}

