/** Modules of the kernel's own tree as folders that build alone: the tree's files as they are, and a generated Kbuild. */
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../../src/cache.ts";
import { EnvironmentError } from "../../src/errors.ts";
import { type Apt, downloadPackages, runTool, showPackage, unpackPackages } from "../../src/toolchain/apt.ts";
import type { InTreeModule } from "./modules.ts";

/** What the modules of the list lie in, and what they include from beside. */
const FOLDERS = ["lib", "fs", "crypto", "net", "drivers/block", "drivers/char", "drivers/hid", "drivers/net/*.[ch]", "drivers/net/Makefile", "drivers/net/can", "tools/testing/selftests/*.h"];

/** The parts of a linux-source package that hold the list's modules. */
export async function fetchTree(packageName: string, apt: Apt): Promise<{ dir: string; version: string }> {
  const known = await showPackage(apt, packageName);
  if (!known) throw new EnvironmentError(`${apt.name} have no package ${packageName}`, "apt-get update");
  const { dir } = await cached("linux-source", contentKey([packageName, known.version, ...FOLDERS]), async (into) => {
    const downloads = path.join(into, "download");
    await unpackPackages(await downloadPackages(apt, [packageName], downloads), downloads);
    const sources = path.join(downloads, "usr/src");
    const archive = (await readdir(sources)).find((n) => n.includes(".tar."));
    if (archive === undefined) throw new EnvironmentError(`the package ${packageName} holds no archive of sources`);
    const top = archive.replace(/\.tar\..*/, "");
    await runTool("tar", ["-xf", path.join(sources, archive), "-C", into, "--strip-components=1", "--wildcards", "--no-wildcards-match-slash", ...FOLDERS.map((f) => `${top}/${f}`)]);
    await rm(downloads, { recursive: true });
  });
  return { dir, version: known.version };
}

/**
 * Lay one module out below `to`, and return the folder that builds it; undefined where this tree has no such module.
 * @param config the text of the kernel's `.config`, which says which optional units belong to the module
 */
export async function layOut(tree: string, module: InTreeModule, config: string, to: string): Promise<string | undefined> {
  const makefile = await readFile(path.join(tree, module.from, "Makefile"), "utf8").catch(() => "");
  const units = module.parts ?? objectsOf(makefile, module.name, config) ?? [module.name];
  await rm(to, { recursive: true, force: true });
  const dir = path.join(to, module.from);
  const texts: string[] = [];
  for (const unit of units) {
    const file = `${module.from}/${unit}.c`;
    if (!(await isFile(path.join(tree, file)))) return undefined;
    texts.push(...(await copyWithIncludes(tree, file, to)));
  }
  const kbuild = ["# Generated from the kernel tree's own list of this module's objects.", `obj-m := ${module.name}.o`];
  const own = [...units];
  const flags = flagsOf(makefile);
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

/** The units that a makefile of the tree makes a module of, without `.o`; undefined where it lists none. */
export function objectsOf(makefile: string, module: string, config: string): string[] | undefined {
  const found: string[] = [];
  for (const line of makefile.replace(/\\\n/g, " ").split("\n")) {
    const m = /^([\w-]+?)-(?:y|objs|\$\((CONFIG_\w+)\))\s*[:+]?=\s*([^#]*)/.exec(line);
    if (m?.[1] !== module) continue;
    if (m[2] !== undefined && !new RegExp(`^${m[2]}=[ym]$`, "m").test(config)) continue;
    found.push(...(m[3] as string).split(/\s+/).filter((o) => o.endsWith(".o")).map((o) => o.slice(0, -2)));
  }
  return found.length === 0 ? undefined : found;
}

/** Flags that the folder's makefile gives its units, as far as they need nothing else of the makefile. */
function flagsOf(makefile: string): string[] {
  return makefile.replace(/\\\n/g, " ").split("\n").filter((l) => /^(ccflags-y|CFLAGS_[\w-]+\.o)\s*[:+]?=/.test(l) && !/\$\((?!src|srctree|obj)/.test(l)).map((l) => l.replaceAll("$(srctree)/$(src)", "$(src)"));
}

/** Copy a file and, as far as the tree has them beside it, the files that it includes in quotes. @returns the texts copied */
async function copyWithIncludes(tree: string, file: string, to: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = await readFile(path.join(tree, file), "utf8");
  await mkdir(path.dirname(path.join(to, file)), { recursive: true });
  await cp(path.join(tree, file), path.join(to, file));
  const texts = [text];
  for (const m of text.matchAll(/^\s*#\s*include\s+["<]([^">]+)[">]/gm)) {
    const included = path.posix.normalize(path.posix.join(path.posix.dirname(file), m[1] as string));
    if (!included.startsWith("..") && (await isFile(path.join(tree, included)))) texts.push(...(await copyWithIncludes(tree, included, to, seen)));
  }
  return texts;
}

/** Names that a source exports. */
function exported(text: string): string[] {
  return [...text.matchAll(/^\s*EXPORT_SYMBOL(?:_GPL|_NS|_NS_GPL)?\((\w+)/gm)].map((m) => m[1] as string);
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then((s) => s.isFile(), () => false);
}
