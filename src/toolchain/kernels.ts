/** Which kernels can be used here, and how a person names one. */
import { existsSync } from "node:fs";
import { access, constants, readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { cacheDir } from "../machine/cache.ts";
import { EnvironmentError, UserError } from "../machine/errors.ts";
import type { Kernel } from "./kernel.ts";

/** Where kernels are looked for; a test names folders of its own. */
export interface KernelPlaces {
  /** Holds `linux-headers-<release>` folders (a distribution's packages). */
  sources: string;
  /** Holds `<release>/build` links and `<release>/kernel`. */
  modules: string;
  /** Holds `vmlinuz-<release>`. */
  boot: string;
  /** Holds one unpacked root a kernel, made by `prepareKernel`. */
  unpacked: string;
}

/** Beside an unpacked kernel's files, where its tools need another C library than this machine's: `Kernel.rootOf`. */
export const ROOT_RECIPE = "kport-root.json";

/** The places of this machine. */
export function kernelPlaces(): KernelPlaces {
  return { sources: "/usr/src", modules: "/lib/modules", boot: "/boot", unpacked: path.join(cacheDir(), "kernels") };
}

/**
 * Every kernel that a module can be built against here, best first: those that can also be booted, installed ones before
 * unpacked ones, newer before older. Reads a few small files; starts nothing.
 */
export async function listKernels(places: KernelPlaces = kernelPlaces()): Promise<Kernel[]> {
  const found = new Map<string, { kernel: Kernel; installed: boolean }>();
  for (const { dir, installed } of await buildFolders(places)) {
    const kernel = await readKernel(dir, places);
    if (kernel !== undefined && !found.has(kernel.buildDir)) found.set(kernel.buildDir, { kernel, installed });
  }
  return [...found.values()]
    .sort(
      (a, b) =>
        Number(b.kernel.image !== undefined) - Number(a.kernel.image !== undefined) ||
        Number(b.installed) - Number(a.installed) ||
        compareReleases(b.kernel.release, a.kernel.release),
    )
    .map((f) => f.kernel);
}

/**
 * The kernel that `spec` names: a version prefix (`6.1`, never matching 6.12), a whole release, or a build folder; the first usable one when it is left out.
 * @throws UserError when `spec` is neither, EnvironmentError when no such kernel is here (it says which ones are).
 */
export async function resolveKernel(spec?: string, places: KernelPlaces = kernelPlaces()): Promise<Kernel> {
  if (spec !== undefined && (await namesFolder(spec))) return kernelOfFolder(spec, places);
  if (spec !== undefined && !isVersionPrefix(spec))
    throw new UserError(
      `--kernel ${JSON.stringify(spec)} is neither a version prefix such as 6.1 nor a kernel build folder`,
    );
  const kernels = await listKernels(places);
  const kernel = kernels.find((k) => spec === undefined || releaseMatches(k.release, spec));
  if (kernel !== undefined) return kernel;
  const here =
    kernels.length === 0
      ? "none is"
      : `here ${kernels.length === 1 ? "is" : "are"} ${kernels.map((k) => k.release).join(", ")}`;
  const fix = spec === undefined ? "kport doctor --fix" : `kport doctor --fix --kernel ${spec}`;
  throw new EnvironmentError(
    spec === undefined
      ? "no kernel headers to build against on this machine"
      : `kernel ${spec} is not on this machine (${here})`,
    fix,
  );
}

/** Whether `release` (`6.12.95+deb12-amd64`) begins with the version `prefix` (`6.12`), number by number. */
export function releaseMatches(release: string, prefix: string): boolean {
  const have = release.split(/[.+-]/);
  return prefix.split(/[.+-]/).every((part, i) => part === have[i]);
}

/** Whether a text can be the beginning of a kernel release at all. */
export function isVersionPrefix(text: string): boolean {
  return /^\d+(\.\d+)*([.+-][0-9A-Za-z_~]+)*$/.test(text);
}

/** Whether a `--kernel` value means a folder; one called `6.1` is named `./6.1`. */
export async function namesFolder(spec: string): Promise<boolean> {
  return spec.includes("/") || (!isVersionPrefix(spec) && (await isFolder(spec)));
}

/** Order of two releases: by their numbers, then as text. */
export function compareReleases(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

async function kernelOfFolder(folder: string, places: KernelPlaces): Promise<Kernel> {
  const dir = path.resolve(folder);
  if (!(await isFolder(dir))) throw new UserError(`--kernel ${folder}: there is no such folder`);
  const kernel = await readKernel(dir, places);
  if (kernel === undefined)
    throw new UserError(
      `--kernel ${folder}: not a prepared kernel build folder (it needs Makefile, .config, Module.symvers and include/generated/utsrelease.h)`,
    );
  return kernel;
}

async function buildFolders(places: KernelPlaces): Promise<{ dir: string; installed: boolean }[]> {
  const out: { dir: string; installed: boolean }[] = [];
  for (const name of await entries(places.modules))
    out.push({ dir: path.join(places.modules, name, "build"), installed: true });
  for (const name of await entries(places.sources))
    if (name.startsWith("linux-headers-")) out.push({ dir: path.join(places.sources, name), installed: true });
  for (const release of await entries(places.unpacked)) {
    if (!release.startsWith("."))
      out.push({ dir: path.join(places.unpacked, release, "usr/src", `linux-headers-${release}`), installed: false });
  }
  return out;
}

/** What a build folder says of itself, or undefined where it is none, or is one that cannot be built against (its common headers are gone). */
async function readKernel(folder: string, places: KernelPlaces): Promise<Kernel | undefined> {
  const buildDir = await realpath(folder).catch(() => undefined);
  if (buildDir === undefined) return undefined;
  const [makefile, config, utsrelease] = await Promise.all(
    ["Makefile", ".config", "include/generated/utsrelease.h"].map((f) =>
      readFile(path.join(buildDir, f), "utf8").catch(() => undefined),
    ),
  );
  // include/config/kernel.release is not it: Debian's header packages have the upstream version there.
  const release = /UTS_RELEASE\s+"([^"]+)"/.exec(utsrelease ?? "")?.[1];
  if (
    makefile === undefined ||
    config === undefined ||
    release === undefined ||
    !existsSync(path.join(buildDir, "Module.symvers"))
  )
    return undefined;
  if (!/^CONFIG_X86_64=y$/m.test(config)) return undefined;
  const included = includedMakefile(makefile);
  if (included !== undefined && !existsSync(included)) return undefined;
  const compiler = /^CONFIG_CC_VERSION_TEXT="(.*)"$/m.exec(config)?.[1] ?? "unknown";
  const kernel: Kernel = {
    release,
    arch: "x86_64",
    buildDir,
    readable: await readableFor(buildDir, included, places),
    compiler,
  };
  const own = path.join(places.unpacked, release);
  const modules = [
    path.join(own, "lib/modules", release),
    path.join(own, "usr/lib/modules", release),
    path.join(places.modules, release),
  ];
  // Debian's kernels from 7.x on lie among their modules.
  const image = [
    path.join(own, "boot", `vmlinuz-${release}`),
    path.join(places.boot, `vmlinuz-${release}`),
    path.join(buildDir, "arch/x86/boot/bzImage"),
    ...modules.flatMap((m) => [path.join(m, "vmlinuz"), path.join(m, "vmlinuz.unsigned")]),
  ];
  for (const file of image) if (kernel.image === undefined && (await readable(file))) kernel.image = file;
  // A header package alone makes /lib/modules/<release>/build: only `kernel` shows that the modules are there.
  const modulesDir = modules.find((m) => existsSync(path.join(m, "kernel")));
  if (modulesDir !== undefined) kernel.modulesDir = modulesDir;
  const recipe = buildDir.startsWith(`${await realpath(own).catch(() => own)}/`)
    ? await readFile(path.join(own, ROOT_RECIPE), "utf8").catch(() => undefined)
    : undefined;
  if (recipe !== undefined) kernel.rootOf = JSON.parse(recipe) as NonNullable<Kernel["rootOf"]>;
  return kernel;
}

/** A distribution's build folder is thin: its makefile includes the common headers' one, absolutely. */
function includedMakefile(makefile: string): string | undefined {
  return /^include (\/\S+\/Makefile)$/m.exec(makefile)?.[1];
}

/** The build folder, the one its makefile includes, and whatever their links (`scripts`, `tools`, `source`) lead to. */
async function readableFor(buildDir: string, included: string | undefined, places: KernelPlaces): Promise<string[]> {
  const unpacked = path.relative(await realpath(places.unpacked).catch(() => places.unpacked), buildDir);
  // An unpacked kernel's links stay within its own root.
  if (!unpacked.startsWith("..")) return [path.join(places.unpacked, unpacked.split("/")[0] as string)];
  const out = new Set([buildDir]);
  if (included !== undefined) out.add(await realpath(path.dirname(included)));
  for (const dir of [...out]) {
    for (const name of ["scripts", "tools", "source"]) {
      const target = await realpath(path.join(dir, name)).catch(() => undefined);
      if (target !== undefined && ![...out].some((o) => target.startsWith(`${o}/`))) out.add(target);
    }
  }
  return [...out];
}

/** Ubuntu keeps /boot/vmlinuz-* for root alone: such an image is not usable. */
async function readable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

async function entries(dir: string): Promise<string[]> {
  return (await readdir(dir).catch(() => [])).sort();
}

async function isFolder(p: string): Promise<boolean> {
  return stat(p).then(
    (s) => s.isDirectory(),
    () => false,
  );
}
