/** The only place that starts other programs. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { BOUNDS, nameBound, OUTPUT } from "./bounds.ts";
import { scratchFolder } from "./cache.ts";
import { type Deadline, deadlineIn, outOfTime, requireTime, sharedDeadline } from "./deadline.ts";
import { EnvironmentError, StageError } from "./errors.ts";
import { log } from "./log.ts";
import { bubblewrapArguments, type Sandbox } from "./sandbox.ts";
import { decide } from "./sandbox-policy.ts";
import { watchSandbox } from "./sandbox-watch.ts";
import { SYSCALL_FILTER } from "./syscall-filter.ts";

/**
 * What a child may know of our environment. Everything else is dropped: the module's makefile is a stranger's code,
 * and a workflow's environment holds tokens (GITHUB_TOKEN, ACTIONS_RUNTIME_TOKEN, cloud keys) under names nobody can list.
 */
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TMPDIR",
  "TZ",
  "TERM",
  "RUSTUP_HOME",
  "CARGO_HOME",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
];
/** Of those, what a sandboxed child gets: nothing that names a proxy, which may carry a password. */
const INHERITED_IN_SANDBOX = ["PATH", "TZ", "TERM"];

export type { Sandbox } from "./sandbox.ts";

export interface RunOptions {
  cwd?: string;
  /** Added to the inherited allow-list; never the whole of `process.env`. */
  env?: Record<string, string>;
  input?: string | Uint8Array;
  /** Milliseconds; all the child's processes are killed after it. */
  timeout?: number;
  /** A time that several runs share. */
  deadline?: Deadline;
  /** Shuts the child in, wherever the policy does not let it run without (sandbox-policy.ts). */
  sandbox?: Sandbox | undefined;
  /** Return instead of throwing when the exit status is not 0. */
  allowFailure?: boolean;
  /** Called with each line the child prints, as it comes. */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
  /** The most bytes it may print; `OUTPUT` when left out. */
  output?: number;
}

export interface RunResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** stdout and stderr as they were interleaved. */
  all: string;
  timedOut: boolean;
  /** The bound that it was killed at, as errors name it; the time it may take is one. */
  bound: string | undefined;
  /** Wall time in seconds. */
  seconds: number;
}

/**
 * Run one program to its end. What it has started and left running ends with it where it is shut in; elsewhere, when a bound is hit.
 * @throws EnvironmentError when the program is not there, or the sandbox that it needs; StageError("tool", …) with its name, command and
 * last lines when it fails, StageError("time", …) when what it shares with others is over (deadline.ts)
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { sandbox, signal } = options;
  const shutIn = sandbox !== undefined && (await isShutIn(sandbox)) ? sandbox : undefined;
  const env =
    sandbox === undefined
      ? { ...pick(INHERITED), LC_ALL: "C.UTF-8", ...options.env }
      : { ...pick(INHERITED_IN_SANDBOX), HOME: "/tmp", LC_ALL: "C.UTF-8", ...options.env };
  const stdin = options.input === undefined ? "ignore" : "pipe";
  const [file, argv] = shutIn
    ? [bubblewrap, bubblewrapArguments(shutIn, [command, ...args], { cwd: options.cwd ?? "/", env, filter: 3 })]
    : [command, [...args]];
  log.debug(`run: ${shellQuote([command, ...args])}`);
  signal?.throwIfAborted();
  const common = sandbox === undefined ? undefined : sharedDeadline();
  if (common) requireTime();
  const started = performance.now();
  const child = execa(file, argv, {
    cwd: options.cwd,
    env: shutIn ? pick(["PATH"]) : env,
    extendEnv: false,
    input: options.input as string | undefined,
    stdio: shutIn ? [stdin, "pipe", "pipe", SYSCALL_FILTER] : [stdin, "pipe", "pipe"],
    // A process group of its own, to be killed as a whole. Its output is kept here, once.
    detached: true,
    buffer: false,
    all: options.onLine !== undefined,
    reject: false,
  });
  const output = new Output();
  let bound: string | undefined;
  const end = (): void => {
    if (child.pid !== undefined) (shutIn ? killSandbox : killGroup)(child.pid);
    // What has left the group may hold the pipes for ever.
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  };
  const exceeded = (name: string): void => {
    bound ??= name;
    end();
  };
  const most = options.output ?? OUTPUT;
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (d: Buffer) => {
      if (output.add(name, d) > most) exceeded(nameBound("output", most, "bytes"));
    });
  }
  if (options.onLine) void eachLine(child.iterable({ from: "all" }), options.onLine);
  const timers = [options.timeout === undefined ? undefined : deadlineIn(options.timeout), options.deadline, common]
    .filter((d) => d !== undefined)
    .map((d) =>
      setTimeout(() => exceeded(nameBound("time", d.milliseconds, "ms")), Math.max(0, d.at - performance.now())),
    );
  const unwatch =
    shutIn && child.pid !== undefined
      ? watchSandbox(child.pid, shutIn.writable, { ...BOUNDS, ...shutIn.bounds }, exceeded)
      : undefined;
  if (child.pid !== undefined) endWithUs(child.pid);
  signal?.addEventListener("abort", end, { once: true });
  const r = await child;
  timers.forEach(clearTimeout);
  unwatch?.();
  if (child.pid !== undefined) children.delete(child.pid);
  signal?.removeEventListener("abort", end);
  if (r.failed && r.exitCode === undefined && bound === undefined && !r.isTerminated && signal?.aborted !== true) {
    throw new EnvironmentError(`cannot start ${command}: ${r.originalMessage ?? r.message}`, `kport doctor --fix`);
  }
  // Not the caller's to try otherwise.
  if (common && bound !== undefined && performance.now() >= common.at)
    throw outOfTime(common, `${path.basename(command)} was ended`);
  const result: RunResult = {
    exitCode: bound === undefined ? r.exitCode : undefined,
    ...output.texts(),
    timedOut: bound?.startsWith("bound: time") === true,
    bound,
    seconds: (performance.now() - started) / 1000,
  };
  log.debug(`ran: ${result.seconds.toFixed(2)} s from ${(started / 1000).toFixed(2)} ${path.basename(command)}`);
  if (!options.allowFailure && result.exitCode !== 0)
    throw new StageError("tool", describeFailure(command, args, result));
  return result;
}

/** What a child printed: kept as it came, made text when it is asked for. */
class Output {
  readonly #pieces: { from: "stdout" | "stderr"; bytes: Buffer }[] = [];
  #length = 0;

  /** The bytes so far, with these. */
  add(from: "stdout" | "stderr", bytes: Buffer): number {
    this.#pieces.push({ from, bytes });
    return (this.#length += bytes.length);
  }

  texts(): Pick<RunResult, "stdout" | "stderr" | "all"> {
    const joined = (chosen: (from: string) => boolean): string =>
      Buffer.concat(this.#pieces.flatMap((p) => (chosen(p.from) ? [p.bytes] : []))).toString("utf8");
    const lazily = <T>(make: () => T): (() => T) => {
      let made: T | undefined;
      return () => (made ??= make());
    };
    const [stdout, stderr, all] = [
      lazily(() => joined((f) => f === "stdout")),
      lazily(() => joined((f) => f === "stderr")),
      lazily(() => joined(() => true)),
    ];
    return {
      get stdout() {
        return stdout();
      },
      get stderr() {
        return stderr();
      },
      get all() {
        return all();
      },
    };
  }
}

async function eachLine(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // The child was killed: its result says so.
  }
}

/** The process groups that are running: they end when this process does, which a shell's Ctrl-C does not bring about for groups of their own. */
const children = new Set<number>();

function endWithUs(pid: number): void {
  if (!listening) process.once("exit", () => children.forEach(killGroup));
  listening = true;
  children.add(pid);
}
let listening = false;

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/**
 * Kill what runs in a sandbox, so that bubblewrap ends only when nothing of it is left: its one child is the init of the sandbox's
 * processes, and the kernel reaps all of them before their init (zap_pid_ns_processes). Killed itself, it would end before they do,
 * and they could still write to a folder that is being removed.
 * @param pid bubblewrap's own
 */
function killSandbox(pid: number): void {
  try {
    const [init] = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ");
    process.kill(Number(init || pid), "SIGKILL");
    setTimeout(() => killGroup(pid), SANDBOX_ENDS_MS).unref();
  } catch {
    killGroup(pid);
  }
}
/** Thousands of processes take the kernel a while. */
const SANDBOX_ENDS_MS = 10_000;

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
 * @throws EnvironmentError where it needs a sandbox and there is none, StageError where the time for all is over (deadline.ts); through `ended` when it cannot be started.
 */
export async function start(
  command: string,
  args: readonly string[],
  options: { sockets: number; files?: readonly number[]; sandbox: Sandbox },
): Promise<RunningProgram> {
  const { files = [], sandbox } = options;
  requireTime();
  const shutIn = await isShutIn(sandbox);
  log.debug(`start: ${shellQuote([command, ...args])}`);
  const pipes = Array.from({ length: options.sockets }, () => "pipe" as const);
  const env = { ...pick(INHERITED_IN_SANDBOX), HOME: "/tmp", LC_ALL: "C.UTF-8" };
  const filter = 3 + pipes.length + files.length;
  const [file, argv] = shutIn
    ? [bubblewrap, bubblewrapArguments(sandbox, [command, ...args], { cwd: "/", env, filter })]
    : ["setpriv", ["--pdeathsig", "KILL", "--", command, ...args]];
  const child = spawn(file, argv, {
    env,
    stdio: ["ignore", "ignore", "pipe", ...pipes, ...files, ...(shutIn ? ["pipe" as const] : [])],
  });
  const program = child.stdio[filter] as unknown as Socket | undefined;
  program?.on("error", () => undefined);
  program?.end(SYSCALL_FILTER);
  let said = "";
  const kill = (): void => {
    if (shutIn && child.pid !== undefined) killSandbox(child.pid);
    else child.kill("SIGKILL");
  };
  const unwatch =
    shutIn && child.pid !== undefined
      ? watchSandbox(child.pid, sandbox.writable, { ...BOUNDS, ...sandbox.bounds }, (bound) => {
          said += `ended (${bound})\n`;
          kill();
        })
      : undefined;
  child.stderr?.on("data", (d: Buffer) => {
    said = (said + d.toString()).slice(-65536);
  });
  const sockets = child.stdio.slice(3, 3 + options.sockets) as unknown as Socket[];
  // A write to a program that has just died is not an error of ours: `ended` tells.
  for (const s of sockets) s?.on("error", () => undefined);
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", (e) =>
      reject(new EnvironmentError(`cannot start ${command}: ${e.message}`, "kport doctor --fix")),
    );
    child.once("close", (exitCode, signal) => {
      unwatch?.();
      // bubblewrap ends as a shell would.
      const killed =
        shutIn && exitCode !== null && exitCode > 128
          ? (Object.entries(os.constants.signals).find(([, n]) => n === exitCode - 128)?.[0] as
              | NodeJS.Signals
              | undefined)
          : undefined;
      resolve(killed === undefined ? { exitCode, signal } : { exitCode: null, signal: killed });
    });
  });
  ended.catch(() => undefined);
  return { sockets, stderr: () => said, ended, kill };
}

/** A failed tool as a person wants it: its name, how it ended, its last useful lines, and the command to repeat it. */
export function describeFailure(command: string, args: readonly string[], result: RunResult): string {
  const ending = result.timedOut
    ? `did not finish within ${Math.round(result.seconds)} s (${result.bound})`
    : result.bound !== undefined
      ? `was ended (${result.bound})`
      : result.exitCode === undefined
        ? "was killed"
        : `failed with exit status ${result.exitCode}`;
  return `${path.basename(command)} ${ending}\n${usefulLines(result.all)}\n  command: ${shellQuote([command, ...args]).slice(0, 2000)}`;
}

/** Lines behind an error that show what it is about: the place, the source and the mark under it, as compilers print them, and what else is indented. */
const SHOWS = /^\s|^\d+ +\||^(?:note|help)\b/;
/** How many of them, and with how many errors. */
const [SHOWN_LINES, SHOWN_ERRORS] = [8, 2];

/** The lines of a tool's output that say why it failed: its errors if it marked any, the first ones with what they are about, else its last words. */
export function usefulLines(output: string, most = 12): string {
  const lines = output
    .split("\n")
    .map((l) => l.trimEnd())
    .filter((l) => l !== "");
  const isError = (l: string): boolean =>
    /\b(error|undefined!?|fatal|panicked|cannot|No such)\b/i.test(l) && !/^make(\[\d+\])?: \*\*\*/.test(l);
  const at = lines.flatMap((l, i) => (isError(l) ? [i] : []));
  const errors = at.flatMap((i, n) => {
    const behind = lines.slice(i + 1, n < SHOWN_ERRORS ? i + 1 + SHOWN_LINES : i + 1);
    const end = behind.findIndex((l) => !SHOWS.test(l) || isError(l));
    return [lines[i] as string, ...behind.slice(0, end < 0 ? behind.length : end)];
  });
  const chosen = errors.length > 0 ? errors.slice(0, most) : lines.slice(-most);
  return chosen.map((l) => `  | ${l.slice(0, 400)}`).join("\n");
}

/** Why a compiler failed: the bound that it was ended at, else what it says. */
export function complaintOf(r: RunResult): string {
  return r.bound === undefined ? usefulLines(r.stderr) : `  | it was ended (${r.bound})`;
}

/** Whether programs can be shut in here. */
export async function sandboxWorks(): Promise<boolean> {
  return (await refusal()) === undefined;
}

/**
 * Make sure before anything is begun that a stranger's programs will be shut in, or may run without.
 * @throws EnvironmentError that says how to mend it
 */
export async function requireSandbox(): Promise<void> {
  await isShutIn({ writable: [] });
}

function isShutIn(sandbox: Sandbox): Promise<boolean> {
  return decide(refusal, sandbox.root !== undefined);
}

/** bubblewrap as it is found, or a copy of it that may do more (toolchain/sandbox-set-up.ts). What an earlier one refused is forgotten. */
export function useBubblewrap(file: string): void {
  bubblewrap = file;
  refused = undefined;
}
let bubblewrap = "bwrap";

/** Why bubblewrap does not work here, tried with the very flags that are used, once; undefined where it does. */
function refusal(): Promise<string | undefined> {
  refused ??= (async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-sandbox-"));
    const args = bubblewrapArguments({ writable: [scratch.dir] }, ["true"], {
      cwd: scratch.dir,
      env: pick(["PATH"]),
      filter: 3,
    });
    const r = await execa(bubblewrap, args, {
      env: pick(["PATH"]),
      extendEnv: false,
      stdio: ["ignore", "ignore", "pipe", SYSCALL_FILTER],
      reject: false,
      timeout: 20_000,
    });
    return r.exitCode === 0 ? undefined : r.stderr || r.shortMessage;
  })();
  return refused;
}
let refused: Promise<string | undefined> | undefined;

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
