/** Modules that nobody chose: some of those that a kernel's package holds, drawn by chance. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { EnvironmentError } from "../../src/machine/errors.ts";
import type { Kernel } from "../../src/toolchain/kernel.ts";
import type { InTreeModule } from "./modules.ts";

/** Everything that its modules' sources can lie in, and what they include. */
export const ALL_FOLDERS: readonly string[] = [
  "arch/x86",
  "block",
  "crypto",
  "drivers",
  "fs",
  "kernel",
  "lib",
  "mm",
  "net",
  "security",
  "sound",
  "tools/testing/selftests/*.h",
  "virt",
];

/**
 * All modules of a kernel in an order that `seed` decides: the first N are a sample, and a larger sample holds the smaller one.
 * @throws EnvironmentError when the kernel's modules are not on this machine
 */
export async function drawn(kernel: Kernel, seed: string): Promise<InTreeModule[]> {
  const list =
    kernel.modulesDir === undefined
      ? undefined
      : await readFile(path.join(kernel.modulesDir, "modules.order"), "utf8").catch(() => undefined);
  if (list === undefined)
    throw new EnvironmentError(`the modules of kernel ${kernel.release} are not here: there is nothing to draw from`);
  const modules = list.split("\n").flatMap((line) => {
    const file = line.replace(/^kernel\//, "").replace(/\.ko(?:\.\w+)?$/, "");
    return file === "" ? [] : [{ from: path.posix.dirname(file), name: path.posix.basename(file) }];
  });
  const place = (m: InTreeModule): string => createHash("sha256").update(`${seed}\0${m.from}/${m.name}`).digest("hex");
  return modules
    .map((m) => ({ m, at: place(m) }))
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(({ m }) => m);
}
