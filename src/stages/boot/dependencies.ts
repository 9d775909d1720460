/** The modules a module needs, in the order they must be loaded: out of the kernel's own, and those that were built beside it. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../machine/errors.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { type ModuleFile, nameFromFile, readModuleFile } from "./module-file.ts";

const MODULE = /\.ko(\.xz|\.zst|\.gz)?$/;

/**
 * Every module that `module` needs (its `depends`, and theirs), each after those it needs itself. `file` is where it came from,
 * `siblings` are modules that were built with it, wherever they lie.
 * modules.dep is not used: a kernel package that was only unpacked has none.
 * @throws UserError when one is neither built into the kernel, nor among its modules, nor a sibling, nor beside `file`.
 */
export async function resolveDependencies(file: string, module: ModuleFile, kernel: Pick<Kernel, "release" | "modulesDir">, siblings: readonly string[] = []): Promise<ModuleFile[]> {
  const ordered = new Map<string, ModuleFile>();
  if (needs(module).length === 0) return [];
  const [beside, own, builtin] = await Promise.all([modulesIn(path.dirname(path.resolve(file)), false), kernel.modulesDir === undefined ? new Map<string, string>() : modulesIn(kernel.modulesDir, true), builtinNames(kernel.modulesDir)]);
  const built = new Map(siblings.map((s) => [nameFromFile(s), s]));
  const visit = async (wanted: ModuleFile, chain: readonly string[]): Promise<void> => {
    for (const name of needs(wanted)) {
      if (ordered.has(name) || builtin.has(name)) continue;
      if (chain.includes(name)) throw new UserError(`${file}: its dependencies go round in a circle: ${[...chain, name].join(" → ")}`);
      const found = own.get(name) ?? built.get(name) ?? beside.get(name);
      if (found === undefined) throw new UserError(`${file}: needs the module ${name}${chain.length > 1 ? ` (by way of ${chain.slice(1).join(", ")})` : ""}, which is neither beside it nor among kernel ${kernel.release}'s modules (${kernel.modulesDir ?? "not on this machine"})`);
      const dependency = await readModuleFile(found);
      await visit(dependency, [...chain, name]);
      ordered.set(name, dependency);
    }
  };
  await visit(module, [module.name]);
  return [...ordered.values()];
}

function needs(module: ModuleFile): string[] {
  return (module.modinfo.get("depends") ?? []).flatMap((d) => d.split(",")).filter((d) => d !== "").map((d) => d.replaceAll("-", "_"));
}

/** Module files by the module's name. */
async function modulesIn(dir: string, recursive: boolean): Promise<Map<string, string>> {
  const names = await readdir(dir, { recursive }).catch(() => []);
  return new Map(names.filter((n) => MODULE.test(n)).map((n) => [nameFromFile(n), path.join(dir, n)]));
}

async function builtinNames(modulesDir: string | undefined): Promise<Set<string>> {
  const text = modulesDir === undefined ? "" : await readFile(path.join(modulesDir, "modules.builtin"), "utf8").catch(() => "");
  return new Set(text.split("\n").filter((l) => l !== "").map(nameFromFile));
}
