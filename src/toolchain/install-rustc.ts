/**
 * A rustc of another Debian release, unpacked in the cache with the libraries it was built with. It runs through its own dynamic linker
 * (ld.so(8), `--library-path`), so neither this machine's libc nor its LLVM has to fit.
 */
import { chmod, readdir, readFile, rename, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cached, contentKey, scratchFolder } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { shellQuote } from "../machine/tool-failure.ts";
import { type Apt, downloadPackages, requireSpace, showPackage, unpackPackages } from "./apt.ts";
import { isolatedApt } from "./isolated-apt.ts";

/** rustc, its LLVM, its library's sources: some 600 MB unpacked. */
const SPACE = 900 * 1024 ** 2;

/** Debian's releases that may carry another rustc than this machine's, oldest first. */
const SUITES = ["trixie", "forky", "sid"] as const;

/** A package of rustc and the one of its library's sources. */
const PACKAGES = [
  ["rustc", "rust-src"],
  ["rustc-web", "rust-web-src"],
] as const;

/** A rustc that can be had from Debian. */
export interface OfferedRustc {
  /** `1.97.1` */
  version: string;
  packages: readonly [string, string];
  apt: Apt;
}

/** What Debian's releases offer, oldest release first; none on a machine without Debian's sources. */
export async function offeredRustcs(): Promise<OfferedRustc[]> {
  const out: OfferedRustc[] = [];
  for (const suite of SUITES) {
    const apt = await isolatedApt(suite).catch((e: unknown) => {
      if (!(e instanceof EnvironmentError)) throw e;
      log.debug(e.message);
      return undefined;
    });
    if (apt === undefined) continue;
    for (const packages of PACKAGES) {
      const version = /^\d+\.\d+\.\d+/.exec((await showPackage(apt, packages[0]))?.version ?? "")?.[0];
      if (version !== undefined && !out.some((o) => o.version === version)) out.push({ version, packages, apt });
    }
  }
  return out;
}

/** Unpack it, once. Returns the program, which is a script that starts the real one. */
export async function installRustc(offered: OfferedRustc): Promise<string> {
  const { apt, packages, version } = offered;
  const { dir } = await cached("rustc", contentKey([apt.name, ...packages, version, "1"]), async (root) => {
    await requireSpace(root, SPACE);
    await using downloads = await scratchFolder(path.join(os.tmpdir(), "kport-rustc-"));
    log.info(`rustc ${version}: downloading it from ${apt.name} (unpacked in the cache, not installed)`);
    await unpackPackages(
      await downloadPackages(apt, [...(await withLibraries(apt, packages[0])), packages[1]], downloads.dir),
      root,
    );
    await rename(path.join(root, "usr/bin/rustc"), path.join(root, "usr/bin/rustc.real"));
    await writeFile(path.join(root, "usr/bin/rustc"), await starter(root));
    await chmod(path.join(root, "usr/bin/rustc"), 0o755);
  });
  return path.join(dir, "usr/bin/rustc");
}

/** The package and the shared libraries it needs, theirs as well. */
async function withLibraries(apt: Apt, name: string): Promise<string[]> {
  const out = new Set<string>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const found = out.has(next) ? undefined : await showPackage(apt, next);
    if (found === undefined) continue;
    out.add(next);
    // The compiler itself is a library, which a package for development brings.
    queue.push(
      ...found.depends.filter(
        (d) => /^(?:lib.*|zlib1g)$/.test(d) && (!d.endsWith("-dev") || d.startsWith("libstd-rust")),
      ),
    );
  }
  return [...out];
}

/** Finds its own folder: what is made beside the cache's folder is renamed into it. rustc takes `--sysroot` once only. */
async function starter(root: string): Promise<string> {
  const triplets = (await readdir(path.join(root, "usr/lib"))).filter((d) => /^[a-z0-9_]+-linux-gnu$/.test(d));
  const libraries = triplets[0];
  if (libraries === undefined)
    throw new EnvironmentError(`the packages of rustc hold no folder of libraries (${triplets.join(", ") || "none"})`);
  // Debian's library package of the loader; the folder is /lib64 in older releases.
  const loader =
    (await readFile(path.join(root, "usr/lib64/ld-linux-x86-64.so.2")).then(
      () => "usr/lib64/",
      () => "lib64/",
    )) + "ld-linux-x86-64.so.2";
  return `#!/bin/sh
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
for word; do
	case $word in --sysroot | --sysroot=*) own= ; break ;; *) own=1 ;; esac
done
exec "$root"/${shellQuote([loader])} --library-path "$root/usr/lib/${libraries}:$root/lib/${libraries}:$root/usr/lib" "$root/usr/bin/rustc.real" \${own:+--sysroot "$root/usr"} "$@"
`;
}
