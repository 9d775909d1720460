/** The sandbox for what is built against a kernel. */
import type { Sandbox } from "../machine/process.ts";
import type { Kernel } from "./kernel.ts";

/**
 * What a kernel's own build needs is readable, its root file system is entered where it has one, and it is found at /lib/modules/<release>/build.
 * @param readable folders of tools; those below /usr are seen anyway, or lent to the root (lent-programs.ts)
 */
export function kernelSandbox(kernel: Kernel, writable: string[], readable: readonly string[] = []): Sandbox {
  return {
    writable,
    readable: [...kernel.readable, ...readable.filter((d) => !d.startsWith("/usr/") && d !== "/usr")],
    replaced: { "/usr/lib/modules": { [`${kernel.release}/build`]: kernel.buildDir } },
    ...(kernel.root === undefined ? {} : { root: kernel.root }),
  };
}
