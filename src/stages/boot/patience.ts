/** Tells a module that takes long from one that hangs, by waiting longer once. */
import type { BootRun } from "../../report/schema.ts";
import type { BootOptions } from "./guest-run.ts";

/** What is hoped for the second time: a test of the kernel's that allocates a million pages takes minutes in an emulator. */
const PATIENT: BootOptions = { patience: 8, loads: 2 };

/**
 * Both modules once more, with more time, where one of them did not answer: a module that is only slow is then done, and is compared as
 * any other. One that hangs in earnest hangs again.
 */
export async function withPatience(
  runs: readonly [BootRun, BootRun],
  bootBoth: (more: BootOptions) => Promise<[BootRun, BootRun]>,
): Promise<{ runs: readonly [BootRun, BootRun]; more: BootOptions }> {
  return runs.some((r) => r.status === "hang") ? { runs: await bootBoth(PATIENT), more: PATIENT } : { runs, more: {} };
}
