/** Copies a module aside, so that nothing in the user's folder is built, cleaned or changed. */
import { constants, existsSync } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readlink, realpath, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../machine/errors.ts";
import { removeFolder } from "../../machine/remove-folder.ts";
import { isWithin } from "../../machine/untrusted-folder.ts";
import { plainName } from "./plain-names.ts";
import { boundOf, isNoSource, MOST_FILES, reachOf, tooMany } from "./reach.ts";

/** Bytes; a module's sources are far below it, a home folder is not. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface WorkingCopy {
  /** The copied folder that holds everything the module names. */
  root: string;
  /** The module's own folder in the copy. */
  dir: string;
  /** The folder `root` was copied from, without links. */
  origin: string;
  /** Nothing outside of it was looked at. */
  bound: string;
  /** What the module has or names and the copy has not, and why: a line each. */
  leftOut: string[];
}

/**
 * Copy `dir`, and as many of the folders above it as its makefiles and includes reach with `../`. A link that leads within them stays a
 * link; what one elsewhere leads to is copied in its place. Names that kbuild cannot build under are others in the copy.
 * @param bound nothing outside of it is read; see `boundOf`
 * @throws UserError when there is no such folder, or what is reached is too large to be a module's sources
 */
export async function copyAside(dir: string, to: string, bound?: string): Promise<WorkingCopy> {
  const top = await realpath(dir).catch(() => undefined);
  if (top === undefined || !(await stat(top)).isDirectory())
    throw new UserError(`${dir} is not a folder: name the folder that holds the module's makefile`);
  const within = await boundOf(top, bound);
  const { origin, beyond } = await reachOf(top, within);
  const root = path.join(to, plainName(path.basename(origin)));
  await removeFolder(to);
  await mkdir(to, { recursive: true });
  const copying = new Copying(top, origin, within, await realpath(to));
  await copying.folder(origin, root, [{ from: origin, to: root }]);
  return {
    root,
    dir: copying.place(top, { from: origin, to: root }),
    origin,
    bound: within,
    leftOut: [
      ...copying.leftOut,
      ...new Set(beyond.map((b) => `${b}, which leads out of ${within} (--root DIR allows more)`)),
    ],
  };
}

/** A folder and where its content goes. */
interface Mount {
  from: string;
  to: string;
}

class Copying {
  readonly leftOut: string[] = [];
  /** Folders on the way to the module's whose names kbuild cannot build under, and what they are called in the copy. */
  private readonly renamed = new Map<string, string>();
  private bytes = 0;
  private files = 0;
  private readonly top: string;
  private readonly origin: string;
  private readonly bound: string;
  /** Where the copy goes, which may be below what is copied. */
  private readonly to: string;
  constructor(top: string, origin: string, bound: string, to: string) {
    this.top = top;
    this.origin = origin;
    this.bound = bound;
    this.to = to;
    for (let at = top; at !== origin; at = path.dirname(at)) {
      let name = plainName(path.basename(at));
      while (name !== path.basename(at) && existsSync(path.join(path.dirname(at), name))) name += "_";
      this.renamed.set(at, name);
    }
  }

  /** Where a file or folder of `mount` lies in the copy. */
  place(real: string, mount: Mount): string {
    if (real === mount.from) return mount.to;
    return path.join(this.place(path.dirname(real), mount), this.renamed.get(real) ?? path.basename(real));
  }

  /** @param mounts the origin, and the folders that links led to on the way here */
  async folder(from: string, to: string, mounts: readonly Mount[]): Promise<void> {
    await mkdir(to);
    for (const entry of await readdir(from, { withFileTypes: true })) {
      const source = path.join(from, entry.name);
      if (isNoSource(entry.name) || source === this.to || (await isLeftover(source))) continue;
      // Not UTF-8: there is no other name for it here.
      if (entry.name.includes("\ufffd")) continue;
      if (++this.files > MOST_FILES) throw tooMany(this.origin);
      const target = path.join(to, this.renamed.get(source) ?? entry.name);
      if (entry.isDirectory()) await this.folder(source, target, mounts);
      else if (entry.isFile()) await this.file(source, target);
      else if (entry.isSymbolicLink()) await this.link(source, target, mounts);
    }
  }

  private async file(source: string, target: string): Promise<void> {
    this.bytes += (await lstat(source)).size;
    if (this.bytes > MOST_BYTES)
      throw new UserError(
        `${this.origin} holds more than ${MOST_BYTES / 1024 / 1024} MiB: the makefiles of ${this.top} reach that far up with ../`,
      );
    await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }

  private async link(source: string, target: string, mounts: readonly Mount[]): Promise<void> {
    const leave = (why: string): void =>
      void this.leftOut.push(`${path.relative(this.top, source)} is a symbolic link that leads ${why}`);
    const text = await readlink(source);
    const real = await realpath(source).catch((e: NodeJS.ErrnoException) => {
      if (e.code === "ELOOP") leave("to itself");
      return undefined;
    });
    if (real === undefined) {
      // What the build makes may be there later.
      const named = path.resolve(path.dirname(source), text);
      const mount = mounts.findLast((m) => isWithin(named, m.from));
      if (mount !== undefined && !path.isAbsolute(text))
        await symlink(path.relative(path.dirname(target), this.place(named, mount)), target);
      else leave(`nowhere: ${text}`);
      return;
    }
    const mount = mounts.findLast((m) => isWithin(real, m.from));
    if (mount !== undefined)
      return symlink(path.relative(path.dirname(target), this.place(real, mount)) || ".", target);
    if (!isWithin(real, this.bound)) return leave(`out of ${this.bound}: ${text} (--root DIR allows more)`);
    if (path.relative(this.bound, real).split(path.sep).some(isNoSource)) return leave(`to what is no source: ${text}`);
    if (mounts.some((m) => isWithin(m.from, real))) return leave(`to a folder that holds it: ${text}`);
    const facts = await stat(real);
    if (facts.isDirectory()) await this.folder(real, target, [...mounts, { from: real, to: target }]);
    else if (facts.isFile()) await this.file(real, target);
  }
}

/** What an earlier build left: kbuild notes the command of each object it makes beside it. */
async function isLeftover(file: string): Promise<boolean> {
  const name = path.basename(file);
  return /^\..*\.cmd$/.test(name) || (name.endsWith(".o") && existsSync(path.join(path.dirname(file), `.${name}.cmd`)));
}
