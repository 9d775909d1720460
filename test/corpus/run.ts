/**
 * `npm run corpus`: every module of the list on every kernel, through `kport check` as a person would call it.
 *
 *     npm run corpus -- [--only NAME]… [--kernel 6.1]… [--jobs N] [--missing] [--show]
 *     npm run corpus -- --sample N [--seed WORD] [--units M] [--kernel 6.1]…
 *
 * `--sample` checks N modules drawn by chance from all that the kernel's package holds, which docs/coverage.md shows apart; `--units` passes
 * over those of more than M C files, of which one can take an hour.
 * A result is kept for the source of kport that it was made with: a run that was ended goes on where it was.
 * `--missing` keeps also what passed with an older source; `--show` runs nothing and prints what there is.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import writeFileAtomic from "write-file-atomic";
import { cacheDir } from "../../src/machine/cache.ts";
import { log } from "../../src/machine/log.ts";
import { run } from "../../src/machine/process.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import type { Kernel } from "../../src/toolchain/kernel.ts";
import { prepareKernel } from "../../src/toolchain/kernel-packages.ts";
import { coveragePage } from "./coverage.ts";
import { keepRows, keptRows, merged } from "./kept-rows.ts";
import { LISTED_FOLDERS } from "./in-tree.ts";
import { kernels } from "./modules.ts";
import { allResults, readResult, sourceHash, UNFINISHED, writeState, type Result, type State } from "./results.ts";
import { ALL_FOLDERS, drawn } from "./sample.ts";
import { ratioMedian, rowsOf, terminalTable } from "./rows.ts";
import { type Entry, listed, Sources } from "./sources.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    kernel: { type: "string", multiple: true },
    jobs: { type: "string" },
    missing: { type: "boolean" },
    show: { type: "boolean" },
    results: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    units: { type: "string" },
  },
});
const resultsDir = path.resolve(
  options.results ?? path.join(cacheDir(), options.sample === undefined ? "corpus" : `corpus-sample-${options.seed}`),
);
const sourcesDir = path.join(cacheDir(), "corpus-sources");
const sources = new Sources(sourcesDir, options.sample === undefined ? LISTED_FOLDERS : ALL_FOLDERS);
const chosenKernels = kernels.filter((k) => options.kernel === undefined || options.kernel.includes(k.version));
const mostUnits = Number(options.units ?? Number.POSITIVE_INFINITY);
const wanted = (name: string): boolean => options.only === undefined || options.only.includes(name);

async function checkEntry(
  entry: Entry,
  version: (typeof kernels)[number],
  kernel: Kernel,
  stamp: Pick<State, "source" | "commit">,
): Promise<Result> {
  // Made beside, then renamed: a run that is ended leaves the earlier result.
  const final = path.join(resultsDir, version.version, entry.name);
  const dir = `${final}${UNFINISHED}`;
  const started = performance.now();
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const finish = async (more: { origin: string; absent?: boolean; problem?: string }): Promise<Result> => {
    await writeState(dir, {
      ...stamp,
      kernel: kernel.release,
      seconds: Math.round((performance.now() - started) / 1000),
      ...more,
    });
    await rm(final, { recursive: true, force: true });
    await rename(dir, final);
    return (await readResult(final)) as Result;
  };
  const source = await sources.of(entry, version, kernel, mostUnits);
  if (source === undefined) return finish({ origin: "", absent: true });
  const out = path.join(dir, "out");
  const args = [
    "check",
    source.dir,
    "--kernel",
    version.version,
    "--out",
    out,
    ...(source.make === undefined ? [] : ["--make", source.make]),
    ...(source.root === undefined ? [] : ["--root", source.root]),
  ];
  const r = await run(process.execPath, [path.join(projectRoot(), "src/doors/cli.ts"), ...args], {
    allowFailure: true,
    timeout: 3_600_000,
    env: { KPORT_CACHE_DIR: cacheDir() },
  });
  await writeFile(path.join(dir, "log"), r.all);
  const reported = existsSync(path.join(out, "report.json")) || (await readdir(out).catch(() => [])).length > 0;
  if (!r.timedOut && reported && (r.exitCode === 0 || r.exitCode === 1)) return finish({ origin: source.origin });
  const said = r.all.split("\n").find((l) => l.startsWith("kport:")) ?? r.all.trimEnd().split("\n").at(-1) ?? "";
  return finish({
    origin: source.origin,
    problem: r.timedOut ? "not finished within an hour" : said.replace(/^kport: /, ""),
  });
}

async function nearestCommit(): Promise<string> {
  const git = (...args: string[]) => run("git", args, { cwd: projectRoot(), allowFailure: true });
  const head = (await git("rev-parse", "--short=10", "HEAD")).stdout.trim();
  return (await git("status", "--porcelain", "--untracked-files=no", "--", "src")).stdout === "" ? head : `${head}+`;
}

async function main(): Promise<void> {
  const stamp = { source: await sourceHash(), commit: await nearestCommit() };
  const limit = pLimit(Number(options.jobs ?? Math.max(1, os.cpus().length - 1)));
  for (const version of options.show ? [] : chosenKernels) {
    let kernel: Kernel;
    try {
      kernel = await prepareKernel(version.version);
    } catch (error) {
      log.warn(`kernel ${version.version} is left out: ${(error as Error).message.split("\n")[0]}`);
      continue;
    }
    let drawing = Number(options.sample ?? 0);
    const entries =
      options.sample === undefined
        ? listed
        : (await drawn(kernel, options.seed)).map((module) => ({ name: module.name, module }));
    await Promise.all(
      entries
        .filter((e) => wanted(e.name))
        .map((entry) =>
          limit(async () => {
            if (options.sample !== undefined && drawing-- <= 0) return;
            const before = await readResult(path.join(resultsDir, version.version, entry.name));
            const passed =
              before !== undefined &&
              before.problem === undefined &&
              before.reports.length > 0 &&
              before.reports.every((r) => r.verdict === "pass");
            // One that is made of other things than C files of its folder, or of too many, is not drawn.
            if ((before?.source === stamp.source && before.problem === undefined) || (options.missing && passed)) {
              if (before?.absent) drawing++;
              return;
            }
            const result = await checkEntry(entry, version, kernel, stamp);
            if (result.absent) drawing++;
            for (const line of terminalTable(rowsOf(entry.name, version.version, result))) log.info(line);
          }),
        ),
    );
  }
  const results = await allResults(resultsDir);
  const rows = kernels.flatMap((k) =>
    [...(results.get(k.version) ?? [])].flatMap(([name, r]) => rowsOf(name, k.version, r)),
  );
  const shown = rows.filter((r) => wanted(r.entry) && chosenKernels.some((k) => k.version === r.version));
  process.stdout.write(`${terminalTable(shown).join("\n")}\n${ratioMedian(shown)}\n`);
  if (options.results !== undefined) return;
  const kept = merged(
    await keptRows(),
    rows.map((r) => ({
      ...r,
      seed: options.sample === undefined ? "" : options.seed,
      ...(options.sample === undefined ? {} : { drawn: Number(options.sample) }),
      ...(options.units === undefined ? {} : { units: mostUnits }),
    })),
  );
  await keepRows(kept);
  await writeFileAtomic(path.join(projectRoot(), "docs/coverage.md"), coveragePage(kept));
}

await main();
