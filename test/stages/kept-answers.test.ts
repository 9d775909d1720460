/** What clang has answered kbuild: not asked again where nothing that it depends on is another, asked again where something is. */
import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { run } from "../../src/machine/process.ts";
import { contentsOf } from "../../src/machine/seen-files.ts";
import { writeStandIn } from "../../src/stages/capture/compiler-stand-in.ts";
import { KeptObjects } from "../../src/stages/capture/kept-objects.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { folderWithCache, put } from "../toolchain/fakes.ts";

const { clang } = await requireTools(["clang"]);

interface Build {
  dir: string;
  /** Kbuild's questions: flags. */
  questions: string[][];
  env: Record<string, string>;
  around: string;
}

async function build(t: TestContext): Promise<Build> {
  const dir = await folderWithCache(t);
  await put(path.join(dir, "m/Makefile"), "obj-m := m.o\n");
  await put(path.join(dir, "m/m.c"), "int m;\n");
  // As kbuild adds to them; the last is refused.
  const flags = ["-Werror", "-O2", "-D__KERNEL__", '-DNAME="it\'s $x"'];
  return { dir, questions: [flags, [...flags, "-Wvla"], [...flags, "-fconserve-stack"]], env: {}, around: "around" };
}

/** How often clang was started for all questions, their answers, and which flags are known to be refused at the end. */
async function asked({ dir, questions, env, around }: Build) {
  await using scratch = await scratchFolder(path.join(dir, "run-"));
  const [root, bin, notes, objects] = ["c", "bin", "out", "made"].map((d) => path.join(scratch.dir, d)) as [
    string,
    string,
    string,
    string,
  ];
  for (const d of [bin, notes, objects]) await mkdir(d);
  await run("cp", ["-r", path.join(dir, "m"), root]);
  const noting = path.join(scratch.dir, "clang-that-notes");
  const log = path.join(scratch.dir, "log");
  await writeFile(log, "");
  await writeFile(noting, `#!/bin/sh\necho >>'${log}'\nexec '${clang.path}' "$@"\n`);
  await chmod(noting, 0o755);
  const folders = { kept: path.join(bin, "objects"), made: path.join(notes, "objects"), workDir: scratch.dir };
  const cc = await writeStandIn(bin, {
    clang: noting,
    kernelCompiler: "gcc",
    release: "6.1.0-99-made-up",
    prefix: root,
    notes,
    objects: folders,
  });
  const kept = await KeptObjects.of({ root, folders, fixed: [bin, "/usr"], parts: [around] }, await contentsOf(root));
  await kept?.offer();
  const answers: (number | undefined)[] = [];
  for (const [i, flags] of questions.entries()) {
    const object = path.join(objects, `tmp_${i}`);
    const r = await run(cc, [...flags, "-c", "-x", "c", "/dev/null", "-o", object], {
      cwd: root,
      env,
      allowFailure: true,
    });
    answers.push(r.exitCode);
    assert.equal(
      await readFile(object).then(
        () => 0,
        () => 1,
      ),
      r.exitCode,
      "there is an object where it says so",
    );
  }
  const started = (await readFile(log, "utf8")).length;
  await kept?.keep();
  return { started, answers };
}

test("what was answered is not asked again, and the answers are the same", async (t) => {
  const b = await build(t);
  const first = await asked(b);
  assert.deepEqual(first.answers, [0, 0, 0]);
  // Two once; of the third first the refusal, then which flag that is, then without it.
  assert.equal(first.started, 5);
  assert.deepEqual(await asked(b), { started: 0, answers: [0, 0, 0] });
  await put(path.join(b.dir, "m/m.c"), "int another;\n");
  b.questions.push([...(b.questions[0] as string[]), "-Wshadow"]);
  assert.deepEqual(await asked(b), { started: 1, answers: [0, 0, 0, 0] }, "another unit asks what is new alone");
  assert.deepEqual(await asked(b), { started: 0, answers: [0, 0, 0, 0] });
  b.questions = [["-fconserve-stack", "-Wall"]];
  assert.deepEqual(await asked(b), { started: 1, answers: [0] }, "it is known what clang refuses");
});

test("no is no answer that is kept", async (t) => {
  const b = await build(t);
  b.questions = [["-Werror", "-std=no-such"]];
  const first = await asked(b);
  assert.deepEqual(first.answers, [1]);
  assert.deepEqual(await asked(b), first);
});

/** Each is something that an answer may depend on. */
const FAULTS: Record<string, (b: Build) => Promise<unknown> | void> = {
  "a flag": (b) => void (b.questions[0] as string[]).push("-g"),
  "the order of flags": (b) => void (b.questions[0] as string[]).reverse(),
  "where one flag ends": (b) => void (b.questions[0] as string[]).splice(0, 2, "-Werror -O2"),
  "a header": (b) => put(path.join(b.dir, "m/one.h"), ""),
  "the makefile": (b) => put(path.join(b.dir, "m/Makefile"), "obj-m := m.o\nccflags-y := -DX\n"),
  "the tools and the kernel": (b) => void (b.around = "other"),
  "a variable that clang reads": (b) => void (b.env = { CPATH: "/usr" }),
};

describe("clang is asked again for a change of", () => {
  for (const [what, change] of Object.entries(FAULTS))
    test(what, async (t) => {
      const b = await build(t);
      b.questions.splice(1);
      await asked(b);
      assert.equal((await asked(b)).started, 0, "the control");
      await change(b);
      assert.ok((await asked(b)).started > 0);
    });
});

describe("no answer is kept", () => {
  const open: Record<string, string[]> = {
    "of what names a file": ["-include", "one.h"],
    "of what names a folder": ["-Ione"],
    "of what writes another": ["-Wp,-MD,one.d"],
    "of what is in a file": ["@flags"],
    "of two lines": ["-DX=1\n2"],
  };
  for (const [what, words] of Object.entries(open))
    test(what, async (t) => {
      const b = await build(t);
      await put(path.join(b.dir, "m/one.h"));
      await put(path.join(b.dir, "m/flags"), "-O1");
      b.questions = [["-O2", ...words]];
      assert.deepEqual((await asked(b)).answers, [0]);
      assert.ok((await asked(b)).started > 0);
    });
  test("where the makefile may run what the module brings", async (t) => {
    const b = await build(t);
    await put(path.join(b.dir, "m/Makefile"), "obj-m := m.o\nhostprogs := gen\n");
    await asked(b);
    assert.ok((await asked(b)).started > 0);
  });
});
