/** Builds the negative controls, and boots one. */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../../machine/cache.ts";
import { run } from "../../machine/process.ts";
import { projectRoot } from "../../machine/project-root.ts";
import type { BootRun } from "../../report/schema.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { kernelSandbox } from "../../toolchain/kernel-sandbox.ts";
import { type Control, FOREIGN_LICENCE } from "./controls.ts";
import { type BootOptions, bootModuleFile } from "./guest-run.ts";

const SOURCES = path.join(projectRoot(), "src", "stages", "boot", "controls");

/** Build every control with the kernel's own headers and compiler, once per kernel. Returns the folder of the `.ko` files. */
export async function buildControls(kernel: Kernel): Promise<string> {
  const names = (await readdir(SOURCES)).filter((f) => f.endsWith(".c")).sort();
  const sources = await Promise.all(names.map((f) => readFile(path.join(SOURCES, f))));
  const config = await readFile(path.join(kernel.buildDir, ".config"));
  const { dir } = await cached(
    "boot-controls",
    contentKey([kernel.release, kernel.buildDir, config, ...sources]),
    async (beside) => {
      const work = path.join(beside, "build");
      await mkdir(work);
      await Promise.all(names.map((f) => copyFile(path.join(SOURCES, f), path.join(work, f))));
      await writeFile(
        path.join(work, "Kbuild"),
        `ccflags-y := -g0\nobj-m := ${names.map((f) => f.replace(/\.c$/, ".o")).join(" ")}\n`,
      );
      // KBUILD_MODPOST_WARN: a symbol that no kernel has is one of the controls.
      const args = ["-C", kernel.buildDir, `M=${work}`, "KBUILD_MODPOST_WARN=1", "modules"];
      await run("make", args, { cwd: work, sandbox: kernelSandbox(kernel, [work]) });
      await Promise.all(
        names.map((f) =>
          copyFile(path.join(work, f.replace(/\.c$/, ".ko")), path.join(beside, f.replace(/\.c$/, ".ko"))),
        ),
      );
      await rm(work, { recursive: true });
    },
  );
  return dir;
}

/** Boot one control out of `dir`, where they were built. */
export async function bootControl(
  control: Control,
  dir: string,
  kernel: Kernel,
  options: Pick<BootOptions, "signal" | "start">,
): Promise<BootRun> {
  const built = await readFile(path.join(dir, `${control.source}.ko`));
  const bytes = control.damage === undefined ? built : control.damage(built);
  // Not read from the file: a truncated one would be refused before any guest is started.
  const licence = bytes.includes(FOREIGN_LICENCE) ? "XYZ" : "GPL";
  const module = { bytes, name: control.source, modinfo: new Map([["license", [licence]]]) };
  return bootModuleFile(module, [], kernel, {
    loads: control.loads ?? 2,
    exercise: control.use === undefined ? "none" : { files: {}, command: control.use },
    timeouts: control.timeouts,
    ...options,
  });
}
