/** `--require-proof`: what falls below it fails by name, and where nothing can be proved there is no verdict on it. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run } from "../../src/machine/process.ts";
import { failed } from "../../src/report/fail-on.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { putProgram } from "../toolchain/fakes.ts";
import { checkOne, complaints, folder, moduleFolder } from "./pipeline.ts";

const SOURCE = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int shared_sum(int a, int b);
int shared_sum(int a, int b)
{
	return a + b;
}

int shared_difference(int a, int b);
int shared_difference(int a, int b)
{
	return a - b;
}
MODULE_LICENSE("GPL");
`;

/** What takes any number of arguments is proved by nobody yet: C fills its list with zeros first. */
const UNPROVED = `int shared_first(int n, ...);
int shared_first(int n, ...)
{
	va_list list;
	int first;

	va_start(list, n);
	first = va_arg(list, int);
	va_end(list);
	return first;
}
MODULE_LICENSE`;

describe("the share of functions that has to be proved", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  let dir: string;
  before(async () => {
    scratch = await folder();
    dir = await moduleFolder(scratch.dir, "sums", SOURCE);
  });
  after(() => scratch[Symbol.asyncDispose]());
  const out = (name: string): string => path.join(scratch.dir, name);

  test("a module in which all is proved passes", async () => {
    const report = await checkOne(dir, out("whole"), { boot: false, requireProof: 100 });
    assert.equal(report.verdict, "pass", complaints(report));
    assert.deepEqual(
      report.proofs?.functions.map((f) => `${f.tier} ${f.against}`),
      ["same-code C", "same-code C"],
    );
  });

  test("one with a function that is not proved fails below its share, and the function is named", async () => {
    const some = await moduleFolder(scratch.dir, "some", SOURCE.replace("MODULE_LICENSE", UNPROVED));
    for (const [requireProof, fails] of [
      [70, true],
      [60, false],
    ] as const) {
      const report = await checkOne(some, out(`some-${requireProof}`), { boot: false, requireProof });
      assert.deepEqual(
        report.proofs?.functions.filter((f) => f.tier === "none").map((f) => f.name),
        ["shared_first"],
      );
      assert.equal(failed([report], "error"), fails, complaints(report));
      const found = report.findings.filter((f) => f.check === "proof");
      assert.equal(found.length, fails ? 1 : 0);
      if (fails) assert.match(found[0]?.message ?? "", /66\.7 % of the functions .*not proved: shared_first/);
    }
  });

  test("the command line ends with 1 and names what is missing", async () => {
    const some = await moduleFolder(scratch.dir, "lacking", SOURCE.replace("MODULE_LICENSE", UNPROVED));
    const args = ["check", some, "--kernel", "6.1", "--no-boot", "--out", out("cli"), "--require-proof", "70"];
    const r = await run(path.join(projectRoot(), "kport"), args, { allowFailure: true });
    assert.equal(r.exitCode, 1, r.all);
    assert.match(r.stdout, /66\.7 % of the functions .*not proved: shared_first/);
  });

  test("without the LLVM that rustc has, proofs are left out; where they are required there is no result", async () => {
    const { rustc } = await requireTools(["rustc"]);
    const other = out("rustc");
    await putProgram(
      other,
      `case $* in -vV) exec ${rustc.path} -vV | sed 's/^LLVM version: .*/LLVM version: 99.1.0/';; esac; exec ${rustc.path} "$@"`,
    );
    const cli = (...more: string[]) =>
      run(
        path.join(projectRoot(), "kport"),
        ["check", dir, "--kernel", "6.1", "--no-boot", "--rustc", other, "--out", out("without"), ...more],
        { allowFailure: true },
      );
    const required = await cli("--require-proof", "10");
    assert.equal(required.exitCode, 3, required.all);
    assert.match(required.stderr, /whether 10 % of the functions are proved cannot be said: no `opt` of LLVM 99/);
    const plain = await cli();
    assert.equal(plain.exitCode, 0, plain.all);
    assert.match(plain.stdout, /nothing is proved: no `opt` of LLVM 99/);
  });
});
