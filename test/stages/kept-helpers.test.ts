/** Objects of helpers that an earlier run has compiled: laid where make looks, and only where all that make does not look at is the same. */
import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { KeptHelpers } from "../../src/stages/build/kept-helpers.ts";
import { folderWithCache, put } from "../toolchain/fakes.ts";

const AROUND = ["around", "m", "6.1"];

/** A port of two helpers, built once in a run of its own. */
async function built(t: TestContext): Promise<string> {
  const dir = await folderWithCache(t);
  await put(path.join(dir, "port/helpers/a.c"), "#include <linux/list.h>\nint a;\n");
  await put(path.join(dir, "port/helpers/b.c"), '#include "own.h"\nint b;\n');
  await put(path.join(dir, "port/helpers/headers/own.h"), "int h;\n");
  await put(path.join(dir, "port/src/a.rs"), "fn a() {}\n");
  return dir;
}

/** Which objects a run finds, once a change is made; what it lacks it "compiles". */
async function found(dir: string, run: string, parts = AROUND): Promise<string[]> {
  const workDir = path.join(dir, run);
  const port = path.join(workDir, "build");
  await cp(path.join(dir, "port"), port, { recursive: true });
  const kept = await KeptHelpers.of(port, workDir, parts);
  await kept.putBack();
  const there = ["a", "b"].filter((n) => existsSync(path.join(port, `helpers/${n}.o`)));
  for (const n of there)
    assert.equal(await readFile(path.join(port, `helpers/.${n}.o.cmd`), "utf8"), `gcc -o ${port}/helpers/${n}.o`);
  for (const n of ["a", "b"].filter((n) => !there.includes(n))) {
    await put(path.join(port, `helpers/${n}.o`), `object of ${n}`);
    await put(path.join(port, `helpers/.${n}.o.cmd`), `gcc -o ${port}/helpers/${n}.o`);
  }
  await kept.keep();
  return there;
}

test("both are there in the next run, whatever the Rust is, and name the folder of that run", async (t) => {
  const dir = await built(t);
  assert.deepEqual(await found(dir, "run-1"), []);
  await put(path.join(dir, "port/src/a.rs"), "fn a() { b() }\n");
  assert.deepEqual(await found(dir, "run-2"), ["a", "b"]);
});

const FAULTS: Record<string, [left: string[], change: (dir: string) => Promise<void>, parts?: string[]]> = {
  "a helper's text": [["b"], (d) => put(path.join(d, "port/helpers/a.c"), "int a = 1;\n")],
  "a header of the port": [[], (d) => put(path.join(d, "port/helpers/headers/own.h"), "long h;\n")],
  "a header that was not there": [[], (d) => put(path.join(d, "port/helpers/headers/list.h"), "")],
  "a helper that takes another file along": [["a"], (d) => put(path.join(d, "port/helpers/b.c"), '#include "a.c"\n')],
  "the kernel, the tools and what else is seen": [[], async () => {}, ["other", "m", "6.1"]],
};

describe("an object is not there after a change of", () => {
  for (const [what, [left, change, parts]] of Object.entries(FAULTS))
    test(what, async (t) => {
      const dir = await built(t);
      await found(dir, "run-1");
      await change(dir);
      assert.deepEqual(await found(dir, "run-2", parts), left);
    });
});
