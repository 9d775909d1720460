import assert from "node:assert/strict";
import { test } from "node:test";
import { flagsOf, withoutIncludes } from "../../src/c/compile-command.ts";
import { unitOf } from "./unit.ts";

const command = (args: string[]) => ({
  file: "/m/a.c",
  directory: "/k",
  output: "/m/a.o",
  arguments: ["clang", ...args],
});

test("flags are the command without compiler, input, output, dependency files and -Werror", () => {
  assert.deepEqual(
    flagsOf(
      command([
        "-Wp,-MMD,/m/.a.o.d",
        "-I./include",
        "-Werror",
        "-Werror=vla",
        "-Wall",
        "-D",
        "X=1",
        "-MF",
        "dep",
        "-MMD",
        "-g",
        "-c",
        "-o",
        "/m/a.o",
        "/m/a.c",
      ]),
    ),
    ["-I./include", "-Wall", "-D", "X=1"],
  );
});

test("the input is told by its path from the folder the compiler ran in", () => {
  assert.deepEqual(
    flagsOf({
      file: "/m/src/a.c",
      directory: "/m",
      output: "/m/src/a.o",
      arguments: ["clang", "-O2", "-c", "src/a.c"],
    }),
    ["-O2"],
  );
});

test("preprocessed text needs no includes and no macros; -include would bring every header twice", () => {
  assert.deepEqual(
    withoutIncludes([
      "-nostdinc",
      "-include",
      "a.h",
      "-isystem",
      "/i",
      "-Ib",
      "-I",
      "b",
      "-DX",
      "-D",
      "Y",
      "-UZ",
      "-std=gnu11",
      "-m64",
    ]),
    ["-std=gnu11", "-m64"],
  );
});

test("preprocessed text is compiled without a second -include", async () => {
  await using unit = await unitOf("", ["-include", "/no/such/file.h"]);
  const r = await unit.compiler.runOnPreprocessed("int a;\n", ["-fsyntax-only"]);
  assert.equal(r.exitCode, 0, r.stderr);
  assert.notEqual((await unit.compiler.run(["-fsyntax-only", unit.file])).exitCode, 0);
});

test("an error in the C is a result, not an exception", async () => {
  await using unit = await unitOf("");
  const r = await unit.compiler.runOnPreprocessed("int a = ;\n", ["-fsyntax-only"]);
  assert.notEqual(r.exitCode, 0);
  assert.match(r.stderr, /expected expression/);
});
