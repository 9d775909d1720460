/** Installs packages on the machine itself: the one thing here that needs root. */
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { run } from "../machine/process.ts";
import { runTool } from "./apt.ts";
import { toolPlaces } from "./discover.ts";
import { which } from "./program.ts";

/** How this user can become root for apt: is root, may use sudo unasked (only ever tried on a hosted runner), or cannot. */
export type Privilege = "root" | "sudo" | "none";

/** Asks this machine. On a person's own machine sudo is theirs to use: they are shown the command instead. */
export async function privilege(): Promise<Privilege> {
  if (process.getuid?.() === 0) return "root";
  if (process.env["GITHUB_ACTIONS"] !== "true") return "none";
  const sudo = await run("sudo", ["-n", "true"], { allowFailure: true, timeout: 10_000 }).catch(() => undefined);
  return sudo?.exitCode === 0 ? "sudo" : "none";
}

/** Those of some packages that dpkg does not have installed. */
export async function notInstalled(names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const r = await runTool("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\n", ...names], {
    allowFailure: true,
  });
  const installed = new Set(r.stdout.split("\n").flatMap((l) => (l.endsWith(" installed") ? [l.split(" ")[0]] : [])));
  return [...new Set(names)].filter((n) => !installed.has(n));
}

/** Fetch the machine's package lists anew, where this user may; once a process. */
export async function updateLists(as: Privilege): Promise<void> {
  if (as === "none") return;
  updated ??= (async () => {
    log.info("apt-get update");
    await aptGet(as, ["update"]);
  })();
  await updated;
}
let updated: Promise<void> | undefined;

/**
 * Install packages with apt; nothing that is installed is removed for it.
 * @throws EnvironmentError with the exact command when this user may not.
 */
export async function installPackages(names: readonly string[], as: Privilege): Promise<void> {
  if (names.length === 0) return;
  if ((await which("apt-get", toolPlaces().path)) === undefined)
    throw new EnvironmentError(
      `these have to be installed, and there is no apt-get here: ${names.join(" ")}`,
      "install them with this machine's package manager",
    );
  if (as === "none") throw needsRoot(names);
  await updateLists(as);
  log.info(`installing with apt: ${names.join(" ")}`);
  await aptGet(as, ["install", "-y", "--no-install-recommends", "--no-remove", ...names], (line) => {
    if (/^(Setting up|Need to get|E:) ?/.test(line)) log.info(`  ${line}`);
  });
}

/** What a user who is not root is told. */
export function needsRoot(names: readonly string[]): EnvironmentError {
  return new EnvironmentError(
    `these packages are missing, and only root can install them: ${names.join(" ")}`,
    `sudo apt-get update && sudo apt-get install --no-install-recommends ${names.join(" ")}`,
  );
}

async function aptGet(as: Privilege, args: readonly string[], onLine?: (line: string) => void): Promise<void> {
  const words = [
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-o",
    "DPkg::Lock::Timeout=300",
    "-o",
    "Dpkg::Use-Pty=0",
    ...args,
  ];
  const [command, ...rest] = as === "sudo" ? ["sudo", "-n", ...words] : words;
  await runTool(command as string, rest, onLine ? { onLine } : {});
}
