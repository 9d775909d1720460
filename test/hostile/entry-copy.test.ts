/** What of a user's disk comes into the working copy: what the module's folders name, and nothing beyond the bound. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { lstat, mkdir, readFile, readlink, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { boundOf, namedInC, namedInMakefile } from "../../src/stages/capture/reach.ts";
import { copyAside, type WorkingCopy } from "../../src/stages/capture/working-copy.ts";
import { temporaryFolder } from "../toolchain/fakes.ts";
import { contents, put, SECRET } from "./entry.ts";

/** `repo/` is a git repository with the module in `repo/drivers/mod`; beside it lie keys. */
async function given(t: TestContext, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const base = await temporaryFolder(t);
  await put(base, {
    "keys/id": SECRET,
    "repo/.git/config": SECRET,
    "repo/common/c.c": "int c;\n",
    "repo/common/deep/d.h": "",
    "repo/drivers/mod/Makefile": "obj-m := a.o\n",
    "repo/drivers/mod/a.c": "int a;\n",
    "repo/drivers/mod/my.key": "its own\n",
  });
  await put(path.join(base, "repo/drivers/mod"), files);
  return base;
}

async function copied(base: string, root?: string): Promise<WorkingCopy & { files: Map<string, string> }> {
  const copy = await copyAside(path.join(base, "repo/drivers/mod"), path.join(base, "work"), root);
  return { ...copy, files: await contents(path.join(base, "work")) };
}

/** No file of the copy is one of the secrets. */
function holdsNoSecret(files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) assert.ok(!text.includes(SECRET), name);
}

describe("how far up a module reaches", () => {
  const MAKEFILES: readonly [string, string[]][] = [
    ["# ../../", []],
    ["obj-m := a.o # ../../", []],
    ["# a comment \\\n  that goes on ../../..\nobj-m := a.o", []],
    ["all:\n\t# ../../ in a recipe\n\ttrue # ../..", []],
    ["a-y := b.o ../common/c.o", [".."]],
    ["a-y := \\# ../common/c.o", [".."]],
    ["a-y := $(shell echo '#' ../common/c.o)", [".."]],
    ["ccflags-y := -I$(src)/../../include # ../../../..", ["../.."]],
    ["all:\n\tmake -C ../lib; echo '#' ../../x", ["..", "../.."]],
    ["x := ...\ny := a..b", []],
  ];
  for (const [text, names] of MAKEFILES)
    test(`makefile: ${JSON.stringify(text)}`, () => assert.deepEqual(namedInMakefile(text), names));

  const SOURCES: readonly [string, string[]][] = [
    ['#include "../common/c.h"', [".."]],
    ['#  include   "../../c.h"', ["../.."]],
    ['#include "sub/../../c.h"', [".."]],
    ['#include "sub/../c.h"', []],
    ['/* #include "../../c.h" */', []],
    ['/*\n#include "../../c.h"\n*/', []],
    ['// #include "../../c.h"', []],
    ['char *s = "\\\n#include \\"../../c.h\\"";', []],
    ["#include <../../c.h>", []],
  ];
  for (const [text, names] of SOURCES)
    test(`C: ${JSON.stringify(text)}`, () => assert.deepEqual(namedInC(text), names));

  test("a makefile that no person wrote is not followed", async (t) => {
    const long = (bytes: number) => ({ Makefile: `${"#".repeat(bytes)}\na-y := ../../common/c.o\n` });
    assert.ok((await copied(await given(t, long(1024)))).files.has("repo/common/c.c"));
    assert.ok(!(await copied(await given(t, long(1024 * 1024)))).files.has("repo/common/c.c"));
  });

  for (const [what, files] of [
    ["a comment of a makefile", { Makefile: "# ../../../\nobj-m := a.o\n" }],
    ["a comment of C", { "a.c": '/* #include "../../../keys/id" */\nint a;\n' }],
    ["a makefile that reaches beyond the repository", { Makefile: "obj-m := a.o\na-y := ../../../keys/id.o\n" }],
    ["an include that reaches beyond it", { "a.c": '#include "../../../keys/id"\n' }],
  ] as const) {
    test(`${what} brings nothing along`, async (t) => {
      const copy = await copied(await given(t, files));
      assert.equal(copy.root, copy.dir);
      holdsNoSecret(copy.files);
    });
  }

  test("names within the repository are followed, .git is not, and what lies beyond is told", async (t) => {
    const base = await given(t, { Makefile: "obj-m := a.o\na-y := ../../common/c.o ../../../keys/id.o\n" });
    const copy = await copied(base);
    assert.equal(path.relative(copy.root, copy.dir), "drivers/mod");
    assert.ok(copy.files.has("repo/common/c.c"));
    holdsNoSecret(copy.files);
    assert.deepEqual(copy.leftOut, [
      `Makefile names ../../.., which leads out of ${path.join(base, "repo")} (--root DIR allows more)`,
    ]);
    const more = await copied(base, base);
    assert.equal(path.relative(more.root, more.dir), "repo/drivers/mod");
  });

  test("without a repository the bound is the module's folder; --root names another, which must hold it", async (t) => {
    const base = await temporaryFolder(t);
    await put(base, { "mod/a.c": "", "other/x": "" });
    assert.equal(await boundOf(path.join(base, "mod")), path.join(base, "mod"));
    assert.equal(await boundOf(path.join(base, "mod"), base), base);
    for (const wrong of ["other", "nowhere"])
      await assert.rejects(
        boundOf(path.join(base, "mod"), path.join(base, wrong)),
        (e) => e instanceof UserError && /--root/.test(e.message),
      );
  });

  test("a folder of too many files is refused", async (t) => {
    const base = await given(t, { Makefile: "obj-m := a.o ../../x.o\n" });
    execFileSync("sh", ["-c", "mkdir -p many && cd many && seq 50001 | xargs touch"], { cwd: path.join(base, "repo") });
    await assert.rejects(copied(base), (e) => e instanceof UserError && /holds more than 50000 files/.test(e.message));
  });
});

describe("links of the user's folder", () => {
  const at = (base: string, name: string): string => path.join(base, "repo/drivers/mod", name);

  test("a unit out of the folder is copied as content, also through a second link, and a folder with all it holds", async (t) => {
    const base = await given(t);
    await symlink("../../common/c.c", at(base, "c.c"));
    await symlink("c.c", at(base, "again.c"));
    await symlink("../../common", at(base, "common"));
    await symlink("deep/d.h", path.join(base, "repo/common/short.h"));
    const { dir, files, leftOut } = await copied(base);
    for (const name of ["c.c", "again.c", "common/c.c"])
      assert.equal(await readFile(path.join(dir, name), "utf8"), "int c;\n", name);
    assert.ok((await lstat(path.join(dir, "c.c"))).isFile());
    assert.equal(await readlink(path.join(dir, "common/short.h")), "deep/d.h");
    assert.deepEqual(leftOut, []);
    holdsNoSecret(files);
  });

  test("what stays within the folder stays a link, wherever the copy lies", async (t) => {
    const base = await given(t, { "sub/x.h": "x" });
    await symlink(at(base, "sub/x.h"), at(base, "absolute.h"));
    await symlink("../a.c", at(base, "sub/up.c"));
    await symlink(".", at(base, "loop"));
    await symlink("made-later.c", at(base, "generated.c"));
    const { dir, leftOut } = await copied(base);
    assert.deepEqual(
      await Promise.all(["absolute.h", "sub/up.c", "loop", "generated.c"].map((f) => readlink(path.join(dir, f)))),
      ["sub/x.h", "../a.c", ".", "made-later.c"],
    );
    assert.equal((await stat(path.join(dir, "loop/loop/a.c"))).size, 7);
    assert.deepEqual(leftOut, []);
  });

  for (const [what, target, why] of [
    [
      "out of the repository",
      "../../../keys/id",
      /evil is a symbolic link that leads out of .*repo: \.\.\/\.\.\/\.\.\/keys\/id/,
    ],
    ["to a folder out of it", "../../../keys", /leads out of/],
    ["to an absolute file", "/etc/passwd", /leads out of .*: \/etc\/passwd/],
    ["to a device", "/dev/zero", /leads out of/],
    ["into .git", "../../.git/config", /leads to what is no source/],
    ["to .git", "../../.git", /leads to what is no source/],
    ["to a folder that holds it", "../..", /leads to a folder that holds it/],
    ["to itself", "evil", /leads to itself/],
    ["to nowhere outside", "../../headers/missing.h", /leads nowhere/],
  ] as const) {
    test(`one that leads ${what} is left out, and named`, async (t) => {
      const base = await given(t);
      await symlink(target, at(base, "evil"));
      const { dir, files, leftOut } = await copied(base);
      assert.ok(!existsSync(path.join(dir, "evil")));
      assert.equal(leftOut.length, 1);
      assert.match(leftOut[0] ?? "", why);
      holdsNoSecret(files);
    });
  }

  test("two folders that hold links to each other come to an end", async (t) => {
    const base = await given(t);
    await put(base, { "repo/one/x": "", "repo/two/y": "" });
    await symlink("../two", path.join(base, "repo/one/two"));
    await symlink("../one", path.join(base, "repo/two/one"));
    await symlink("../../one", at(base, "one"));
    const { dir } = await copied(base);
    assert.ok(existsSync(path.join(dir, "one/two/y")));
    assert.equal(await readlink(path.join(dir, "one/two/one")), "..");
  });

  test("a makefile that is a link reaches as far as one that is none", async (t) => {
    const base = await given(t);
    await put(base, { "repo/common/rules.mk": "obj-m := a.o\na-y := ../../common/c.o\n" });
    await symlink("../../common/rules.mk", at(base, "rules.mk"));
    const { root, dir } = await copied(base);
    assert.equal(path.relative(root, dir), "drivers/mod");
  });

  test("the folder itself a link", async (t) => {
    const base = await given(t, { Makefile: "obj-m := a.o\na-y := ../../common/c.o\n" });
    await mkdir(path.join(base, "elsewhere"));
    await symlink("../repo/drivers/mod", path.join(base, "elsewhere/link"));
    const copy = await copyAside(path.join(base, "elsewhere/link"), path.join(base, "work"));
    assert.ok(existsSync(path.join(copy.root, "common/c.c")));
  });

  test("names that kbuild cannot build under are others in the copy", async (t) => {
    const base = await given(t);
    await put(base, {
      "repo/my drivers/a: 50%/Makefile": "obj-m := a.o\na-y := ../../common/c.o ../x.o\n",
      "repo/my drivers/a: 50%/odd $(name)": "kept",
      "repo/my_drivers/other": "",
    });
    const copy = await copyAside(path.join(base, "repo/my drivers/a: 50%"), path.join(base, "work"));
    assert.equal(path.relative(copy.root, copy.dir), "my_drivers_/a__50_");
    assert.ok(existsSync(path.join(copy.dir, "odd $(name)")) && existsSync(path.join(copy.root, "my_drivers/other")));
    const alone = await copyAside(
      path.join(base, "repo/my drivers/a: 50%"),
      path.join(base, "work"),
      path.join(base, "repo/my drivers/a: 50%"),
    );
    assert.equal(alone.root, path.join(base, "work", "a__50_"));
  });
});
