import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { EnvironmentError, StageError, UserError } from "../../src/machine/errors.ts";
import { sandboxWorks } from "../../src/machine/process.ts";
import { buildControls } from "../../src/stages/boot/control-run.ts";
import { bootCommand } from "../../src/doors/commands/boot.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const controls = await buildControls(await resolveKernel("6.1"));
const ko = (name: string): string => path.join(controls, `${name}.ko`);
const dir = mkdtempSync(path.join(os.tmpdir(), "kport-command-"));
after(() => rmSync(dir, { recursive: true }));

test("a good module: status 0, and the JSON of the contract", async () => {
  const json = path.join(dir, "run.json");
  assert.equal(await bootCommand({ file: ko("good"), kernel: "6.1", json }), 0);
  const written = JSON.parse(readFileSync(json, "utf8"));
  assert.match(written.accelerator, /^(kvm|tcg)$/);
  assert.equal(written.run.status, "ok");
  assert.equal(written.reference, undefined);
});

test("against a reference that does the same: 0; that does otherwise: 1, and the findings say so", async () => {
  assert.equal(await bootCommand({ file: ko("good"), reference: ko("good"), kernel: "6.1" }), 0);
  const json = path.join(dir, "both.json");
  assert.equal(await bootCommand({ file: ko("init_error"), reference: ko("good"), kernel: "6.1", json }), 1);
  const written = JSON.parse(readFileSync(json, "utf8"));
  assert.deepEqual(
    [written.reference.status, written.run.status, written.findings[0].check],
    ["ok", "init-failed", "boot-status"],
  );
});

test("an exercise as a script; one that fails is an error of the run", async () => {
  const script = path.join(dir, "use.sh");
  writeFileSync(script, "exit 1\n");
  assert.equal(await bootCommand({ file: ko("good"), exercise: script, kernel: "6.1" }), 1);
});

test("an exercise sees the headers of the module it belongs to, as in a check, and no other folder's", async () => {
  const scene = path.join(dir, "scene");
  const make = (header: string): string =>
    `all:\n\tsed -n 's/.*VALUE //p' $(SRC)/../${header} > value\n\ttest -s value\n`;
  for (const [name, text] of Object.entries({
    "module/Kbuild": "obj-m := x.o\n",
    "module/x.h": "#define VALUE 7\n",
    "other/x.h": "#define VALUE 8\n",
    "exercise/run.sh": "cat value\n",
    "exercise/Makefile": make("module/x.h"),
  })) {
    mkdirSync(path.dirname(path.join(scene, name)), { recursive: true });
    writeFileSync(path.join(scene, name), text);
  }
  const json = path.join(dir, "exercised.json");
  assert.equal(await bootCommand({ file: ko("good"), exercise: path.join(scene, "exercise"), kernel: "6.1", json }), 0);
  assert.deepEqual(JSON.parse(readFileSync(json, "utf8")).run.exercise.output, ["7"]);
  if (!(await sandboxWorks())) return;
  writeFileSync(path.join(scene, "exercise/Makefile"), make("other/x.h"));
  await assert.rejects(
    bootCommand({ file: ko("good"), exercise: path.join(scene, "exercise"), kernel: "6.1" }),
    StageError,
  );
});

const bad: [string, Parameters<typeof bootCommand>[0], RegExp][] = [
  ["no module", {}, /name the module to boot/],
  ["a module that is not there", { file: "/none.ko" }, /^\/none\.ko: there is no such file$/],
  ["a reference that is not there", { file: ko("good"), reference: "/none.ko" }, /^\/none\.ko: there is no such file$/],
  [
    "an exercise that is not there",
    { file: ko("good"), exercise: "/none.sh" },
    /^\/none\.sh: there is no such exercise/,
  ],
  [
    "JSON into a folder that is not there",
    { file: ko("init_error"), kernel: "6.1", json: "/none/run.json" },
    /^\/none\/run\.json: cannot be written/,
  ],
];
for (const [what, options, message] of bad) {
  test(what, () => assert.rejects(bootCommand(options), (e) => e instanceof UserError && message.test(e.message)));
}

test("a kernel that is not here", () =>
  assert.rejects(bootCommand({ file: ko("good"), kernel: "5.99" }), EnvironmentError));
