/**
 * `npm run test:hostile-controls`: takes each defence out, one at a time, in a copy of the sources, and demands that the tests which hold it
 * fail. Then says which of the hostile tests no defence's absence has failed. Words behind the command choose defences by parts of their
 * names, `--but=PART,PART` leaves some out (a fork bomb takes the machine from whoever else is on it); `--go-on` leaves out those that an earlier run has seen hold, with the same source and tests, and `--tests` all of them: only the
 * tests are run, and held against what was seen.
 */
import { cp, mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cacheDir, contentKey, scratchFolder } from "../../src/machine/cache.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run } from "../../src/machine/process.ts";
import { type Defence, DEFENCES } from "./defences.ts";
import { HELD_OTHERWISE } from "./held-otherwise.ts";
import { takenOut, timesIn } from "./taken-out.ts";

/** Milliseconds for one test, which may wait without end once its defence is out; and for those that hold one defence. */
const [TEST_TIME, FILE_TIME] = [120_000, 300_000];
/** For all tests of a file. */
const WHOLE_TIME = 1_800_000;
const HOSTILE = "test/hostile";

type Results = ReadonlyMap<string, "passed" | "failed">;

/** What the tests of a file came to, by their names; those above others are left out. */
async function tested(
  root: string,
  file: string,
  names: readonly string[],
  env: Record<string, string>,
  timeout = FILE_TIME,
): Promise<Results> {
  const patterns = names.map((n) => `--test-name-pattern=${n.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")}`);
  const r = await run(
    process.execPath,
    ["--test", "--test-reporter=tap", "--test-force-exit", `--test-timeout=${TEST_TIME}`, ...patterns, file],
    { cwd: root, allowFailure: true, timeout, env },
  );
  const results = new Map<string, "passed" | "failed">();
  // What takes its time in kport's own code lets no timer of the test's come to its turn.
  if (r.bound !== undefined) for (const name of names) results.set(name, "failed");
  for (const [, not, name = "", directive] of r.stdout.matchAll(/^ *(not )?ok \d+ - (.*?)( # SKIP.*)?$/gm))
    if (directive === undefined)
      results.set(name.replaceAll("\\#", "#").replaceAll("\\\\", "\\"), not === undefined ? "passed" : "failed");
  return results;
}

/** A copy of the sources to be broken, with a cache in which what the tests may poison is a copy too. */
async function copied(scratch: string): Promise<{ root: string; env: Record<string, string> }> {
  const root = path.join(scratch, "kport");
  for (const name of ["src", "test", "package.json", "action.yml", "tsconfig.json", "rolldown.config.ts", "examples"])
    await cp(path.join(projectRoot(), name), path.join(root, name), { recursive: true, verbatimSymlinks: true });
  await symlink(path.join(projectRoot(), "node_modules"), path.join(root, "node_modules"));
  const cache = path.join(scratch, "cache");
  await mkdir(cache);
  for (const kind of await readdir(cacheDir())) {
    const from = path.join(cacheDir(), kind);
    if (kind === "core") await cp(from, path.join(cache, kind), { recursive: true });
    else
      await symlink(
        await readlink(from).then(
          (to) => path.resolve(cacheDir(), to),
          () => from,
        ),
        path.join(cache, kind),
      );
  }
  return { root, env: { KPORT_CACHE_DIR: cache } };
}

/** What earlier runs have seen: the tests that failed without a defence, by the defence, its source and its tests. */
const SEEN = path.join(cacheDir(), "hostile-controls.json");
type Seen = Record<string, readonly string[]>;

async function seenKey(d: Defence): Promise<string> {
  return contentKey([
    JSON.stringify(d),
    ...(await Promise.all([d.file, d.test].map((f) => readFile(path.join(projectRoot(), f))))),
  ]);
}

/** @returns the tests that failed without the defence, and what is wrong with the control: nothing where each of its tests did, and would pass otherwise */
async function control(
  d: Defence,
  { root, env }: Awaited<ReturnType<typeof copied>>,
): Promise<{ failed: readonly string[]; wrong?: string }> {
  const file = path.join(root, d.file);
  const whole = await readFile(file, "utf8");
  const times = timesIn(whole, d);
  if (times !== 1) return { failed: [], wrong: `the text to take out stands ${times} times in ${d.file}` };
  await writeFile(file, takenOut(whole, d));
  try {
    const results = await tested(root, d.test, d.fails, env);
    const [wrong, failed]: [string[], string[]] = [[], []];
    for (const part of d.fails) {
      const named = results.has(part)
        ? [[part, results.get(part)] as const]
        : [...results].filter(([name]) => name.includes(part));
      // What takes the whole process with it is told of the file alone.
      const chosen =
        named.length > 0 ? named : [...results].filter(([name, r]) => name.endsWith(d.test) && r === "failed");
      if (chosen.length === 0) wrong.push(`no test ${JSON.stringify(part)}`);
      for (const [name, result] of chosen) {
        if (result === "passed") wrong.push(`${JSON.stringify(name)} passes without it`);
        else failed.push(name);
      }
    }
    return { failed, ...(wrong.length === 0 ? {} : { wrong: wrong.join("; ") }) };
  } finally {
    await writeFile(file, whole);
  }
}

await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-controls-"));
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(status));
const copy = await copied(scratch.dir);
const [goOn, testsOnly, chosen] = [
  process.argv.includes("--go-on"),
  process.argv.includes("--tests"),
  process.argv.slice(2).filter((w) => !w.startsWith("--")),
];
const but = process.argv.flatMap((w) => (w.startsWith("--but=") ? w.slice("--but=".length).split(",") : []));
const seen = JSON.parse(await readFile(SEEN, "utf8").catch(() => "{}")) as Seen;
const failed = new Set<string>();
let [passed, bad] = [0, 0];
const say = (ok: boolean, what: string): void => {
  console.log(`${ok ? "✓" : "✗"} ${what}`);
  if (ok) passed++;
  else bad++;
};

if (testsOnly) for (const names of Object.values(seen)) for (const name of names) failed.add(name);
const named = (d: Defence, parts: readonly string[]): boolean => parts.some((p) => d.name.includes(p));
for (const d of DEFENCES.filter((x) => !testsOnly && (chosen.length === 0 || named(x, chosen)) && !named(x, but))) {
  const started = performance.now();
  const key = await seenKey(d);
  const before = goOn ? seen[key] : undefined;
  const { failed: now, wrong } = before === undefined ? await control(d, copy) : { failed: before };
  for (const name of now) failed.add(name);
  if (wrong === undefined) await writeFile(SEEN, JSON.stringify(Object.assign(seen, { [key]: now })));
  say(
    wrong === undefined,
    `${d.name} (${d.file}): ${wrong ?? d.fails.map((f) => JSON.stringify(f)).join(", ")} (${before === undefined ? `${Math.round((performance.now() - started) / 1000)} s` : "seen before"})`,
  );
}

if (chosen.length === 0 && but.length === 0) {
  console.log("all hostile tests with all defences in, and which of them no missing defence has failed:");
  for (const file of (await readdir(path.join(copy.root, HOSTILE))).filter((f) => f.endsWith(".test.ts")).sort()) {
    const results = await tested(copy.root, `${HOSTILE}/${file}`, [], copy.env, WHOLE_TIME);
    const broken = [...results].filter(([, r]) => r === "failed").map(([name]) => name);
    // A test that was ended by its time is known by the part of its name that the defence says.
    const loose = [...results.keys()].filter(
      (name) =>
        ![...failed].some((f) => name.includes(f)) && HELD_OTHERWISE[file]?.some((h) => h.test.test(name)) !== true,
    );
    say(
      broken.length === 0 && loose.length === 0,
      `${file}: ${results.size} tests${broken.length > 0 ? `; failed: ${broken.join(", ")}` : ""}${loose.length > 0 ? `; held by nothing: ${loose.join(", ")}` : ""}`,
    );
  }
}
console.log(`${passed} passed, ${bad} failed`);
process.exitCode = bad === 0 ? 0 : 1;
