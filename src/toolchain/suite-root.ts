/**
 * A root file system of another Debian suite: its packages unpacked in the cache. Needs no root; no maintainer script runs and nothing is installed.
 * It is for programs that this machine's C library is too old for, and there are two ways to run one:
 * - in the root: `run(command, args, { sandbox: { writable, readable, root } })` shows bubblewrap's child the root's /usr in place of
 *   this machine's; paths are those of the root, other folders are seen only where `writable` or `readable` name them;
 * - on this machine, by the root's own dynamic linker: `run(...throughLoader(root, "/usr/bin/rustc"))`, which needs no bubblewrap. Paths are
 *   this machine's, so the program must be told what it would look for in /usr (rustc finds its sysroot beside its libraries).
 */
import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cacheDir, cached, contentKey, scratchFolder } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { type Apt, downloadPackages, requireSpace, runTool, unpackPackages } from "./apt.ts";
import { isolatedApt } from "./isolated-apt.ts";

/** What makefiles and their shell lines take for granted. */
const BASE = [
  "base-files",
  "bash",
  "coreutils",
  "dash",
  "debianutils",
  "diffutils",
  "findutils",
  "gawk",
  "grep",
  "gzip",
  "libc-bin",
  "make",
  "perl-base",
  "sed",
  "tar",
];

/** Folders that are links into /usr; the suites of today ship them so, and older packages' files must land behind them. */
const MERGED = ["bin", "sbin", "lib", "lib64"];

/** Names that a package's maintainer script would make, and what they stand for. */
const ALTERNATIVES: Record<string, string> = { awk: "gawk", sh: "dash", which: "which.debianutils" };

/** Bytes of package files, and how many times as much they are unpacked, rounded up. */
const UNPACKED_FACTOR = 6;

/**
 * The folder of a root with `packages`, all they depend on, and a shell's usual programs; made the first time (some 90 MB of downloads for
 * gcc, 250 MB for gcc and rustc), and then the same one for the same list whatever the suite has become since.
 * @param suite `trixie`, `sid`, …
 * @param packages names in that suite; order does not matter
 * @throws EnvironmentError when the suite lacks a package, cannot be reached, or the disk is full
 */
export async function suiteRoot(suite: string, packages: readonly string[]): Promise<string> {
  const wanted = [...new Set([...BASE, ...packages])].sort();
  const { dir } = await cached("roots", contentKey([suite, ...wanted, "2"]), async (root) => {
    const apt = await isolatedApt(suite);
    const { names, bytes } = await closure(apt, wanted);
    await requireSpace(path.join(cacheDir(), "roots"), bytes * UNPACKED_FACTOR);
    log.info(
      `making a root file system of Debian ${suite} with ${packages.join(", ")}: ${names.length} packages, ${Math.round(bytes / 1e6)} MB to download (unpacked in the cache, not installed)`,
    );
    await mkdir(path.join(root, "usr"));
    for (const name of MERGED) {
      await mkdir(path.join(root, "usr", name));
      await symlink(`usr/${name}`, path.join(root, name));
    }
    // What stands for the kernels of this machine is mounted here.
    await mkdir(path.join(root, "usr/lib/modules"));
    await using downloads = await scratchFolder(path.join(os.tmpdir(), "kport-root-"));
    await unpackPackages(await downloadPackages(apt, names, downloads.dir), root);
    for (const [name, target] of Object.entries(ALTERNATIVES)) {
      const bin = path.join(root, "usr/bin");
      if (!existsSync(path.join(bin, name)) && existsSync(path.join(bin, target)))
        await symlink(target, path.join(bin, name));
    }
  });
  return dir;
}

/** The words that run a program of a root on this machine: the root's own dynamic linker, told where its libraries are (ld.so(8)). */
export function throughLoader(root: string, program: string): [string, string[]] {
  const libraries = path.join(root, "usr/lib/x86_64-linux-gnu");
  return [path.join(libraries, "ld-linux-x86-64.so.2"), ["--library-path", libraries, path.join(root, program)]];
}

/** Everything that has to be downloaded for a list of packages, as apt works it out. */
async function closure(apt: Apt, packages: readonly string[]): Promise<{ names: string[]; bytes: number }> {
  const r = await runTool(
    "apt-get",
    [...apt.options, "install", "--print-uris", "--yes", "--no-install-recommends", ...packages],
    { allowFailure: true },
  );
  const files = neededFiles(r.stdout);
  if (r.exitCode === 0 && files.length > 0)
    return { names: files.map((f) => f.name), bytes: files.reduce((n, f) => n + f.bytes, 0) };
  const why = r.stderr
    .split("\n")
    .filter((l) => l.startsWith("E: "))
    .join(" ");
  throw new EnvironmentError(
    `${apt.name} cannot give ${packages.join(", ")}: ${why === "" ? "apt-get named no files" : why}`,
  );
}

/** Package names and sizes in what `apt-get --print-uris` prints: `'URL' NAME_VERSION_ARCH.deb BYTES HASH`. */
export function neededFiles(printed: string): { name: string; bytes: number }[] {
  return [...printed.matchAll(/^'[^']*' ([a-z0-9][a-z0-9.+-]*)_\S+\.deb (\d+)/gm)].map((m) => ({
    name: m[1] as string,
    bytes: Number(m[2]),
  }));
}
