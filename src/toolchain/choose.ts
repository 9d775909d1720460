/** `--c2rust` and `--rustc`: other versions than the ones kport takes by itself, side by side with them. */
import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import path from "node:path";
import semver from "semver";
import { EnvironmentError, UserError } from "../machine/errors.ts";
import { requireTools, toolPlaces } from "./discover.ts";
import { installC2rust } from "./install-c2rust.ts";
import { installRustc, offeredRustcs } from "./install-rustc.ts";
import { versionOf, which } from "./program.ts";
import { fitRusts, inspectRust } from "./rust.ts";
import { type RustCompiler, RUSTC_MINIMUM, type Tool } from "./tools.ts";

/**
 * The c2rust that `spec` names: a version of crates.io, built beside the others where it is not there yet, or a program's path.
 * @throws UserError when it is neither, EnvironmentError when it cannot be built
 */
export async function chooseC2rust(spec: string): Promise<Tool> {
  if (spec.includes("/")) {
    const file = path.resolve(spec);
    const version = await versionOf(file, ["--version"], /(\d+\.\d[\w.]*)/);
    if (version === undefined) throw new UserError(`--c2rust ${spec}: no program that says its version`);
    return { path: file, version: await marked(version, file) };
  }
  if (!/^\d+\.\d+\.\d+$/.test(spec))
    throw new UserError(
      `--c2rust ${JSON.stringify(spec)} is neither a version such as 0.22.1 nor the path of a program`,
    );
  const file = path.join(toolPlaces().cache, `c2rust-${spec}`, "bin", "c2rust");
  if ((await which("c2rust", [path.dirname(file)])) === undefined)
    await installC2rust(await requireTools(["clang", "llvmConfig", "rustc", "cargo"]), spec);
  return { path: file, version: spec };
}

/**
 * The rustc that `spec` names: a version prefix, of this machine or else fetched from another Debian release, or a program's path.
 * @throws UserError when it is neither, EnvironmentError when there is none with its library's sources
 */
export async function chooseRustc(spec: string): Promise<RustCompiler> {
  const places = toolPlaces();
  if (spec.includes("/")) {
    const file = path.resolve(spec);
    const rustc = await inspectRust(file, places);
    if (rustc === undefined) throw new UserError(`--rustc ${spec}: no program that says its version and its sysroot`);
    if (rustc.libraryDir === "")
      throw new EnvironmentError(
        `--rustc ${spec}: ${rustc.version} lacks the sources of its library`,
        "rustup component add rust-src",
      );
    // A program named by its path is run by that path, also when it only starts another.
    const given = path.basename(await realpath(file)) === "rustup" ? rustc.path : file;
    return { ...rustc, path: given, version: await marked(rustc.version, given) };
  }
  if (!/^\d+(\.\d+){1,2}$/.test(spec))
    throw new UserError(`--rustc ${JSON.stringify(spec)} is neither a version such as 1.96 nor the path of a program`);
  const fits = (version: string): boolean => `${version}.`.startsWith(`${spec}.`);
  const here = await fitRusts(places);
  const found = newest(here.filter((r) => fits(r.version)));
  if (found !== undefined) return found;
  const offered = await offeredRustcs();
  const best = offered.filter((o) => fits(o.version)).at(-1);
  if (best !== undefined && semver.lt(best.version, RUSTC_MINIMUM))
    throw new UserError(`--rustc ${spec}: ${RUSTC_MINIMUM} or newer is needed`);
  const unpacked = best && (await inspectRust(await installRustc(best), places));
  if (unpacked?.libraryDir) return unpacked;
  throw new EnvironmentError(
    `no rustc ${spec} with its library's sources: this machine has ${listed(here)}, Debian's releases ${listed(offered)}`,
    `rustup toolchain install ${spec} --component rust-src`,
  );
}

/** The newest stable one of some. */
export function newest<T extends { version: string }>(of: readonly T[]): T | undefined {
  return of.filter((r) => /^\d+\.\d+\.\d+$/.test(r.version)).sort((a, b) => semver.compare(b.version, a.version))[0];
}

/** A program named by its path may say the version of another: results must not be taken for those of that one. */
async function marked(version: string, file: string): Promise<string> {
  return `${version}+${createHash("sha256")
    .update(await readFile(file))
    .digest("hex")
    .slice(0, 8)}`;
}

function listed(of: readonly { version: string }[]): string {
  return of.length === 0 ? "none" : [...new Set(of.map((r) => r.version))].join(", ");
}
