/** Lets the sandbox start on a hosted runner, whose Ubuntu allows user namespaces only to programs that an AppArmor profile names. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { log } from "../machine/log.ts";
import { run, sandboxWorks, useBubblewrap } from "../machine/process.ts";
import { FORBIDDING, type SandboxMode, setSandboxMode } from "../machine/sandbox-policy.ts";
import { installPackages, notInstalled, privilege } from "./apt-install.ts";
import { toolPlaces } from "./discover.ts";
import { which } from "./program.ts";

const APPARMOR = "kernel.apparmor_restrict_unprivileged_userns";

export interface SetUpPlaces {
  /** Whether this machine is thrown away behind the job; on others nothing is changed that nobody asked for. */
  hosted: boolean;
  /** How a kernel setting is read. */
  setting: (name: string) => string | undefined;
  /** Where the copy of bubblewrap goes: a folder that only root can change, for whoever can replace the copy has what the profile allows. */
  copies: string;
}

const HERE: SetUpPlaces = {
  hosted: process.env["RUNNER_ENVIRONMENT"] === "github-hosted",
  setting: (name) => {
    try {
      return readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").trim();
    } catch {
      return undefined;
    }
  },
  copies: "/usr/local/lib",
};

/**
 * Make the policy known, and what forbids user namespaces lifted where that can be done unasked: for AppArmor a profile for a copy of
 * bubblewrap of kport's own, for the kernel's own settings their value, both until the result is disposed of. Where the sandbox still
 * does not start, the first program that needs it says so.
 */
export async function setUpSandbox(mode: SandboxMode, places: SetUpPlaces = HERE): Promise<AsyncDisposable> {
  setSandboxMode(mode);
  const undo: (() => Promise<unknown>)[] = [];
  const root = (words: readonly string[], input?: string) =>
    run("sudo", ["-n", ...words], { timeout: 60_000, ...(input === undefined ? {} : { input }) });
  try {
    if (mode !== "off" && places.hosted && (await privilege()) === "sudo") {
      await installPackages(await notInstalled(["bubblewrap"]), "sudo");
      if (!(await sandboxWorks())) {
        let program = "bwrap";
        for (const { name, forbids, allowed } of FORBIDDING) {
          const value = places.setting(name);
          if (value === undefined || !forbids(Number(value))) continue;
          if (name === APPARMOR) {
            const copy = await profiledCopy(root, places.copies);
            program = copy.file;
            undo.unshift(copy.remove);
          } else {
            await root(["sysctl", "-q", "-w", `${name}=${allowed}`]);
            undo.unshift(() => root(["sysctl", "-q", "-w", `${name}=${value}`]));
            log.info(`sandbox: ${name} is ${allowed} for this step, and was ${value}`);
          }
        }
        useBubblewrap(program);
      }
    }
  } catch (error) {
    log.warn(`the sandbox could not be set up: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {
    [Symbol.asyncDispose]: async (): Promise<void> => {
      if (undo.length > 0) useBubblewrap("bwrap");
      for (const step of undo)
        await step().catch((e: Error) => log.warn(`the sandbox's set-up could not be undone: ${e.message}`));
    },
  };
}

/** A copy of bubblewrap with a profile that lets it make user namespaces and forbids nothing; the sandbox itself lets no further ones be made. */
async function profiledCopy(
  root: (words: readonly string[], input?: string) => Promise<unknown>,
  folder: string,
): Promise<{ file: string; remove: () => Promise<void> }> {
  const own = await which("bwrap", toolPlaces().path);
  if (own === undefined) throw new Error("bwrap is not installed");
  const dir = path.join(folder, `kport-${process.pid}`);
  const copy = path.join(dir, "bwrap");
  const profile = `abi <abi/4.0>,\nprofile kport-bwrap-${process.pid} ${copy} flags=(unconfined) {\n  userns,\n}\n`;
  const remove = async (): Promise<void> => {
    await root(["apparmor_parser", "--remove"], profile).catch(() => undefined);
    await root(["rm", "-rf", dir]);
  };
  try {
    await root(["install", "-D", "-o", "root", "-g", "root", "-m", "0755", own, copy]);
    await root(["apparmor_parser", "--replace", "--skip-cache"], profile);
  } catch (error) {
    await remove();
    throw error;
  }
  log.info(`sandbox: an AppArmor profile lets ${copy} make user namespaces for this step`);
  return { file: copy, remove };
}
