/**
 * `npm run quality:corpus [-- --kernel 6.1] [--seed WORD] [--modules N] [--lines N] [--kept] [--dry]`: checks modules that nobody chose, without a boot,
 * one at a time, and writes what their ports are like into docs/quality.md. Results are kept for the source of kport they were made with; `--kept`
 * takes what an older source left as well, and `--dry` writes nothing.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { cacheDir } from "../src/machine/cache.ts";
import { log } from "../src/machine/log.ts";
import { run } from "../src/machine/process.ts";
import { projectRoot } from "../src/machine/project-root.ts";
import { prepareKernel } from "../src/toolchain/kernel-packages.ts";
import { kernels } from "../test/corpus/modules.ts";
import { readResult, type Result, sourceHash, writeState } from "../test/corpus/results.ts";
import { ALL_FOLDERS } from "../test/corpus/sample.ts";
import { Sources } from "../test/corpus/sources.ts";
import { lintsOfPort } from "../test/lints/of-port.ts";
import { type Chosen, chosenModules } from "./quality/corpus-draw.ts";
import { type CorpusFigures, corpusSection, writeSection } from "./quality/corpus-page.ts";
import { measure } from "./quality/measure.ts";

const { values: options } = parseArgs({
  options: {
    kernel: { type: "string", default: "6.1" },
    seed: { type: "string", default: "12" },
    modules: { type: "string", default: "25" },
    lines: { type: "string", default: "1200" },
    kept: { type: "boolean", default: false },
    dry: { type: "boolean", default: false },
  },
});
const version = kernels.find((k) => k.version === options.kernel);
if (version === undefined) throw new Error(`--kernel ${options.kernel}: name one of ${kernels.map((k) => k.version)}`);
const kernel = await prepareKernel(version.version);
const base = path.join(cacheDir(), `quality-${options.seed}`);
const source = await sourceHash();
const git = await run("git", ["rev-parse", "--short=10", "HEAD"], { cwd: projectRoot() });
const commit = git.stdout.trim();
const modules: CorpusFigures["modules"][number][] = [];
const failed: CorpusFigures["failed"][number][] = [];
const commits = new Set<string>();
for await (const chosen of chosenModules(
  version,
  kernel,
  new Sources(path.join(base, "sources"), ALL_FOLDERS),
  options.seed,
  Number(options.lines),
)) {
  if (modules.length + failed.length >= Number(options.modules)) break;
  const dir = path.join(base, version.version, chosen.name);
  const before = await readResult(dir);
  const result = before && (before.source === source || options.kept) ? before : await checked(chosen, dir);
  commits.add(result.commit);
  for (const report of result.reports) {
    const out = path.join(dir, "out", result.reports.length > 1 ? report.module.name : "");
    if (report.printed === undefined) {
      failed.push({ name: report.module.name, why: report.verdict });
      continue;
    }
    const quality = await measure(report, out, chosen.source.dir);
    const lints = await lintsOfPort(path.join(out, "port"), kernel, false);
    modules.push({ name: report.module.name, quality, lints });
  }
  if (result.reports.length === 0) failed.push({ name: chosen.name, why: result.problem ?? "no report" });
  log.info(`${chosen.name}: ${result.reports.map((r) => r.verdict).join(", ")} in ${result.seconds} s`);
}
const section = corpusSection({
  version: version.version,
  release: kernel.release,
  commit: [...commits].join(", "),
  seed: options.seed,
  mostLines: Number(options.lines),
  modules,
  failed,
});
process.stdout.write(`${section}\n`);
if (!options.dry) await writeSection(path.join(projectRoot(), "docs/quality.md"), version.version, section);

async function checked({ source: from, name }: Chosen, dir: string): Promise<Result> {
  const started = performance.now();
  await rm(dir, { recursive: true, force: true });
  const r = await run(
    process.execPath,
    [
      path.join(projectRoot(), "src/doors/cli.ts"),
      ...["check", from.dir, "--kernel", options.kernel, "--no-boot", "--out", path.join(dir, "out")],
      ...(from.make === undefined ? [] : ["--make", from.make]),
      ...(from.root === undefined ? [] : ["--root", from.root]),
    ],
    { allowFailure: true, timeout: 1_200_000, env: { KPORT_CACHE_DIR: cacheDir() } },
  );
  const said = r.all.split("\n").find((l) => l.startsWith("kport:"));
  await writeState(dir, {
    source,
    commit,
    kernel: kernel.release,
    seconds: Math.round((performance.now() - started) / 1000),
    origin: from.origin,
    ...(r.exitCode === 0 || r.exitCode === 1 ? {} : { problem: said ?? `ended with ${r.exitCode}` }),
  });
  const result = await readResult(dir);
  if (result === undefined) throw new Error(`${name}: no state in ${dir}`);
  return result;
}
