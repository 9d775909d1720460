/** The symbols a module can import: those the kernel exports, and those of modules built beside it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Kernel } from "../toolchain/kernel.ts";

export async function importableSymbols(kernel: Kernel, moduleDir: string): Promise<Set<string>> {
  const files = await Promise.all([kernel.buildDir, moduleDir].map((d) => readFile(path.join(d, "Module.symvers"), "utf8").catch(() => "")));
  return new Set(files.join("\n").split("\n").map((line) => line.split("\t")[1] ?? ""));
}
