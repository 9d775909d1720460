/** Which kernels have a header, and whose headers say a name: what C for another kernel is told by. */
import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import type { Kernel } from "../../toolchain/kernel.ts";

const HEADER_FOLDERS = [
  "include",
  "include/uapi",
  "arch/x86/include",
  "arch/x86/include/uapi",
  "arch/x86/include/generated",
  "include/generated",
];

export function hasHeader(kernel: Kernel, header: string): boolean {
  return (
    path.normalize(header) === header &&
    !header.startsWith("..") &&
    headerFolders(kernel).some((f) => existsSync(path.join(f, header)))
  );
}

/** Whether kernels have headers in the folder that an include names: `linux/…`, `net/…`. One without a folder may be anybody's. */
export function isKernelFolder(kernel: Kernel, header: string): boolean {
  const [top, ...rest] = header.split("/");
  return (
    rest.length > 0 &&
    top !== undefined &&
    top !== "." &&
    top !== ".." &&
    headerFolders(kernel).some((f) => existsSync(path.join(f, top)))
  );
}

/** Whether a kernel's headers have the word `name`, wherever. Reads them all, which takes a second or two. */
export async function headersSay(kernel: Kernel, name: string): Promise<boolean> {
  const word = new RegExp(`(?<![\\w$])${name}(?![\\w$])`);
  const seen = new Set<string>();
  for (const folder of headerFolders(kernel)) {
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || [...seen].some((s) => real.startsWith(`${s}${path.sep}`) || real === s)) continue;
    seen.add(real);
    for (const entry of await readdir(real, { recursive: true, withFileTypes: true })) {
      if (
        entry.isFile() &&
        entry.name.endsWith(".h") &&
        word.test(await readFile(path.join(entry.parentPath, entry.name), "latin1"))
      )
        return true;
    }
  }
  return false;
}

function headerFolders(kernel: Kernel): string[] {
  return [kernel.buildDir, ...kernel.readable]
    .flatMap((dir) => HEADER_FOLDERS.map((f) => path.join(dir, f)))
    .filter((f) => existsSync(f));
}
