/**
 * `npm run bench [-- ROUNDS [KERNEL]]`: the rate of the example's Rust module against its C one, in one guest: the two are loaded in turn,
 * and each time a loop of an ioctl and of writing and reading a record is timed. Prints the median ratio and its spread.
 */
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { scratchFolder } from "../src/cache.ts";
import { StageError } from "../src/errors.ts";
import { check } from "../src/pipeline.ts";
import { run } from "../src/process.ts";
import { projectRoot } from "../src/project-root.ts";
import { bootModule } from "../src/stages/boot/index.ts";
import { resolveKernel } from "../src/toolchain/kernels.ts";

const rounds = Number(process.argv[2] ?? 7);
const kernel = await resolveKernel(process.argv[3]);
await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-speed-"));
const driver = path.join(projectRoot(), "examples", "ringdev", "driver");
const [report] = await check({ dir: driver, out: path.join(scratch.dir, "out"), kernel: kernel.release, boot: false, headers: "helpers" });
if (report?.verdict !== "pass") throw new StageError("bench", "the example did not become Rust: run `npm run demo`");
const modules = { c: path.join(scratch.dir, "out", "ko", "c", "ringdev.ko"), rust: path.join(scratch.dir, "out", "ko", "rust", "ringdev.ko") };

const loop = path.join(scratch.dir, "loop");
await run("cc", ["-O2", "-static", `-I${driver}`, "-o", loop, path.join(projectRoot(), "bench", "module-speed", "loop.c")]);
// The agent has loaded the C module; each round takes it out and puts one in.
const side = (name: string): string => `rmmod ringdev; insmod ./${name}.ko slots=8; echo side ${name}; ./loop`;
const script = path.join(scratch.dir, "turns");
await writeFile(script, `${Array.from({ length: rounds }, (_, i) => (i % 2 === 0 ? ["c", "rust"] : ["rust", "c"]).map(side).join("\n")).join("\n")}\n`);
const exercise = { files: { "c.ko": modules.c, "rust.ko": modules.rust, loop, turns: script }, command: "sh ./turns" };
const result = await bootModule({ ko: modules.c }, kernel, { exercise, loads: 1, timeouts: { exercise: 1_800_000 } });
const times = parse(result.exercise?.output ?? []);
if (times.size === 0) throw new StageError("bench", `nothing was measured: ${result.message ?? result.status}\n${(result.exercise?.output ?? []).join("\n")}`);
for (const [name, { c, rust }] of times) {
  // Pairs of neighbours: this machine's speed drifts.
  const ratios = c.map((t, i) => t / (rust[i] ?? Number.NaN)).sort((a, b) => a - b);
  const at = (q: number): string => (ratios[Math.round(q * (ratios.length - 1))] ?? Number.NaN).toFixed(3);
  process.stdout.write(`${name}: Rust runs at ${at(0.5)} of C's rate (${at(0)} to ${at(1)} in ${ratios.length} pairs; best C ${Math.min(...c).toFixed(0)} ns, best Rust ${Math.min(...rust).toFixed(0)} ns)\n`);
}

/** Nanoseconds of each loop, in the order of the rounds. */
function parse(lines: readonly string[]): Map<string, { c: number[]; rust: number[] }> {
  const found = new Map<string, { c: number[]; rust: number[] }>();
  let now: "c" | "rust" = "c";
  for (const line of lines) {
    const [name = "", value = ""] = line.split(" ");
    if (name === "side") now = value === "rust" ? "rust" : "c";
    else if (/^(?:ioctl|record)$/.test(name) && Number(value) > 0) {
      const both = found.get(name) ?? { c: [], rust: [] };
      both[now].push(Number(value));
      found.set(name, both);
    }
  }
  return found;
}
