/** A hash of the files a module is made of: what says that it did not change. */
import { createHash } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";
import { cacheDir, scratchFolder } from "../machine/cache.ts";
import { copyAside } from "../stages/capture/working-copy.ts";

/** What a build of the module would see: its folder, and what its makefiles reach beside it. Names, bits and contents count, times do not. */
export async function sourceDigest(dir: string): Promise<string> {
  await using scratch = await scratchFolder(path.join(cacheDir(), ".digest-"));
  const { root } = await copyAside(dir, path.join(scratch.dir, "copy"));
  const files = await glob("**/*", {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    onlyFiles: false,
    ignore: ["**/kport-out/**"],
  });
  const hash = createHash("sha256");
  for (const file of files.filter((f) => !f.endsWith("/")).sort()) {
    const content = await readlink(path.join(root, file)).then(Buffer.from, () => readFile(path.join(root, file)));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 40);
}
