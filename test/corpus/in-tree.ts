/** Modules of the kernel's own tree as folders that build alone: the tree's files as they are, and a generated Kbuild. */
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../../src/machine/cache.ts";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { type Apt, downloadPackages, runTool, showPackage, unpackPackages } from "../../src/toolchain/apt.ts";
import { kbuildLists } from "./kbuild-lists.ts";
import type { InTreeModule } from "./modules.ts";

/** What the modules of the list lie in, and what they include from beside. */
export const LISTED_FOLDERS: readonly string[] = [
  "lib",
  "fs",
  "crypto",
  "net",
  "drivers/block",
  "drivers/char",
  "drivers/hid",
  "drivers/net/*.[ch]",
  "drivers/net/Makefile",
  "drivers/net/can",
  "tools/testing/selftests/*.h",
];

/** The parts of a linux-source package that hold the modules. */
export async function fetchTree(
  packageName: string,
  apt: Apt,
  folders: readonly string[],
): Promise<{ dir: string; version: string }> {
  const known = await showPackage(apt, packageName);
  if (!known) throw new EnvironmentError(`${apt.name} have no package ${packageName}`, "apt-get update");
  const { dir } = await cached("linux-source", contentKey([packageName, known.version, ...folders]), async (into) => {
    const downloads = path.join(into, "download");
    await unpackPackages(await downloadPackages(apt, [packageName], downloads), downloads);
    const sources = path.join(downloads, "usr/src");
    const archive = (await readdir(sources)).find((n) => n.includes(".tar."));
    if (archive === undefined) throw new EnvironmentError(`the package ${packageName} holds no archive of sources`);
    const top = archive.replace(/\.tar\..*/, "");
    await runTool("tar", [
      "-xf",
      path.join(sources, archive),
      "-C",
      into,
      "--strip-components=1",
      "--wildcards",
      "--no-wildcards-match-slash",
      ...folders.map((f) => `${top}/${f}`),
    ]);
    await rm(downloads, { recursive: true });
  });
  return { dir, version: known.version };
}

/**
 * Lay one module out below `to`, and return the folder that builds it; undefined where this tree has no such module, or one of more than
 * `mostUnits` units.
 * @param buildDir the kernel's, whose configuration says which optional units belong to the module
 */
export async function layOut(
  tree: string,
  module: InTreeModule,
  buildDir: string,
  to: string,
  mostUnits = Number.POSITIVE_INFINITY,
): Promise<string | undefined> {
  const lists = await kbuildLists(tree, module.from, module.name, buildDir);
  const units = module.parts ?? (lists !== undefined && lists.objects.length > 0 ? lists.objects : [module.name]);
  if (units.length > mostUnits) return undefined;
  await rm(to, { recursive: true, force: true });
  const dir = path.join(to, module.from);
  const texts: string[] = [];
  for (const unit of units) {
    const file = `${module.from}/${unit}.c`;
    if (!(await isFile(path.join(tree, file)))) return undefined;
    texts.push(...(await copyWithIncludes(tree, file, to, lists?.includes ?? [])));
  }
  const kbuild = ["# Generated from the kernel tree's own list of this module's objects.", `obj-m := ${module.name}.o`];
  const own = [...units];
  const flags = [...(lists?.flags ?? [])];
  if (module.parts) {
    flags.push(...[...new Set(texts.flatMap(exported))].map((s) => `ccflags-y += -D${s}=corpus_${s}`));
    // Files of the kernel image say no licence, without which a module is not linked.
    if (!texts.some((t) => t.includes("MODULE_LICENSE("))) {
      await writeFile(path.join(dir, "corpus_licence.c"), '#include <linux/module.h>\n\nMODULE_LICENSE("GPL");\n');
      own.push("corpus_licence");
    }
  }
  const alone = own.length === 1 && own[0] === module.name;
  if (!alone) kbuild.push(`${module.name}-y := ${own.map((u) => `${u}.o`).join(" ")}`);
  await writeFile(path.join(dir, "Kbuild"), `${[...kbuild, ...flags].join("\n")}\n`);
  return dir;
}

/** Copy a file and, as far as the tree has them beside it or in `folders`, the files that it includes. @returns the texts copied */
async function copyWithIncludes(
  tree: string,
  file: string,
  to: string,
  folders: readonly string[],
  seen = new Set<string>(),
): Promise<string[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = await readFile(path.join(tree, file), "utf8");
  await mkdir(path.dirname(path.join(to, file)), { recursive: true });
  await cp(path.join(tree, file), path.join(to, file));
  const texts = [text];
  for (const m of text.matchAll(/^\s*#\s*include\s+["<]([^">]+)[">]/gm)) {
    for (const folder of [path.posix.dirname(file), ...folders]) {
      const included = path.posix.normalize(path.posix.join(folder, m[1] as string));
      if (included.startsWith("..") || !(await isFile(path.join(tree, included)))) continue;
      texts.push(...(await copyWithIncludes(tree, included, to, folders, seen)));
      break;
    }
  }
  return texts;
}

/** Names that a source exports. */
function exported(text: string): string[] {
  return [...text.matchAll(/^\s*EXPORT_SYMBOL(?:_GPL|_NS|_NS_GPL)?\((\w+)/gm)].map((m) => m[1] as string);
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (s) => s.isFile(),
    () => false,
  );
}
