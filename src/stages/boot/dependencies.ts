/** The modules a module needs, in the order they must be loaded: out of the kernel's own, and those that were built beside it. */
import path from "node:path";
import { UserError } from "../../machine/errors.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { type ModuleFile, nameFromFile, readModuleFile } from "./module-file.ts";
import { moduleIndex, modulesIn, underscored } from "./module-index.ts";

export interface Dependency {
  module: ModuleFile;
  /** The module cannot be loaded without it. One that is only wished for may fail, as it may with modprobe: it drives hardware that is not there. */
  needed: boolean;
}

/**
 * Every module that `module` needs (its `depends`, and theirs), each after those it needs itself; and those that modprobe would load
 * besides: what the soft dependencies of all these name, and what answers `requests`, names and aliases that the kernel has asked for.
 * `file` is where it came from, `siblings` are modules that were built with it, wherever they lie.
 * modules.dep is not used: a kernel package that was only unpacked has none.
 * @throws UserError when one is neither built into the kernel, nor among its modules, nor a sibling, nor beside `file`.
 */
export async function resolveDependencies(
  file: string,
  module: ModuleFile,
  kernel: Pick<Kernel, "release" | "modulesDir">,
  siblings: readonly string[] = [],
  requests: readonly string[] = [],
): Promise<Dependency[]> {
  const soft = softDependencies(module);
  if (needs(module).length === 0 && soft.pre.length === 0 && requests.length === 0) return [];
  const ordered = new Map<string, Dependency>();
  const [beside, index] = await Promise.all([modulesIn(path.dirname(path.resolve(file)), false), moduleIndex(kernel)]);
  const built = new Map(siblings.map((s) => [nameFromFile(s), s]));

  const load = async (name: string, chain: readonly string[], needed: boolean): Promise<void> => {
    const known = ordered.get(name);
    if (index.builtin.has(name) || name === module.name || (known !== undefined && (known.needed || !needed))) return;
    if (chain.includes(name)) {
      // modprobe goes round such a circle as well, as long as a wish is part of it.
      if (!needed) return;
      throw new UserError(`${file}: its dependencies go round in a circle: ${[...chain, name].join(" → ")}`);
    }
    const found = index.files.get(name) ?? built.get(name) ?? beside.get(name);
    if (found === undefined) {
      if (!needed) return;
      throw new UserError(
        `${file}: needs the module ${name}${chain.length > 1 ? ` (by way of ${chain.slice(1).join(", ")})` : ""}, which is neither beside it nor among kernel ${kernel.release}'s modules (${kernel.modulesDir ?? "not on this machine"})`,
      );
    }
    const wanted = known?.module ?? (await readModuleFile(found));
    await visit(wanted, [...chain, name], needed);
    // In its place among the others, which is where it was put first.
    ordered.set(name, { module: wanted, needed });
    for (const request of softDependencies(wanted).post) await answer(request, [...chain, name]);
  };
  const answer = async (request: string, chain: readonly string[]): Promise<void> => {
    const name = underscored(request);
    const answers = built.has(name) || beside.has(name) ? [name] : await index.answer(request);
    for (const one of answers) await load(one, chain, false);
  };
  const visit = async (wanted: ModuleFile, chain: readonly string[], needed: boolean): Promise<void> => {
    for (const request of softDependencies(wanted).pre) await answer(request, chain);
    for (const name of needs(wanted)) await load(name, chain, needed);
  };

  for (const request of requests) await answer(request, [module.name]);
  await visit(module, [module.name], true);
  return [...ordered.values()];
}

function needs(module: ModuleFile): string[] {
  return (module.modinfo.get("depends") ?? [])
    .flatMap((d) => d.split(","))
    .filter((d) => d !== "")
    .map(underscored);
}

/** Soft dependencies taken of a module, of each kind: each is looked for among all aliases of a kernel, and a file may name a million. */
const MOST_WISHED = 200;

/** What MODULE_SOFTDEP() says: `pre: a b post: c`. */
export function softDependencies(module: Pick<ModuleFile, "modinfo">): { pre: string[]; post: string[] } {
  const found: { pre: string[]; post: string[] } = { pre: [], post: [] };
  for (const line of module.modinfo.get("softdep") ?? []) {
    let into: string[] | undefined;
    for (const word of line.split(/\s+/).filter((w) => w !== "")) {
      if (word === "pre:") into = found.pre;
      else if (word === "post:") into = found.post;
      else if (into !== undefined && into.length < MOST_WISHED) into.push(word);
    }
  }
  return found;
}
