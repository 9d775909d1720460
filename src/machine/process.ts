/** The only place that starts other programs. */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { nameBound, OUTPUT } from "./bounds.ts";
import { scratchFolder } from "./cache.ts";
import { type Deadline, deadlineIn, outOfTime, requireTime, sharedDeadline } from "./deadline.ts";
import { EnvironmentError, StageError } from "./errors.ts";
import { log } from "./log.ts";
import { INHERITED, INHERITED_IN_SANDBOX, pick } from "./child-environment.ts";
import { eachLine, Output } from "./child-output.ts";
import { children, endWithUs, killGroup, killSandbox } from "./process-groups.ts";
import { HeldSandbox } from "./held-sandbox.ts";
import { bubblewrapArguments, type Sandbox } from "./sandbox.ts";
import { decide } from "./sandbox-policy.ts";
import { SYSCALL_FILTER } from "./syscall-filter.ts";
import { describeFailure, shellQuote } from "./tool-failure.ts";

export type { Sandbox } from "./sandbox.ts";

/**
 * Where a program is started that needs no folder. Not where kport was: an action's is the checkout, whose files are a stranger's, and a
 * program looks for its settings there. rustup's `rustc` takes the compiler that a `rust-toolchain.toml` names and starts it, even to be
 * asked for its version; cargo takes programs out of `.cargo/config.toml`, and the stand-ins of version managers do the like.
 */
const ELSEWHERE = "/";

/** What is shut in comes after kport: thousands of processes of a fork bomb would keep from its turn what ends them (sandbox-watch.ts). */
const GIVES_WAY = ["-n", "10"];

export interface RunOptions {
  /** `ELSEWHERE` when left out. */
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
  const inside = { cwd: options.cwd ?? ELSEWHERE, env, filter: 3 };
  log.debug(`run: ${shellQuote([command, ...args])}`);
  signal?.throwIfAborted();
  const common = sandbox === undefined ? undefined : sharedDeadline();
  if (common) requireTime();
  const started = performance.now();
  const held = shutIn ? new HeldSandbox(shutIn) : undefined;
  const words = shutIn
    ? ["nice", ...GIVES_WAY, bubblewrap, ...bubblewrapArguments(shutIn, [command, ...args], inside)]
    : [command, ...args];
  const [file = command, ...argv] = held?.entering(words) ?? words;
  const child = execa(file, argv, {
    cwd: options.cwd ?? ELSEWHERE,
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
  if (child.pid !== undefined) {
    held?.watch(child.pid, exceeded);
    endWithUs(child.pid);
  }
  signal?.addEventListener("abort", end, { once: true });
  const r = await child;
  timers.forEach(clearTimeout);
  if (child.pid !== undefined) children.delete(child.pid);
  signal?.removeEventListener("abort", end);
  const hit = held?.end();
  bound ??= hit;
  if (r.failed && r.exitCode === undefined && bound === undefined && !r.isTerminated && signal?.aborted !== true) {
    throw new EnvironmentError(`cannot start ${command}: ${r.originalMessage ?? r.message}`, `kport doctor --fix`);
  }
  // Not the caller's to try otherwise.
  if (common && bound !== undefined && performance.now() >= common.at)
    throw outOfTime(common, `${path.basename(command)} was ended`);
  // Copied, each of the texts would be made, asked for or not.
  const result: RunResult = Object.assign(output.texts(), {
    exitCode: bound === undefined ? r.exitCode : undefined,
    timedOut: bound?.startsWith("bound: time") === true,
    bound,
    seconds: (performance.now() - started) / 1000,
  });
  log.debug(`ran: ${result.seconds.toFixed(2)} s from ${(started / 1000).toFixed(2)} ${path.basename(command)}`);
  if (!options.allowFailure && result.exitCode !== 0)
    throw new StageError("tool", describeFailure(command, args, result));
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
  const held = shutIn ? new HeldSandbox(sandbox) : undefined;
  const words = shutIn
    ? [bubblewrap, ...bubblewrapArguments(sandbox, [command, ...args], { cwd: ELSEWHERE, env, filter })]
    : ["setpriv", "--pdeathsig", "KILL", "--", command, ...args];
  const [file = command, ...argv] = held?.entering(words) ?? words;
  const child = spawn(file, argv, {
    cwd: ELSEWHERE,
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
  let bound: string | undefined;
  const exceeded = (name: string): void => {
    bound ??= name;
    kill();
  };
  if (child.pid !== undefined) held?.watch(child.pid, exceeded);
  child.stderr?.on("data", (d: Buffer) => {
    said = (said + d.toString()).slice(-65536);
  });
  const sockets = child.stdio.slice(3, 3 + options.sockets) as unknown as Socket[];
  // A write to a program that has just died is not an error of ours: `ended` tells.
  for (const s of sockets) s?.on("error", () => undefined);
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", (e) => {
      held?.end();
      reject(new EnvironmentError(`cannot start ${command}: ${e.message}`, "kport doctor --fix"));
    });
    child.once("close", (exitCode, signal) => {
      const hit = held?.end();
      bound ??= hit;
      if (bound !== undefined) said += `ended (${bound})\n`;
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
      // It dies with this process by itself; execa would listen to every signal for it.
      cleanup: false,
    });
    return r.exitCode === 0 ? undefined : r.stderr || r.shortMessage;
  })();
  return refused;
}
let refused: Promise<string | undefined> | undefined;
