/**
 * `npm run csmith -- --count 500 --seed 1`: random programs as C, lowered C, c2rust's Rust and printed Rust, which no gate has seen, side by side. Prints one line for each that is not the same,
 * and ends with the numbers; exit status 1 where a program that C defines is not the same in Rust.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { log } from "../../src/machine/log.ts";
import { compareSeed, type Result } from "./compare.ts";
import { csmithSetUp } from "./set-up.ts";
import { programTools } from "./user-space.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: String(os.availableParallelism()) },
    keep: { type: "string" },
  },
});
await csmithSetUp();
await programTools();
const parent =
  values.keep === undefined ? await mkdtemp(path.join(os.tmpdir(), "kport-csmith-")) : path.resolve(values.keep);
const limit = pLimit(Number(values.jobs));
const first = Number(values.seed);
const results: Result[] = [];
await Promise.all(
  Array.from({ length: Number(values.count) }, (_, i) =>
    limit(async () => {
      const seed = first + i;
      const dir = path.join(parent, String(seed));
      await mkdir(dir, { recursive: true });
      const r = await compareSeed(seed, dir);
      results.push(r);
      if (r.verdict === "different") log.info(`seed ${seed}: ${r.stage} made a difference: ${r.why}`);
      // What failed stays, to be looked at, where a folder was named.
      if (values.keep === undefined || r.verdict !== "different") await rm(dir, { recursive: true, force: true });
      if (results.length % 50 === 0) log.info(`${results.length} of ${values.count}`);
    }),
  ),
);
if (values.keep === undefined) await rm(parent, { recursive: true, force: true });
const seeds = (verdict: Result["verdict"]): number[] =>
  results
    .filter((r) => r.verdict === verdict)
    .map((r) => r.seed)
    .sort((a, b) => a - b);
log.info(
  `${seeds("same").length} the same, ${seeds("different").length} different, ${seeds("undefined").length} that C does not define (no end, or optimisation changes them)`,
);
const counted = results.flatMap((r) => r.printed ?? []);
log.info(
  `${counted.reduce((n, p) => n + p.functions, 0)} of ${counted.reduce((n, p) => n + p.all, 0)} functions were printed`,
);
if (seeds("different").length > 0) {
  log.info(`different: ${seeds("different").join(" ")}`);
  process.exitCode = 1;
}
