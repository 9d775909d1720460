/**
 * Programs of this machine for a child that sees a newer root file system: the same clang and rustc for every kernel, whatever the root's
 * suite has. A program runs on the root's C library, since a newer glibc runs what an older one was linked for, and takes all its
 * other libraries along.
 */
import { existsSync } from "node:fs";
import { chmod, mkdir, realpath, rename, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../machine/process.ts";
import { LENDER } from "../machine/sandbox.ts";

/** Where a root keeps links to lent libraries. */
const LIBRARIES = "/usr/lib/kport-lent";

/** Libraries that are parts of glibc itself: they must match the dynamic linker, which is the root's. */
const GLIBC = /^(?:ld-linux-x86-64|libc|libm|libmvec|libdl|libpthread|librt|libutil|libresolv|libanl)\.so/;

/**
 * Make programs and folders of this machine known in a root under their own names; what the root has already stays. Those that do not
 * lie below /usr are left out: the sandbox shows them where they are.
 */
export async function lend(root: string, programs: readonly string[], folders: readonly string[]): Promise<void> {
  for (const file of programs) {
    const [own, libraries] = [await realpath(file), await librariesOf(file)];
    for (const library of libraries) await link(root, path.join(LIBRARIES, path.basename(library)), library);
    await put(root, file, async (beside) => {
      await writeFile(beside, `#!/bin/sh\nLD_LIBRARY_PATH=${LIBRARIES} exec '${LENDER}${own}' "$@"\n`);
      await chmod(beside, 0o755);
    });
  }
  for (const folder of folders) await link(root, folder, folder);
}

/** The libraries that a program is linked with, as this machine's dynamic linker finds them, without glibc's. Absolute. */
async function librariesOf(file: string): Promise<string[]> {
  const { stdout } = await run("ldd", [file], { allowFailure: true });
  return [...stdout.matchAll(/^\s*(\S+) => (\/\S+)/gm)].flatMap(([, name, found]) =>
    GLIBC.test(name as string) ? [] : [found as string],
  );
}

async function link(root: string, name: string, target: string): Promise<void> {
  const own = await realpath(target);
  await put(root, name, (beside) => symlink(path.join(LENDER, own), beside));
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
