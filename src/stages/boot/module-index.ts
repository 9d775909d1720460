/** A kernel's own modules as modprobe sees them: by name, by alias, and with what each wants loaded before and behind it. */
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey, scratchFolder } from "../../machine/cache.ts";
import { EnvironmentError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { discoverTools } from "../../toolchain/discover.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { nameFromFile } from "./module-file.ts";

export const MODULE = /\.ko(\.xz|\.zst|\.gz)?$/;

export interface ModuleIndex {
  /** The module's file, by its name. */
  files: ReadonlyMap<string, string>;
  builtin: ReadonlySet<string>;
  /** The modules that modprobe would load for a name or an alias, in its order; none where it knows none. */
  answer(request: string): Promise<string[]>;
}

/** The one with underscores: the kernel and its tools take `-` for `_` in a module's name (modprobe.d(5)). */
export const underscored = (name: string): string => name.replaceAll("-", "_");

/** Read what `kernel` has. Its aliases are asked of depmod at the first request, once a kernel. */
export async function moduleIndex(kernel: Pick<Kernel, "release" | "modulesDir">): Promise<ModuleIndex> {
  const dir = kernel.modulesDir;
  const [files, builtin] = await Promise.all([
    dir === undefined ? new Map<string, string>() : modulesIn(dir, true),
    builtinNames(dir),
  ]);
  const answer = async (request: string): Promise<string[]> => {
    if (request.length > LONGEST_REQUEST) return [];
    const name = underscored(request);
    if (files.has(name)) return [name];
    if (dir === undefined || files.size === 0 || builtin.has(name)) return [];
    const found = (await aliasesOf(dir, kernel.release)).filter(({ matches }) => matches(name)).map((a) => a.module);
    return [...new Set(found)].filter((m) => files.has(m));
  };
  return { files, builtin, answer };
}

/** Module files by the module's name. */
export async function modulesIn(dir: string, recursive: boolean): Promise<Map<string, string>> {
  const names = await readdir(dir, { recursive }).catch(() => []);
  return new Map(names.filter((n) => MODULE.test(n)).map((n) => [nameFromFile(n), path.join(dir, n)]));
}

async function builtinNames(modulesDir: string | undefined): Promise<Set<string>> {
  const text =
    modulesDir === undefined ? "" : await readFile(path.join(modulesDir, "modules.builtin"), "utf8").catch(() => "");
  return new Set(
    text
      .split("\n")
      .filter((l) => l !== "")
      .map(nameFromFile),
  );
}

/** Characters; the kernel asks for shorter names (MODULE_NAME_LEN), and no alias of its modules is as long. */
const LONGEST_REQUEST = 1024;

interface Alias {
  matches: (name: string) => boolean;
  module: string;
}

const read = new Map<string, Promise<Alias[]>>();

/** A package that was only unpacked has no modules.alias: depmod reads the modules themselves, which takes seconds where they are compressed. */
function aliasesOf(dir: string, release: string): Promise<Alias[]> {
  const known = read.get(dir) ?? readAliases(dir, release);
  read.set(dir, known);
  return known.catch((e: unknown) => {
    read.delete(dir);
    throw e;
  });
}

async function readAliases(dir: string, release: string): Promise<Alias[]> {
  const { tools } = await discoverTools(undefined, ["depmod"]);
  const depmod = tools.depmod?.path;
  if (depmod === undefined)
    throw new EnvironmentError(
      "depmod is not here: which modules the kernel asks for cannot be told",
      "sudo apt-get install kmod",
    );
  // Changed by whatever installs a kernel; one that lacks it is known by its folder.
  const facts = await stat(path.join(dir, "modules.order")).catch(() => stat(dir));
  const { dir: kept } = await cached(
    "module-aliases",
    contentKey([dir, release, String(facts.size), String(facts.mtimeMs)]),
    async (beside) => {
      await using base = await scratchFolder(path.join(beside, "base-"));
      // depmod looks below lib/modules or usr/lib/modules, as it was built.
      await mkdir(path.join(base.dir, "usr/lib/modules"), { recursive: true });
      await symlink("usr/lib", path.join(base.dir, "lib"));
      await symlink(dir, path.join(base.dir, "usr/lib/modules", release));
      const { stdout } = await run(depmod, ["-n", "-b", base.dir, release]);
      await writeFile(
        path.join(beside, "aliases"),
        stdout
          .split("\n")
          .filter((l) => l.startsWith("alias "))
          .join("\n"),
      );
    },
  );
  const lines = (await readFile(path.join(kept, "aliases"), "utf8")).split("\n");
  return lines.flatMap((line) => {
    const [, pattern, module] = line.split(" ");
    return pattern === undefined || module === undefined ? [] : [{ matches: globMatcher(pattern), module }];
  });
}

/** Any number of characters. */
const ANY = "*";
type Part = typeof ANY | ((character: string) => boolean);

/**
 * fnmatch(3) for the aliases of modules: `*`, `?` and `[…]`. As in kmod, `-` is `_` outside of brackets. No regular expression: what is asked
 * for is a stranger's word, and one would try each `*` again for every place of the others.
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  let parts: Part[] | undefined;
  return (name) => matches((parts ??= partsOf(pattern)), name);
}

function partsOf(pattern: string): Part[] {
  return (pattern.match(/\[[^\]]*\]|[^[]|\[/g) ?? []).map((p) => {
    if (p === "*") return ANY;
    if (p === "?") return () => true;
    if (p.length > 1) return oneOf(p.slice(1, -1));
    const plain = underscored(p);
    return (c) => c === plain;
  });
}

/** Of `[a-z]` and `[!a-z]`: a range that ends before it begins holds nothing, and is no mistake. */
function oneOf(set: string): (character: string) => boolean {
  const not = /^[!^]/.test(set);
  const ranges = [...set.slice(not ? 1 : 0).matchAll(/([^])(?:-([^]))?/g)].map(
    ([, from = "", to = from]) => [from, to] as const,
  );
  return (c) => not !== ranges.some(([from, to]) => from <= c && c <= to);
}

/** Where the text behind a `*` does not fit, that `*` takes one character more; those before it have what they need. */
function matches(parts: readonly Part[], name: string): boolean {
  let [part, at, any, anyAt] = [0, 0, -1, 0];
  while (at < name.length) {
    const p = parts[part];
    if (p === ANY) [any, anyAt] = [part++, at];
    else if (p?.(name[at] as string)) [part, at] = [part + 1, at + 1];
    else if (any >= 0) [part, at] = [any + 1, ++anyAt];
    else return false;
  }
  return parts.slice(part).every((p) => p === ANY);
}
