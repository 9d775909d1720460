/**
 * `npm run bench:check [-- UNITS…]`: how long a check takes without boots, against what has to be compiled anyway: the C module by clang
 * (make -j2), and L, that and the port's own make (helpers and crate). One run measures all, since a machine's speed drifts. Sizes are
 * those of generated modules (1, 3 and 20 units when none is named). Prints a table, and writes bench/results.json and docs/speed.md.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { markdownTable } from "markdown-table";
import { scratchFolder } from "../src/machine/cache.ts";
import { projectRoot } from "../src/machine/project-root.ts";
import { run } from "../src/machine/process.ts";
import { writeStandIn } from "../src/stages/capture/compiler-stand-in.ts";
import { compiledCore, rustVariables } from "../src/stages/build/core.ts";
import { requireTools } from "../src/toolchain/discover.ts";
import { kbuildCommand } from "../src/toolchain/kbuild.ts";
import { prepareKernel } from "../src/toolchain/kernel-packages.ts";
import { MODULE, writeModule } from "./generated-module.ts";
import { type Measured, speedPage } from "./speed-page.ts";

const sizes = process.argv.slice(2).map(Number);
const { clang, rustc } = await requireTools(["clang", "rustc", "bear", "c2rust"]);
const kernel = await prepareKernel(undefined);
const { compiler } = await kbuildCommand(kernel);
const core = await compiledCore(kernel, rustc);

const measured: Measured[] = [];
for (const units of sizes.length > 0 ? sizes : [1, 3, 20]) measured.push(await measure(units));
await writeFile(
  path.join(projectRoot(), "bench/results.json"),
  `${JSON.stringify({ processors: os.availableParallelism(), kernel: kernel.release, clang: clang.version, rustc: rustc.version, measured }, null, 2)}\n`,
);
await writeFile(path.join(projectRoot(), "docs/speed.md"), speedPage(measured, kernel.release));
process.stdout.write(
  `${markdownTable([["units", "C", "L", "cold", "unchanged", "a comment", "a unit", "MiB"], ...measured.map((m) => [String(m.units), ...[m.c, m.least, m.cold, m.unchanged, m.comment, m.unit].map((s) => s.toFixed(1)), m.peak.toFixed(0)])])}\n`,
);

async function measure(units: number): Promise<Measured> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-bench-"));
  const dir = path.join(scratch.dir, "module");
  // main.c is one of them.
  await writeModule(dir, units - 1, Date.now().toString(36));
  const check = (name: string, ...options: string[]) => checked(dir, path.join(scratch.dir, name), options);
  const cold = await check("cold", "--no-cache");
  const built = path.join(scratch.dir, "c");
  const cc = await writeStandIn(path.join(scratch.dir, "bin"), {
    clang: clang.path,
    kernelCompiler: compiler,
    release: kernel.release,
    prefix: built,
    notes: scratch.dir,
  });
  const c = await makeOf(
    dir,
    built,
    ["-C", kernel.buildDir, `M=${built}`, `CC=${cc}`, "-j2", "modules"],
    path.join(scratch.dir, "bin"),
  );
  const port = path.join(scratch.dir, "again");
  const rust = await makeOf(path.join(scratch.dir, "cold/port"), port, [
    "-C",
    port,
    `KDIR=${kernel.buildDir}`,
    ...rustVariables(rustc),
    `KPORT_CORE=${core.dir}`,
    "-j2",
  ]);
  await check("kept");
  const unchanged = await check("unchanged");
  const last = path.join(dir, units === 1 ? "main.c" : `unit_${units - 2}.c`);
  const text = await readFile(last, "utf8");
  await writeFile(last, text.replace("\n", "\n/* Another comment. */\n"));
  const comment = await check("comment");
  await writeFile(
    last,
    text
      .replace("int err = 0;", "int err = 0, more = 1;")
      .replace("1000);", "1000 + more);")
      .replace("int total = 0;", "int total = 1;"),
  );
  const unit = await check("unit");
  return {
    units,
    c,
    least: c + rust,
    cold: cold.seconds,
    unchanged: unchanged.seconds,
    comment: comment.seconds,
    unit: unit.seconds,
    peak: cold.peak,
    stages: { cold: cold.stages, unit: unit.stages, comment: comment.stages },
  };
}

/** Seconds of a clean make in a copy of a folder. */
async function makeOf(from: string, to: string, args: readonly string[], first = ""): Promise<number> {
  await run("cp", ["-r", from, to]);
  return (
    await run("make", args, {
      timeout: 1_800_000,
      ...(first === "" ? {} : { env: { PATH: `${first}:${process.env["PATH"]}` } }),
    })
  ).seconds;
}

/** One run of the command line, as a person starts it. */
async function checked(
  dir: string,
  out: string,
  options: readonly string[],
): Promise<{ seconds: number; peak: number; stages: Record<string, number> }> {
  const started = performance.now();
  const child = execa(
    path.join(projectRoot(), "kport"),
    [...options, "check", dir, "--no-boot", "--out", out, "--fail-on", "never"],
    { stdio: "ignore" },
  );
  let peak = 0;
  const timer = setInterval(
    () => void memoryBelow(child.pid as number).then((now) => (peak = Math.max(peak, now))),
    200,
  );
  await child;
  clearInterval(timer);
  const report = JSON.parse(await readFile(path.join(out, "report.json"), "utf8")) as {
    verdict: string;
    stages: { name: string; seconds: number }[];
  };
  if (report.verdict !== "pass") throw new Error(`${MODULE} did not become Rust: run kport check on ${dir}`);
  const seconds = (performance.now() - started) / 1000;
  process.stderr.write(`${path.basename(out)}: ${seconds.toFixed(1)} s\n`);
  // Some run more than once.
  const stages: Record<string, number> = {};
  for (const s of report.stages) stages[s.name] = (stages[s.name] ?? 0) + s.seconds;
  return { seconds, peak, stages };
}

/** MiB that a process and all that it has started hold. */
async function memoryBelow(pid: number): Promise<number> {
  const children = new Map<number, number[]>();
  const pages = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, "latin1").catch(() => "") : "";
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields.length < 22) continue;
    children.set(Number(fields[1]), [...(children.get(Number(fields[1])) ?? []), Number(name)]);
    pages.set(Number(name), Number(fields[21]));
  }
  const sum = (of: number): number => (pages.get(of) ?? 0) + (children.get(of) ?? []).reduce((n, c) => n + sum(c), 0);
  return (sum(pid) * 4096) / 1024 / 1024;
}
