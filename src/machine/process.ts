/** The only place that starts other programs. */
import { spawn } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import type { Socket } from "node:net";
import path from "node:path";
import { execa } from "execa";
import { EnvironmentError, StageError } from "./errors.ts";
import { log } from "./log.ts";

/**
 * What a child may know of our environment. Everything else is dropped: the module's makefile is a stranger's code,
 * and a workflow's environment holds tokens (GITHUB_TOKEN, ACTIONS_RUNTIME_TOKEN, cloud keys) under names nobody can list.
 */
const INHERITED = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "TERM", "RUSTUP_HOME", "CARGO_HOME", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];
/** Of those, what a sandboxed child gets: nothing that names a proxy, which may carry a password. */
const INHERITED_IN_SANDBOX = ["PATH", "TZ", "TERM"];

/** Where a child in another root sees this machine's /usr, for programs lent to it (toolchain/lent-programs.ts). */
export const LENDER = "/run/kport";

/** Shut a child into bubblewrap: no network, no home folder, a read-only system, and only the named folders besides. */
export interface Sandbox {
  /** Folders the child may change. Absolute. */
  writable: string[];
  /** Further folders the child may read (the kernel's build folder, the tool cache). Absolute; those that do not exist are left out. */
  readable?: string[];
  /** A root file system to enter instead of this machine's. Absolute. */
  root?: string;
  /** Folders shown empty, and links made in them: `{"/usr/lib/modules": {"6.1.0-56-amd64/build": "/usr/src/…"}}`. */
  replaced?: Record<string, Record<string, string>>;
}

export interface RunOptions {
  cwd?: string;
  /** Added to the inherited allow-list; never the whole of `process.env`. */
  env?: Record<string, string>;
  input?: string | Uint8Array;
  /** Milliseconds; the child's whole process group is killed after it. */
  timeout?: number;
  sandbox?: Sandbox;
  /** Return instead of throwing when the exit status is not 0. */
  allowFailure?: boolean;
  /** Called with each line the child prints, as it comes. */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

export interface RunResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** stdout and stderr as they were interleaved. */
  all: string;
  timedOut: boolean;
  /** Wall time in seconds. */
  seconds: number;
}

/**
 * Run one program to its end.
 * @throws EnvironmentError when the program is not there; StageError("tool", …) with its name, command and last lines when it fails.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file, argv] = options.sandbox ? inSandbox(command, args, options) : [command, [...args]];
  log.debug(`run: ${shellQuote([command, ...args])}`);
  const started = performance.now();
  const child = execa(file, argv, {
    cwd: options.cwd,
    env: options.sandbox ? pick(["PATH"]) : { ...pick(INHERITED), LC_ALL: "C.UTF-8", ...options.env },
    extendEnv: false,
    input: options.input as string | undefined,
    stdin: options.input === undefined ? "ignore" : undefined,
    timeout: options.timeout ?? 0,
    cancelSignal: options.signal,
    forceKillAfterDelay: 2000,
    all: true,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 512 * 1024 * 1024,
  });
  if (options.onLine) {
    const onLine = options.onLine;
    (async () => {
      for await (const line of child.iterable({ from: "all" })) onLine(String(line));
    })().catch(() => undefined);
  }
  const r = await child;
  if (r.failed && r.exitCode === undefined && !r.timedOut && !r.isTerminated) {
    throw new EnvironmentError(`cannot start ${command}: ${r.originalMessage ?? r.message}`, `kport doctor --fix`);
  }
  const result: RunResult = {
    exitCode: r.exitCode,
    stdout: r.stdout ?? "",
    stderr: r.stderr ?? "",
    all: r.all ?? "",
    timedOut: r.timedOut,
    seconds: (performance.now() - started) / 1000,
  };
  if (!options.allowFailure && (r.exitCode !== 0 || r.timedOut)) throw new StageError("tool", describeFailure(command, args, result));
  return result;
}

/** A program that goes on running while it is talked to. */
export interface RunningProgram {
  /** Our ends of its file descriptors 3, 4, …, which are sockets. */
  sockets: Socket[];
  /** What it said on stderr so far (the last 64 KiB). */
  stderr(): string;
  ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
  kill(): void;
}

/**
 * Start a program that talks over sockets it inherits as file descriptors 3, 4, … and that the kernel kills when this process ends,
 * however it ends. `files` are descriptors of ours that it inherits after the sockets.
 * @throws EnvironmentError through `ended` when it cannot be started.
 */
export function start(command: string, args: readonly string[], options: { sockets: number; files?: readonly number[] }): RunningProgram {
  log.debug(`start: ${shellQuote([command, ...args])}`);
  const pipes = Array.from({ length: options.sockets }, () => "pipe" as const);
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", command, ...args], { env: { ...pick(INHERITED_IN_SANDBOX), LC_ALL: "C.UTF-8" }, stdio: ["ignore", "ignore", "pipe", ...pipes, ...(options.files ?? [])] });
  let said = "";
  child.stderr?.on("data", (d: Buffer) => {
    said = (said + d.toString()).slice(-65536);
  });
  const sockets = child.stdio.slice(3, 3 + options.sockets) as unknown as Socket[];
  // A write to a program that has just died is not an error of ours: `ended` tells.
  for (const s of sockets) s?.on("error", () => undefined);
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", (e) => reject(new EnvironmentError(`cannot start ${command}: ${e.message}`, "kport doctor --fix")));
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  ended.catch(() => undefined);
  return { sockets, stderr: () => said, ended, kill: () => void child.kill("SIGKILL") };
}

/** A failed tool as a person wants it: its name, how it ended, its last useful lines, and the command to repeat it. */
export function describeFailure(command: string, args: readonly string[], result: RunResult): string {
  const ending = result.timedOut ? `did not finish within ${Math.round(result.seconds)} s` : result.exitCode === undefined ? "was killed" : `failed with exit status ${result.exitCode}`;
  return `${path.basename(command)} ${ending}\n${usefulLines(result.all)}\n  command: ${shellQuote([command, ...args]).slice(0, 2000)}`;
}

/** The lines of a tool's output that say why it failed: its errors if it marked any, else its last words. */
export function usefulLines(output: string, most = 12): string {
  const lines = output.split("\n").map((l) => l.trimEnd()).filter((l) => l !== "");
  const errors = lines.filter((l) => /\b(error|undefined!?|fatal|panicked|cannot|No such)\b/i.test(l) && !/^make(\[\d+\])?: \*\*\*/.test(l));
  const chosen = errors.length > 0 ? errors.slice(0, most) : lines.slice(-most);
  return chosen.map((l) => `  | ${l.slice(0, 400)}`).join("\n");
}

/** Whether commands can be shut into bubblewrap here (some runners forbid user namespaces). Asked once. */
export async function sandboxWorks(): Promise<boolean> {
  sandboxProbe ??= execa("bwrap", ["--ro-bind", "/", "/", "--unshare-all", "true"], { reject: false }).then((r) => r.exitCode === 0);
  return sandboxProbe;
}
let sandboxProbe: Promise<boolean> | undefined;

function inSandbox(command: string, args: readonly string[], options: RunOptions): [string, string[]] {
  const { writable, readable = [], root } = options.sandbox as Sandbox;
  const system = root ?? "/";
  const bwrap = ["--die-with-parent", "--new-session", "--unshare-all", "--clearenv", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"];
  bwrap.push("--ro-bind", path.join(system, "usr"), "/usr");
  // Links into /usr stay links: what is mounted below /usr/lib is then below /lib too.
  for (const d of ["bin", "sbin", "lib", "lib64", "lib32"]) {
    const link = linkTarget(path.join(system, d));
    bwrap.push(...(link === undefined ? ["--ro-bind-try", path.join(system, d), `/${d}`] : ["--symlink", link, `/${d}`]));
  }
  for (const f of ["etc/alternatives", "etc/ld.so.cache"]) bwrap.push("--ro-bind-try", path.join(system, f), `/${f}`);
  // Names stay this machine's: without localhost, for one, bear finds no address to listen at.
  for (const f of ["/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf"]) bwrap.push("--ro-bind-try", f, f);
  if (root !== undefined) bwrap.push("--ro-bind", "/usr", `${LENDER}/usr`);
  for (const [dir, links] of Object.entries(options.sandbox?.replaced ?? {})) {
    if (!existsSync(path.join(system, dir))) bwrap.push(...withRoomIn(path.dirname(dir), system));
    bwrap.push("--tmpfs", dir);
    for (const [name, target] of Object.entries(links)) bwrap.push("--symlink", target, path.join(dir, name));
  }
  for (const d of readable) if (existsSync(d)) bwrap.push("--ro-bind", d, d);
  for (const d of writable) bwrap.push("--bind", d, d);
  const env = { ...pick(INHERITED_IN_SANDBOX), HOME: "/tmp", LC_ALL: "C.UTF-8", ...options.env };
  for (const [k, v] of Object.entries(env)) bwrap.push("--setenv", k, v);
  bwrap.push("--chdir", options.cwd ?? "/", "--", command, ...args);
  return ["bwrap", bwrap];
}

/** A folder as it is, but one in which a mount finds or makes its place: without a kernel installed there is no /usr/lib/modules. */
function withRoomIn(dir: string, system: string): string[] {
  const entries = readdirSync(path.join(system, dir)).map((name) => ({ from: path.join(system, dir, name), to: path.join(dir, name) }));
  return ["--tmpfs", dir, ...entries.flatMap(({ from, to }) => (linkTarget(from) === undefined ? ["--ro-bind", from, to] : ["--symlink", linkTarget(from) as string, to]))];
}

function linkTarget(file: string): string | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(file) : undefined;
}

function pick(names: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const n of names) {
    const v = process.env[n];
    if (v !== undefined) out[n] = v;
  }
  return out;
}

/** Quote words so that a POSIX shell reads them back as they are. */
export function shellQuote(words: readonly string[]): string {
  return words.map((w) => (/^[\w@%+=:,./-]+$/.test(w) ? w : `'${w.replaceAll("'", `'\\''`)}'`)).join(" ");
}
