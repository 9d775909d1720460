/** The warm start: a booted, idle guest saved once per kernel, machine, initramfs and QEMU, and restored for each run. */
import { randomBytes } from "node:crypto";
import { type FileHandle, mkdtemp, open, readFile, readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDir, cached, contentKey } from "../../machine/cache.ts";
import { log } from "../../machine/log.ts";
import { kvmFailed } from "./accelerator.ts";
import { HarnessFault } from "./channel.ts";
import { type CpioEntry, cpioArchive } from "./cpio.ts";
import type { ExecutionTrace } from "./execution.ts";
import { Machine } from "./machine.ts";
import { type MachineShape, PAYLOAD_SIZE, payloadAt } from "./machine-arguments.ts";
import type { Start } from "./run-plan.ts";

/** Milliseconds an idle guest is given to finish what its boot left for later. */
const SETTLE = 500;
/** Changes when a saved guest of an older kport must not be used any more. */
const FORMAT = "2";

const KIND = "saved-guest";
const MOST_KEPT = 6;

/** Guests that could not be saved or restored in this process; they are not tried again. */
const unusable = new Set<string>();

/**
 * A machine restored to where its agent waits for a run's token, with the payload in its memory; undefined when that cannot be done here
 * (then the cold start can). The first call for a machine boots it and saves it.
 */
export async function warmMachine(
  shape: MachineShape,
  payload: readonly CpioEntry[],
  bootTimeout: number,
  trace?: ExecutionTrace,
): Promise<{ machine: Machine; start: Start } | undefined> {
  const word = randomBytes(8).toString("hex");
  const archive = cpioArchive([
    ...payload,
    { kind: "file", name: "payload/complete", mode: 0o644, data: Buffer.from(word) },
  ]);
  const key = await guestKey(shape);
  if (archive.length > PAYLOAD_SIZE || unusable.has(key)) return undefined;
  try {
    const dir = await savedGuest(shape, key, bootTimeout);
    await using memory = await payloadMemory(archive);
    await using state = await open(path.join(dir, "state"));
    const low = path.join(dir, "low");
    const untouched = await changedAt(low);
    if ((pristine.get(low) ?? untouched) !== untouched) throw new Error(WRITTEN);
    pristine.set(low, untouched);
    const machine = await Machine.restored(shape, low, state, memory, trace);
    void machine.ended.catch(() => undefined).then(() => forgetWritten(low, untouched, key));
    const words = [String(payloadAt(shape)), String(archive.length), word];
    return { machine, start: { awake: async () => undefined, handIn: (timeout) => handIn(machine, words, timeout) } };
  } catch (e) {
    unusable.add(key);
    // It may be damaged: the next process saves it anew.
    await rm(path.join(cacheDir(), KIND, key), { recursive: true, force: true });
    log.debug(`no warm start, booting instead: ${(e as Error).message}`);
    return undefined;
  }
}

/** When each saved guest's memory was last written, as first seen. */
const pristine = new Map<string, bigint>();
const WRITTEN = "the memory of a saved guest was written to, which no guest can that keeps to its machine";

/** The kernel sets it, and a process without capabilities cannot set it back. */
async function changedAt(file: string): Promise<bigint> {
  return (await stat(file, { bigint: true })).ctimeNs;
}

/** QEMU maps a saved guest's memory privately but can open it for writing only: what came out of its guest into QEMU could change the next run's guest. */
async function forgetWritten(low: string, untouched: bigint, key: string): Promise<void> {
  const now = await changedAt(low).catch(() => untouched);
  if (now === untouched) return;
  unusable.add(key);
  await rm(path.dirname(low), { recursive: true, force: true });
  log.warn(`${WRITTEN}; it is dropped`);
}

/** The folder of a saved guest; runs that ask for it at once in this process share the one boot it takes. */
function savedGuest(shape: MachineShape, key: string, bootTimeout: number): Promise<string> {
  const known = saving.get(key);
  if (known !== undefined) return known;
  const made = cached(KIND, key, (beside) => saveGuest(shape, beside, bootTimeout)).then(async ({ dir, hit }) => {
    if (!hit) await forgetOldest(path.dirname(dir));
    return dir;
  });
  const done = made.finally(() => saving.delete(key));
  saving.set(key, done);
  return done;
}
const saving = new Map<string, Promise<string>>();

async function handIn(machine: Machine, words: readonly string[], timeout: number): Promise<void> {
  const reply = await machine.channel.request("receive", words, timeout);
  if (reply.status !== 0) throw new HarnessFault(`its files did not arrive in the guest (status ${reply.status})`);
}

/** Everything the saved state, and what is known of the guest, depends on. QEMU's own devices change with its version, TCG's code with its binary. */
export async function guestKey(shape: MachineShape): Promise<string> {
  const qemu = await stat(shape.qemu);
  const processor =
    shape.accelerator === "kvm"
      ? (/^(model name|flags)\s*:.*$/gm.exec(await readFile("/proc/cpuinfo", "utf8"))?.[0] ?? "")
      : "";
  return contentKey([FORMAT, JSON.stringify(shape), String(qemu.size), String(qemu.mtimeMs), processor]);
}

/** A saved guest takes some 100 MB: those used longest ago are dropped. One that is being restored keeps its open files. */
async function forgetOldest(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((n) => !n.startsWith("."));
  const used = await Promise.all(
    names.map(async (n) => ({
      dir: path.join(parent, n),
      at: (await stat(path.join(parent, n)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  for (const { dir } of used.toSorted((a, b) => b.at - a.at).slice(MOST_KEPT))
    await rm(dir, { recursive: true, force: true });
}

async function saveGuest(shape: MachineShape, dir: string, bootTimeout: number): Promise<void> {
  await using memory = await payloadMemory(Buffer.alloc(0));
  await using machine = await Machine.toBeSaved(shape, path.join(dir, "low"), memory);
  await machine.channel.waitReady(bootTimeout).catch(async (e: Error) => {
    if (shape.accelerator === "kvm") await kvmFailed(`nothing came within ${bootTimeout / 1000} s`);
    throw e;
  });
  await sleep(SETTLE);
  await machine.save(path.join(dir, "state"));
}

/** A file of the payload memory's size that has no name any more. */
async function payloadMemory(archive: Buffer): Promise<FileHandle> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-boot-"));
  try {
    const handle = await open(path.join(dir, "payload"), "w+");
    await handle.write(archive, 0, archive.length, 0);
    await handle.truncate(PAYLOAD_SIZE);
    return handle;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
