/** Modules that one folder builds may need each other: a port is built and loaded beside the C ones of the others. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Captured, CapturedModule } from "./capture.ts";

/**
 * Put the C modules built beside `module` next to its port, where the boot looks for what a module depends on, and their exports into a file.
 * @returns the file for `KBUILD_EXTRA_SYMBOLS`; undefined where the module stands alone
 */
export async function bringSiblings(captured: Captured, module: CapturedModule, port: string): Promise<string | undefined> {
  const siblings = captured.modules.filter((m) => m !== module);
  if (siblings.length === 0) return undefined;
  for (const s of siblings) await copyFile(s.ko, path.join(port, path.basename(s.ko)));
  const exported = (await readFile(path.join(captured.copy.dir, "Module.symvers"), "utf8").catch(() => "")).split("\n");
  // CRC, symbol, module, kind, namespace: modpost would find the module's own exports twice.
  const others = exported.filter((line) => line !== "" && path.basename(line.split("\t")[2] ?? "") !== module.name);
  if (others.length === 0) return undefined;
  const file = path.join(port, "siblings.symvers");
  await writeFile(file, `${others.join("\n")}\n`);
  return file;
}
