/**
 * Packages of another Debian suite, without a trace in the user's own apt configuration: own sources, own lists, own cache, and a
 * status file that says nothing is installed. The mirror is the one this machine already uses, the keys are Debian's own package's.
 */
import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { cacheDir } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { type Apt, runTool } from "./apt.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** Package lists older than this are fetched again: mirrors drop superseded kernels. */
const LISTS_GO_STALE_MS = 24 * 3600 * 1000;

/**
 * apt for the suites named (`bookworm-backports`, `trixie`, `sid`) of the Debian mirror this machine uses; fetches their lists when they are old.
 * @throws EnvironmentError on a machine without Debian sources (Ubuntu), or when the mirror does not answer.
 */
export async function isolatedApt(suite: string): Promise<Apt> {
  const indexes = await runTool(
    "apt-get",
    ["indextargets", "--format", "$(ORIGIN)\t$(RELEASE)\t$(REPO_URI)", "Created-By: Packages"],
    { allowFailure: true },
  );
  const mirror = debianMirror(indexes.stdout);
  if (mirror === undefined) {
    throw new EnvironmentError(
      `packages of Debian ${suite} are needed, but this machine's apt has no Debian source to take them from (Ubuntu's archive does not carry them)`,
      "run kport on Debian, or add a Debian mirror to apt's sources",
    );
  }
  const dir = path.join(cacheDir(), "apt", suite);
  const apt: Apt = { options: isolatedOptions(dir), name: `Debian ${suite}` };
  const stamp = path.join(dir, "updated");
  const updated = await stat(stamp).then(
    (s) => s.mtimeMs,
    () => 0,
  );
  if (Date.now() - updated > LISTS_GO_STALE_MS) {
    for (const d of ["lists/partial", "cache/archives/partial"]) await mkdir(path.join(dir, d), { recursive: true });
    await writeFile(
      path.join(dir, "sources.list"),
      sourceLine(mirror, suite, existsSync(KEYRING) ? KEYRING : undefined),
    );
    await writeFile(path.join(dir, "status"), "");
    log.info(`fetching the package lists of Debian ${suite} (into the cache; this machine's apt is left as it is)`);
    await runTool("apt-get", [
      ...apt.options,
      "-o",
      "APT::Sandbox::User=root",
      "-o",
      "APT::Update::Error-Mode=any",
      "update",
    ]);
    await writeFile(stamp, "");
  }
  return apt;
}

/** The first Debian archive among `ORIGIN<tab>RELEASE<tab>URI` lines; security archives hold no other suites. */
export function debianMirror(indexes: string): string | undefined {
  for (const line of indexes.split("\n")) {
    const [origin, release, uri] = line.split("\t");
    if (origin === "Debian" && uri && !release?.endsWith("-security")) return uri;
  }
  return undefined;
}

function sourceLine(mirror: string, suite: string, keyring: string | undefined): string {
  return `deb ${keyring === undefined ? "" : `[signed-by=${keyring}] `}${mirror} ${suite} main\n`;
}

function isolatedOptions(dir: string): string[] {
  const settings = {
    "Dir::Etc::sourcelist": path.join(dir, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "-",
    "Dir::State::lists": path.join(dir, "lists"),
    "Dir::State::status": path.join(dir, "status"),
    "Dir::Cache": path.join(dir, "cache"),
    "APT::Default-Release": "",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
  };
  return Object.entries(settings).flatMap(([k, v]) => ["-o", `${k}=${v}`]);
}
