/** Finds a rustc that has the sources of its own standard library, which is rarely the first on PATH. */
import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import path from "node:path";
import semver from "semver";
import { answerOf, filesOfProgram, versionOf, which } from "./program.ts";
import { type RustCompiler, RUSTC_MINIMUM, type Tool, type ToolPlaces } from "./tools.ts";

/**
 * The first fit rustc with its cargo: from PATH, then rustup's toolchains, a nightly only where nothing else is fit.
 * Returns what is wrong with the one that came nearest where none is fit (the empty text where there is none at all).
 */
export async function findRust(places: ToolPlaces): Promise<{ rustc: RustCompiler; cargo: Tool | undefined } | string> {
  let problem = "";
  const fit: RustCompiler[] = [];
  for (const file of await candidates(places)) {
    const rustc = await inspectRust(file, places);
    if (rustc === undefined) continue;
    if (semver.lt(semver.coerce(rustc.version) ?? "0.0.0", RUSTC_MINIMUM))
      problem ||= `${rustc.path} is ${rustc.version}, ${RUSTC_MINIMUM} or newer is needed`;
    else if (rustc.libraryDir === "") problem ||= `${rustc.path} ${rustc.version} lacks the sources of its library`;
    else fit.push(rustc);
    if (fit.length > 0 && !isNightly(fit.at(-1) as RustCompiler)) break;
  }
  const rustc = fit.find((r) => !isNightly(r)) ?? fit[0];
  return rustc === undefined ? problem : { rustc, cargo: await cargoOf(rustc) };
}

async function candidates(places: ToolPlaces): Promise<string[]> {
  const toolchains = path.join(places.rustupHome, "toolchains");
  const names = (await readdir(toolchains).catch(() => [])).sort();
  const folders = [...places.path, ...names.map((n) => path.join(toolchains, n, "bin"))];
  const files = await Promise.all(folders.map((dir) => which("rustc", [dir])));
  const out = new Set<string>();
  for (const f of files)
    if (f !== undefined) out.add(path.basename(await realpath(f)) === "rustup" ? f : await realpath(f));
  return [...out];
}

/** Every fit rustc of this machine, in `findRust`'s order, and those that kport unpacked. */
export async function fitRusts(places: ToolPlaces): Promise<RustCompiler[]> {
  const unpacked = path.join(places.cache, "rustc");
  const names = (await readdir(unpacked).catch(() => [])).filter((n) => !n.startsWith(".")).sort();
  const files = [...(await candidates(places)), ...names.map((n) => path.join(unpacked, n, "usr/bin/rustc"))];
  const found = await Promise.all(files.map((f) => inspectRust(f, places)));
  return found
    .filter((r) => r !== undefined)
    .filter((r) => r.libraryDir !== "" && semver.gte(semver.coerce(r.version) ?? "0.0.0", RUSTC_MINIMUM));
}

/** Asks a rustc for its version and sysroot; undefined where it does not answer. rustup's stand-in is replaced by the compiler it stands for. */
export async function inspectRust(file: string, places: ToolPlaces): Promise<RustCompiler | undefined> {
  const [version, printed] = await Promise.all([
    versionOf(file, ["--version"], /^rustc (\S+)/m),
    answerOf(file, ["--print", "sysroot"]),
  ]);
  const sysroot = printed?.trim() ?? "";
  // A program that is no rustc says something else.
  if (version === undefined || !path.isAbsolute(sysroot)) return undefined;
  const own = path.join(sysroot, "bin", "rustc");
  const sources = [
    path.join(sysroot, "lib/rustlib/src/rust/library"),
    path.join(places.rustSources, `rustc-${version}`, "library"),
  ];
  const libraryDir = sources.find((s) => existsSync(path.join(s, "core/src/lib.rs")));
  return {
    path: existsSync(own) ? own : file,
    version,
    sysroot,
    libraryDir: libraryDir === undefined ? "" : await realpath(libraryDir),
  };
}

/** What a rustc needs to be seen in the sandbox. Not its sysroot as a whole: that of a compiler installed below somebody's ~/.local is all that lies there. */
export async function rustcFiles(rustc: RustCompiler): Promise<string[]> {
  const bin = path.join(rustc.sysroot, "bin");
  const programs = (await readdir(bin).catch(() => [])).filter((n) => n.startsWith("rustc"));
  return [
    ...filesOfProgram(rustc.path),
    ...programs.map((n) => path.join(bin, n)),
    path.join(rustc.sysroot, "lib"),
    path.join(rustc.sysroot, "lib64"),
    rustc.libraryDir,
  ];
}

async function cargoOf(rustc: RustCompiler): Promise<Tool | undefined> {
  const file = await which("cargo", [path.dirname(rustc.path)]);
  const version = file && (await versionOf(file, ["--version"], /^cargo (\S+)/m));
  return file && version ? { path: file, version } : undefined;
}

function isNightly(rustc: RustCompiler): boolean {
  return rustc.version.includes("nightly");
}
