/** Removes a folder that a stranger's process could write in: deeper than a path can be long, or closed to its own owner. */
import { chmod, lstat, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/** Of a path below the folder; the kernel takes 4096 in all (PATH_MAX). */
const LONG = 1024;

/** Remove `dir` and all below it, however it is nested. Links are removed, not followed. */
export async function removeFolder(dir: string): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true });
  } catch {
    await flatten(dir);
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Open every folder below `top` to its owner, and move those that lie too deep up. */
async function flatten(top: string): Promise<void> {
  let moved = 0;
  const queue = [top];
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    if (!(await lstat(dir)).isDirectory()) continue;
    await chmod(dir, 0o700);
    if (dir.length - top.length > LONG) {
      const up = path.join(top, `.deep-${process.pid}-${moved++}`);
      await rename(dir, up);
      dir = up;
    }
    for (const entry of await readdir(dir, { withFileTypes: true }))
      if (entry.isDirectory()) queue.push(path.join(dir, entry.name));
  }
}
