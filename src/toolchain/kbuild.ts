/** How a kernel's own kbuild compiles a unit of a module: asked once a kernel, by building an empty one. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cached, contentKey } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { run } from "../machine/process.ts";
import type { Kernel } from "./kernel.ts";
import { kernelSandbox } from "./kernel-sandbox.ts";

export interface KbuildCommand {
  compiler: string;
  /** Without input and output. Paths are relative to the kernel's build folder, in which it runs. */
  flags: string[];
}

/**
 * The command kbuild gives the kernel's own compiler.
 * @throws EnvironmentError when an empty module cannot be built against this kernel
 */
export async function kbuildCommand(kernel: Kernel): Promise<KbuildCommand> {
  const configuration = await readFile(path.join(kernel.buildDir, ".config")).catch(() => Buffer.from(""));
  const { dir } = await cached(
    "kbuild",
    contentKey([kernel.buildDir, kernel.release, configuration, "1"]),
    async (out) => {
      const scratch = await mkdtemp(path.join(os.tmpdir(), "kport-kbuild-"));
      try {
        await writeFile(path.join(scratch, "Makefile"), "obj-m := kport_probe.o\n");
        await writeFile(path.join(scratch, "kport_probe.c"), "\n");
        const r = await run("make", ["-C", kernel.buildDir, `M=${scratch}`, "kport_probe.o"], {
          allowFailure: true,
          timeout: 300_000,
          sandbox: kernelSandbox(kernel, [scratch]),
        });
        const cmd = await readFile(path.join(scratch, ".kport_probe.o.cmd"), "utf8").catch(() => undefined);
        const line = cmd === undefined ? undefined : /^(?:saved)?cmd_\S+ := (.*)$/m.exec(cmd)?.[1];
        if (line === undefined)
          throw new EnvironmentError(
            `kernel ${kernel.release} cannot build an empty module: ${r.all.trim().split("\n").slice(-3).join(" / ")}`,
          );
        await writeFile(path.join(out, "command.json"), JSON.stringify(parseCommand(line)));
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  );
  return JSON.parse(await readFile(path.join(dir, "command.json"), "utf8")) as KbuildCommand;
}

/** Split a recorded command; objtool and the like come behind a `;`. */
function parseCommand(line: string): KbuildCommand {
  const words = [...line.matchAll(/(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\;]+)|(;))(\s*)/g)];
  const args: string[] = [];
  let word = "";
  for (const w of words) {
    if (w[5] !== undefined) break;
    word += w[1] ?? w[2]?.replace(/\\(.)/g, "$1") ?? w[3] ?? w[4] ?? "";
    if (w[6] !== "") {
      args.push(word);
      word = "";
    }
  }
  if (word !== "") args.push(word);
  const flags: string[] = [];
  for (let i = 1; i < args.length; i++) {
    const a = args[i] as string;
    if (a === "-o") i++;
    else if (a !== "-c" && !a.startsWith("-Wp,-M") && !/kport_probe(\.c|$)/.test(a) && !/^-D(__)?KBUILD_/.test(a))
      flags.push(a);
  }
  return { compiler: args[0] as string, flags };
}
