/** KVM where it is there and really works, TCG otherwise. */
import { access, constants, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { cacheDir, cached, contentKey } from "../../machine/cache.ts";
import { log } from "../../machine/log.ts";
import { run } from "../../machine/process.ts";
import { bootTools } from "./tools.ts";

export type Accelerator = "kvm" | "tcg";

/** guest/kvm-probe.S, assembled. */
export const PROBE = Buffer.from(
  "fa2e660f0116580066b8200000000f22e066b800100f000f22d866b9800000c00f32660d000100000f300f20c0660d010000800f22c066ea3e000f000800b02ae6f4f4ebfd0f1f00000000000000000000000000009b20000f0048000f00",
  "hex",
);
/** isa-debug-exit ends QEMU with (value << 1) | 1. */
const PROBE_STATUS = (42 << 1) | 1;
const PROBE_TIMEOUT_MS = 5000;

let believed: Promise<Accelerator> | undefined;

/**
 * The accelerator that guests run with here. /dev/kvm being there proves little: in some virtual machines it cannot be opened, makes
 * QEMU abort, or hangs with paging on. So a tiny firmware is run to its end under KVM; asked once.
 */
export function accelerator(): Promise<Accelerator> {
  believed ??= probe();
  return believed;
}

/**
 * A kernel did not come up under KVM although the probe did (a nested KVM that only runs kernels made for it, such as PVM's): TCG from now
 * on, in later processes too, or each of them would wait for a kernel that does not come.
 */
export async function kvmFailed(why: string): Promise<void> {
  if ((await believed) === "tcg") return;
  believed = Promise.resolve("tcg");
  log.warn(`KVM passed its probe but does not boot a kernel (${why}); using QEMU's emulation (TCG), which is slower`);
  await cached(FAILED, await failedKey(), (beside) => writeFile(path.join(beside, "why"), `${why}\n`));
}

const FAILED = "kvm-failed";

/** Whether an earlier process has seen KVM fail here: with this QEMU, and since this machine was started. */
export async function hasFailed(): Promise<boolean> {
  return access(path.join(cacheDir(), FAILED, await failedKey())).then(
    () => true,
    () => false,
  );
}

async function failedKey(): Promise<string> {
  const { qemu } = await bootTools();
  const { size, mtimeMs } = await stat(qemu.path);
  return contentKey([
    await readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    qemu.path,
    String(size),
    String(mtimeMs),
  ]);
}

async function probe(): Promise<Accelerator> {
  const usable = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable || (await hasFailed())) return "tcg";
  const { qemu } = await bootTools();
  const { dir } = await cached("kvm-probe", contentKey([PROBE]), (beside) =>
    writeFile(path.join(beside, "firmware"), firmware()),
  );
  const args = [
    "-accel",
    "kvm",
    "-cpu",
    "host",
    "-machine",
    "q35",
    "-nodefaults",
    "-display",
    "none",
    "-no-reboot",
    "-bios",
    path.join(dir, "firmware"),
    "-device",
    "isa-debug-exit,iobase=0xf4",
  ];
  const r = await run(qemu.path, args, {
    timeout: PROBE_TIMEOUT_MS,
    allowFailure: true,
    sandbox: { writable: [], readable: [qemu.path, dir], devices: ["/dev/kvm"] },
  });
  if (r.exitCode === PROBE_STATUS) return "kvm";
  log.debug(
    `/dev/kvm is there and does not work: ${r.timedOut ? "the probe hung" : r.stderr.trim().split("\n").at(-1)}`,
  );
  return "tcg";
}

/** 64 KiB that end at 4 GiB and are seen below 1 MiB too: the code at 0xf0000, page tables for the first 2 MiB, the reset vector. */
function firmware(): Buffer {
  const rom = Buffer.alloc(0x10000);
  PROBE.copy(rom);
  // Present, writable, accessed (and for the page: dirty, large): the processor has nothing to write, which it could not in a ROM.
  rom.writeUInt32LE(0xf2000 | 0x23, 0x1000);
  rom.writeUInt32LE(0xf3000 | 0x23, 0x2000);
  rom.writeUInt32LE(0xe3, 0x3000);
  // jmp 0xf000:0x0000
  Buffer.from([0xea, 0, 0, 0, 0xf0]).copy(rom, 0xfff0);
  return rom;
}
