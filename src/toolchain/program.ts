/** Programs as files: where one is, what version it says it is, how it is linked. */
import { access, constants, open } from "node:fs/promises";
import path from "node:path";
import { run } from "../machine/process.ts";

/** The first of some folders that holds an executable called `command`. */
export async function which(command: string, folders: readonly string[]): Promise<string | undefined> {
  for (const dir of folders) {
    const file = path.join(dir, command);
    if (await access(file, constants.X_OK).then(() => true, () => false)) return file;
  }
  return undefined;
}

/** What a program says its version is; undefined when it says none, or cannot be run here. */
export async function versionOf(file: string, args: readonly string[], pattern: RegExp): Promise<string | undefined> {
  const r = await run(file, args, { allowFailure: true, timeout: 20_000 }).catch(() => undefined);
  return pattern.exec(r?.all ?? "")?.[1];
}

/** Whether a program needs more than itself to start: it is no 64-bit ELF file (a script), or has a PT_INTERP header, which names a dynamic linker (elf(5)). */
export async function needsDynamicLinker(file: string): Promise<boolean> {
  await using handle = await open(file);
  const header = Buffer.alloc(4096);
  await handle.read(header, 0, header.length, 0);
  if (header.toString("latin1", 0, 5) !== "\x7fELF\x02") return true;
  const [at, size, count] = [Number(header.readBigUInt64LE(32)), header.readUInt16LE(54), header.readUInt16LE(56)];
  const PT_INTERP = 3;
  for (let i = 0; i < count && at + i * size + 4 <= header.length; i++) if (header.readUInt32LE(at + i * size) === PT_INTERP) return true;
  return false;
}

/**
 * What a program outside of /usr needs to be seen in the sandbox: itself, and its prefix's libraries and headers (clang's lie in ../lib).
 * Never a folder that just happens to hold it: a clang in somebody's ~/bin has their home above it.
 */
export function filesOfProgram(file: string): string[] {
  return file.startsWith("/usr/") ? [] : [file, path.join(path.dirname(path.dirname(file)), "lib")];
}
