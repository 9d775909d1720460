/** Boots of a module that was booted before, with the very same Rust beside it. Kept is only what ran once, well, and the same in both. */
import os from "node:os";
import { contentKey } from "../machine/cache.ts";
import { keepResult, type Kept, keptResult } from "../machine/result-store.ts";
import type { BootRun } from "../report/schema.ts";
import { accelerator } from "../stages/boot/index.ts";
import type { Captured } from "../stages/capture.ts";
import type { ExecutedInBoth } from "./module-boots.ts";
import type { Work } from "./work.ts";

export interface KeptBoots {
  accelerator: "kvm" | "tcg";
  c: BootRun;
  rust: BootRun;
  executed?: ExecutedInBoth;
}

const FORMAT = "booted 2";

/**
 * The guest, its agent, the kernel's image and modules, QEMU and busybox are in `around`.
 * @param translation tells which Rust module it is; the C one, and those built with it, are the captured build's
 * @returns undefined where a boot cannot be kept
 */
export async function bootsKey({ around, kernel }: Work, captured: Captured, translation: string | undefined, exercise: string): Promise<string | undefined> {
  if (around === undefined || captured.id === undefined || translation === undefined) return undefined;
  return contentKey([FORMAT, around, captured.id, translation, exercise, kernel.release, kernel.image ?? "", kernel.modulesDir ?? "", await accelerator(), String(os.totalmem())]);
}

export function keptBoots(key: string, workDir: string): Promise<Kept<KeptBoots> | undefined> {
  return keptResult<KeptBoots>("booted", key, workDir);
}

/** A run that was slow or did not end well is not kept: the next one may be another. */
export async function keepBoots(key: string, workDir: string, boots: KeptBoots): Promise<void> {
  if ([boots.c, boots.rust].every((r) => r.status === "ok")) await keepResult("booted", key, workDir, boots);
}
