/** What QEMU is told, and what it finds itself in. */
import type { Sandbox } from "../../machine/process.ts";
import type { Accelerator } from "./accelerator.ts";

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
  /** QEMU's arguments for devices besides the machine's own. */
  devices?: readonly string[];
}

/**
 * q35, because `microvm` hung in one boot of four. The console's log level is raised by the guest's agent, so `quiet` only spares the boot.
 * oops=panic panic=-1 with -no-reboot: a crash ends QEMU. nokaslr: addresses are the same in each run.
 * no_timer_check: whether the timer ticks is asked of an emulator that may not get a processor just then, and a kernel that is told no panics.
 * tsc=reliable: for the same reason no clock is to be judged by another.
 * sysrq_always_enabled and unknown_nmi_panic let the host ask a hung kernel where it is. printk.devkmsg=on lifts the rate limit from the phase marks.
 */
export const COMMAND_LINE =
  "console=ttyS0 quiet oops=panic panic=-1 nokaslr printk.devkmsg=on no_timer_check tsc=reliable sysrq_always_enabled unknown_nmi_panic log_buf_len=1M";

/** The payload's memory, and the part of the kernel's own that has to lie behind it. MiB. */
export const PAYLOAD = 64;
export const HIGH = 8;
/** The first part, below the payload. MiB. */
export const low = (shape: MachineShape): number => shape.memory - HIGH;
/** The payload's memory is kept out of the kernel's hands; it must not be the last, or /dev/mem would not reach it. */
export const reservePayload = (shape: MachineShape): string => `memmap=${PAYLOAD}M$${low(shape)}M`;
/** Where the payload lies in physical memory. */
export const payloadAt = (shape: MachineShape): number => low(shape) * 1048576;
/** The most it may hold. Bytes. */
export const PAYLOAD_SIZE = PAYLOAD * 1048576;

export const plainMemory = (shape: MachineShape): string[] => ["-m", String(shape.memory)];

/**
 * Memory in three parts: `low` is the kernel's own and lies in a file, `payload` is a file through which the host hands in a run's files,
 * `high` is the kernel's again. A saved guest is `low` as it was and a short stream of the rest (capability x-ignore-shared).
 */
export const partedMemory = (shape: MachineShape, file: string, shared: boolean, payload: string): string[] => [
  ...["-m", String(low(shape) + PAYLOAD + HIGH)],
  ...[
    "-object",
    `memory-backend-file,id=low,size=${low(shape)}M,mem-path=${file},share=${shared ? "on" : "off"}`,
    "-numa",
    "node,cpus=0,memdev=low",
  ],
  ...[
    "-object",
    `memory-backend-file,id=payload,size=${PAYLOAD}M,mem-path=${payload},share=on`,
    "-numa",
    "node,memdev=payload",
  ],
  ...["-object", `memory-backend-ram,id=high,size=${HIGH}M`, "-numa", "node,memdev=high"],
];

export function machineArguments(shape: MachineShape, memory: readonly string[], commandLine: string): string[] {
  // `max` on a half-working KVM asks for what it cannot do; TCG's `max` is all it can.
  // Walks of five-level page tables, for memory beyond 64 TiB, cost a tenth of a boot.
  const cpu = shape.accelerator === "kvm" ? "host" : "max,la57=off";
  return [
    ...["-nodefaults", "-no-user-config", "-display", "none", "-nic", "none", "-no-reboot"],
    ...["-machine", "q35", "-accel", shape.accelerator, "-cpu", cpu, ...memory],
    ...["-kernel", shape.image, "-append", commandLine],
    ...(shape.devices ?? []),
    ...["-chardev", "socket,id=console,fd=3", "-serial", "chardev:console"],
    ...["-chardev", "socket,id=agent,fd=4", "-serial", "chardev:agent"],
    ...["-chardev", "socket,id=monitor,fd=5", "-mon", "chardev=monitor,mode=control"],
  ];
}

export const SANDBOX = ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"];

/**
 * What a module that gets out of its guest finds itself in. The translator's buffer and the threads' stacks are reserved, so the bound is
 * of address space. The payload and the state are inherited and have no name.
 */
export function sandboxOf(shape: MachineShape, writable: string[]): Sandbox {
  return {
    writable,
    readable: [shape.qemu, shape.image, shape.initramfs],
    devices: shape.accelerator === "kvm" ? ["/dev/kvm"] : [],
    bounds: { memory: 8 * 1024 * 1048576, processes: 64, disk: 2 * 1024 * 1048576 },
  };
}
