/** The flags that a port's crate is compiled with, as kbuild says them. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { cached, contentKey, scratchFolder } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { describeFailure } from "../../machine/tool-failure.ts";
import { readUntrusted } from "../../machine/untrusted-folder.ts";
import { kernelSandbox } from "../../toolchain/kernel-sandbox.ts";
import { rustcFiles } from "../../toolchain/rust.ts";
import { flagsKbuild, makefile, TARGET } from "../assemble/kbuild-files.ts";
import { rustVariables } from "../build/core.ts";
import type { CrateTools } from "./compiled-crate.ts";

/** Stands in flags for the folder of the port. */
export const PORT = "\0port";
/** A module that kbuild is asked about, whichever it is: nothing but the crate's name is of the module. */
const ANY = "kport_any";

/**
 * The flags that the port's Kbuild compiles its crate with, asked of kbuild itself: they depend on the kernel's configuration. It is asked
 * once for all modules: kbuild tries some thirty of the compiler's flags each time.
 * @param dir the folder of the port, which flags name; without it, a mark stands for it
 */
export async function crateFlags(
  { module, kernel, rustc, scratch }: CrateTools,
  core: string,
  dir?: string,
): Promise<string[]> {
  // Its Kbuild asks for the core of the very same target.
  const [text, target] = [flagsKbuild(ANY), `${JSON.stringify(TARGET, null, 2)}\n`];
  const configuration = await readFile(path.join(kernel.buildDir, ".config")).catch(() => Buffer.from(""));
  const key = contentKey([
    text,
    target,
    kernel.buildDir,
    kernel.release,
    configuration,
    rustc.path,
    rustc.version,
    core,
  ]);
  const { dir: at } = await cached("crate-flags", key, async (into) => {
    await using made = await scratchFolder(path.join(scratch, "flags-"));
    await writeFile(path.join(made.dir, "Kbuild"), text);
    await writeFile(path.join(made.dir, "Makefile"), makefile(ANY));
    await writeFile(path.join(made.dir, "target.json"), target);
    const args = ["-C", made.dir, `KDIR=${kernel.buildDir}`, ...rustVariables(rustc), `KPORT_CORE=${core}`];
    const sandbox = kernelSandbox(kernel, [made.dir], [core, ...(await rustcFiles(rustc))]);
    const r = await run("make", args, { cwd: made.dir, allowFailure: true, timeout: 300_000, sandbox });
    if (r.exitCode !== 0)
      throw new StageError("gate", `kbuild does not say the flags of the crate\n${describeFailure("make", args, r)}`);
    const flags = (await readUntrusted(made.dir, "crate.flags")).toString("utf8").trimEnd().split("\n");
    await writeFile(path.join(into, "flags.json"), JSON.stringify(flags.map((f) => f.replaceAll(made.dir, PORT))));
  });
  const all = z
    .array(z.string())
    .parse(JSON.parse(await readFile(path.join(at, "flags.json"), "utf8")))
    .map((f) => f.replaceAll(ANY, module.replaceAll(/\W/g, "_")));
  return dir === undefined ? all : all.map((f) => f.replaceAll(PORT, dir));
}
