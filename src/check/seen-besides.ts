/** What every program that runs for a module can see besides the module, as a part of keys: the tools, the kernel, this machine. */
import path from "node:path";
import { surroundings } from "../machine/surroundings.ts";
import type { Kernel } from "../toolchain/kernel.ts";
import { filesOfProgram } from "../toolchain/program.ts";
import { rustcFiles } from "../toolchain/rust.ts";
import type { RustCompiler, Tool } from "../toolchain/tools.ts";

/** @returns undefined where that cannot be told, and nothing is reused */
export async function seenBesides(
  tools: Readonly<Record<string, Tool>> & { clang: Tool; rustc: RustCompiler; c2rust: Tool },
  kernel: Kernel,
  plugin: string,
): Promise<string | undefined> {
  const readable = [...kernel.readable, ...filesOfProgram(tools.clang.path), plugin];
  const booted = [kernel.image, kernel.modulesDir].filter((f) => f !== undefined);
  // c2rust starts a program that lies beside it.
  const started = [
    ...Object.values(tools)
      .map((t) => t.path)
      .sort(),
    path.dirname(tools.c2rust.path),
    ...(await rustcFiles(tools.rustc)),
  ];
  return surroundings({ readable, ...(kernel.root === undefined ? {} : { root: kernel.root }) }, [
    kernel.buildDir,
    ...booted,
    ...started,
  ]);
}
