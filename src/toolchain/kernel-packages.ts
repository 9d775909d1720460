/** Kernels out of a distribution's packages, unpacked in the cache instead of installed. */
import { existsSync } from "node:fs";
import { lstat, readdir, readFile, readlink, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { scratchFolder } from "../machine/cache.ts";
import { EnvironmentError, UserError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { sandboxWorks } from "../machine/process.ts";
import {
  type Apt,
  downloadPackages,
  osRelease,
  packageNames,
  requireSpace,
  showPackage,
  systemApt,
  unpackPackages,
} from "./apt.ts";
import { isolatedApt } from "./isolated-apt.ts";
import type { Kernel } from "./kernel.ts";
import {
  compareReleases,
  isVersionPrefix,
  kernelPlaces,
  listKernels,
  namesFolder,
  releaseMatches,
  resolveKernel,
  ROOT_RECIPE,
} from "./kernels.ts";
import { suiteRoot } from "./suite-root.ts";

/** A kernel with its modules takes some 500 MB unpacked and 100 MB packed. */
const SPACE = 700 * 1024 * 1024;

/**
 * What a build in a root of its own uses besides the compiler and kbuild that the headers depend on: what watches the compiler, the tools
 * that makefiles call by their plain names, and the packers of modules.
 */
const ROOT_PACKAGES = ["bear", "binutils", "gcc", "kmod", "libc6-dev", "xz-utils", "zstd"];

/** Where packages of kernels come from. `suite` is set where they were built for another suite's C library than this machine's. */
interface Source {
  apt: Apt;
  suite?: string;
}

/**
 * The kernel that `spec` names (see `resolveKernel`), with headers and an image to boot, and a root file system to build in where it needs one;
 * what is missing is fetched and unpacked in the cache. Needs no root.
 * @throws EnvironmentError when no package source here has it, or it needs a root and bubblewrap does not work.
 */
export async function prepareKernel(spec?: string): Promise<Kernel> {
  if (spec !== undefined && (await namesFolder(spec))) return withRoot(await resolveKernel(spec));
  if (spec !== undefined && !isVersionPrefix(spec))
    throw new UserError(
      `--kernel ${JSON.stringify(spec)} is neither a version prefix such as 6.1 nor a kernel build folder`,
    );
  const here = (await listKernels()).find((k) => spec === undefined || releaseMatches(k.release, spec));
  if (here?.image !== undefined) return withRoot(here);
  const { source, release } =
    here === undefined ? await findHeaders(spec) : { source: await findImage(here.release), release: here.release };
  const images = imagePackages(release, await offeredBy(source.apt, release));
  if (images.length === 0)
    throw new EnvironmentError(`no package with an image of kernel ${release} in ${source.apt.name}`);
  const headers = here === undefined ? await headerPackages(source.apt, release) : { packages: [], needs: [] };
  log.info(
    `kernel ${release}: downloading ${[...headers.packages, ...images].join(", ")} (unpacked in the cache, not installed)`,
  );
  const recipe =
    source.suite === undefined || here !== undefined
      ? undefined
      : { suite: source.suite, packages: [...ROOT_PACKAGES, ...headers.needs] };
  await unpackKernel(source.apt, release, [...headers.packages, ...images], recipe);
  return withRoot(await resolveKernel(here?.buildDir ?? release));
}

async function withRoot(kernel: Kernel): Promise<Kernel> {
  if (kernel.rootOf === undefined) return kernel;
  const { suite, packages } = kernel.rootOf;
  if (!(await sandboxWorks()))
    throw new EnvironmentError(
      `kernel ${kernel.release} is Debian ${suite}'s: its tools need that suite's C library, in a root file system that only bubblewrap can enter, and bubblewrap does not work here`,
      "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns), or name another --kernel",
    );
  return { ...kernel, root: await suiteRoot(suite, packages) };
}

/** Debian's and Ubuntu's names for the headers of the standard kernel. */
export const HEADER_METAPACKAGES = ["linux-headers-amd64", "linux-headers-generic"] as const;

/** Where packages of kernels are looked for, in order: what this machine can run without more ado comes first. */
async function* sources(): AsyncGenerator<Source> {
  yield { apt: systemApt };
  const { id, codename } = await osRelease();
  if (id !== "debian") return;
  // Testing and sid have none.
  const backports = await isolatedApt(`${codename}-backports`).catch((e: Error) => log.debug(e.message));
  if (backports !== undefined) yield { apt: backports };
  yield { apt: await isolatedApt("sid"), suite: "sid" };
}

async function findHeaders(spec: string | undefined): Promise<{ source: Source; release: string }> {
  const offered: string[] = [];
  for await (const source of sources()) {
    const releases = headerReleases(await packageNames(source.apt, "^linux-headers-[0-9]"));
    const best = spec === undefined ? await defaultRelease(source.apt) : releases.find((r) => releaseMatches(r, spec));
    if (best !== undefined) return { source, release: best };
    offered.push(...releases);
  }
  throw new EnvironmentError(
    `no package source of this machine has kernel ${spec ?? "headers"}${offered.length > 0 ? ` (they have ${[...new Set(offered)].join(", ")})` : ""}`,
  );
}

/** The distribution's standard kernel: what its metapackage of headers depends on. */
async function defaultRelease(apt: Apt): Promise<string | undefined> {
  for (const name of HEADER_METAPACKAGES) {
    const release = headerReleases((await showPackage(apt, name))?.depends ?? [])[0];
    if (release !== undefined) return release;
  }
  return undefined;
}

async function findImage(release: string): Promise<Source> {
  for await (const source of sources())
    if (imagePackages(release, await offeredBy(source.apt, release)).length > 0) return source;
  throw new EnvironmentError(
    `no package source of this machine has an image of kernel ${release}; its headers are older than the package lists, or did not come from a package`,
    "sudo apt-get update && sudo apt-get install linux-headers-amd64",
  );
}

/** Releases with a header package, newest first; the flavours for clouds and real time are asked for by their whole name. */
export function headerReleases(names: readonly string[]): string[] {
  return (
    names
      .flatMap((n) => /^linux-headers-(\d[\w.+~-]*-(?:amd64|generic))$/.exec(n)?.[1] ?? [])
      .filter((r) => !/-(?:cloud|rt)-amd64$/.test(r))
      // linux-headers-6.12-amd64 is a metapackage for the newest of the 6.12.x ones.
      .filter(
        (r, _, all) =>
          !/^\d+\.\d+-[a-z]/.test(r) || !all.some((other) => other.startsWith(`${r.slice(0, r.indexOf("-"))}.`)),
      )
      .sort((a, b) => compareReleases(b, a))
  );
}

/** The header package and those it draws in that hold more of the kernel's build files (the common headers, kbuild's tools), and what they need to run. */
async function headerPackages(apt: Apt, release: string): Promise<{ packages: string[]; needs: string[] }> {
  const packages = new Set<string>();
  const needs = new Set<string>();
  const queue = [`linux-headers-${release}`];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (packages.has(name)) continue;
    packages.add(name);
    // The package itself, of which apt knows which versions of its libraries it needs.
    if (name.startsWith("linux-kbuild-")) needs.add(name);
    for (const d of (await showPackage(apt, name))?.depends ?? []) {
      if (/^linux-(headers|kbuild)-/.test(d)) queue.push(d);
      else if (!d.startsWith("linux-")) needs.add(d);
    }
  }
  return { packages: [...packages], needs: [...needs].sort() };
}

/** The names of packages for a release that `apt` has. */
async function offeredBy(apt: Apt, release: string): Promise<Set<string>> {
  return new Set(await packageNames(apt, `^linux-.*${release.replaceAll(/[.+]/g, "\\$&")}`));
}

/**
 * The packages that hold a release's image and modules, of those offered; none where no image is. Debian up to 6.x has both in one, the
 * unsigned one needing no signing template; from 7.x on image, modules and their index lie in three; Ubuntu has image and modules.
 */
export function imagePackages(release: string, offered: ReadonlySet<string>): string[] {
  const image = [
    `linux-image-${release}-unsigned`,
    `linux-image-unsigned-${release}`,
    `linux-binary-unsigned-${release}`,
    `linux-binary-${release}`,
    `linux-image-${release}`,
  ].find((n) => offered.has(n));
  return image === undefined
    ? []
    : [image, ...[`linux-modules-${release}`, `linux-base-${release}`].filter((n) => offered.has(n))];
}

async function unpackKernel(
  apt: Apt,
  release: string,
  packages: readonly string[],
  recipe: Kernel["rootOf"],
): Promise<void> {
  const { unpacked } = kernelPlaces();
  const final = path.join(unpacked, release);
  await requireSpace(unpacked, SPACE);
  await using beside = await scratchFolder(path.join(unpacked, ".making-"));
  await using downloads = await scratchFolder(path.join(os.tmpdir(), "kport-kernel-"));
  await unpackPackages(await downloadPackages(apt, packages, downloads.dir), beside.dir);
  await relocate(beside.dir, final);
  if (recipe !== undefined) await writeFile(path.join(beside.dir, ROOT_RECIPE), `${JSON.stringify(recipe)}\n`);
  // What is there already is an image alone, or another run's: either way this one holds as much.
  await rm(final, { recursive: true, force: true });
  await rename(beside.dir, final);
}

/**
 * Make the build files below `root` name each other where they will lie (`final`) rather than at /usr, where nothing is installed:
 * Debian's thin makefile includes the common headers' one absolutely, and its links may be absolute too.
 */
export async function relocate(root: string, final: string): Promise<void> {
  const folders = (
    await Promise.all(
      ["usr/src", "usr/lib"].map(async (d) =>
        (
          await readdir(path.join(root, d)).catch(() => [])
        )
          .filter((n) => n.startsWith("linux-"))
          .map((n) => `/${d}/${n}`),
      ),
    )
  ).flat();
  const moved = (text: string): string =>
    text.replaceAll(/\/usr\/(?:src|lib)\/linux-[\w.+~-]+/g, (found) =>
      folders.includes(found) ? final + found : found,
    );
  const links = ["lib/modules", "usr/lib/modules"].flatMap((d) => [path.join(root, d)]).filter((d) => existsSync(d));
  for (const dir of [...folders.map((f) => root + f), ...links]) await relocateFolder(dir, moved);
}

async function relocateFolder(dir: string, moved: (text: string) => string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) {
      const target = await readlink(file);
      if (moved(target) !== target && target.startsWith("/")) {
        await unlink(file);
        await symlink(moved(target), file);
      }
    } else if (
      entry.isFile() &&
      /(^Makefile|^\.kernelvariables$|^Kbuild|\.(?:mk|sh|include)$)/.test(entry.name) &&
      (await lstat(file)).size < 1 << 20
    ) {
      const text = await readFile(file, "utf8");
      if (moved(text) !== text) await writeFile(file, moved(text));
    }
  }
}
