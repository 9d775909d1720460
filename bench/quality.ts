/**
 * `npm run quality [-- [--verbose] [--reasons] FOLDER...]`: how a port reads beside its C, a line a module and their medians; why what is not printed is not, by how often. A folder is one that `kport check`
 * left its results in (`--out`), or a module's own, which is checked first, without a boot; without any, the example.
 */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { checkFolder } from "../src/check/checked.ts";
import { check } from "../src/check/pipeline.ts";
import { scratchFolder } from "../src/machine/cache.ts";
import { projectRoot } from "../src/machine/project-root.ts";
import { readReport } from "../src/report/read.ts";
import type { Report } from "../src/report/schema.ts";
import { measure, type Quality } from "./quality/measure.ts";
import { reasonTable } from "./quality/reasons.ts";
import { table } from "./quality/table.ts";

const folders = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const verbose = process.argv.includes("--verbose");
await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-quality-"));
const found: Quality[] = [];
for (const folder of folders.length > 0 ? folders : [path.join(projectRoot(), "examples", "ringdev", "driver")]) {
  for (const { report, dir } of await resultsOf(path.resolve(folder))) found.push(await measure(report, dir));
}
process.stdout.write(`${table(found)}\n`);
if (process.argv.includes("--reasons")) process.stdout.write(`\n${reasonTable(found.flatMap((q) => q.reasons))}\n`);
if (verbose)
  for (const q of found) for (const lost of q.comments.lost) process.stdout.write(`${q.module}: not kept: ${lost}\n`);

/** What lies in a folder of results, or what a check of a module's folder gives. */
async function resultsOf(folder: string): Promise<{ report: Report; dir: string }[]> {
  if (existsSync(path.join(folder, "report.json")))
    return [{ report: await readReport(path.join(folder, "report.json")), dir: folder }];
  const below = existsSync(folder)
    ? (await readdir(folder)).map((n) => path.join(folder, n)).filter((d) => existsSync(path.join(d, "report.json")))
    : [];
  if (below.length > 0)
    return Promise.all(below.map(async (dir) => ({ report: await readReport(path.join(dir, "report.json")), dir })));
  return checkFolder(check, {
    dir: folder,
    out: path.join(scratch.dir, String(found.length)),
    boot: false,
    headers: "helpers",
  });
}
