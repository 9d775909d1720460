/** Kernels out of a distribution's packages, unpacked in the cache instead of installed. */
import { existsSync } from "node:fs";
import { lstat, readdir, readFile, readlink, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { scratchFolder } from "../cache.ts";
import { EnvironmentError, UserError } from "../errors.ts";
import { log } from "../log.ts";
import { type Apt, downloadPackages, osRelease, packageNames, requireSpace, showPackage, systemApt, unpackPackages } from "./apt.ts";
import { isolatedApt } from "./isolated-apt.ts";
import type { Kernel } from "./kernel.ts";
import { compareReleases, isVersionPrefix, kernelPlaces, listKernels, namesFolder, releaseMatches, resolveKernel } from "./kernels.ts";

/** A kernel with its modules takes some 500 MB unpacked and 100 MB packed. */
const SPACE = 700 * 1024 * 1024;

/**
 * The kernel that `spec` names (see `resolveKernel`), with headers and an image to boot; what is missing is fetched and unpacked in the cache. Needs no root.
 * @throws EnvironmentError when no package source here has it.
 */
export async function prepareKernel(spec?: string): Promise<Kernel> {
  if (spec !== undefined && (await namesFolder(spec))) return resolveKernel(spec);
  if (spec !== undefined && !isVersionPrefix(spec)) throw new UserError(`--kernel ${JSON.stringify(spec)} is neither a version prefix such as 6.1 nor a kernel build folder`);
  const here = (await listKernels()).find((k) => spec === undefined || releaseMatches(k.release, spec));
  if (here?.image !== undefined) return here;
  const { apt, release } = here === undefined ? await findHeaders(spec) : { apt: await findImage(here.release), release: here.release };
  const images = await imagePackages(apt, release);
  if (images.length === 0) throw new EnvironmentError(`no package with an image of kernel ${release} in ${apt.name}`);
  const headers = here === undefined ? await headerPackages(apt, release) : [];
  log.info(`kernel ${release}: downloading ${[...headers, ...images].join(", ")} (unpacked in the cache, not installed)`);
  await unpackKernel(apt, release, [...headers, ...images]);
  return resolveKernel(here?.buildDir ?? release);
}

/** Debian's and Ubuntu's names for the headers of the standard kernel. */
export const HEADER_METAPACKAGES = ["linux-headers-amd64", "linux-headers-generic"] as const;

/** Where packages of kernels are looked for, in order. */
async function* sources(): AsyncGenerator<Apt> {
  yield systemApt;
  const { id, codename } = await osRelease();
  if (id === "debian" && codename !== "") yield await isolatedApt(`${codename}-backports`);
}

async function findHeaders(spec: string | undefined): Promise<{ apt: Apt; release: string }> {
  const offered: string[] = [];
  for await (const apt of sources()) {
    const releases = headerReleases(await packageNames(apt, "^linux-headers-[0-9]"));
    const best = spec === undefined ? await defaultRelease(apt) : releases.find((r) => releaseMatches(r, spec));
    if (best !== undefined) return { apt, release: best };
    offered.push(...releases);
  }
  throw new EnvironmentError(`no package source of this machine has kernel ${spec ?? "headers"}${offered.length > 0 ? ` (they have ${[...new Set(offered)].join(", ")})` : ""}`);
}

/** The distribution's standard kernel: what its metapackage of headers depends on. */
async function defaultRelease(apt: Apt): Promise<string | undefined> {
  for (const name of HEADER_METAPACKAGES) {
    const release = headerReleases((await showPackage(apt, name))?.depends ?? [])[0];
    if (release !== undefined) return release;
  }
  return undefined;
}

async function findImage(release: string): Promise<Apt> {
  for await (const apt of sources()) if ((await imagePackages(apt, release)).length > 0) return apt;
  throw new EnvironmentError(`no package source of this machine has an image of kernel ${release}; its headers are older than the package lists, or did not come from a package`, "sudo apt-get update && sudo apt-get install linux-headers-amd64");
}

/** Releases with a header package, newest first; the flavours for clouds and real time are asked for by their whole name. */
export function headerReleases(names: readonly string[]): string[] {
  return names
    .flatMap((n) => /^linux-headers-(\d[\w.+~-]*-(?:amd64|generic))$/.exec(n)?.[1] ?? [])
    .filter((r) => !/-(?:cloud|rt)-amd64$/.test(r))
    // linux-headers-6.12-amd64 is a metapackage for the newest of the 6.12.x ones.
    .filter((r, _, all) => !/^\d+\.\d+-[a-z]/.test(r) || !all.some((other) => other.startsWith(`${r.slice(0, r.indexOf("-"))}.`)))
    .sort((a, b) => compareReleases(b, a));
}

/** The header package and those it draws in that hold more of the kernel's build files (the common headers, kbuild's tools). */
async function headerPackages(apt: Apt, release: string): Promise<string[]> {
  const out = new Set<string>();
  const queue = [`linux-headers-${release}`];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (out.has(name)) continue;
    out.add(name);
    queue.push(...((await showPackage(apt, name))?.depends ?? []).filter((d) => /^linux-(headers|kbuild)-/.test(d)));
  }
  return [...out];
}

/** Debian's and Ubuntu's names for the unsigned image, and Ubuntu's for its modules. */
async function imagePackages(apt: Apt, release: string): Promise<string[]> {
  const out: string[] = [];
  for (const name of [`linux-image-${release}-unsigned`, `linux-image-unsigned-${release}`, `linux-image-${release}`]) {
    if (out.length === 0 && (await showPackage(apt, name)) !== undefined) out.push(name);
  }
  if (out.length > 0 && (await showPackage(apt, `linux-modules-${release}`)) !== undefined) out.push(`linux-modules-${release}`);
  return out;
}

async function unpackKernel(apt: Apt, release: string, packages: readonly string[]): Promise<void> {
  const { unpacked } = kernelPlaces();
  const final = path.join(unpacked, release);
  await requireSpace(unpacked, SPACE);
  await using beside = await scratchFolder(path.join(unpacked, ".making-"));
  await using downloads = await scratchFolder(path.join(os.tmpdir(), "kport-kernel-"));
  await unpackPackages(await downloadPackages(apt, packages, downloads.dir), beside.dir);
  await relocate(beside.dir, final);
  // What is there already is an image alone, or another run's: either way this one holds as much.
  await rm(final, { recursive: true, force: true });
  await rename(beside.dir, final);
}

/**
 * Make the build files below `root` name each other where they will lie (`final`) rather than at /usr, where nothing is installed:
 * Debian's thin makefile includes the common headers' one absolutely, and its links may be absolute too.
 */
export async function relocate(root: string, final: string): Promise<void> {
  const folders = (await Promise.all(["usr/src", "usr/lib"].map(async (d) => (await readdir(path.join(root, d)).catch(() => [])).filter((n) => n.startsWith("linux-")).map((n) => `/${d}/${n}`)))).flat();
  const moved = (text: string): string => text.replaceAll(/\/usr\/(?:src|lib)\/linux-[\w.+~-]+/g, (found) => (folders.includes(found) ? final + found : found));
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
    } else if (entry.isFile() && /(^Makefile|^\.kernelvariables$|^Kbuild|\.(?:mk|sh|include)$)/.test(entry.name) && (await lstat(file)).size < 1 << 20) {
      const text = await readFile(file, "utf8");
      if (moved(text) !== text) await writeFile(file, moved(text));
    }
  }
}
