/**
 * Real third-party modules for the tests: the sources in Debian's *-dkms packages, fetched when a test wants them, never committed.
 * Nothing is installed and none of a package's maintainer scripts runs.
 */
import { access, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../../src/machine/cache.ts";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { type Apt, downloadPackages, showPackage, systemApt, unpackPackages } from "../../src/toolchain/apt.ts";

/**
 * The source folder (`/usr/src/<name>-<version>`) of a *-dkms package, out of the cache or downloaded; for reading only: build in a copy.
 * @throws EnvironmentError when the lists of `apt` have no such package, it cannot be downloaded, or it holds no one folder with a dkms.conf.
 */
export async function fetchDkms(packageName: string, apt: Apt = systemApt): Promise<{ dir: string; version: string }> {
  const known = await showPackage(apt, packageName);
  if (!known) throw new EnvironmentError(`${apt.name} have no package ${packageName}`, "apt-get update");
  const { dir: root } = await cached("dkms", contentKey([packageName, known.version]), async (dir) => {
    const downloads = path.join(dir, "download");
    await unpackPackages(await downloadPackages(apt, [packageName], downloads), dir);
    await rm(downloads, { recursive: true });
  });
  const sources = path.join(root, "usr", "src");
  const folders: string[] = [];
  for (const name of await readdir(sources).catch(() => [])) {
    if (
      await access(path.join(sources, name, "dkms.conf")).then(
        () => true,
        () => false,
      )
    )
      folders.push(path.join(sources, name));
  }
  const [dir] = folders;
  if (dir === undefined || folders.length > 1)
    throw new EnvironmentError(`the package ${packageName} holds ${folders.length} folders with a dkms.conf, not one`);
  return { dir, version: known.version };
}
