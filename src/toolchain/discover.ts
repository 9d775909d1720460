/** Finds the tools of this machine and says of all that are missing what installs them. */
import os from "node:os";
import path from "node:path";
import semver from "semver";
import { cacheDir } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { needsDynamicLinker, versionOf, which } from "./program.ts";
import { findRust } from "./rust.ts";
import {
  C2RUST_VERSION,
  LLVM_MAJOR,
  PROGRAMS,
  type ProgramSpec,
  RUSTC_MINIMUM,
  type Tool,
  type ToolName,
  type ToolPlaces,
  type Tools,
} from "./tools.ts";

/** A tool that is not here, or not fit for use. */
export interface Missing {
  tool: ToolName;
  /** What is wrong, where it is more than that the tool is not there. */
  reason: string;
  /** Debian and Ubuntu packages that bring it; none for what kport installs itself. */
  packages: string[];
}

/** What discovery found. */
export interface Discovery {
  tools: Partial<Tools>;
  missing: Missing[];
}

/** The places of this machine: PATH, and the folders of programs that a plain user's PATH leaves out (kmod's are in /sbin). */
export function toolPlaces(): ToolPlaces {
  const onPath = (process.env["PATH"] ?? "").split(path.delimiter).filter((d) => path.isAbsolute(d));
  return {
    path: [...new Set([...onPath, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"])],
    llvm: "/usr/lib",
    rustSources: "/usr/src",
    rustupHome: process.env["RUSTUP_HOME"] ?? path.join(os.homedir(), ".rustup"),
    cache: cacheDir(),
  };
}

/**
 * Find tools. Asks each for its version, all at once; takes well under a second.
 * @param wanted those that are looked for, all when left out; what is found in passing is told as well
 */
export async function discoverTools(
  places: ToolPlaces = toolPlaces(),
  wanted?: readonly ToolName[],
): Promise<Discovery> {
  const tools: Partial<Tools> = {};
  const missing: Missing[] = [];
  const isWanted = (...names: readonly ToolName[]): boolean =>
    wanted === undefined || names.some((n) => wanted.includes(n));
  const programs = (Object.entries(PROGRAMS) as [keyof typeof PROGRAMS, ProgramSpec][])
    .filter(([name]) => isWanted(name))
    .map(async ([name, spec]) => {
      const found = await findProgram(spec, places);
      if (typeof found === "string") missing.push({ tool: name, reason: found, packages: [spec.package] });
      else tools[name] = found;
    });
  if (isWanted("clang", "llvmConfig", "llvmReadelf", "lld")) programs.push(findLlvm(places, tools, missing));
  if (isWanted("rustc", "cargo")) programs.push(findRustTools(places, tools, missing));
  if (isWanted("c2rust")) programs.push(findC2rust(places, tools, missing));
  await Promise.all(programs);
  missing.sort((a, b) => a.tool.localeCompare(b.tool));
  return { tools, missing };
}

/**
 * The tools named, or one error that says of all that are missing what they are and the one command that brings them.
 * @throws EnvironmentError
 */
export async function requireTools<N extends ToolName>(
  names: readonly N[],
  places?: ToolPlaces,
): Promise<Pick<Tools, N>> {
  const { tools, missing } = await discoverTools(places, names);
  const lacking = missing.filter((m) => (names as readonly ToolName[]).includes(m.tool));
  if (lacking.length > 0)
    throw new EnvironmentError(`missing: ${lacking.map(describeMissing).join(", ")}`, installCommand(lacking));
  return tools as Pick<Tools, N>;
}

/** One missing tool in a list. */
export function describeMissing(m: Missing): string {
  return m.reason === "" ? displayName(m.tool) : `${displayName(m.tool)} (${m.reason})`;
}

/** A tool as its users know it: `llvmReadelf` is `llvm-readelf`. */
export function displayName(tool: string): string {
  return tool.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}

/** The command that brings what is missing: apt's where packages are all it takes, else kport's own. */
export function installCommand(missing: readonly Missing[]): string {
  if (missing.some((m) => m.packages.length === 0)) return "kport doctor --fix";
  return `sudo apt-get install ${[...new Set(missing.flatMap((m) => m.packages))].join(" ")}`;
}

/** A program and its version, or why it is of no use (the empty text where it is simply not there). */
async function findProgram(spec: ProgramSpec, places: ToolPlaces): Promise<Tool | string> {
  let problem = "";
  for (const dir of places.path) {
    const file = await which(spec.command, [dir]);
    if (file === undefined) continue;
    const version = await versionOf(file, spec.versionArgs, spec.version);
    if (version === undefined) problem ||= `${file} does not say its version`;
    else if (spec.minimum !== undefined && semver.lt(semver.coerce(version) ?? "0.0.0", spec.minimum))
      problem ||= `${file} is ${version}, ${spec.minimum} or newer is needed`;
    else if (spec.static === true && (await needsDynamicLinker(file))) problem ||= `${file} is not statically linked`;
    else return { path: file, version };
  }
  return problem;
}

async function findLlvm(places: ToolPlaces, tools: Partial<Tools>, missing: Missing[]): Promise<void> {
  const inOne = { clang: "clang", llvmConfig: "llvm-config", llvmReadelf: "llvm-readelf" } as const;
  const dir = path.join(places.llvm, `llvm-${LLVM_MAJOR}`, "bin");
  const [clang, llvmConfig, llvmReadelf] = await Promise.all(Object.values(inOne).map((c) => which(c, [dir])));
  const version = clang && (await versionOf(clang, ["--version"], /version (\d+\.\d+\.\d+)/));
  if (clang !== undefined && llvmConfig !== undefined && llvmReadelf !== undefined && version !== undefined) {
    tools.clang = { path: clang, version };
    tools.llvmConfig = { path: llvmConfig, version };
    tools.llvmReadelf = { path: llvmReadelf, version };
    const lld = await which("ld.lld", [dir]);
    if (lld !== undefined) tools.lld = { path: lld, version };
    else missing.push({ tool: "lld", reason: "", packages: [`lld-${LLVM_MAJOR}`] });
    return;
  }
  const reason = `of LLVM ${LLVM_MAJOR}, with its llvm-config and llvm-readelf`;
  missing.push({
    tool: "clang",
    reason,
    packages: [`clang-${LLVM_MAJOR}`, `llvm-${LLVM_MAJOR}-dev`, `libclang-${LLVM_MAJOR}-dev`],
  });
  missing.push(
    { tool: "llvmConfig", reason: "", packages: [`llvm-${LLVM_MAJOR}-dev`] },
    { tool: "llvmReadelf", reason: "", packages: [`llvm-${LLVM_MAJOR}`] },
    { tool: "lld", reason: "", packages: [`lld-${LLVM_MAJOR}`] },
  );
}

async function findRustTools(places: ToolPlaces, tools: Partial<Tools>, missing: Missing[]): Promise<void> {
  const found = await findRust(places);
  if (typeof found === "string") {
    missing.push(
      { tool: "rustc", reason: found || `${RUSTC_MINIMUM} or newer, with its library sources`, packages: [] },
      { tool: "cargo", reason: "", packages: [] },
    );
    return;
  }
  tools.rustc = found.rustc;
  if (found.cargo !== undefined) tools.cargo = found.cargo;
  else missing.push({ tool: "cargo", reason: `of the same kind as ${found.rustc.path}`, packages: [] });
}

async function findC2rust(places: ToolPlaces, tools: Partial<Tools>, missing: Missing[]): Promise<void> {
  let other = "";
  for (const dir of [path.join(places.cache, `c2rust-${C2RUST_VERSION}`, "bin"), ...places.path]) {
    const file = await which("c2rust", [dir]);
    if (file === undefined) continue;
    const version = await versionOf(file, ["--version"], /(\d+\.\d[\w.]*)/);
    if (version === C2RUST_VERSION) {
      tools.c2rust = { path: file, version };
      return;
    }
    other ||= `${file} is ${version ?? "of an unknown version"}, `;
  }
  missing.push({ tool: "c2rust", reason: `${other}${C2RUST_VERSION} is needed`, packages: [] });
}
