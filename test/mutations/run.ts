/**
 * `npm run mutations [-- COUNT ASKED [DIR…]]`: ports modules (the example and the fixtures, or the folders named), and puts up to COUNT mistakes (40)
 * into each of their functions that are proved; of these ASKED (3) are left to the solver as well. Ends with 1 where a mistake keeps its proof
 * without being seen to be neutral.
 */
import { readdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { check } from "../../src/check/pipeline.ts";
import { scratchFolder } from "../../src/machine/cache.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import type { Programs } from "../../src/stages/prove/index.ts";
import { judge, type Judged } from "./judge.ts";
import { mutantsOf, sample } from "./mutants.ts";

const [count = "40", asked = "3", ...named] = process.argv.slice(2);
const folders = named.length > 0 ? named.map((d) => path.resolve(d)) : await all();
const total: Judged = { mutants: 0, caught: 0, neutral: [], kept: [], solved: [], asked: 0, invalid: 0, shown: [] };
let [functions, proved] = [0, 0];
const blamed: string[] = [];
await using out = await scratchFolder(path.join(os.tmpdir(), "kport-mutations-"));
for (const dir of folders) {
  const module = async ({ c, rust, keys, outcomes, tools }: Programs): Promise<void> => {
    const equal = keys.filter((k) => outcomes.get(k)?.same === true);
    functions += keys.length;
    proved += equal.length;
    const judged = await judge(
      c,
      rust,
      keys,
      new Map(equal.map((k) => [k, sample(mutantsOf(rust.function(k).f), Number(count))])),
      tools,
      Number(asked),
    );
    total.mutants += judged.mutants;
    total.caught += judged.caught;
    total.neutral.push(...judged.neutral);
    total.shown.push(...judged.shown);
    const wrong = new Set([...judged.neutral, ...judged.solved]);
    blamed.push(...judged.shown.filter((k) => wrong.has(k)).map((k) => `${path.basename(dir)}: ${k}`));
    total.invalid += judged.invalid;
    total.asked += judged.asked;
    total.solved.push(...judged.solved.map((k) => `${path.basename(dir)}: ${k}`));
    total.kept.push(...judged.kept.map((k) => `${path.basename(dir)}: ${k}`));
    console.log(
      `${path.basename(dir)}: ${equal.length} of ${keys.length} functions; ${judged.mutants} mistakes: ${judged.caught} caught (${judged.shown.length} shown by a run), ${judged.neutral.length} neutral, ${judged.solved.length} proved by the solver, ${judged.kept.length} kept`,
    );
  };
  await check(
    { dir, boot: false, headers: "helpers", out: path.join(out.dir, path.basename(dir)) },
    { programs: module },
  );
}
console.log(
  `${proved} of ${functions} functions; ${total.mutants} mistakes (${total.asked} of them left to the solver as well): ${total.caught} caught (${total.shown.length} shown by a run), ${total.neutral.length} neutral, ${total.solved.length} proved by the solver, ${total.kept.length} kept${total.invalid > 0 ? ` (${total.invalid} more are no programs)` : ""}`,
);
for (const k of total.solved) console.log(`  the solver proves it all the same: ${k}`);
for (const k of total.kept) console.log(`  kept: ${k}`);
for (const k of blamed) console.log(`  shown by a run, and neutral: ${k}`);
process.exitCode = total.kept.length + blamed.length > 0 ? 1 : 0;

async function all(): Promise<string[]> {
  const fixtures = path.join(projectRoot(), "test/modules");
  const dirs = (await readdir(fixtures, { withFileTypes: true }))
    .filter((d) => d.isDirectory())
    .map((d) => path.join(fixtures, d.name));
  return [path.join(projectRoot(), "examples/ringdev/driver"), ...dirs];
}
