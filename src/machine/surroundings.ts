/** Everything besides a module's own files that a program which runs for it can see, as a part of keys. */
import os from "node:os";
import { contentKey } from "./cache.ts";
import { ownCode } from "./own-code.ts";
import { sandboxWorks } from "./process.ts";
import { readableIn, type Sandbox } from "./sandbox.ts";
import { sandboxIsOff } from "./sandbox-policy.ts";
import { stampOf } from "./seen-files.ts";

/** The variables of ours that a sandboxed child gets, and that a makefile can read (machine/process.ts). */
const ENVIRONMENT = ["PATH", "TZ", "TERM"];

/**
 * A digest of all that the sandbox shows and nobody there can change, of what the kernel tells every process, and of kport itself.
 * @param more further files and folders that count
 * @returns undefined where programs are not shut in, so that they could see anything, or where it cannot be told what is there
 */
export async function surroundings(
  sandbox: Pick<Sandbox, "readable" | "root">,
  more: readonly string[] = [],
): Promise<string | undefined> {
  if (sandboxIsOff() || !(await sandboxWorks())) return undefined;
  const [stamp, own] = await Promise.all([stampOf([...readableIn({ writable: [], ...sandbox }), ...more]), ownCode()]);
  if (stamp === undefined) return undefined;
  const machine = [
    os.release(),
    os.version(),
    os.machine(),
    os.hostname(),
    String(os.cpus().length),
    os.cpus()[0]?.model ?? "",
    String(process.getuid?.()),
    String(process.getgid?.()),
  ];
  return contentKey([own, stamp, ...machine, ...ENVIRONMENT.map((name) => `${name}=${process.env[name] ?? ""}`)]);
}
