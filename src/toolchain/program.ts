/** Programs as files: where one is, what version it says it is, how it is linked. */
import { access, constants, open, readFile, realpath, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../machine/cache.ts";
import { resultsFolder } from "../machine/result-store.ts";
import { run } from "../machine/process.ts";

/** The first of some folders that holds an executable called `command`. */
export async function which(command: string, folders: readonly string[]): Promise<string | undefined> {
  for (const dir of folders) {
    const file = path.join(dir, command);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}

/** What a program says its version is; undefined when it says none, or cannot be run here. */
export async function versionOf(file: string, args: readonly string[], pattern: RegExp): Promise<string | undefined> {
  return pattern.exec((await answerOf(file, args)) ?? "")?.[1];
}

/**
 * What a program prints when it is asked something about itself; undefined when it fails. Asked once, as long as the file is the same: a
 * program that stands for another one, a script or rustup's proxy, is asked each time.
 */
export async function answerOf(file: string, args: readonly string[]): Promise<string | undefined> {
  const ask = async (): Promise<string | undefined> => {
    const r = await run(file, args, { allowFailure: true, timeout: 20_000 }).catch(() => undefined);
    return r?.exitCode === undefined ? undefined : r.all;
  };
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined || !(await isItself(real))) return ask();
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(real, { bigint: true });
  let said: string | undefined;
  const kept = await cached(
    "answers",
    contentKey([file, real, ...[dev, ino, size, mtimeNs, ctimeNs].map(String), ...args]),
    async (dir) => {
      said = await ask();
      if (said === undefined) throw new NoAnswer();
      await writeFile(path.join(dir, "said"), said);
    },
    resultsFolder(),
  ).catch((error: unknown) => {
    if (!(error instanceof NoAnswer)) throw error;
  });
  return kept === undefined ? undefined : (said ?? readFile(path.join(kept.dir, "said"), "utf8"));
}

class NoAnswer extends Error {}

/** A program's own file: binary, by one name only, and not rustup, which is all the programs of a toolchain. */
async function isItself(real: string): Promise<boolean> {
  await using handle = await open(real).catch(() => undefined);
  if (handle === undefined || path.basename(real) === "rustup") return false;
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.toString("latin1") === "\x7fELF" && (await handle.stat()).nlink === 1;
}

/** Whether a program needs more than itself to start: it is no 64-bit ELF file (a script), or has a PT_INTERP header, which names a dynamic linker (elf(5)). */
export async function needsDynamicLinker(file: string): Promise<boolean> {
  await using handle = await open(file);
  const header = Buffer.alloc(4096);
  await handle.read(header, 0, header.length, 0);
  if (header.toString("latin1", 0, 5) !== "\x7fELF\x02") return true;
  const [at, size, count] = [Number(header.readBigUInt64LE(32)), header.readUInt16LE(54), header.readUInt16LE(56)];
  const PT_INTERP = 3;
  for (let i = 0; i < count && at + i * size + 4 <= header.length; i++)
    if (header.readUInt32LE(at + i * size) === PT_INTERP) return true;
  return false;
}

/**
 * What a program outside of /usr needs to be seen in the sandbox: itself, and its prefix's libraries and headers (clang's lie in ../lib).
 * Never a folder that just happens to hold it: a clang in somebody's ~/bin has their home above it.
 */
export function filesOfProgram(file: string): string[] {
  return file.startsWith("/usr/") ? [] : [file, path.join(path.dirname(path.dirname(file)), "lib")];
}
