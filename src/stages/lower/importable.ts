/** The symbols a module can import: those the kernel exports, and those of modules built beside it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../../machine/cache.ts";
import type { Kernel } from "../../toolchain/kernel.ts";

/** Ten thousand and more, the same for all modules of a run. */
const known = new Map<string, Set<string>>();
const digests = new WeakMap<ReadonlySet<string>, string>();

/** @param built lines of Module.symvers of the modules beside it */
export async function importableSymbols(kernel: Kernel, built: readonly string[]): Promise<ReadonlySet<string>> {
  const own = await readFile(path.join(kernel.buildDir, "Module.symvers"), "utf8").catch(() => "");
  const key = contentKey([own, ...built]);
  const made = known.get(key) ?? new Set([...own.split("\n"), ...built].map((line) => line.split("\t")[1] ?? ""));
  known.set(key, made);
  return made;
}

/** Tells one set of symbols from any other. */
export function digestOfSymbols(symbols: ReadonlySet<string>): string {
  const made = digests.get(symbols) ?? contentKey([...symbols].sort());
  digests.set(symbols, made);
  return made;
}
