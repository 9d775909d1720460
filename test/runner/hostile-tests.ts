/**
 * The hostile tests on a machine like a hosted runner: a plain user, no user namespaces until the sandbox is set up as the action does it,
 * tools as they are installed there. Each test passes, or stands here with the reason why it cannot be run there.
 */
import { cp, mkdir, readdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { scratchFolder } from "../../src/machine/cache.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run } from "../../src/machine/process.ts";
import type { Machine } from "../e2e/workflow-run.ts";
import { HOSTED, SECRET } from "./stand-in.ts";

/** Tests that are skipped there, by parts of their names, and why. */
const NOT_THERE: readonly { test: RegExp; because: string }[] = [];

const TIME = 90 * 60_000;
const INSIDE = path.join(import.meta.dirname, "hostile-inside.ts");

/**
 * @param chosen parts of the names of test files, in the order they are run in; none: all
 * @returns what is wrong, a line each
 */
export async function hostileTests(
  machine: Machine,
  chosen: readonly string[],
  say: (line: string) => void,
): Promise<string[]> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-hostile-tests-"));
  const copy = path.join(scratch.dir, "kport");
  await mkdir(copy);
  const modules = path.join(projectRoot(), "node_modules");
  for (const name of ["src", "test", "examples", "package.json", "package-lock.json", "action.yml", "tsconfig.json"])
    await cp(path.join(projectRoot(), name), path.join(copy, name), { recursive: true, verbatimSymlinks: true });
  const all = (await readdir(path.join(copy, "test/hostile"))).filter((f) => f.endsWith(".test.ts")).sort();
  const files = chosen.length === 0 ? all : chosen.flatMap((c) => all.filter((f) => f.includes(c)));
  const node = path.dirname(process.execPath);
  const [file = "", ...words] = await machine.words(
    [process.execPath, path.join(copy, path.relative(projectRoot(), INSIDE)), modules, ...files],
    { cwd: copy, env: { ...HOSTED, GITHUB_ACTIONS: "true", PATH: node }, read: [node, modules], write: [] },
  );
  const tests = new Map<string, "passed" | "failed" | "skipped">();
  const wrong: string[] = [];
  const ran = await run(file, words, {
    cwd: copy,
    allowFailure: true,
    timeout: TIME,
    onLine: (line) => {
      const [, not, name = "", skipped] = /^\s*(not )?ok \d+ - (.*?)( # SKIP.*)?$/.exec(line) ?? [];
      if (name !== "") tests.set(name, skipped !== undefined ? "skipped" : not === undefined ? "passed" : "failed");
      say(line);
    },
  });
  for (const [name, result] of tests) {
    if (result === "failed") wrong.push(`failed: ${name}`);
    if (result === "skipped" && !NOT_THERE.some((n) => n.test.test(name)))
      wrong.push(`skipped, and nothing says why it may be: ${name}`);
  }
  for (const { test } of chosen.length === 0 ? NOT_THERE : [])
    if (![...tests].some(([name, result]) => result === "skipped" && test.test(name)))
      wrong.push(`said to be skipped, and was not: ${test}`);
  for (const f of files) if (!tests.has(`# ${f}`)) wrong.push(`not run to its end: ${f}`);
  if (ran.all.includes(SECRET)) wrong.push("a secret of the machine's was printed");
  if (ran.exitCode !== 0 && wrong.length === 0) wrong.push(`exit status ${ran.exitCode}: ${ran.all.slice(-500)}`);
  say(`${[...tests.values()].filter((r) => r === "passed").length} passed`);
  return wrong;
}
