/** Modules that one folder builds may need each other: what they export, for the ports that import it. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";

/**
 * The lines of every Module.symvers below a folder: CRC, symbol, module, kind, namespace. kbuild writes one where it is called, and a
 * makefile may call it in several folders.
 */
export async function builtSymbols(dir: string): Promise<string[]> {
  const files = await glob("**/Module.symvers", { cwd: dir, absolute: true, dot: true });
  const texts = await Promise.all(files.sort().map((f) => readFile(f, "utf8")));
  return [...new Set(texts.flatMap((t) => t.split("\n")))].filter((line) => line !== "");
}

/**
 * Put the exports of the modules built beside `module` into a file of its port.
 * @returns the file for `KBUILD_EXTRA_SYMBOLS`; undefined where there are none
 */
export async function writeSiblingSymbols(built: readonly string[], module: string, port: string): Promise<string | undefined> {
  // modpost would find the module's own exports twice.
  const others = built.filter((line) => path.basename(line.split("\t")[2] ?? "") !== module);
  if (others.length === 0) return undefined;
  const file = path.join(port, "siblings.symvers");
  await writeFile(file, `${others.join("\n")}\n`);
  return file;
}
