/**
 * `npm run bench:check [-- UNITS|FOLDER[:BELOW]…]`: how long a check takes without boots, against what has to be compiled anyway: the C module by
 * clang (make -j2), and L, that and the port's own make (helpers and crate). One run measures all, since a machine's speed drifts. A number
 * is the size of a generated module, a folder one that people wrote, or what holds it, where it reaches up (the example, 1, 3 and 20 units
 * when none is named). Prints a table, and writes bench/results.json and docs/speed.md.
 */
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
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
import { writeModule } from "./generated-module.ts";
import { type Measured, speedPage } from "./speed-page.ts";

const named = process.argv.slice(2);
const subjects = named.length > 0 ? named : ["examples/ringdev:driver", "1", "3", "20"];
const { clang, rustc } = await requireTools(["clang", "rustc", "bear", "c2rust"]);
const kernel = await prepareKernel(undefined);
const { compiler } = await kbuildCommand(kernel);
const core = await compiledCore(kernel, rustc);

const measured: Measured[] = [];
for (const subject of subjects) measured.push(await measure(subject));
const version = await secondsOf(path.join(projectRoot(), "kport"), ["--version"]);
await writeFile(
  path.join(projectRoot(), "bench/results.json"),
  `${JSON.stringify({ processors: os.availableParallelism(), kernel: kernel.release, clang: clang.version, rustc: rustc.version, version, measured }, null, 2)}\n`,
);
await writeFile(path.join(projectRoot(), "docs/speed.md"), speedPage(measured, kernel.release, version));
process.stdout.write(
  `${markdownTable([["module", "units", "C", "L", "cold", "unchanged", "a comment", "a unit", "MiB"], ...measured.map((m) => [m.module, String(m.units), ...[m.c, m.least, m.cold, m.unchanged, m.comment, m.unit].map((s) => s.toFixed(1)), m.peak.toFixed(0)])])}\n`,
);

/** @param subject how many units to generate, or the folder of a module, or what is copied with it and, behind a colon, its folder there */
async function measure(subject: string): Promise<Measured> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-bench-"));
  const [folder = "", below = "."] = subject.split(":");
  const generated = /^\d+$/.test(folder);
  const tree = path.join(scratch.dir, "module");
  const dir = path.join(tree, below);
  // main.c is one of them.
  if (generated) await writeModule(dir, Number(folder) - 1, Date.now().toString(36));
  else await cp(path.resolve(projectRoot(), folder), tree, { recursive: true });
  const sources = (await readdir(dir)).filter((f) => f.endsWith(".c"));
  const check = (name: string, ...first: string[]) =>
    checked(dir, path.join(scratch.dir, name), [...first, "check", "--no-boot", "--root", tree]);
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
    tree,
    built,
    ["-C", kernel.buildDir, `M=${path.join(built, below)}`, `CC=${cc}`, "-j2", "modules"],
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
  const boots = generated ? undefined : await withBoots(dir, tree, scratch.dir);
  const last = path.join(dir, sources.toSorted().at(-1) as string);
  const text = await readFile(last, "utf8");
  await writeFile(last, `/* Another comment. */\n${text}`);
  const comment = await check("comment");
  await writeFile(last, changed(text));
  const unit = await check("unit");
  return {
    module: generated ? "generated" : cold.module,
    units: cold.units,
    c,
    least: c + rust,
    cold: cold.seconds,
    unchanged: unchanged.seconds,
    comment: comment.seconds,
    unit: unit.seconds,
    peak: cold.peak,
    ...(boots === undefined ? {} : { boots }),
    stages: { cold: cold.stages, unit: unit.stages, comment: comment.stages },
  };
}

/** Seconds with boots: the first time and once more, after the modules themselves have been kept. */
async function withBoots(dir: string, tree: string, out: string): Promise<{ cold: number; unchanged: number }> {
  const command = ["check", "--root", tree];
  const { seconds: cold } = await checked(dir, path.join(out, "boots"), ["--no-cache", ...command]);
  await checked(dir, path.join(out, "boots-kept"), command);
  return { cold, unchanged: (await checked(dir, path.join(out, "boots-again"), command)).seconds };
}

/** The text with another function body: the constant of its first `= 0;` is another, and so is what the rest makes of it. */
function changed(text: string): string {
  const other = text.replace(/ = 0;/, " = 1;");
  if (other === text) throw new Error("the last unit has no variable that begins at 0; bench:check changes one");
  return other;
}

/** Seconds of the fastest of five runs of a command. */
async function secondsOf(command: string, args: readonly string[]): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    await execa(command, args, { stdio: "ignore" });
    least = Math.min(least, (performance.now() - started) / 1000);
  }
  return least;
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
  command: readonly string[],
): Promise<{ module: string; units: number; seconds: number; peak: number; stages: Record<string, number> }> {
  const started = performance.now();
  const child = execa(path.join(projectRoot(), "kport"), [...command, dir, "--out", out, "--fail-on", "never"], {
    stdio: "ignore",
  });
  let peak = 0;
  const timer = setInterval(
    () => void memoryBelow(child.pid as number).then((now) => (peak = Math.max(peak, now))),
    200,
  );
  await child;
  clearInterval(timer);
  const report = JSON.parse(await readFile(path.join(out, "report.json"), "utf8")) as {
    verdict: string;
    module: { name: string };
    units: unknown[];
    stages: { name: string; seconds: number }[];
  };
  if (report.verdict !== "pass")
    throw new Error(`${dir} did not become Rust: ${path.join(out, "report.json")} says why`);
  const seconds = (performance.now() - started) / 1000;
  process.stderr.write(`${path.basename(out)}: ${seconds.toFixed(1)} s\n`);
  // Some run more than once.
  const stages: Record<string, number> = {};
  for (const s of report.stages) stages[s.name] = (stages[s.name] ?? 0) + s.seconds;
  return { module: report.module.name, units: report.units.length, seconds, peak, stages };
}

/** MiB that a process and all that it has started hold; a page that several of them share, as a program's own text, once. */
async function memoryBelow(pid: number): Promise<number> {
  const children = new Map<number, number[]>();
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, "latin1").catch(() => "") : "";
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields.length > 1) children.set(Number(fields[1]), [...(children.get(Number(fields[1])) ?? []), Number(name)]);
  }
  const below = (of: number): number[] => [of, ...(children.get(of) ?? []).flatMap(below)];
  const shares = await Promise.all(below(pid).map(shareOf));
  return shares.reduce((n, s) => n + s, 0) / 1024;
}

/** KiB of a process's pages, each divided by how many processes have it. */
async function shareOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "latin1").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
}
