/**
 * Programs of this machine for a child that sees another root file system: the same clang and rustc for every kernel, whatever the
 * root's suite has. Only the program and its libraries are this machine's, so a newer or older C library in the root is none of its business.
 */
import { existsSync } from "node:fs";
import { chmod, mkdir, realpath, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { LENDER, run, shellQuote } from "../process.ts";
import { throughLoader } from "./suite-root.ts";

/** What a build runs: programs, and folders they read; absolute. What is not below /usr is left out: `Sandbox.readable` shows it as it is. */
export interface Lent {
  /** A program, with words it needs because it cannot find them out when the dynamic linker is what was started. */
  programs: readonly { file: string; args?: readonly string[] }[];
  folders: readonly string[];
}

/** clang looks for its own headers from where it was started. */
export async function lentClang(file: string): Promise<Lent["programs"][number]> {
  const { stdout } = await run(file, ["-print-resource-dir"]);
  return { file, args: [`-resource-dir=${path.join(LENDER, await realpath(stdout.trim()))}`] };
}

/** Make programs and folders of this machine known in a root under their own names; what the root has already stays. */
export async function lend(root: string, lent: Lent): Promise<void> {
  for (const { file, args = [] } of lent.programs) {
    const [linker, words] = throughLoader(LENDER, await realpath(file));
    await put(root, file, async (beside) => {
      await writeFile(beside, `#!/bin/sh\nexec ${shellQuote([linker, ...words, ...args])} "$@"\n`);
      await chmod(beside, 0o755);
    });
  }
  for (const folder of lent.folders) await put(root, folder, async (beside) => symlink(path.join(LENDER, await realpath(folder)), beside));
}

async function put(root: string, name: string, make: (beside: string) => Promise<void>): Promise<void> {
  const place = path.join(root, name);
  if (!name.startsWith("/usr/") || existsSync(place)) return;
  await mkdir(path.dirname(place), { recursive: true });
  // Two checks may do this at once.
  const beside = `${place}.${process.pid}`;
  await make(beside);
  await rename(beside, place);
}
