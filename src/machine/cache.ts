/** The only place that stores: a content-addressed cache in the user's cache folder. */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { cp, lstat, mkdir, mkdtemp, rename, rm, utimes } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { removeFolder } from "./remove-folder.ts";

/** `KPORT_CACHE_DIR`, else `$XDG_CACHE_HOME/kport`, else `~/.cache/kport`. */
export function cacheDir(): string {
  const named = process.env["KPORT_CACHE_DIR"];
  if (named) return path.resolve(named);
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache"), "kport");
}

/** A key over everything a result depends on: values are told apart by length, so ["ab","c"] is not ["a","bc"]. */
export function contentKey(parts: readonly (string | Uint8Array)[]): string {
  const h = createHash("sha256");
  for (const p of parts) {
    h.update(`${p.length}:`);
    h.update(p);
  }
  return h.digest("hex").slice(0, 40);
}

/**
 * The folder `<cache>/<kind>/<key>`, made by `produce` the first time. `produce` writes into a folder beside it that is renamed
 * when it is whole, so a killed run leaves nothing half made and two runs at once do no harm.
 */
export async function cached(
  kind: string,
  key: string,
  produce: (dir: string) => Promise<void>,
  cache = cacheDir(),
): Promise<{ dir: string; hit: boolean }> {
  const there = await known(kind, key, cache);
  if (there !== undefined) return { dir: there, hit: true };
  const parent = path.join(cache, kind);
  const dir = path.join(parent, key);
  await using beside = await scratchFolder(path.join(parent, ".making-"));
  await produce(beside.dir);
  await rename(beside.dir, dir).catch(async (e: NodeJS.ErrnoException) => {
    if (e.code !== "ENOTEMPTY" && e.code !== "EEXIST") throw e;
  });
  return { dir, hit: false };
}

/** The folder `<cache>/<kind>/<key>` where it is there, which counts as its use. */
export async function known(kind: string, key: string, cache: string): Promise<string | undefined> {
  const dir = path.join(cache, kind, key);
  if (!(await exists(dir))) return undefined;
  const now = new Date();
  await utimes(dir, now, now).catch(() => undefined);
  return dir;
}

/**
 * A new folder whose path begins with `prefix`, gone when it is disposed of, and also when the process exits before that
 * (a door that catches SIGINT and calls `process.exit` leaves none behind). What is renamed out of it stays.
 */
export async function scratchFolder(prefix: string): Promise<{ readonly dir: string } & AsyncDisposable> {
  // Several may be asked for before the first is there.
  if (!process.listeners("exit").includes(removeScratch)) process.once("exit", removeScratch);
  await mkdir(path.dirname(prefix), { recursive: true });
  const dir = await mkdtemp(prefix);
  scratch.add(dir);
  return {
    dir,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await removeFolder(dir);
      scratch.delete(dir);
      if (scratch.size === 0) process.off("exit", removeScratch);
    },
  };
}
const scratch = new Set<string>();

function removeScratch(): void {
  for (const dir of scratch) {
    try {
      // A child that was told to end may still be writing.
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    } catch {
      // A stranger's build has nested it too deep for one path (remove-folder.ts): what is left is this machine's to remove.
    }
  }
}

/** Put `dir` in place of `target` whole: copied beside it, then renamed, so that a killed run leaves the old or the new, never a mix. */
export async function replaceFolder(dir: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const beside = await mkdtemp(`${target}.new-`);
  await cp(dir, beside, { recursive: true });
  const old = `${target}.old-${process.pid}`;
  if (await exists(target)) await rename(target, old);
  await rename(beside, target);
  await rm(old, { recursive: true, force: true });
}

/** Also a link that leads nowhere. */
async function exists(p: string): Promise<boolean> {
  return lstat(p).then(
    () => true,
    () => false,
  );
}
