/**
 * `npm run soak:cache [-- ROUNDS [SEED]]`: checks of a small module with random edits, some of them killed, some two at once. Whenever
 * one has ended, and with what is left at the end, the port is the one that `--no-cache` gives, byte by byte.
 */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { writeModule } from "../../bench/generated-module.ts";
import { contentKey, scratchFolder } from "../../src/machine/cache.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { contentsOf } from "../../src/machine/seen-files.ts";

const rounds = Number(process.argv[2] ?? 20);
const seed = process.argv[3] ?? String(Date.now());
process.stdout.write(`${rounds} rounds, seed ${seed}\n`);

let drawn = 0;
/** One of so many, the same for the same seed. */
function chance(of: number): number {
  return parseInt(contentKey([seed, String(drawn++)]).slice(0, 8), 16) % of;
}

await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-soak-"));
const dir = path.join(scratch.dir, "module");
await writeModule(dir, 2, "soak");

const FILES = ["main.c", "unit_0.c", "unit_1.c", "units.h", "Makefile"];
/** What comes and goes; a state that was there before is to be found again. */
const EDITS: ((text: string, file: string) => string)[] = [
  (text, file) => `${text}${file === "Makefile" ? "#" : "//"} ${chance(3)}\n`,
  (text) => text.replace(/int err = \d+;/, "int err = 0;").replace(/\^ \(i << \d\)/, `^ (i << ${chance(4)})`),
  (text, file) =>
    file === "Makefile" ? `ccflags-y := -DSOAK=${chance(3)}\n${text.replace(/^ccflags-y.*\n/, "")}` : text,
];

function check(out: string, ...options: string[]) {
  return execa(
    path.join(projectRoot(), "kport"),
    [...options, "check", dir, "--no-boot", "--out", path.join(scratch.dir, out), "--fail-on", "never"],
    { reject: false },
  );
}

async function portOf(out: string): Promise<string> {
  const report = JSON.parse(await readFile(path.join(scratch.dir, out, "report.json"), "utf8")) as { verdict: string };
  return JSON.stringify([report.verdict, await contentsOf(path.join(scratch.dir, out, "port"))]);
}

const counts = { killed: 0, "two at once": 0, compared: 0 };
for (let round = 1; round <= rounds; round++) {
  const file = FILES[chance(FILES.length)] as string;
  const text = await readFile(path.join(dir, file), "utf8");
  await writeFile(path.join(dir, file), (EDITS[chance(EDITS.length)] as (typeof EDITS)[number])(text, file));
  const kind = chance(3);
  if (kind === 0) {
    counts.killed++;
    const run = check("killed");
    setTimeout(() => run.kill("SIGKILL"), 1000 + chance(20_000));
    await run;
  } else if (kind === 1) {
    counts["two at once"]++;
    await Promise.all([check("one"), check("two")]);
    assert.equal(await portOf("one"), await portOf("two"), `round ${round}`);
  }
  if (kind === 2 || round === rounds) {
    counts.compared++;
    await check("kept");
    await check("computed", "--no-cache");
    assert.equal(await portOf("kept"), await portOf("computed"), `round ${round}, seed ${seed}`);
  }
  process.stdout.write(`round ${round}: ${JSON.stringify(counts)}\n`);
}
