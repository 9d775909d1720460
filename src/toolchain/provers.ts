/** What proofs take: `opt` of the very LLVM that a rustc has, and z3. Neither has to be there; without `opt` there are no proofs. */
import path from "node:path";
import semver from "semver";
import { installPackages, notInstalled, privilege } from "./apt-install.ts";
import { showPackage, systemApt } from "./apt.ts";
import { toolPlaces } from "./discover.ts";
import { versionOf, which } from "./program.ts";
import type { Tool, ToolPlaces } from "./tools.ts";

export interface Provers {
  opt: Tool;
  /** Absent: nothing is left to a solver. */
  z3?: Tool;
}

/** The tools for a rustc, or in one line why there are none and what brings them. */
export async function findProvers(rustc: Tool, places: ToolPlaces = toolPlaces()): Promise<Provers | string> {
  const llvm = await llvmOf(rustc);
  if (llvm === undefined) return `${rustc.path} does not say which LLVM it has`;
  const major = semver.coerce(llvm)?.major ?? 0;
  const file = await which("opt", [path.join(places.llvm, `llvm-${major}`, "bin")]);
  const version = file === undefined ? undefined : await versionOf(file, ["--version"], /version (\d+\.\d+\.\d+)/);
  if (file === undefined || version === undefined)
    return `no \`opt\` of LLVM ${major}, which rustc ${rustc.version} has: \`sudo apt-get install llvm-${major} z3\` brings it where Debian has it`;
  const z3 = await which("z3", places.path);
  const solver = z3 === undefined ? undefined : await versionOf(z3, ["--version"], /version (\d+\.\d+\.\d+)/);
  return {
    opt: { path: file, version },
    ...(z3 !== undefined && solver !== undefined ? { z3: { path: z3, version: solver } } : {}),
  };
}

function llvmOf(rustc: Tool): Promise<string | undefined> {
  return versionOf(rustc.path, ["-vV"], /^LLVM version: (\S+)/m);
}

/** Install them where this machine's packages have them and this user may; a run does without them. */
export async function installProvers(rustc: Tool): Promise<void> {
  const llvm = await llvmOf(rustc);
  const as = await privilege();
  if (llvm === undefined || as === "none") return;
  const wanted = await notInstalled([`llvm-${semver.coerce(llvm)?.major}`, "z3"]);
  const offered = (
    await Promise.all(wanted.map(async (p) => ((await showPackage(systemApt, p)) === undefined ? [] : [p])))
  ).flat();
  await installPackages(offered, as);
}
