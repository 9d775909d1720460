/**
 * `npm run programs -- [NAME]…`: the programs of test/programs/c, all or those named, as C, lowered C, c2rust's Rust and printed Rust. Prints each
 * difference; exit status 1 where there is one. `--from DIR` takes those of another folder; `--apart` makes a crate of each, so that one that does
 * not compile hides no other; `--keep DIR` keeps what was made; `--kept` says what stays C or as c2rust has it. What follows a second `--` goes to the compilers:
 * `npm run programs -- NAME -- -funsigned-char`.
 */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import pLimit from "p-limit";
import { log } from "../../src/machine/log.ts";
import { compare, type Compared, PROGRAMS } from "./programs.ts";

const dashes = process.argv.indexOf("--", 2);
const { values, positionals } = parseArgs({
  args: process.argv.slice(2, dashes < 0 ? undefined : dashes),
  allowPositionals: true,
  options: {
    apart: { type: "boolean" },
    kept: { type: "boolean" },
    keep: { type: "string" },
    from: { type: "string", default: PROGRAMS },
  },
});
const flags = dashes < 0 ? [] : process.argv.slice(dashes + 1);
const files = (await readdir(values.from))
  .filter((f) => f.endsWith(".c") && (positionals.length === 0 || positionals.includes(path.basename(f, ".c"))))
  .sort()
  .map((f) => path.resolve(values.from, f));
const parent =
  values.keep === undefined ? await mkdtemp(path.join(os.tmpdir(), "kport-programs-")) : path.resolve(values.keep);
const limit = pLimit(os.availableParallelism());
const results = await Promise.all(
  (values.apart ? files.map((f) => [f]) : [files]).map((group, i) =>
    limit(async (): Promise<Compared> => {
      const dir = path.join(parent, values.apart ? path.basename(group[0] as string, ".c") : String(i));
      await mkdir(dir, { recursive: true });
      const r = await compare(group, dir, {}, flags).catch(
        (error: Error): Compared => ({
          ways: [],
          kept: [],
          unprinted: [],
          differences: [{ program: path.basename(group[0] as string), way: "C", why: error.message }],
        }),
      );
      if (values.kept) for (const k of r.kept) log.info(`stays C: ${k}`);
      if (values.kept) for (const k of r.unprinted) log.info(`as c2rust has it: ${k}`);
      for (const d of r.differences) log.info(`${d.program}: ${d.way}: ${d.why}`);
      return r;
    }),
  ),
);
if (values.keep === undefined) await rm(parent, { recursive: true, force: true });
const different = results.flatMap((r) => r.differences);
const count = (of: "functions" | "all"): number => results.reduce((n, r) => n + (r.printed?.[of] ?? 0), 0);
log.info(
  `${files.length - different.length} of ${files.length} programs are the same, ${count("functions")} of ${count("all")} functions printed`,
);
if (different.length > 0) process.exitCode = 1;
