/** Debian and Ubuntu packages: what every use of apt here has in common. */
import { access, constants, mkdir, readdir, readFile, statfs } from "node:fs/promises";
import path from "node:path";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { run, type RunOptions, type RunResult } from "../machine/process.ts";
import { describeFailure } from "../machine/tool-failure.ts";

/** An apt configuration: the machine's own, or an isolated one (`isolated-apt.ts`). */
export interface Apt {
  /** `-o NAME=VALUE` words put before every command. */
  options: string[];
  /** What a person would call it, for messages. */
  name: string;
}

/** The machine's own configuration, with the package lists it has now. */
export const systemApt: Apt = { options: [], name: "this machine's apt sources" };

/** A package of an apt list. */
export interface Package {
  name: string;
  version: string;
  /** Names in `Depends`, first alternatives only, without versions. */
  depends: string[];
}

/** Run a tool of the machine's own; its failure is the machine's, not the module's. */
export async function runTool(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const r = await run(command, args, { ...options, allowFailure: true });
  if (r.exitCode !== 0 && !options.allowFailure) throw new EnvironmentError(describeFailure(command, args, r));
  return r;
}

/** The newest version of one package in the lists of `apt`, or undefined when it is not there. */
export async function showPackage(apt: Apt, name: string): Promise<Package | undefined> {
  const r = await runTool("apt-cache", [...apt.options, "show", "--no-all-versions", name], { allowFailure: true });
  return r.exitCode === 0 ? parsePackage(r.stdout) : undefined;
}

/** Read the first stanza of `apt-cache show`. */
export function parsePackage(text: string): Package | undefined {
  const field = (key: string): string | undefined => new RegExp(`^${key}: (.*)$`, "m").exec(text)?.[1];
  const name = field("Package");
  const version = field("Version");
  if (name === undefined || version === undefined) return undefined;
  const depends = (field("Depends") ?? "").split(",").flatMap((d) => /^\s*([a-z0-9][a-z0-9.+-]*)/.exec(d)?.[1] ?? []);
  return { name, version, depends };
}

/** Names in the lists of `apt` that match an extended regular expression. */
export async function packageNames(apt: Apt, pattern: string): Promise<string[]> {
  const r = await runTool("apt-cache", [...apt.options, "search", "--names-only", pattern], { allowFailure: true });
  return r.stdout.split("\n").flatMap((l) => l.split(" ")[0] || []);
}

/** Download packages into `dir` without installing them; needs no root. Returns the files. */
export async function downloadPackages(apt: Apt, names: readonly string[], dir: string): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  // As root apt would drop to the user _apt, who cannot write into a user's cache folder.
  const args = [...apt.options, "-o", "APT::Sandbox::User=root", "download", ...names];
  // What takes a while is named, the dozens of small ones are not.
  await runTool("apt-get", args, {
    cwd: dir,
    onLine: (l) => (/^Get:\d.* MB\]$/.test(l) ? log.info(`  ${l}`) : undefined),
  });
  return (await readdir(dir)).filter((f) => f.endsWith(".deb")).map((f) => path.join(dir, f));
}

/** Unpack packages' files below `root`; no maintainer script runs. */
export async function unpackPackages(files: readonly string[], root: string): Promise<void> {
  for (const f of files) await runTool("dpkg-deb", ["-x", f, root]);
}

/** Fields of /etc/os-release. */
export async function osRelease(): Promise<{ id: string; codename: string }> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const field = (key: string): string => new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return { id: field("ID"), codename: field("VERSION_CODENAME") };
}

/** @throws EnvironmentError when `dir` cannot be made or written, or its file system has less than `bytes` left. */
export async function requireSpace(dir: string, bytes: number): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
  } catch (e) {
    throw new EnvironmentError(
      `cannot write to ${dir} (${(e as NodeJS.ErrnoException).code ?? String(e)})`,
      "make it writable, or set KPORT_CACHE_DIR to a folder that is",
    );
  }
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize >= bytes) return;
  const mib = (n: number): string => `${Math.round(n / 1024 / 1024)} MiB`;
  throw new EnvironmentError(
    `not enough disk space in ${dir}: ${mib(bavail * bsize)} left, ${mib(bytes)} needed`,
    "free some, or set KPORT_CACHE_DIR to a folder on another disk",
  );
}
