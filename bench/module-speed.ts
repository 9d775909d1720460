/**
 * `npm run bench [-- ROUNDS [KERNEL [MODULE]]]`: the rates of Rust modules against their C ones, each pair in one guest: the two are loaded
 * in turn, and each time loops of what the module does are timed. Prints the median ratio of the pairs, its spread, and the ratio of the
 * two fastest, which other work on the machine disturbs least.
 */
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { scratchFolder } from "../src/machine/cache.ts";
import { StageError, UserError } from "../src/machine/errors.ts";
import { check } from "../src/check/pipeline.ts";
import { run } from "../src/machine/process.ts";
import { projectRoot } from "../src/machine/project-root.ts";
import { bootModule } from "../src/stages/boot/index.ts";
import { systemApt } from "../src/toolchain/apt.ts";
import { isolatedApt } from "../src/toolchain/isolated-apt.ts";
import type { Kernel } from "../src/toolchain/kernel.ts";
import { releaseMatches, resolveKernel } from "../src/toolchain/kernels.ts";
import { fetchTree, layOut, LISTED_FOLDERS } from "../test/corpus/in-tree.ts";
import { inTreeModules, kernels } from "../test/corpus/modules.ts";

interface Subject {
  /** Of the module, and of the program in bench/module-speed that times it. */
  name: string;
  params: string;
  /** The folder that builds the module. */
  source: (kernel: Kernel, scratch: string) => Promise<string>;
}

const DRIVER = path.join(projectRoot(), "examples", "ringdev", "driver");
/** The example, and a data path of the kernel's own: a block device, out of Debian's linux-source. */
const SUBJECTS: readonly Subject[] = [
  { name: "ringdev", params: "slots=8", source: async () => DRIVER },
  { name: "brd", params: "rd_nr=1 rd_size=4096", source: fromTree },
];

const rounds = Number(process.argv[2] ?? 11);
const kernel = await resolveKernel(process.argv[3]);
for (const subject of SUBJECTS)
  if (process.argv[4] === undefined || process.argv[4] === subject.name) await compareRates(subject);

async function compareRates(subject: Subject): Promise<void> {
  const { name } = subject;
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-speed-"));
  const out = path.join(scratch.dir, "out");
  const [report] = await check({
    dir: await subject.source(kernel, scratch.dir),
    out,
    kernel: kernel.release,
    boot: false,
    headers: "helpers",
  });
  if (report?.verdict !== "pass")
    throw new StageError("bench", `${name} did not become Rust: run \`kport check\` on it`);
  const modules = { c: path.join(out, "ko", "c", `${name}.ko`), rust: path.join(out, "ko", "rust", `${name}.ko`) };
  const loop = path.join(scratch.dir, "loop");
  const programs = path.join(projectRoot(), "bench", "module-speed");
  await run("cc", ["-O2", "-static", `-I${DRIVER}`, "-o", loop, path.join(programs, `${name}.c`)]);
  // The agent has loaded the C module; each round takes it out and puts one in.
  const side = (which: string): string =>
    `rmmod ${name}; insmod ./${which}.ko ${subject.params}; echo side ${which}; ./loop`;
  const script = path.join(scratch.dir, "turns");
  await writeFile(
    script,
    `${Array.from({ length: rounds }, (_, i) => (i % 2 === 0 ? ["c", "rust"] : ["rust", "c"]).map(side).join("\n")).join("\n")}\n`,
  );
  const exercise = {
    files: { "c.ko": modules.c, "rust.ko": modules.rust, loop, turns: script },
    command: "sh ./turns",
    params: subject.params,
  };
  const result = await bootModule({ ko: modules.c }, kernel, { exercise, loads: 1, timeouts: { exercise: 1_800_000 } });
  const times = parse(result.exercise?.output ?? []);
  if (times.size === 0)
    throw new StageError(
      "bench",
      `nothing was measured: ${result.message ?? result.status}\n${(result.exercise?.output ?? []).join("\n")}`,
    );
  for (const [what, { c, rust }] of times) {
    // Pairs of neighbours: this machine's speed drifts.
    const ratios = c.map((t, i) => t / (rust[i] ?? Number.NaN)).sort((a, b) => a - b);
    const at = (q: number): string => (ratios[Math.round(q * (ratios.length - 1))] ?? Number.NaN).toFixed(3);
    process.stdout.write(
      `${name} ${what}: Rust runs at ${at(0.5)} of C's rate (${at(0)} to ${at(1)} in ${ratios.length} pairs; best against best ${(Math.min(...c) / Math.min(...rust)).toFixed(3)}: C ${Math.min(...c).toFixed(0)} ns, Rust ${Math.min(...rust).toFixed(0)} ns)\n`,
    );
  }
}

/** A module of the kernel's tree, laid out to be built alone. */
async function fromTree(this: Subject, of: Kernel, scratch: string): Promise<string> {
  const version = kernels.find((k) => releaseMatches(of.release, k.version));
  const module = inTreeModules.find((m) => m.name === this.name);
  if (version === undefined || module === undefined)
    throw new UserError(`no sources of ${this.name} are known for ${of.release}: name the module that is to be timed`);
  const { source } = version;
  const tree = await fetchTree(
    source.package,
    source.suite === "" ? systemApt : await isolatedApt(source.suite),
    LISTED_FOLDERS,
  );
  const dir = await layOut(tree.dir, module, of.buildDir, path.join(scratch, "source"));
  if (dir === undefined)
    throw new UserError(`${source.package} has no ${this.name}: name the module that is to be timed`);
  return dir;
}

/** Nanoseconds of each loop, in the order of the rounds. */
function parse(lines: readonly string[]): Map<string, { c: number[]; rust: number[] }> {
  const found = new Map<string, { c: number[]; rust: number[] }>();
  let now: "c" | "rust" = "c";
  for (const line of lines) {
    const [name = "", value = ""] = line.split(" ");
    if (name === "side") now = value === "rust" ? "rust" : "c";
    else if (/^[a-z]+$/.test(name) && Number(value) > 0) {
      const both = found.get(name) ?? { c: [], rust: [] };
      both[now].push(Number(value));
      found.set(name, both);
    }
  }
  return found;
}
