/** What a program can see of this machine, as text for a key: files by their contents, or by all that changes when they do. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import { run } from "./process.ts";
import { isWithin } from "./untrusted-folder.ts";

/** One entry of a folder, as far as a build can tell; times are left out, a copy has its own. */
export interface SeenFile {
  /** Within the folder. */
  name: string;
  kind: "file" | "link" | "folder";
  /** A digest of a file's contents, where a link leads. */
  content: string;
  /** Permissions; 0 for links. */
  mode: number;
}

/** What is in a folder cannot be told in a list of files, or is too much for one. */
export class NoPlainFolder extends Error {
  override readonly name = "NoPlainFolder";
}

/**
 * All entries below a folder, in order.
 * @param most bytes of all files together
 * @throws NoPlainFolder where there is something else than files, links and folders, or too much of them
 */
export async function contentsOf(folder: string, most = Infinity): Promise<SeenFile[]> {
  const out: SeenFile[] = [];
  let bytes = 0;
  const add = async (file: string): Promise<void> => {
    const name = path.relative(folder, file);
    const facts = await lstat(file);
    const mode = facts.mode & 0o777;
    if (facts.isSymbolicLink()) out.push({ name, kind: "link", content: await readlink(file), mode: 0 });
    else if (facts.isDirectory()) {
      out.push({ name, kind: "folder", content: "", mode });
      await walk(file);
    } else if (facts.isFile()) {
      if ((bytes += facts.size) > most) throw new NoPlainFolder(`${folder} holds more than ${most} bytes`);
      out.push({ name, kind: "file", content: await digestOf(file, facts.size), mode });
    } else throw new NoPlainFolder(`${file} is no file, folder or link`);
  };
  const walk = async (dir: string): Promise<void> =>
    void (await Promise.all((await readdir(dir)).map((n) => add(path.join(dir, n)))));
  await walk(folder);
  return out.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const READ_AT_ONCE = 1024 * 1024;

async function digestOf(file: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  if (size < READ_AT_ONCE) hash.update(await readFile(file));
  else for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/**
 * A digest of everything about files and folders, and about all below them, that is another when one of them is changed, added, moved or
 * removed: names, devices, inodes, sizes, modes, owners, and the times of the last change, which no program can set. So it holds for this
 * machine alone, and an installed package that nobody uses changes it as well. One run looks once: what changes later has a later time.
 * @returns undefined where this machine's `find` cannot tell
 */
export async function stampOf(places: readonly string[]): Promise<string | undefined> {
  const real = await Promise.all(places.map((p) => realpath(p).catch(() => undefined)));
  const there = [...new Set(real.filter((p) => p !== undefined))].sort();
  const outer = there.filter((p) => !there.some((o) => o !== p && isWithin(p, o)));
  const stamps = await Promise.all(outer.map(stampBelow));
  if (stamps.length === 0 || stamps.includes(undefined)) return undefined;
  return createHash("sha256")
    .update(JSON.stringify([places, real, stamps]))
    .digest("hex");
}

/** Begin to look at a folder that will be asked about. */
export function lookAhead(folder: string): void {
  void realpath(folder)
    .then(stampBelow)
    .catch(() => undefined);
}

/** Look anew at what lies in a folder, as the next run does. */
export function lookAgain(folder: string): void {
  for (const known of seen.keys()) if (isWithin(known, folder)) seen.delete(known);
}

const seen = new Map<string, Promise<string | undefined>>();

function stampBelow(place: string): Promise<string | undefined> {
  const known = seen.get(place) ?? stamp(place);
  seen.set(place, known);
  return known;
}

/** A folder of this many folders or fewer is looked at by several finds at once, one for each: Debian's /usr has a dozen. */
const MOST_AT_ONCE = 32;

async function stamp(place: string): Promise<string | undefined> {
  const facts = await lstat(place, { bigint: true }).catch(() => undefined);
  if (facts?.isFile()) {
    const { dev, ino, size, mode, uid, gid, ctimeNs } = facts;
    return [dev, ino, size, mode, uid, gid, ctimeNs].join(" ");
  }
  const inside = await readdir(place, { withFileTypes: true }).catch(() => []);
  const folders = inside.flatMap((e) => (e.isDirectory() ? [path.join(place, e.name)] : [])).sort();
  if (folders.length < 2 || folders.length > MOST_AT_ONCE) return found(place);
  // What lies in the folder itself, where one that comes or goes meanwhile changes it, and below each folder in it.
  const parts = await Promise.all([found(place, "-maxdepth", "1"), ...folders.map((f) => found(f))]);
  return parts.includes(undefined) ? undefined : JSON.stringify(parts);
}

/** Twenty-seven million characters for Debian's /usr: they go past this process. Behind what `find` complains of stands how it ended. */
const STAMP = `{ find "$@" -printf '%p %D %i %s %m %U %G %C@ %l\\n'; echo "$?" >&2; } | sha256sum`;

async function found(...words: string[]): Promise<string | undefined> {
  const r = await run("sh", ["-c", STAMP, "sh", ...words], { timeout: 120_000, allowFailure: true });
  // What cannot be looked into here cannot be by a program of the same user's.
  const [status, ...said] = r.stderr.trimEnd().split("\n").reverse();
  const complaints = said.filter((l) => !l.endsWith("Permission denied"));
  const ended = status === "0" || (status === "1" && said.length > 0);
  return r.exitCode === 0 && ended && complaints.length === 0 ? r.stdout + said.join("\n") : undefined;
}
