/** The symbols a module can import: those the kernel exports, and those of modules built beside it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Kernel } from "../../toolchain/kernel.ts";
import { builtSymbols } from "../capture/siblings.ts";

export async function importableSymbols(kernel: Kernel, moduleDir: string): Promise<Set<string>> {
  const [own, built] = await Promise.all([
    readFile(path.join(kernel.buildDir, "Module.symvers"), "utf8").catch(() => ""),
    builtSymbols(moduleDir),
  ]);
  return new Set([...own.split("\n"), ...built].map((line) => line.split("\t")[1] ?? ""));
}
