/**
 * Stages' results, kept under a key of everything that determines them. An entry is one file: a digest, when it was made, the value. It is
 * renamed into its place when it is whole and its digest is looked at when it is read, so that a killed run, two runs at once or a damaged
 * disk cost a computation and nothing else. Only this process writes here: no sandbox has the cache folder among what it may write.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { cacheDir, cached, contentKey, known, scratchFolder } from "./cache.ts";
import { log } from "./log.ts";
import { readRegular } from "./untrusted-folder.ts";

/** A result as it is kept. */
export interface Kept<T> {
  value: T;
  at: Date;
  /** Tells this result from another one of the same key: a build that reads the clock does not make the same twice. */
  id: string;
}

/** Bytes of all entries together; those that were used the longest ago go first. */
const MOST_BYTES = Number(process.env["KPORT_RESULTS_BYTES"] || 1024 ** 3);
/** Bytes of one entry, packed and as it is. */
const MOST_OF_ONE = MOST_BYTES / 8;
export const LARGEST_RESULT = 512 * 1024 * 1024;

const DIGEST_BYTES = 32;

/** Beside the cache folder, which the Actions cache carries from machine to machine: keys of results hold for one machine. */
export function resultsFolder(): string {
  return `${cacheDir()}-results`;
}

/** `--no-cache`: no result of an earlier run is used, and none is kept for a later one. Tools are no results: they stay where they are. */
export function useKeptResults(use: boolean): void {
  used = use;
}
let used = true;

/** Whether results are used and kept at all. */
export function usesKeptResults(): boolean {
  return used;
}

/** As `cached`, for results: without the cache they are this process's alone. */
export async function cachedResult(
  kind: string,
  key: string,
  produce: (dir: string) => Promise<void>,
): Promise<{ dir: string; hit: boolean }> {
  return cached(kind, key, produce, await folderOfResults());
}

/** The folder that an earlier `cachedResult` has made; undefined where there is none. */
export async function knownResult(kind: string, key: string): Promise<string | undefined> {
  return known(kind, key, await folderOfResults());
}

async function folderOfResults(): Promise<string> {
  if (used) return cacheDir();
  // Gone with the process.
  ownResults ??= scratchFolder(path.join(os.tmpdir(), "kport-results-"));
  return (await ownResults).dir;
}
let ownResults: ReturnType<typeof scratchFolder> | undefined;

interface Entry {
  at: Date;
  /** The folder that the result names itself by, in texts and in files. */
  workDir: string;
  value: unknown;
}

/**
 * What is kept under a key; undefined where there is nothing, or nothing whole.
 * @param key of `contentKey`
 * @param workDir the folder that is named now where the result named the one it was made in; of the same length, or nothing is found
 */
export async function keptResult<T>(kind: string, key: string, workDir: string): Promise<Kept<T> | undefined> {
  if (!used || !(await isOurs(resultsFolder()))) return undefined;
  const file = placeOf(kind, key, workDir);
  const bytes = await readRegular(file, MOST_OF_ONE + DIGEST_BYTES).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const packed = bytes.subarray(DIGEST_BYTES);
  const digest = createHash("sha256").update(packed).digest();
  try {
    if (packed.length === 0 || !digest.equals(bytes.subarray(0, DIGEST_BYTES))) throw new Error("another digest");
    const body = zstdDecompressSync(packed, { maxOutputLength: 2 * LARGEST_RESULT });
    const made = (deserialize(body) as Entry).workDir;
    if (made !== workDir) replaceBytes(body, made, workDir);
    const { at, value } = deserialize(body) as Entry;
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    return { at, value: value as T, id: digest.toString("hex") };
  } catch {
    log.warn(`what was kept of an earlier run is damaged, and computed anew: ${file}`);
    await rm(file, { force: true });
    return undefined;
  }
}

/** Whether there is something under a key, be it whole or not. */
export async function isKeptResult(kind: string, key: string, workDir: string): Promise<boolean> {
  return used && (await stat(placeOf(kind, key, workDir)).catch(() => undefined)) !== undefined;
}

/**
 * Whether nobody else can have put anything into a folder of results: what is kept there is believed. Where the cache folder is named below
 * one that all may write in, such as /tmp, another user may have made it first.
 */
async function isOurs(folder: string): Promise<boolean> {
  const facts = await stat(folder).catch(() => undefined);
  if (facts === undefined) return true;
  const ours = facts.uid === process.getuid?.() && (facts.mode & 0o002) === 0;
  if (!ours && !told.has(folder))
    log.warn(`${folder} is another user's, or others may write in it: nothing that is kept there is used`);
  told.add(folder);
  return ours;
}
const told = new Set<string>();

/** Keep a result, in place of one of the same key. @returns its id */
export async function keepResult(kind: string, key: string, workDir: string, value: unknown): Promise<string> {
  const body = serialize({ at: new Date(), workDir, value } satisfies Entry);
  const packed = zstdCompressSync(body);
  const digest = createHash("sha256").update(packed).digest();
  if (used && packed.length <= MOST_OF_ONE && body.length <= LARGEST_RESULT) {
    // A full disk, or a folder that is not ours to write in, costs the next run its time.
    await write(placeOf(kind, key, workDir), [digest, packed]).catch((error: unknown) =>
      log.debug(`a result is not kept: ${String(error)}`),
    );
  }
  return digest.toString("hex");
}

async function write(file: string, parts: readonly Buffer[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  if (!(await isOurs(path.dirname(file)))) return;
  await using scratch = await scratchFolder(path.join(path.dirname(file), ".making-"));
  const whole = path.join(scratch.dir, "entry");
  await writeFile(whole, Buffer.concat(parts));
  await rename(whole, file);
  await makeRoom(parts.reduce((n, p) => n + p.length, 0));
}

function placeOf(kind: string, key: string, workDir: string): string {
  // V8 says in what it writes which version of its format that is, and reads no newer one.
  return path.join(resultsFolder(), contentKey([kind, key, String(Buffer.byteLength(workDir)), process.versions.v8]));
}

/** Write one text over each place of another, in both of the ways that V8 writes texts. */
export function replaceBytes(bytes: Buffer, from: string, to: string): void {
  for (const encoding of ["utf8", "utf16le"] as const) {
    const [old, now] = [Buffer.from(from, encoding), Buffer.from(to, encoding)];
    if (old.length !== now.length) throw new RangeError(`${from} and ${to} are not of one length`);
    for (let at = bytes.indexOf(old); at >= 0; at = bytes.indexOf(old, at + now.length)) now.copy(bytes, at);
  }
}

/** Bytes that were kept since there was last made room; before the first time nobody has looked. */
let since = Infinity;

/** An hour: no run writes one entry for so long. */
const HALF_MADE_MS = 3_600_000;

/** Remove the entries that were used the longest ago, where there is too much, and what killed runs left. What another run has removed is gone already. */
async function makeRoom(added: number): Promise<void> {
  since += added;
  if (since < MOST_OF_ONE) return;
  since = 0;
  const found = await Promise.all(
    (await readdir(resultsFolder())).map(async (name) => ({
      name,
      file: path.join(resultsFolder(), name),
      facts: await stat(path.join(resultsFolder(), name)).catch(() => undefined),
    })),
  );
  const there = found
    .flatMap(({ name, file, facts }) =>
      facts === undefined ? [] : [{ name, file, size: facts.size, used: facts.mtimeMs }],
    )
    .sort((a, b) => b.used - a.used);
  let sum = 0;
  for (const { name, file, size, used } of there) {
    const halfMade = name.startsWith(".");
    if (halfMade ? Date.now() - used > HALF_MADE_MS : (sum += size) > MOST_BYTES)
      await rm(file, { recursive: true, force: true });
  }
}
