/** Where the sources of the corpus' modules come from: Debian's packages, and the kernels' own trees. */
import path from "node:path";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { type Apt, systemApt } from "../../src/toolchain/apt.ts";
import { isolatedApt } from "../../src/toolchain/isolated-apt.ts";
import type { Kernel } from "../../src/toolchain/kernel.ts";
import { fetchDkms } from "./dkms.ts";
import { fetchTree, layOut } from "./in-tree.ts";
import { type DkmsModule, dkmsModules, type InTreeModule, inTreeModules, type kernels } from "./modules.ts";

export interface Entry {
  name: string;
  module: DkmsModule | InTreeModule;
}

export type Version = (typeof kernels)[number];

export const listed: readonly Entry[] = [
  ...dkmsModules.map((module) => ({ name: module.package, module })),
  ...inTreeModules.map((module) => ({ name: module.name, module })),
];

export type Source = { dir: string; origin: string; make?: string; root?: string };

export class Sources {
  readonly #into: string;
  readonly #folders: readonly string[];
  readonly #trees = new Map<string, ReturnType<typeof fetchTree>>();
  readonly #apts = new Map<string, Promise<Apt>>([["", Promise.resolve(systemApt)]]);

  /**
   * @param into where modules of a tree are laid out
   * @param folders of the tree, that modules are taken from
   */
  constructor(into: string, folders: readonly string[]) {
    this.#into = into;
    this.#folders = folders;
  }

  /** The folder to check; undefined where there is none for this kernel, or it is of more than `mostUnits` units. */
  async of(entry: Entry, version: Version, kernel: Kernel, mostUnits?: number): Promise<Source | undefined> {
    return "package" in entry.module
      ? this.#ofPackage(entry.module, version)
      : this.#ofTree(entry.module, version, kernel, mostUnits);
  }

  async #ofPackage(module: DkmsModule, version: Version): Promise<Source | undefined> {
    for (const suite of version.suites) {
      const apt = await this.#apt(suite);
      const found = await fetchDkms(module.package, apt).catch((error: unknown) => {
        if (error instanceof EnvironmentError && /have no package/.test(error.message)) return undefined;
        throw error;
      });
      if (found !== undefined)
        return {
          dir: found.dir,
          origin: `${module.package} ${found.version}`,
          ...(module.make === undefined ? {} : { make: module.make }),
        };
    }
    return undefined;
  }

  async #ofTree(
    module: InTreeModule,
    version: Version,
    kernel: Kernel,
    mostUnits: number | undefined,
  ): Promise<Source | undefined> {
    const tree = await this.#tree(version);
    const root = path.join(this.#into, version.version, module.name);
    const dir = await layOut(tree.dir, module, kernel.buildDir, root, mostUnits);
    return dir === undefined ? undefined : { dir, root, origin: `${version.source.package} ${tree.version}` };
  }

  /** Many modules want the same tree at once, which is unpacked once. */
  #tree({ version, source }: Version): ReturnType<typeof fetchTree> {
    const tree =
      this.#trees.get(version) ?? this.#apt(source.suite).then((apt) => fetchTree(source.package, apt, this.#folders));
    this.#trees.set(version, tree);
    return tree;
  }

  #apt(suite: string): Promise<Apt> {
    const known = this.#apts.get(suite) ?? isolatedApt(suite);
    this.#apts.set(suite, known);
    return known;
  }
}
