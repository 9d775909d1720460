import { readFile } from "node:fs/promises";
import path from "node:path";

/** What the stages need to know of a kernel they build against and boot. */
export interface Kernel {
  /** `6.1.0-56-amd64`: what `uname -r` says when it is booted. */
  release: string;
  arch: "x86_64";
  /** The folder that goes into `make -C`: holds `Makefile`, `.config`, `Module.symvers`. */
  buildDir: string;
  /** Every folder that must be readable for a build (the common headers, the kbuild tools, the root file system …). */
  readable: string[];
  /** bzImage or vmlinux to boot, when there is one. */
  image?: string;
  /** `…/lib/modules/<release>`, the folder of the kernel's own modules, when there is one. */
  modulesDir?: string;
  /** A root file system to enter for building (a kernel whose tools do not run on this machine's libc); `prepareKernel` makes it of `rootOf`. */
  root?: string;
  rootOf?: { suite: string; packages: string[] };
  /** `CONFIG_CC_VERSION_TEXT`: the compiler the kernel was built with. */
  compiler: string;
}

/** The kernel's `.config`: `CONFIG_RETPOLINE` to `y`. What is not set is absent; without a `.config` nothing is known. */
export async function kernelConfiguration(kernel: Pick<Kernel, "buildDir">): Promise<Map<string, string>> {
  const text = await readFile(path.join(kernel.buildDir, ".config"), "utf8").catch(() => "");
  return new Map([...text.matchAll(/^(CONFIG_\w+)=(.*)$/gm)].map((m) => [m[1] as string, m[2] as string]));
}
