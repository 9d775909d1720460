/** Whether a stranger's program may run without a sandbox: only where a person has said so by name. The doors say it. */
import { existsSync, readFileSync } from "node:fs";
import { EnvironmentError } from "./errors.ts";
import { log } from "./log.ts";

/** `required`: no sandbox, no run. `preferred`: without one where it does not work, and a warning. `off`: without one. */
export type SandboxMode = "required" | "preferred" | "off";

let mode: SandboxMode = "required";
let warned = false;

/** Set once, by a door, before anything runs. */
export function setSandboxMode(wanted: SandboxMode): void {
  mode = wanted;
  warned = false;
}

/** Whether programs run without a sandbox even where it works. */
export function sandboxIsOff(): boolean {
  return mode === "off";
}

/**
 * Whether a program that is to be shut in is.
 * @param refusal what bubblewrap said when it was tried; undefined where it works
 * @param root whether it needs a root file system of its own, which only bubblewrap can enter
 * @throws EnvironmentError where it would run without a sandbox and nobody has allowed that
 */
export async function decide(refusal: () => Promise<string | undefined>, root: boolean): Promise<boolean> {
  if (mode === "off" && !root) return false;
  const why = await refusal();
  if (why === undefined) return true;
  if (mode === "required" || root)
    throw new EnvironmentError(`the sandbox that a module's makefile is built in does not start: ${why}`, mendFor(why));
  if (!warned)
    log.warn(
      `the sandbox does not start (${why}): what the module's makefile runs can do all that this user can, read tokens and other jobs' files included`,
    );
  warned = true;
  return false;
}

const OTHERWISE = "or do without it, where all that is built is trusted: --no-sandbox (in the action, `sandbox: off`)";

/** What lets bubblewrap start: the settings that forbid it are looked at, and the first that does is named. */
export function mendFor(why: string, setting: (file: string) => string | undefined = sysctl): string {
  if (/ENOENT/.test(why)) return `sudo apt-get install bubblewrap; ${OTHERWISE}`;
  for (const { name, forbids, mend } of FORBIDDING) {
    const value = setting(`/proc/sys/${name.replaceAll(".", "/")}`);
    if (value !== undefined && forbids(Number(value))) return `${mend}; ${OTHERWISE}`;
  }
  if (existsSync("/.dockerenv"))
    return `start this container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined; ${OTHERWISE}`;
  return `allow user namespaces to programs that are not root's; ${OTHERWISE}`;
}

/** The settings that keep user namespaces from plain users, and how each is lifted. */
export const FORBIDDING: readonly {
  name: string;
  forbids: (value: number) => boolean;
  allowed: number;
  mend: string;
}[] = [
  {
    name: "kernel.apparmor_restrict_unprivileged_userns",
    forbids: (v) => v !== 0,
    allowed: 0,
    mend: "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile with `userns,` for bwrap",
  },
  {
    name: "kernel.unprivileged_userns_clone",
    forbids: (v) => v === 0,
    allowed: 1,
    mend: "sudo sysctl -w kernel.unprivileged_userns_clone=1",
  },
  // bubblewrap makes two for each sandbox.
  {
    name: "user.max_user_namespaces",
    forbids: (v) => v < 64,
    allowed: 1024,
    mend: "sudo sysctl -w user.max_user_namespaces=1024",
  },
];

function sysctl(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
