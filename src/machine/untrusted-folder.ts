/**
 * The one door between a folder that a stranger's process could write in and what this machine does with its files. A name there is
 * only a wish: it may be a link to any file of this machine, a pipe that is never written to, or a file without end. So what is used is a
 * regular file of bounded size that really lies in the folder, looked at once it is open; and what is copied out becomes a new file.
 */
import { closeSync, constants, type Dirent, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { type FileHandle, open, readdir, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import { StageError } from "./errors.ts";

/** Bytes: a module with its debug information; the guest's memory and the tools bound it further. */
export const LARGEST_OBJECT = 512 * 1024 * 1024;
/** Bytes: what is read whole as text, a unit of C and a list of symbols among it. */
export const LARGEST_TEXT = 64 * 1024 * 1024;
/** Entries of a folder; a build of the kernel's largest driver leaves some ten thousand. */
const MOST_ENTRIES = 500_000;
/** Folders in one another; a path of some thousand would be one that the system does not take. */
const DEEPEST = 100;

const LEADS_OUT = "is a symbolic link that leads out of the module's folders";

/** Whether `file` is `folder` or lies in it, by its name alone. */
export function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`);
}

/**
 * Read a file of an untrusted folder.
 * @param most bytes
 * @throws StageError where it is no regular file of at most that size in `folder`
 */
export async function readUntrusted(folder: string, file: string, most = LARGEST_TEXT): Promise<Buffer> {
  const { handle, size } = await openUntrusted(folder, file, most);
  try {
    return await readWhole(handle, size);
  } finally {
    await handle.close();
  }
}

/**
 * Copy a file out of an untrusted folder. Of its mode only the right to execute comes along.
 * @param to must not be there
 * @throws StageError as `readUntrusted` does
 */
export async function copyUntrusted(folder: string, file: string, to: string, most = LARGEST_OBJECT): Promise<void> {
  const { handle, size, executable } = await openUntrusted(folder, file, most);
  try {
    const target = await open(
      to,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      executable ? 0o755 : 0o644,
    );
    try {
      await copyBytes(handle, target, size);
    } finally {
      await target.close();
    }
  } finally {
    await handle.close();
  }
}

/** All regular files below an untrusted folder, as absolute names, in order. Links are not followed. @throws StageError where there are too many */
export async function filesOfUntrusted(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).flatMap((e) => (e.isFile() ? [path.join(e.parentPath, e.name)] : [])).sort();
}

/**
 * Make sure that no link below a folder really leads out of it: from then on, and as long as nobody writes there, a name in it is a file in it.
 * @param also further folders that a link may lead to, which hold nothing but what is public
 * @throws StageError that names the link
 */
export async function requireNoLinkOut(folder: string, also: readonly string[] = []): Promise<void> {
  const inside = await Promise.all([folder, ...also].map((d) => realpath(d).catch(() => d)));
  for (const e of await entriesOf(folder)) {
    if (!e.isSymbolicLink()) continue;
    const link = path.join(e.parentPath, e.name);
    // One that leads nowhere is refused when it is used.
    const real = await realpath(link).catch(() => undefined);
    if (real !== undefined && !inside.some((d) => isWithin(real, d))) throw refused(folder, link, LEADS_OUT);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const found: Dirent[] = [];
  const walk = async (dir: string, depth: number): Promise<void> => {
    if (depth > DEEPEST) throw refused(folder, folder, `holds folders within folders, more than ${DEEPEST} of them`);
    for (const entry of await readdir(dir, { withFileTypes: true })) {
      if (found.push(entry) > MOST_ENTRIES) throw refused(folder, folder, `holds more than ${MOST_ENTRIES} files`);
      if (entry.isDirectory()) await walk(path.join(dir, entry.name), depth + 1);
    }
  };
  await walk(folder, 0);
  return found;
}

/** A regular file, wherever it lies: no pipe, no device, not without end. For what is in a folder that was looked through and that nobody changes any more. */
export async function readRegular(file: string, most = LARGEST_TEXT): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await readWhole(handle, await regularSize(handle, path.dirname(file), file, most));
  } finally {
    await handle.close();
  }
}

/**
 * The bytes of a file that a stranger names by its whole path; undefined where that leads out of some folders, or to what is no regular file.
 * @param folders what may be read: the module's own, and what is public
 */
export function readNamed(file: string, folders: readonly string[], most = LARGEST_TEXT): Buffer | undefined {
  if (!path.isAbsolute(file)) return undefined;
  let handle: number | undefined;
  try {
    const real = realpathSync(file);
    if (!folders.some((d) => isWithin(real, realpathSync(d)))) return undefined;
    // Not blocking: a pipe would wait for its writer.
    handle = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const facts = fstatSync(handle);
    return facts.isFile() && facts.size <= most ? readFileSync(handle) : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

async function openUntrusted(
  folder: string,
  file: string,
  most: number,
): Promise<{ handle: FileHandle; size: number; executable: boolean }> {
  const root = await realpath(folder);
  const real = await realpath(path.resolve(folder, file)).catch(() => undefined);
  if (real === undefined) throw refused(folder, file, "is not there");
  if (!isWithin(real, root)) throw refused(folder, file, LEADS_OUT);
  // Not blocking: a pipe would wait for its writer.
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (e: NodeJS.ErrnoException) => {
      throw refused(folder, file, e.code === "ELOOP" ? "is a symbolic link" : `cannot be read (${e.code})`);
    },
  );
  try {
    const size = await regularSize(handle, folder, file, most);
    // What was opened, not what had the name a moment before.
    if ((await readlink(`/proc/self/fd/${handle.fd}`)) !== real)
      throw refused(folder, file, "changed while it was looked at");
    return { handle, size, executable: ((await handle.stat()).mode & 0o111) !== 0 };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function regularSize(handle: FileHandle, folder: string, file: string, most: number): Promise<number> {
  const facts = await handle.stat();
  if (!facts.isFile()) throw refused(folder, file, "is no regular file");
  if (facts.size > most) throw refused(folder, file, `has ${facts.size} bytes, and it may have ${most}`);
  return facts.size;
}

/** As much as the file had when it was opened: one that grows is not read on. */
async function readWhole(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

const CHUNK = 1024 * 1024;

async function copyBytes(from: FileHandle, to: FileHandle, size: number): Promise<void> {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, size)));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await from.read(chunk, 0, Math.min(chunk.length, size - at), at);
    if (bytesRead === 0) return;
    await to.writeFile(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function refused(folder: string, file: string, why: string): StageError {
  return new StageError(
    "untrusted-file",
    `${JSON.stringify(path.relative(folder, path.resolve(folder, file)) || path.basename(folder))} ${why}: kport takes only regular files out of a folder that the module's build writes in`,
  );
}
