import assert from "node:assert/strict";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { deadlineIn } from "../../src/machine/deadline.ts";
import { runUnderBear, type Watched } from "../../src/stages/capture/bear.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { putProgram, temporaryFolder } from "../toolchain/fakes.ts";

const HELP = `[ "$1" = --help ] && { echo '  --wrapper <arg>      path to the wrapper executable (default: /bin/true)'; exit; }`;
const LOST = "wrapper: failed with: gRPC call failed: Connection refused";

/** A bear whose connection breaks in the first builds. Each build is noted in `builds`. */
async function breakingBear(
  t: TestContext,
  breaks: number,
): Promise<{ watched: Watched; dir: string; builds: () => Promise<number> }> {
  const dir = await temporaryFolder(t);
  const noted = path.join(dir, "builds");
  await writeFile(noted, "");
  await putProgram(
    path.join(dir, "bear"),
    `${HELP}\necho build >>'${noted}'\nif [ "$(wc -l <'${noted}')" -le ${breaks} ]; then echo '${LOST}' >&2; exit 1; fi`,
  );
  return {
    dir,
    watched: {
      bear: path.join(dir, "bear"),
      compiler: "clang",
      database: path.join(dir, "db.json"),
      words: ["true"],
      options: { cwd: dir },
    },
    builds: async () => (await readFile(noted, "utf8")).split("\n").length - 1,
  };
}

test("a build in which bear broke is begun anew, from clean sources", async (t) => {
  const { watched, dir, builds } = await breakingBear(t, 2);
  let cleaned = 0;
  const r = await runUnderBear(watched, path.join(dir, "wrappers"), async () => void cleaned++);
  assert.equal(r.exitCode, 0);
  assert.equal(await builds(), 3);
  assert.equal(cleaned, 2);
});

test("bear is asked once where its wrapper lies, however often a folder is built", async (t) => {
  const { watched, dir } = await breakingBear(t, 0);
  const build = (wrappers: string) => runUnderBear(watched, path.join(dir, wrappers), async () => undefined);
  assert.equal((await build("wrappers")).exitCode, 0);
  await putProgram(watched.bear, "[ $1 != --help ]");
  assert.equal((await build("wrappers")).exitCode, 0);
  await assert.rejects(build("others"), EnvironmentError, "the control");
});

test("a bear that always breaks is the machine's failure, not the module's", async (t) => {
  const { watched, dir, builds } = await breakingBear(t, 99);
  await assert.rejects(
    runUnderBear(watched, path.join(dir, "wrappers"), async () => undefined),
    (e: Error) => e instanceof EnvironmentError && /bear.*3 builds.*Connection refused/.test(e.message),
  );
  assert.equal(await builds(), 4, "three, and one of ours");
});

test("a makefile that prints bear's line is begun anew as often as bear's own failure, and is then the module's failure", async (t) => {
  const { bear, clang } = await requireTools(["bear", "clang"]);
  const dir = await temporaryFolder(t);
  await mkdir(path.join(dir, "bin"));
  await symlink(clang.path, path.join(dir, "bin/clang"));
  const sandbox = { writable: [dir], readable: [path.dirname(clang.path)] };
  const words = ["sh", "-c", `echo build >>builds; echo '${LOST}' >&2; exit 1`];
  const r = await runUnderBear(
    {
      bear: bear.path,
      compiler: "clang",
      database: path.join(dir, "db.json"),
      words,
      options: { cwd: dir, env: { PATH: `${dir}/bin:${process.env["PATH"]}` }, sandbox },
    },
    path.join(dir, "wrappers"),
    async () => undefined,
  );
  assert.equal(r.exitCode, 1);
  assert.equal(await readFile(path.join(dir, "builds"), "utf8"), "build\n".repeat(3));
});

test("a build that fails of itself is begun once", async (t) => {
  const dir = await temporaryFolder(t);
  await putProgram(
    path.join(dir, "bear"),
    `${HELP}\necho build >>builds; echo 'a.c:1:1: error: gRPC call failed' >&2; exit 2`,
  );
  const r = await runUnderBear(
    {
      bear: path.join(dir, "bear"),
      compiler: "clang",
      database: path.join(dir, "db.json"),
      words: ["true"],
      options: { cwd: dir },
    },
    path.join(dir, "wrappers"),
    () => assert.fail("nothing is to be cleaned"),
  );
  assert.equal(r.exitCode, 2);
  assert.equal(await readFile(path.join(dir, "builds"), "utf8"), "build\n");
});

test("a bear without a wrapper mode is refused", async (t) => {
  const dir = await temporaryFolder(t);
  await putProgram(path.join(dir, "bear"), "echo 'Usage: bear [OPTIONS]'");
  await assert.rejects(
    runUnderBear(
      { bear: path.join(dir, "bear"), compiler: "clang", database: "", words: ["true"], options: {} },
      path.join(dir, "wrappers"),
      async () => undefined,
    ),
    EnvironmentError,
  );
});

test("the watched compiler is recorded; gcc, which a makefile calls for a program of the build, works and is not", async (t) => {
  const { bear, clang } = await requireTools(["bear", "clang", "gcc"]);
  const dir = await temporaryFolder(t);
  const bin = path.join(dir, "bin");
  await mkdir(bin);
  await writeFile(path.join(dir, "a.c"), "int main(void) { return 0; }\n");
  await writeFile(path.join(bin, "clang"), `#!/bin/sh\nexec '${clang.path}' "$@"\n`);
  await chmod(path.join(bin, "clang"), 0o755);
  const database = path.join(dir, "db.json");
  const r = await runUnderBear(
    {
      bear: bear.path,
      compiler: "clang",
      database,
      words: ["sh", "-c", "clang -c -o a.o a.c && gcc -o generator a.c && ./generator"],
      options: { cwd: dir, env: { PATH: `${bin}:${process.env["PATH"]}` } },
    },
    path.join(dir, "wrappers"),
    async () => undefined,
  );
  assert.equal(r.exitCode, 0, r.all);
  const recorded = JSON.parse(await readFile(database, "utf8")) as { output: string }[];
  assert.deepEqual(
    recorded.map((e) => path.basename(e.output)),
    ["a.o"],
  );
});

test("the tries share one time, however often the build says that bear broke", async (t) => {
  const { watched, dir, builds } = await breakingBear(t, 99);
  await putProgram(
    path.join(dir, "bear"),
    `${HELP}\necho build >>'${path.join(dir, "builds")}'; sleep 0.7; echo '${LOST}' >&2; exit 1`,
  );
  const r = await runUnderBear(
    { ...watched, options: { cwd: dir, deadline: deadlineIn(1000) } },
    path.join(dir, "wrappers"),
    async () => undefined,
  );
  assert.equal(r.bound, "bound: time 1 s");
  assert.equal(await builds(), 2);
});
