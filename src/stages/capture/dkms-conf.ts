/** Reads how a `dkms.conf` builds its module. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { StageError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import type { Kernel } from "../../toolchain/kernel.ts";

/** Characters; Linux takes no longer one as an argument (MAX_ARG_STRLEN). */
const LONGEST_COMMANDS = 128 * 1024;

/**
 * The build command of the folder's dkms.conf, with dkms's variables filled in; undefined where there is none. The variables that its
 * arguments set (`CC=…`) hold for every make in it, and the script that dkms runs before the build is run first.
 * dkms.conf is a shell script: it is sourced in the sandbox, never on this machine.
 * @throws StageError where its commands have no end
 */
export async function readDkms(dir: string, kernel: Kernel): Promise<string | undefined> {
  if (
    !(await stat(path.join(dir, "dkms.conf")).then(
      (s) => s.isFile(),
      () => false,
    ))
  )
    return undefined;
  const r = await run("bash", ["-c", '. ./dkms.conf >/dev/null 2>&1; printf "%s\\0%s" "${PRE_BUILD}" "${MAKE[0]}"'], {
    cwd: dir,
    allowFailure: true,
    timeout: 10_000,
    sandbox: { writable: [], readable: [dir] },
    env: {
      kernelver: kernel.release,
      kernel_source_dir: kernel.buildDir,
      dkms_tree: "/kport-dkms",
      arch: kernel.arch,
      source_tree: path.dirname(dir),
    },
  });
  if (r.stdout.length > LONGEST_COMMANDS)
    throw new StageError(
      "capture",
      `its dkms.conf builds with commands of more than ${LONGEST_COMMANDS / 1024} KiB, which no program is given`,
    );
  // dkms builds in $dkms_tree/NAME/VERSION/build: here that is the working copy.
  const [before = "", command = ""] = r.stdout
    .split("\0")
    .map((c) => c.trim().replace(/\/kport-dkms\/(?:(?!\/kport-dkms\/)[^\s'"])*?\/build/g, () => dir));
  if (command === "") return undefined;
  // The newline ends it, whether or not it ends in a semicolon, its own or find's (`-exec mv {} . \\;`).
  return `dkms() { for a; do case $a in *=*) MAKEFLAGS="$MAKEFLAGS $a" ;; esac; done; export MAKEFLAGS; ${before === "" ? "" : `./${before} && `}{ ${command}\n} ; } ; dkms`;
}
