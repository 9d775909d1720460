import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { StageError, UserError } from "../../../src/machine/errors.ts";
import { run, sandboxWorks } from "../../../src/machine/process.ts";
import { findExercise, loadExercise } from "../../../src/stages/boot/exercise.ts";

const temporary = await mkdtemp(path.join(os.tmpdir(), "kport-exercise-"));
after(() => rm(temporary, { recursive: true, force: true }));

/** A folder of these files; its own each time. */
async function folder(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(path.join(temporary, "given-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), text);
  }
  return dir;
}

async function outDir(): Promise<string> {
  return path.join(await mkdtemp(path.join(temporary, "out-")), "exercise");
}

test("the example's exercise is found beside the module, built static, and takes its parameters along", async () => {
  const driver = path.resolve(import.meta.dirname, "../../../examples/ringdev/driver");
  const dir = await findExercise(driver);
  assert.equal(dir, path.resolve(driver, "../exercise"));
  const out = await outDir();
  const exercise = await loadExercise(dir, out, { readable: [driver] });
  assert.equal(exercise.command, "sh ./run.sh");
  assert.equal(exercise.params, "slots=8 label=bench limits=32,16,8,4");
  assert.equal(exercise.files["exercise"], path.join(out, "exercise"));
  assert.match((await run("readelf", ["-lW", path.join(out, "exercise")])).stdout, /LOAD/);
  assert.doesNotMatch((await run("readelf", ["-lW", path.join(out, "exercise")])).stdout, /INTERP/);
});

test("a module's own exercise comes before one beside it", async () => {
  const dir = await folder({ "exercise/run.sh": "", "module/exercise/run.sh": "" });
  assert.equal(await findExercise(path.join(dir, "module")), path.join(dir, "module/exercise"));
});

test("a module in a folder of several has its own exercise, or that of the whole", async () => {
  const dir = await folder({
    "exercise/run.sh": "",
    "all/one/exercise/run.sh": "",
    "all/two/two.c": "",
    "all/two/deep/deep.c": "",
  });
  const of = (module: string, top: string) => findExercise(path.join(dir, module), path.join(dir, top));
  assert.equal(await of("all/one", "all"), path.join(dir, "all/one/exercise"));
  assert.equal(await of("all/two/deep", "all"), path.join(dir, "exercise"));
  assert.equal(await of("all/two/deep", "all/two"), undefined);
});

test("a folder without run.sh is no exercise", async () => {
  const dir = await folder({ "module/exercise/notes": "" });
  assert.equal(await findExercise(path.join(dir, "module")), undefined);
  await assert.rejects(
    loadExercise(path.join(dir, "module/exercise"), await outDir()),
    (e) => e instanceof UserError && /no run\.sh/.test(e.message),
  );
  await assert.rejects(
    loadExercise(path.join(dir, "nowhere"), await outDir()),
    (e) => e instanceof UserError && /no such exercise/.test(e.message),
  );
});

test("a script alone is an exercise", async () => {
  const dir = await folder({ "poke.sh": "echo poked\n", other: "" });
  const exercise = await loadExercise(path.join(dir, "poke.sh"), await outDir());
  assert.equal(exercise.command, "sh ./poke.sh");
  assert.deepEqual(Object.keys(exercise.files), ["poke.sh"]);
  assert.equal(exercise.params, undefined);
});

test("symbolic links and hidden files stay behind", async () => {
  const dir = await folder({ "run.sh": "", ".secret": "x" });
  await symlink("/etc/passwd", path.join(dir, "passwd"));
  assert.deepEqual(Object.keys((await loadExercise(dir, await outDir())).files), ["run.sh"]);
});

test("a makefile that fails is reported with make's words", async () => {
  const dir = await folder({ "run.sh": "", Makefile: "all:\n\t@echo cannot frobnicate; false\n" });
  await assert.rejects(
    loadExercise(dir, await outDir()),
    (e) => e instanceof StageError && /cannot frobnicate/.test(e.message),
  );
});

test("the exercise's makefile cannot change the folder it came from", {
  skip: !(await sandboxWorks()) && "bubblewrap cannot be used here",
}, async () => {
  const dir = await folder({
    "run.sh": "true\n",
    Makefile: "all:\n\t-echo changed > $(SRC)/run.sh\n\techo made > made\n",
  });
  const exercise = await loadExercise(dir, await outDir());
  assert.equal(await readFile(path.join(dir, "run.sh"), "utf8"), "true\n");
  assert.equal(await readFile(exercise.files["made"] as string, "utf8"), "made\n");
});

test("odd file names and parameters of several lines are refused", async () => {
  await assert.rejects(
    loadExercise(await folder({ "run.sh": "", "a b": "" }), await outDir()),
    (e) => e instanceof UserError && /"a b"/.test(e.message),
  );
  await assert.rejects(
    loadExercise(await folder({ "run.sh": "", params: "a=1\nb=2\n" }), await outDir()),
    (e) => e instanceof UserError && /one line/.test(e.message),
  );
});
