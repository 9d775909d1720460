/** A hostile module's folder for the tests, and what must stay as it is: a stranger's folder beside it with a secret. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { capture, type Captured } from "../../src/stages/capture/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { kbuildCommand } from "../../src/toolchain/kbuild.ts";
import { prepareKernel } from "../../src/toolchain/kernel-packages.ts";

export const SECRET = "a secret of this machine's user\n";

export const C =
  '#include <linux/module.h>\nstatic int __init hostile_init(void)\n{\n\tpr_info("up\\n");\n\treturn 0;\n}\nstatic void __exit hostile_exit(void)\n{\n}\nmodule_init(hostile_init);\nmodule_exit(hostile_exit);\nMODULE_LICENSE("GPL");\n';

export interface Scene extends AsyncDisposable {
  /** Holds everything; no git repository. */
  base: string;
  /** The module's folder. */
  dir: string;
  /** Of this machine's user: `secret` and `keep/kept`. */
  victim: string;
  /** What of the victim's is not as it was. */
  harm(): Promise<string[]>;
}

/**
 * A module whose makefile builds it and then does `after`, a recipe in the module's folder. `$(VICTIM)` is the victim's folder.
 * @param files besides, or in place of, `Makefile` and `hostile.c`
 */
export async function scene({
  after = [],
  files = {},
}: {
  after?: readonly string[];
  files?: Readonly<Record<string, string>>;
} = {}): Promise<Scene> {
  const base = await mkdtemp(path.join(os.tmpdir(), "kport-hostile-"));
  const [dir, victim] = [path.join(base, "module"), path.join(base, "victim")];
  const makefile = `obj-m := hostile.o\nVICTIM := ${victim}\nall:\n\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules\n${after.map((l) => `\t${l}\n`).join("")}`;
  await put(dir, { Makefile: makefile, "hostile.c": C, ...files });
  await put(victim, { secret: SECRET, "keep/kept": SECRET, "secret.o": SECRET });
  const before = await contents(victim);
  return {
    base,
    dir,
    victim,
    harm: async () => {
      const now = await contents(victim);
      return [...new Set([...before.keys(), ...now.keys()])].filter((f) => before.get(f) !== now.get(f));
    },
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  };
}

export async function put(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), text);
  }
}

/** Every file below a folder, with its text. */
export async function contents(dir: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const e of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const file = path.join(e.parentPath, e.name);
    if (!e.isDirectory()) found.set(path.relative(dir, file), e.isFile() ? await readFile(file, "latin1") : "no file");
  }
  return found;
}

/** Capture the module with the real tools. */
export async function captureScene(s: Scene, root?: string): Promise<Captured> {
  const [tools, kernel] = await Promise.all([requireTools(["clang", "bear", "make", "gcc"]), prepareKernel("6.1")]);
  const kbuild = await kbuildCommand(kernel);
  return capture({
    dir: s.dir,
    ...(root === undefined ? {} : { root }),
    kernel,
    workDir: path.join(s.base, "work"),
    clang: tools.clang.path,
    kernelCompiler: kbuild.compiler,
    bear: tools.bear.path,
    jobs: 2,
  });
}
