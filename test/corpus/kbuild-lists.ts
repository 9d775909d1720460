/** What a folder's makefile of the kernel's tree says of one of its modules. make itself reads it: its conditions are too many to guess. */
import path from "node:path";
import { run } from "../../src/machine/process.ts";

export interface KbuildLists {
  /** The module's objects without `.o`; empty where the makefile lists none, and its one unit is named as it is. */
  objects: string[];
  /** Lines of a Kbuild that give the units the same flags, paths in terms of `$(src)`. */
  flags: string[];
  /** Folders in which those flags have headers looked for. Relative to the tree. */
  includes: string[];
}

/** Stands for the tree's top in what make prints. */
const TREE = "/kport-tree";

/**
 * @param from the makefile's folder, relative to `tree`
 * @param buildDir the kernel's, whose configuration decides
 * @returns undefined where there is no makefile, or make cannot read it alone
 */
export async function kbuildLists(
  tree: string,
  from: string,
  module: string,
  buildDir: string,
): Promise<KbuildLists | undefined> {
  const script = `include ${buildDir}/include/config/auto.conf
src := $$(src)
obj := $$(src)
srctree := ${TREE}
include ${path.join(tree, from, "Makefile")}
$(info objects $(${module}-y) $(${module}-objs) $(${module}-m))
$(info flags $(ccflags-y) $(EXTRA_CFLAGS))
$(foreach v,$(filter CFLAGS_%.o,$(.VARIABLES)),$(info unit $(v) $($(v))))
kport-nothing: ;
`;
  const r = await run("make", ["-s", "-f", "-", "kport-nothing"], {
    cwd: tree,
    allowFailure: true,
    timeout: 20_000,
    input: script,
  });
  if (r.exitCode !== 0) return undefined;
  const said = (word: string): string[] =>
    r.stdout.split("\n").flatMap((l) => (l.startsWith(`${word} `) ? [l.slice(word.length + 1).trim()] : []));
  const objects = said("objects")
    .join(" ")
    .split(/\s+/)
    .filter((o) => o.endsWith(".o"))
    .map((o) => path.posix.normalize(o.slice(0, -2)));
  const flags = [
    ...said("flags")
      .filter((f) => f !== "")
      .map((f) => `ccflags-y += ${f}`),
    ...said("unit").flatMap((u) => (u.includes(" ") ? [u.replace(" ", " := ")] : [])),
  ];
  const inSrc = flags.map((f) =>
    f
      .replaceAll(`${TREE}/$(src)`, "$(src)")
      .replaceAll(new RegExp(`${TREE}/([^\\s]*)`, "g"), (_, p: string) => `$(src)/${path.posix.relative(from, p)}`),
  );
  const includes = inSrc.flatMap((f) =>
    [...f.matchAll(/-I\s*\$\(src\)(\S*)/g)].map((m) => path.posix.join(from, m[1] ?? "")),
  );
  return { objects: [...new Set(objects)], flags: inSrc, includes: [...new Set(includes)] };
}
