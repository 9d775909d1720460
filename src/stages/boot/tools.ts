/** The programs a boot needs, looked for once: asking every tool for its version takes longer than a warm start. */
import { requireTools } from "../../toolchain/discover.ts";
import type { Tools } from "../../toolchain/tools.ts";

let found: Promise<Pick<Tools, "qemu" | "busybox" | "gcc">> | undefined;

/** @throws EnvironmentError when one is missing; then the next call looks again. */
export async function bootTools(): Promise<Pick<Tools, "qemu" | "busybox" | "gcc">> {
  found ??= requireTools(["qemu", "busybox", "gcc"]);
  return found.catch((e: unknown) => {
    found = undefined;
    throw e;
  });
}
