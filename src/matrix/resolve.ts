/** What `newest` and `next` mean today: asked of this machine and of its package sources, once a run. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { run } from "../machine/process.ts";
import type { AxisValue } from "../report/matrix/schema.ts";
import { osRelease, packageNames, systemApt } from "../toolchain/apt.ts";
import { newest } from "../toolchain/choose.ts";
import { discoverTools, requireTools, toolPlaces } from "../toolchain/discover.ts";
import { offeredRustcs } from "../toolchain/install-rustc.ts";
import { isolatedApt } from "../toolchain/isolated-apt.ts";
import { headerReleases } from "../toolchain/kernel-packages.ts";
import { compareReleases, listKernels, releaseMatches } from "../toolchain/kernels.ts";
import { fitRusts } from "../toolchain/rust.ts";
import { C2RUST_VERSION } from "../toolchain/tools.ts";
import type { Resolved } from "./cells.ts";
import { namesOf } from "./cells.ts";
import type { MatrixFile } from "./file.ts";

/** Who answers; a test answers itself. */
export interface Sources {
  /** Kernels usable here, best first. */
  kernelsHere(): Promise<string[]>;
  /** Releases that packages bring: of the machine's own sources, and of Debian unstable. */
  kernelsOffered(): Promise<{ own: string[]; unstable: string[] }>;
  c2rustNewest(): Promise<string>;
  /** The rustc that is taken by itself, those that are here, and those that Debian's releases offer. */
  rustcFirst(): Promise<string>;
  rustcsHere(): Promise<string[]>;
  rustcsOffered(): Promise<string[]>;
}

/**
 * @param tree what paths in the file are relative to
 * @throws EnvironmentError when a name means nothing here: it says which, and what there is
 */
export async function resolveAxes(file: MatrixFile, tree: string, sources: Sources = machine): Promise<Resolved> {
  const names = namesOf(file);
  const each = async (
    all: readonly string[],
    one: (name: string) => Promise<string>,
  ): Promise<Map<string, AxisValue>> => {
    const out = new Map<string, AxisValue>();
    for (const name of all) {
      const resolved = await one(name);
      out.set(
        name,
        resolved.includes("/")
          ? { asked: name, resolved, content: await contentOf(path.resolve(tree, resolved)) }
          : { asked: name, resolved },
      );
    }
    return out;
  };
  return {
    kernels: await each(names.kernel, (n) => kernel(n, sources)),
    c2rust: await each(names.c2rust, async (n) =>
      n === "default" ? C2RUST_VERSION : n === "newest" ? sources.c2rustNewest() : n,
    ),
    rustc: await each(names.rustc, (n) => rustc(n, sources)),
  };
}

/** A program's bytes, or what tells a kernel's build folder from an earlier one of its name; nothing where only the machine of the cells has it. */
async function contentOf(place: string): Promise<string> {
  const files = [
    place,
    ...[".config", "include/generated/utsrelease.h", "Module.symvers"].map((f) => path.join(place, f)),
  ];
  const contents = await Promise.all(files.map((f) => readFile(f).catch(() => "")));
  return contentKey(contents).slice(0, 16);
}

async function kernel(name: string, sources: Sources): Promise<string> {
  if (name.includes("/")) return name;
  const here = await sources.kernelsHere();
  const prefix = name.replace(/^linux-(?:headers|image)-/, "").replace(/-unsigned$/, "");
  const fits = (r: string): boolean => releaseMatches(r, prefix);
  if (name === "default" && here[0] !== undefined) return here[0];
  if (!["newest", "next"].includes(name)) {
    const found = here.find(fits);
    if (found !== undefined) return found;
  }
  const { own, unstable } = await sources.kernelsOffered();
  const of =
    name === "default" || name === "newest"
      ? [...own, ...(name === "newest" ? here.filter((k) => own.some((o) => sameSeries(o, k))) : [])]
      : name === "next"
        ? unstable
        : [...own, ...unstable].filter(fits);
  const best = [...of].sort((a, b) => compareReleases(b, a))[0];
  if (best === undefined)
    throw new EnvironmentError(
      `kport.yml: kernel ${name}: none here (${here.join(", ") || "no kernel at all"}), and no package source has it (${[...own, ...unstable].join(", ") || "they have none"})`,
      "sudo apt-get update",
    );
  return best;
}

function sameSeries(a: string, b: string): boolean {
  return a.split(".").slice(0, 2).join(".") === b.split(".").slice(0, 2).join(".");
}

async function rustc(name: string, sources: Sources): Promise<string> {
  if (name.includes("/")) return name;
  if (name === "default") return sources.rustcFirst();
  const here = await sources.rustcsHere();
  const best = (of: readonly string[]): string | undefined =>
    newest(
      of
        .filter((v) => name === "newest" || name === "next" || `${v}.`.startsWith(`${name}.`))
        .map((version) => ({ version })),
    )?.version;
  const found = name === "next" ? undefined : best(here);
  if (found !== undefined) return found;
  const offered = await sources.rustcsOffered();
  const other = best(name === "next" ? [...here, ...offered] : name === "newest" ? [] : offered);
  if (other === undefined)
    throw new EnvironmentError(
      `kport.yml: rustc ${name}: none here with its library's sources (${here.join(", ") || "none at all"}), and Debian's releases have ${offered.join(", ") || "none"}`,
    );
  return other;
}

/** This machine and the package sources it has. */
export const machine: Sources = {
  kernelsHere: async () => (await listKernels()).map((k) => k.release),
  kernelsOffered: async () => {
    const { id, codename } = await osRelease();
    const releases = async (apt: { options: string[]; name: string }): Promise<string[]> =>
      headerReleases(await packageNames(apt, "^linux-headers-[0-9]"));
    const debian = id === "debian" && codename !== "";
    // Testing and sid have no backports.
    const backports = debian
      ? await isolatedApt(`${codename}-backports`).catch((e: Error) => log.debug(e.message))
      : undefined;
    const own = [...(await releases(systemApt)), ...(backports ? await releases(backports) : [])];
    return { own, unstable: debian ? await releases(await isolatedApt("sid")) : [] };
  },
  c2rustNewest: async () => {
    const { cargo } = await requireTools(["cargo"]);
    const r = await run(cargo.path, ["search", "c2rust", "--limit", "1"], { allowFailure: true, timeout: 120_000 });
    const version = /^c2rust = "([\d.]+)"/m.exec(r.stdout)?.[1];
    if (version === undefined)
      throw new EnvironmentError(
        `kport.yml: c2rust newest: cargo search found none: ${r.stderr.trim().split("\n").at(-1)}`,
      );
    return version;
  },
  // The machine that plans need not be set up like those that run.
  rustcFirst: async () => (await discoverTools()).tools.rustc?.version ?? "default",
  rustcsHere: async () => (await fitRusts(toolPlaces())).map((r) => r.version),
  rustcsOffered: async () => (await offeredRustcs()).map((o) => o.version),
};
