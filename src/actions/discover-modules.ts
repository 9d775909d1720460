/** Finds the folders of a source tree that build kernel modules, by reading their makefiles and `dkms.conf`; runs nothing. */
import path from "node:path";
import { glob } from "tinyglobby";
import { readRegular } from "../machine/untrusted-folder.ts";
import { isModuleName } from "../stages/capture/plain-names.ts";

export interface ModuleFolder {
  /** Relative to the tree, with `/`; `.` for the tree itself. */
  dir: string;
  /** The modules it says it builds; empty where only make knows. */
  names: string[];
  from: "dkms.conf" | "Kbuild" | "Makefile";
}

const SKIPPED = ["**/node_modules/**", "**/.git/**", "**/target/**", "**/debian/**", "**/kport-out/**"];
/** A makefile or dkms.conf larger than this is not one that a person wrote. */
const LARGEST = 1024 * 1024;

/**
 * Every folder below `root` that builds modules, sorted by path. A folder that another one builds (a `dkms.conf` above it, or an
 * `obj-m += sub/` in the makefile above it) is not listed again, and neither is a port that kport itself wrote.
 */
export async function discoverModules(root: string): Promise<ModuleFolder[]> {
  const files = await glob(["**/Makefile", "**/makefile", "**/GNUmakefile", "**/Kbuild", "**/dkms.conf"], {
    cwd: root,
    ignore: SKIPPED,
    followSymbolicLinks: false,
  });
  const found = new Map<string, ModuleFolder>();
  const builtByParent = new Set<string>();
  for (const file of files.sort()) {
    const text = await readSmall(path.join(root, file));
    if (text === undefined) continue;
    const dir = path.posix.dirname(file);
    const base = path.posix.basename(file);
    if (base === "dkms.conf") {
      const names = dkmsNames(text);
      if (names.length > 0) found.set(dir, { dir, names, from: "dkms.conf" });
      continue;
    }
    const objects = objM(text);
    if (objects === undefined || (await isPort(path.join(root, dir)))) continue;
    for (const o of objects) if (o.endsWith("/")) builtByParent.add(path.posix.join(dir, o).replace(/\/$/, ""));
    if (found.get(dir)?.from === "dkms.conf") continue;
    const names = objects.filter((o) => o.endsWith(".o") && !o.includes("$")).map((o) => o.slice(0, -2));
    const known = found.get(dir);
    found.set(dir, {
      dir,
      names: [...new Set([...(known?.names ?? []), ...names])],
      from: base === "Kbuild" ? "Kbuild" : (known?.from ?? "Makefile"),
    });
  }
  const dkmsFolders = [...found.values()].filter((m) => m.from === "dkms.conf").map((m) => m.dir);
  return [...found.values()]
    .filter((m) => !builtByParent.has(m.dir) && !dkmsFolders.some((d) => d !== m.dir && isBelow(m.dir, d)))
    .sort((a, b) => (a.dir < b.dir ? -1 : 1));
}

/** The words of every `obj-m` assignment, or undefined where there is none. Continued lines are joined and comments dropped, as make does. */
function objM(makefile: string): string[] | undefined {
  const lines = makefile
    .replace(/\\\r?\n/g, " ")
    .split("\n")
    .map((l) => l.slice(0, /(?:^|\s)#/.exec(l)?.index));
  const values = lines.flatMap((l) => /^\s*(?:export\s+|override\s+)?obj-m\s*(?:::?|\+|\?)?=(.*)$/.exec(l)?.[1] ?? []);
  return values.length === 0 ? undefined : values.flatMap((v) => v.split(/\s+/).filter((w) => w !== ""));
}

/** `BUILT_MODULE_NAME[n]`; dkms takes `PACKAGE_NAME` where a package builds one module and does not name it. */
function dkmsNames(conf: string): string[] {
  const value = (pattern: RegExp): string[] =>
    [...conf.matchAll(pattern)].map((m) => (m[1] ?? m[2] ?? m[3] ?? "").trim()).filter((v) => v !== "");
  const word = String.raw`(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#]*))`;
  const packages = value(new RegExp(String.raw`^[ \t]*PACKAGE_NAME=${word}`, "gm"));
  const named = value(new RegExp(String.raw`^[ \t]*BUILT_MODULE_NAME(?:\[\d+\])?=${word}`, "gm"));
  // Only what can be a module's name is put in: a long one in many places would be longer than any text.
  const name = packages[0] !== undefined && isModuleName(packages[0]) ? packages[0] : "";
  const names = (named.length > 0 ? named : packages).map((n) => n.replaceAll(/\$\{?PACKAGE_NAME\}?/g, name));
  return [...new Set(names.filter(isModuleName))];
}

/** A port that kport wrote builds with kbuild too; there is no C of the module's in it to port. */
async function isPort(dir: string): Promise<boolean> {
  return (
    (await readSmall(path.join(dir, "provenance.json"))) !== undefined &&
    (await readSmall(path.join(dir, "Cargo.toml"))) !== undefined
  );
}

function isBelow(dir: string, above: string): boolean {
  return above === "." || dir.startsWith(`${above}/`);
}

async function readSmall(file: string): Promise<string | undefined> {
  return readRegular(file, LARGEST).then(
    (bytes) => bytes.toString("utf8"),
    () => undefined,
  );
}
