/** One QEMU: its command line, its three sockets (the agent's channel, the kernel's console, the monitor), and its end. */
import type { FileHandle } from "node:fs/promises";
import type { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningProgram, start } from "../../process.ts";
import type { Accelerator } from "./accelerator.ts";
import { Channel } from "./channel.ts";
import { Qmp } from "./qmp.ts";

/** What makes one machine differ from another; the saved state of one fits no other. */
export interface MachineShape {
  qemu: string;
  accelerator: Accelerator;
  /** bzImage or vmlinux. */
  image: string;
  /** The base initramfs. */
  initramfs: string;
  /** MiB. */
  memory: number;
}

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

/**
 * q35, because `microvm` hung in one boot of four. The console's log level is raised by the guest's init, so `quiet` only spares the boot.
 * oops=panic panic=-1 with -no-reboot: a crash ends QEMU. nokaslr: addresses are the same in each run.
 * sysrq_always_enabled and unknown_nmi_panic let the host ask a hung kernel where it is. printk.devkmsg=on lifts the rate limit from the phase marks.
 */
const COMMAND_LINE = "console=ttyS0 quiet oops=panic panic=-1 nokaslr printk.devkmsg=on sysrq_always_enabled unknown_nmi_panic log_buf_len=1M";

export function machineArguments(shape: MachineShape): string[] {
  // `max` on a half-working KVM asks for what it cannot do; TCG's `max` is all it can.
  const cpu = shape.accelerator === "kvm" ? "host" : "max";
  return [
    ...["-nodefaults", "-no-user-config", "-display", "none", "-nic", "none", "-no-reboot"],
    ...["-machine", "q35", "-accel", shape.accelerator, "-cpu", cpu, "-m", String(shape.memory)],
    ...["-kernel", shape.image, "-append", COMMAND_LINE],
    ...["-chardev", "socket,id=console,fd=3", "-serial", "chardev:console"],
    ...["-chardev", "socket,id=agent,fd=4", "-serial", "chardev:agent"],
    ...["-chardev", "socket,id=monitor,fd=5", "-mon", "chardev=monitor,mode=control"],
  ];
}

const SANDBOX = ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"];

export class Machine implements AsyncDisposable {
  readonly channel: Channel;
  readonly qmp: Qmp;
  readonly ended: Promise<MachineEnd>;
  readonly started = performance.now();
  readonly #program: RunningProgram;
  #console = "";
  #received = 0;
  readonly #consoleSocket: Socket;

  private constructor(program: RunningProgram) {
    this.#program = program;
    const [console, agent, monitor] = program.sockets;
    if (console === undefined || agent === undefined || monitor === undefined) throw new Error("QEMU was started without its sockets");
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
  }

  /** Start a machine from nothing. `initramfs` is an open file: QEMU inherits it, so that it may have no name any more. */
  static cold(shape: MachineShape, initramfs: FileHandle): Machine {
    return new Machine(start(shape.qemu, [...machineArguments(shape), ...SANDBOX, "-initrd", "/proc/self/fd/6"], { sockets: 3, files: [initramfs.fd] }));
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
   * working interrupt; then an NMI, which takes nothing and ends in a panic with a trace (unknown_nmi_panic). Takes up to five seconds.
   */
  async askWhere(): Promise<void> {
    for (const key of ["l", "w"]) {
      await this.qmp.execute("human-monitor-command", { "command-line": "chardev-send-break console" }).catch(() => undefined);
      this.#consoleSocket.write(key);
      await this.#quiet(300, 1500);
    }
    await this.qmp.execute("inject-nmi").catch(() => undefined);
    await Promise.race([this.ended.catch(() => undefined), this.#quiet(500, 2000)]);
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
