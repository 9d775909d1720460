/**
 * `npm run bench:boot [-- ROUNDS [KERNEL]]`: how long until a guest of the same kernel, on the same accelerator, has answered: kport's
 * cold and warm start (each loads, unloads and checks a module), and the `uname -r` of virtme-ng and of vmtest. They take turns, since a
 * machine's speed may drift by the minute. virtme-ng comes from PyPI, vmtest from crates.io, both into kport's cache. A peer that
 * cannot boot this kernel here is left out, and why is said.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cacheDir, cached, contentKey } from "../src/machine/cache.ts";
import { EnvironmentError } from "../src/machine/errors.ts";
import { run } from "../src/machine/process.ts";
import { accelerator, bootModule } from "../src/stages/boot/index.ts";
import { buildControls } from "../src/stages/boot/control-run.ts";
import { resolveKernel } from "../src/toolchain/kernels.ts";

const VIRTME_NG = "1.42";
const VMTEST = "0.18.0";
const PATIENCE_MS = 300_000;

/** A peer that gave no answer, and its last word. */
class PeerFailed extends Error {}

const rounds = Number(process.argv[2] ?? 3);
const kernel = await resolveKernel(process.argv[3]);
const accel = await accelerator();
const module = path.join(await buildControls(kernel), "good.ko");
const peer = await virtmeNg();

const vmtest = await vmtestProgram();

const VIRTME = "virtme-ng, uname -r";
const contestants: [string, () => Promise<number>][] = [
  [VIRTME, () => virtme(peer)],
  ["vmtest, uname -r", () => underVmtest(vmtest)],
  ["kport cold, load and unload", () => kport("cold")],
  ["kport warm, load and unload", () => kport(undefined)],
];
// The first warm start saves the guest.
await kport(undefined);
const cannot = new Map<string, string>();
const times = new Map<string, number[]>(contestants.map(([name]) => [name, []]));
for (let i = 0; i < rounds; i++) {
  for (const [name, measure] of contestants) {
    if (cannot.has(name)) continue;
    const seconds = await measure().catch((e: unknown) => {
      if (!(e instanceof PeerFailed)) throw e;
      cannot.set(name, e.message);
    });
    if (seconds === undefined) continue;
    times.get(name)?.push(seconds);
    process.stderr.write(`${name}: ${seconds.toFixed(2)} s\n`);
  }
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
const against = (name: string, list: readonly number[]): string =>
  times.get(name)?.length
    ? `1/${(median(times.get(name) ?? []) / median(list)).toFixed(1)} of ${name.split(",")[0]}`
    : "";
console.log(`kernel ${kernel.release}, ${accel}, ${os.cpus().length} processors, median of ${rounds}`);
for (const [name, list] of times)
  console.log(
    `${name.padEnd(30)} ${cannot.has(name) ? `cannot run here: ${cannot.get(name)}` : `${median(list).toFixed(2).padStart(7)} s   ${[VIRTME, "vmtest, uname -r"].map((peer) => against(peer, list)).join("   ")}`}`,
  );
console.log(
  `guest memory: kport 256 MiB cold, 320 MiB warm of which 64 MiB are the payload's; virtme-ng 1 GiB, vmtest 4 GiB`,
);
console.log(
  `host disk: ${await onDisk(path.join(cacheDir(), "saved-guest"))} for saved guests, ${await onDisk(path.join(cacheDir(), "vmlinux"))} for unpacked kernels`,
);

/** Wall time in seconds, this process's own work on both sides included. */
async function kport(start: "cold" | undefined): Promise<number> {
  const began = performance.now();
  const got = await bootModule({ ko: module }, kernel, { start, loads: 1, exercise: "none" });
  if (got.status !== "ok" || got.start !== (start ?? "warm")) throw new Error(`not a fair run: ${JSON.stringify(got)}`);
  return (performance.now() - began) / 1000;
}

async function virtme({ bin, root }: { bin: string; root: string }): Promise<number> {
  const kvm = accel === "kvm" ? "" : "--disable-kvm";
  const image = path.join(root, "boot", `vmlinuz-${kernel.release}`);
  // It wants a terminal, which script(1) gives it; without --verbose the answer is lost on the way.
  const r = await run(
    "script",
    ["-qec", `${bin}/vng --verbose --run ${image} ${kvm} --user root -- uname -r`, "/dev/null"],
    { env: { PATH: `${bin}:${process.env["PATH"]}:/sbin` }, timeout: PATIENCE_MS, allowFailure: true },
  );
  if (!r.all.split("\n").some((l) => l.trim() === kernel.release)) throw new PeerFailed(lastWord(r.all));
  return r.seconds;
}

/** vmtest's own choice of accelerator: it takes KVM where /dev/kvm is there, working or not. The guest's root is this machine's, over 9p. */
async function underVmtest(program: string): Promise<number> {
  const r = await run("script", ["-qec", `${program} -k ${kernel.image} 'uname -r'`, "/dev/null"], {
    env: { RUST_BACKTRACE: "0" },
    timeout: PATIENCE_MS,
    allowFailure: true,
  });
  if (!r.all.split("\n").some((l) => l.trim() === kernel.release)) throw new PeerFailed(lastWord(r.all));
  return r.seconds;
}

/** The first line that speaks of an error, or the last one at all. */
function lastWord(output: string): string {
  const lines = output
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
    .split(/[\r\n]+/)
    .map((l) => l.trim())
    .filter((l) => l !== "");
  return (lines.find((l) => /error|panic|fail|assert/i.test(l)) ?? lines.at(-1) ?? "it said nothing").slice(0, 200);
}

async function vmtestProgram(): Promise<string> {
  const root = path.join(cacheDir(), "bench", `vmtest-${VMTEST}`);
  const program = path.join(root, "bin/vmtest");
  if (!existsSync(program)) await run("cargo", ["install", "--quiet", "--locked", "--root", root, `vmtest@${VMTEST}`]);
  return program;
}

/** virtme-ng's programs (installed where they stay: their first lines name the folder), and a copy of the kernel's modules that depmod was run over, which its initramfs needs. */
async function virtmeNg(): Promise<{ bin: string; root: string }> {
  if (kernel.image === undefined || kernel.modulesDir === undefined)
    throw new EnvironmentError(`kernel ${kernel.release} has no image and modules here`, "kport doctor --fix");
  const { image, modulesDir } = kernel;
  const venv = path.join(cacheDir(), "bench", `virtme-ng-${VIRTME_NG}`);
  if (!existsSync(path.join(venv, "bin/vng"))) {
    await run("python3", ["-m", "venv", venv]);
    await run(path.join(venv, "bin/python3"), ["-m", "pip", "install", "--quiet", `virtme-ng==${VIRTME_NG}`]);
  }
  const { dir } = await cached("bench-modules", contentKey([image, modulesDir]), async (beside) => {
    const modules = path.join(beside, "lib/modules", kernel.release);
    await mkdir(path.join(beside, "boot"));
    await cp(modulesDir, modules, {
      recursive: true,
      filter: (f) => path.basename(f) !== "build" && path.basename(f) !== "source",
    });
    await symlink(image, path.join(beside, "boot", `vmlinuz-${kernel.release}`));
    await run("depmod", ["-b", beside, kernel.release], { env: { PATH: `${process.env["PATH"]}:/sbin` } });
  });
  return { bin: path.join(venv, "bin"), root: dir };
}

async function onDisk(dir: string): Promise<string> {
  return (await run("du", ["-sh", dir], { allowFailure: true })).stdout.split("\t")[0] ?? "none";
}
