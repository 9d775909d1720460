/** A difference names the stage that made it: each stage's mistake is made on purpose, and must be blamed on that stage. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Doctor } from "../../src/check/work.ts";
import { check } from "../../src/check/pipeline.ts";
import type { Report } from "../../src/report/schema.ts";
import { complaints, folder, moduleFolder } from "./pipeline.ts";

/** The lines of the log tell what the two functions computed. */
const ADDER = `// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static int start = 2;
module_param(start, int, 0444);

static noinline int sum(int n)
{
	return n + 40;
}

static noinline unsigned int scaled(unsigned int n)
{
	return n * 3 + (READ_ONCE(start) == 2);
}

static int __init adder_init(void)
{
	pr_info("sum %d\\n", sum(start));
	pr_info("scaled %u\\n", scaled(start));
	return 0;
}

static void __exit adder_exit(void)
{
}

module_init(adder_init);
module_exit(adder_exit);
MODULE_LICENSE("GPL");
`;

const wrongSum: Doctor = { lowered: (u) => ({ ...u, text: changed(u.text, "n + 40", "n + 41") }) };
const wrongScale: Doctor = { printed: (text) => changed(text, "n * 3", "n * 4") };

function changed(text: string, what: string | RegExp, by: string): string {
  const out = text.replace(what, by);
  assert.ok(out !== text, `there is no ${what} to change`);
  return out;
}

describe("the three-way differential", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  let dir: string;
  before(async () => {
    scratch = await folder();
    dir = await moduleFolder(scratch.dir, "adder", ADDER);
  });
  after(() => scratch[Symbol.asyncDispose]());

  async function run(doctor: Doctor, options: { threeWay?: boolean; boot?: boolean } = {}): Promise<Report> {
    const [report] = await check(
      { dir, out: path.join(scratch.dir, "out"), kernel: "6.1", boot: true, headers: "helpers", ...options },
      doctor,
    );
    return report as Report;
  }
  const blamed = (report: Report): string[][] =>
    report.findings.filter((f) => f.severity === "error").map((f) => [f.check, f.stage ?? "nobody"]);
  const logOf = (report: Report, side: "c" | "lowered" | "rust"): string[] | undefined =>
    report.boot?.[side] && [...new Set(report.boot[side].dmesg.filter((l) => l.startsWith("adder: s")))];

  test("all three agree where nothing is wrong, and a pass is not asked unless it is told to be", async () => {
    const report = await run({}, { threeWay: true });
    assert.equal(report.verdict, "pass", complaints(report));
    assert.deepEqual(logOf(report, "lowered"), ["adder: sum 42", "adder: scaled 7"]);
    assert.deepEqual([logOf(report, "c"), logOf(report, "rust")], [logOf(report, "lowered"), logOf(report, "lowered")]);
    assert.deepEqual(
      report.findings.filter((f) => f.check === "lowered" || f.stage !== undefined),
      [],
    );
    assert.ok((report.objects.lowered?.text ?? 0) > 0);
    const plain = await run({}, { boot: false });
    assert.ok(!plain.stages.some((s) => s.name === "lowered"));
    assert.equal(plain.objects.lowered, undefined);
  });

  test("a wrong lowering is lower's", async () => {
    const report = await run(wrongSum);
    assert.deepEqual(blamed(report), [["boot-dmesg", "lower"]], complaints(report));
    assert.deepEqual(logOf(report, "lowered"), ["adder: sum 43", "adder: scaled 7"]);
  });

  test("a wrong Rust is transpile's", async () => {
    const report = await run(wrongScale);
    assert.deepEqual(blamed(report), [["boot-dmesg", "transpile"]], complaints(report));
    assert.deepEqual(
      [logOf(report, "lowered"), logOf(report, "rust")],
      [
        ["adder: sum 42", "adder: scaled 7"],
        ["adder: sum 42", "adder: scaled 9"],
      ],
    );
  });

  test("a mistake of c2rust's is not the port's, where what is printed is proved against the lowered C", async () => {
    const report = await run({
      rust: (u) => ({ ...u, rust: changed(u.rust, /wrapping_mul\(\s*3 /, "wrapping_mul(4 ") }),
    });
    assert.equal(report.verdict, "pass", complaints(report));
    assert.deepEqual(logOf(report, "rust"), ["adder: sum 42", "adder: scaled 7"]);
    assert.equal((report.printed?.passed?.sameCode ?? 0) + (report.printed?.passed?.proved ?? 0), 1);
  });

  test("two mistakes in one log are both stages'", async () => {
    const report = await run({ ...wrongSum, ...wrongScale });
    assert.deepEqual(blamed(report), [["boot-dmesg", "both"]], complaints(report));
  });

  test("lost data is blamed by the comparison of the objects too", async () => {
    const report = await run({ lowered: (u) => ({ ...u, text: changed(u.text, '"GPL"', '"BSD"') }) }, { boot: false });
    assert.deepEqual(blamed(report), [["modinfo", "lower"]], complaints(report));
  });

  test("Rust that does not compile is transpile's, where the lowered C is like the C", async () => {
    const report = await run({ rust: (u) => ({ ...u, rust: `${u.rust}\npub fn broken() -> u32 { "no number" }\n` }) });
    assert.deepEqual(blamed(report), [["build", "transpile"]], complaints(report));
    assert.deepEqual(logOf(report, "lowered"), logOf(report, "c"));
    assert.equal(report.boot?.lowered?.status, "ok");
  });

  test("where the lowered C cannot be built, a note says so and nobody is blamed", async () => {
    const report = await run(
      {
        lowered: (u) => ({
          ...u,
          text: `${changed(u.text, "n + 40", "n + kport_nowhere()").replace(/^/, "int kport_nowhere(void);\n")}`,
        }),
      },
      { boot: false },
    );
    assert.deepEqual(blamed(report), [["build", "nobody"]], complaints(report));
    const note = report.findings.find((f) => f.check === "lowered");
    assert.equal(note?.severity, "note");
    assert.match(note?.message ?? "", /^the lowered C could not be tried, so no stage is named: .*kport_nowhere/s);
  });

  test("what only the lowered C does otherwise is a warning", async () => {
    const report = await run(
      { ...wrongSum, rust: (u) => ({ ...u, rust: changed(u.rust, "41 as", "40 as") }) },
      { threeWay: true },
    );
    assert.equal(report.verdict, "pass", complaints(report));
    const warning = report.findings.find((f) => f.check === "lowered");
    assert.deepEqual([warning?.severity, warning?.stage], ["warning", "lower"]);
    assert.match(warning?.message ?? "", /by the check `boot-dmesg`.*\n.*(?:\nadder: sum 43)+$/);
  });
});
