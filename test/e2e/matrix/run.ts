/**
 * `npm run e2e:matrix`: three modules × kernels 6.1, 6.12 and 7.2 × two c2rust × two rustc on this machine, with one thing broken along each axis.
 * Ends with status 1 where a culprit is not named. Took 36 minutes on two busy cores, and brings what it needs (the kernels, c2rust
 * 0.21.0, rustc 1.97) the first time.
 */
import assert from "node:assert/strict";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { run } from "../../../src/machine/process.ts";
import { projectRoot } from "../../../src/machine/project-root.ts";
import type { JudgedCell, MatrixReport } from "../../../src/report/matrix/schema.ts";
import { matrixReport } from "../../../src/report/matrix/schema.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { setUp } from "../../../src/toolchain/install.ts";

const root = projectRoot();
const tree = await mkdtemp(path.join(os.tmpdir(), "kport-matrix-"));
const keep = process.argv.includes("--keep");

async function git(...args: string[]): Promise<void> {
  await run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", ...args], {
    cwd: tree,
  });
}

async function commit(what: string): Promise<void> {
  await git("add", "-A");
  await git("commit", "--quiet", "-m", what);
}

/** A program that refuses what `refuses` (sh) finds, and otherwise is the real one. */
async function broken(name: string, version: string, real: string, refuses: string, words: string): Promise<void> {
  const file = path.join(tree, "tools", name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(
    file,
    `#!/bin/sh\nfor last; do :; done\ncase " $* " in\n*" --version "*) echo "${version}" ;;\n*)\n\tif ${refuses}; then\n\t\techo "${words}" >&2\n\t\texit 101\n\tfi\n\texec ${real} "$@" ;;\nesac\n`,
  );
  await chmod(file, 0o755);
}

async function matrix(title: string): Promise<MatrixReport> {
  process.stdout.write(`\n## ${title}\n\n`);
  const started = performance.now();
  const r = await run(path.join(root, "kport"), ["matrix", "--out", "out"], {
    cwd: tree,
    allowFailure: true,
    onLine: (l) => process.stderr.write(`${l}\n`),
  });
  process.stdout.write(
    `${r.stdout.trim()}\n(${Math.round((performance.now() - started) / 1000)} s, exit status ${r.exitCode})\n`,
  );
  const report = matrixReport.parse(JSON.parse(await readFile(path.join(tree, "out", "matrix.json"), "utf8")));
  assert.equal(r.exitCode, { pass: 0, fail: 1, error: 3 }[report.verdict]);
  return report;
}

function failing(
  report: MatrixReport,
  folder: string,
  where: (c: JudgedCell["cell"]) => boolean = () => true,
): JudgedCell[] {
  return report.cells.filter((c) => c.cell.module.folder === folder && where(c.cell) && c.state === "new-failure");
}

const MODULES = "modules: [switches, fields, timer]\nboot: false\nhistory: {folder: .kport-history}\n";
const TOOLS = 'c2rust: [default, "0.21.0"]\nrustc: [default, "1.97"]\n';

try {
  await setUp({ boot: false });
  const { c2rust, rustc } = await requireTools(["c2rust", "rustc"]);
  for (const [name, from] of [
    ["switches", "test/modules/switch-ranges"],
    ["fields", "test/modules/bitfields"],
    ["timer", "test/e2e/matrix/timer"],
  ] as const)
    await cp(path.join(root, from), path.join(tree, name), { recursive: true });
  await writeFile(path.join(tree, ".gitignore"), "out/\n.kport-history/\n");
  await writeFile(path.join(tree, "kport.yml"), `${MODULES}kernels: ["6.1", "6.12"]\n${TOOLS}`);
  await git("init", "--quiet", "--initial-branch=main");
  await commit("Three modules");

  const first = await matrix("Three modules, two kernels, two c2rust, two rustc");
  assert.deepEqual(
    first.cells.map((c) => c.state),
    new Array(24).fill("pass"),
  );

  // A kernel that no longer has a function, a c2rust that has forgotten wide bit-fields, a rustc that refuses a form of `match`.
  await broken(
    "c2rust-next",
    "C2Rust 0.23.0",
    c2rust.path,
    `grep -q " : 40;" "$(dirname "$last")"/*.c`,
    "thread 'main' panicked at structs.rs: no entry found for a bit-field of 40 bits",
  );
  await broken(
    "rustc-next",
    "rustc 1.99.0",
    rustc.path,
    `grep -q "match " "$(dirname "$last")"/switch*.rs 2>/dev/null`,
    "error[E0999]: this form of \\`match\\` is not supported any more",
  );
  await writeFile(
    path.join(tree, "kport.yml"),
    `${MODULES}kernels: ["6.1", "6.12", "7.2"]\n${TOOLS}include:\n  - {kernel: "6.1", c2rust: tools/c2rust-next, rustc: default}\n  - {kernel: "6.1", c2rust: default, rustc: tools/rustc-next}\n`,
  );
  await commit("A new kernel, a new c2rust, a new rustc");
  const second = await matrix("A kernel, a c2rust and a rustc come along, each of which breaks one module");
  assert.equal(second.cells.filter((c) => c.origin === "reused").length, 24, "what did not change is not run again");
  for (const [folder, axis, count] of [
    ["timer", "kernel", 4],
    ["fields", "c2rust", 1],
    ["switches", "rustc", 1],
  ] as const) {
    const news = failing(second, folder);
    assert.equal(
      news.length,
      count,
      `${folder}: ${JSON.stringify(second.cells.filter((c) => c.cell.module.folder === folder).map((c) => [c.cell.id, c.state, c.note]))}`,
    );
    for (const c of news) assert.deepEqual([c.culprit?.kind, c.culprit?.axes[0]?.axis], ["axis", axis]);
  }
  assert.equal(second.cells.filter((c) => c.state === "new-failure").length, 6, "and nothing else is broken");

  const third = await matrix("Nothing changed");
  assert.deepEqual(
    [
      third.cells.filter((c) => c.origin === "run").length,
      third.cells.filter((c) => c.state === "still-failing").length,
    ],
    [0, 6],
  );

  // The timer is mended, and a slip goes into the module that was sound.
  const timer = path.join(tree, "timer", "ticker.c");
  await writeFile(timer, (await readFile(timer, "utf8")).replace("\tdel_timer_sync(", "\ttimer_delete_sync("));
  const switches = path.join(tree, "switches", "switch_ranges.c");
  await writeFile(
    switches,
    (await readFile(switches, "utf8")).replace("static volatile int seed = 6;", "static volatile int seed = six;"),
  );
  await writeFile(path.join(tree, "kport.yml"), `${MODULES}kernels: ["6.12", "7.2"]\n`);
  await commit("Mend the timer, break the switches");
  const fourth = await matrix("One module is mended, another broken in its own files");
  assert.deepEqual(
    fourth.cells.filter((c) => c.cell.module.folder === "timer").map((c) => c.state),
    ["pass", "fixed"],
  );
  const slips = failing(fourth, "switches");
  assert.deepEqual(
    slips.map((c) => [c.culprit?.kind, c.culprit?.axes[0]?.axis]),
    [
      ["axis", "source"],
      ["axis", "source"],
    ],
  );
  process.stdout.write("\nEvery culprit was named.\n");
} finally {
  if (keep) process.stdout.write(`kept: ${tree}\n`);
  else await rm(tree, { recursive: true, force: true });
}
