/** One QEMU: its command line, its three sockets (the agent's channel, the kernel's console, the monitor), and its end. */
import type { FileHandle } from "node:fs/promises";
import type { Socket } from "node:net";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningProgram, start } from "../../machine/process.ts";
import { shellQuote } from "../../machine/tool-failure.ts";
import { Channel } from "./channel.ts";
import { ExecutionTrace } from "./execution.ts";
import { Qmp } from "./qmp.ts";
import {
  COMMAND_LINE,
  machineArguments,
  type MachineShape,
  partedMemory,
  plainMemory,
  reservePayload,
  SANDBOX,
  sandboxOf,
} from "./machine-arguments.ts";

/** How a machine ended. */
export interface MachineEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** QEMU's own word for why it shut down, e.g. `guest-reset`; undefined when it did not say. */
  reason: string | undefined;
  stderr: string;
}

/** The console is only looked at after a crash: its head would be the boot, so the tail is what counts. */
const CONSOLE_KEPT = 2 * 1024 * 1024;

/** The nth inherited file, after the three sockets. */
const inherited = (n: number): string => `/proc/self/fd/${6 + n}`;
const MIGRATION_TIMEOUT_MS = 30_000;
/** Milliseconds between two looks at the size of what QEMU writes down. */
const LOOK_MS = 1000;

const traceArguments = (trace: ExecutionTrace | undefined, file: number): string[] =>
  trace === undefined ? [] : ExecutionTrace.arguments(inherited(file));

export class Machine implements AsyncDisposable {
  readonly channel: Channel;
  readonly qmp: Qmp;
  readonly ended: Promise<MachineEnd>;
  readonly started = performance.now();
  /** What of the modules runs, where that was asked for. */
  readonly trace: ExecutionTrace | undefined;
  readonly #program: RunningProgram;
  #console = "";
  #received = 0;
  readonly #consoleSocket: Socket;

  private constructor(program: RunningProgram, trace?: ExecutionTrace) {
    this.#program = program;
    this.trace = trace;
    const [console, agent, monitor] = program.sockets;
    if (console === undefined || agent === undefined || monitor === undefined)
      throw new Error("QEMU was started without its sockets");
    this.#consoleSocket = console;
    const decoder = new StringDecoder("utf8");
    console.on("data", (d: Buffer) => {
      this.#received += d.length;
      this.#console += decoder.write(d);
      if (this.#console.length > 2 * CONSOLE_KEPT) this.#console = this.#console.slice(-CONSOLE_KEPT);
    });
    this.channel = new Channel(agent);
    let reason: string | undefined;
    this.qmp = new Qmp(monitor, (name, data) => {
      if (name === "SHUTDOWN") reason = String(data["reason"]);
    });
    // Its capabilities must be negotiated before it reports events.
    this.qmp.execute("query-status").catch(() => undefined);
    this.ended = program.ended.then(({ exitCode, signal }) => ({ exitCode, signal, reason, stderr: program.stderr() }));
    this.ended.catch(() => undefined);
    if (trace !== undefined) this.#boundTrace(trace);
  }

  #boundTrace(trace: ExecutionTrace): void {
    const look = setInterval(() => {
      void trace.isFull().then(
        (full) =>
          full && this.qmp.execute("human-monitor-command", { "command-line": "log none" }).catch(() => undefined),
        () => undefined,
      );
    }, LOOK_MS);
    void this.ended.catch(() => undefined).then(() => clearInterval(look));
  }

  /** Start a machine from nothing. `initramfs` is an open file: QEMU inherits it, so that it may have no name any more. */
  static async cold(shape: MachineShape, initramfs: FileHandle, trace?: ExecutionTrace): Promise<Machine> {
    const args = [
      ...machineArguments(shape, plainMemory(shape), COMMAND_LINE),
      ...SANDBOX,
      "-initrd",
      inherited(0),
      ...traceArguments(trace, 1),
    ];
    return new Machine(
      await start(shape.qemu, args, {
        sockets: 3,
        files: [initramfs.fd, ...(trace ? [trace.file.fd] : [])],
        sandbox: sandboxOf(shape, []),
      }),
      trace,
    );
  }

  /**
   * Start a machine from nothing that is to be saved: its memory is the file `memory`, and it may be saved beside that. QEMU may start
   * a shell here, for the stream.
   */
  static async toBeSaved(shape: MachineShape, memory: string, payload: FileHandle): Promise<Machine> {
    const args = machineArguments(
      shape,
      partedMemory(shape, memory, true, inherited(0)),
      `${COMMAND_LINE} ${reservePayload(shape)}`,
    );
    return new Machine(
      await start(shape.qemu, [...args, "-initrd", shape.initramfs], {
        sockets: 3,
        files: [payload.fd],
        sandbox: sandboxOf(shape, [path.dirname(memory)]),
      }),
    );
  }

  /** Save this machine: stop it and write all but its shared memory to `file`. Takes under a second. */
  async save(file: string): Promise<void> {
    await this.qmp.execute("migrate-set-capabilities", {
      capabilities: [{ capability: "x-ignore-shared", state: true }],
    });
    await this.qmp.execute("migrate", { uri: `exec:cat > ${shellQuote([file])}` });
    await this.#migrated();
  }

  /** Go on where the saved machine stopped. The memory file is mapped privately: it stays as it is. QEMU opens it for writing all the same. */
  static async restored(
    shape: MachineShape,
    memory: string,
    state: FileHandle,
    payload: FileHandle,
    trace?: ExecutionTrace,
  ): Promise<Machine> {
    const args = machineArguments(
      shape,
      partedMemory(shape, memory, false, inherited(0)),
      `${COMMAND_LINE} ${reservePayload(shape)}`,
    );
    const files = [payload.fd, state.fd, ...(trace ? [trace.file.fd] : [])];
    const machine = new Machine(
      await start(
        shape.qemu,
        [...args, ...SANDBOX, "-initrd", shape.initramfs, "-incoming", "defer", ...traceArguments(trace, 2)],
        { sockets: 3, files, sandbox: sandboxOf(shape, [memory]) },
      ),
      trace,
    );
    try {
      await machine.qmp.execute("migrate-set-capabilities", {
        capabilities: [{ capability: "x-ignore-shared", state: true }],
      });
      await machine.qmp.execute("migrate-incoming", { uri: "fd:7" });
      await machine.#migrated();
      return machine;
    } catch (e) {
      await machine[Symbol.asyncDispose]();
      throw e;
    }
  }

  /** Wait for a migration, in or out, to end. */
  async #migrated(): Promise<void> {
    const deadline = performance.now() + MIGRATION_TIMEOUT_MS;
    while (performance.now() < deadline) {
      const { status, "error-desc": why } = (await this.qmp.execute("query-migrate")) as {
        status?: string;
        "error-desc"?: string;
      };
      if (status === "completed") return;
      if (status === "failed" || status === "cancelled")
        throw new Error(`migration ${status}: ${why ?? this.#program.stderr()}`);
      await sleep(5);
    }
    throw new Error("migration did not end");
  }

  /** What the kernel printed on its console, which is where its last words are. Without carriage returns. */
  get console(): string {
    return this.#console.replaceAll("\r", "");
  }

  /** Seconds since QEMU was started. */
  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /**
   * Make a kernel that no longer answers print where it is: SysRq `l` (what the CPUs run) and `w` (who is blocked), which take a
   * working interrupt; then an NMI, which takes nothing and ends in a panic with a trace (unknown_nmi_panic). Takes up to a quarter of a minute on a slow machine.
   */
  async askWhere(): Promise<void> {
    for (const key of ["l", "w"]) {
      const from = this.#received;
      await this.qmp
        .execute("human-monitor-command", { "command-line": "chardev-send-break console" })
        .catch(() => undefined);
      this.#consoleSocket.write(key);
      if (!(await this.#speaks(from, 3000))) break;
      await this.#quiet(300, 3000);
    }
    const from = this.#received;
    await this.qmp.execute("inject-nmi").catch(() => undefined);
    if (await this.#speaks(from, 3000)) await Promise.race([this.ended.catch(() => undefined), this.#quiet(500, 3000)]);
  }

  /** Wait until the console has said anything since `from`, `most` milliseconds at the most; whether it has. */
  async #speaks(from: number, most: number): Promise<boolean> {
    const deadline = performance.now() + most;
    while (this.#received === from && performance.now() < deadline) await sleep(20);
    return this.#received !== from;
  }

  /** Wait until the console has been silent for `silence` milliseconds, `most` at the most. */
  async #quiet(silence: number, most: number): Promise<void> {
    const deadline = performance.now() + most;
    for (let size = -1; size !== this.#received && performance.now() < deadline; ) {
      size = this.#received;
      await sleep(silence);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.kill();
    await this.ended.catch(() => undefined);
  }
}
