/** Boots of a module that was booted before, with the very same files. Kept is only what ran once, well, and the same in both. */
import os from "node:os";
import path from "node:path";
import { contentKey } from "../machine/cache.ts";
import { keepResult, type Kept, keptResult, replaceBytes } from "../machine/result-store.ts";
import { LARGEST_OBJECT, readUntrusted } from "../machine/untrusted-folder.ts";
import type { BootRun } from "../report/schema.ts";
import { accelerator } from "../stages/boot/index.ts";
import type { ExecutedInBoth } from "./module-boots.ts";
import type { Work } from "./work.ts";

export interface KeptBoots {
  accelerator: "kvm" | "tcg";
  c: BootRun;
  rust: BootRun;
  executed?: ExecutedInBoth;
}

const FORMAT = "booted 4";

/**
 * The guest, its agent, the kernel's image and modules, QEMU and busybox are in `around`. Of the modules, what they hold counts, and not
 * what they were made of: a comment may be another and the module the same.
 * @param modules the C module, the Rust one, and those that are loaded with them
 * @returns undefined where a boot cannot be kept
 */
export async function bootsKey(
  { around, kernel, doctor, workDir }: Pick<Work, "around" | "kernel" | "doctor" | "workDir">,
  modules: readonly string[],
  exercise: string,
): Promise<string | undefined> {
  // Mistakes that are made on purpose are to be seen.
  if (around === undefined || doctor !== undefined) return undefined;
  const held = await Promise.all(
    modules.map(async (ko) => {
      const bytes = await readUntrusted(path.dirname(ko), path.basename(ko), LARGEST_OBJECT);
      // Objects may name this run's folder.
      replaceBytes(bytes, workDir, "?".repeat(workDir.length));
      return [path.basename(ko), contentKey([bytes])];
    }),
  );
  return contentKey([
    FORMAT,
    around,
    JSON.stringify(held),
    exercise,
    kernel.release,
    kernel.image ?? "",
    kernel.modulesDir ?? "",
    await accelerator(),
    String(os.totalmem()),
  ]);
}

export function keptBoots(key: string, workDir: string): Promise<Kept<KeptBoots> | undefined> {
  return keptResult<KeptBoots>("booted", key, workDir);
}

/** A run that was slow or did not end well is not kept: the next one may be another. */
export async function keepBoots(key: string, workDir: string, boots: KeptBoots): Promise<void> {
  if ([boots.c, boots.rust].every((r) => r.status === "ok")) await keepResult("booted", key, workDir, boots);
}
