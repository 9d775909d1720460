/** Every fixture of test/modules in one run: one kbuild builds them all, and each is ported, compared and booted for itself. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { check } from "../../src/check/pipeline.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import type { Report } from "../../src/report/schema.ts";
import { complaints, folder, told } from "./pipeline.ts";

const FIXTURES = path.join(projectRoot(), "test", "modules");
/** Made by its own makefile, which makes a header first. */
const ON_ITS_OWN = "two-modules";
/** What must become Rust as a whole, but for inline functions of headers: a construct that moves to C unnoticed is not translated. */
const WHOLLY_RUST = [
  "auto-type",
  "bitfields",
  "choose-expr",
  "discarded-values",
  "enum-forward",
  "generic-selection",
  "int128",
  "integer-conversions",
  "old-style-init",
  "packed-aligned-nested",
  "packed-bitfields",
  "section-data",
  "sizes",
  "statement-expression",
  "static-assert",
  "switch-ranges",
  "two-units-same-static",
  "types-compatible",
  "unions-anonymous",
  "varargs",
];

/** `npm run test:three-way`: the lowered C of each as well, compiled as C. */
const THREE_WAY = process.env["KPORT_THREE_WAY"] === "1";

describe("the fixtures on 6.1", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  let names: string[];
  const reports = new Map<string, Report>();

  before(async () => {
    scratch = await folder();
    const all = path.join(scratch.dir, "all");
    await cp(FIXTURES, all, { recursive: true });
    names = (await readdir(FIXTURES, { withFileTypes: true }))
      .filter((e) => e.isDirectory())
      .map((e) => e.name)
      .sort();
    await writeFile(
      path.join(all, "Kbuild"),
      names
        .filter((n) => n !== ON_ITS_OWN)
        .map((n) => `obj-m += ${n}/\n`)
        .join(""),
    );
    for (const report of await check({
      dir: all,
      out: path.join(scratch.dir, "out"),
      kernel: "6.1",
      boot: true,
      headers: "helpers",
      threeWay: THREE_WAY,
    })) {
      const of = report.units[0]?.file.split("/")[0] ?? report.module.name;
      assert.ok(!reports.has(of), `two reports of ${of}`);
      reports.set(of, report);
    }
  });
  after(() => scratch[Symbol.asyncDispose]());

  test("each has its report", () => {
    assert.deepEqual(
      [...reports.keys()].sort(),
      names.filter((n) => n !== ON_ITS_OWN),
    );
  });

  test("each behaves in Rust as in C, or is refused as it says itself", async (t) => {
    for (const [name, report] of [...reports].sort()) {
      await t.test(name, async () => {
        const refused = path.join(FIXTURES, name, "refused");
        if (existsSync(refused)) await isRefused(report, name, refused);
        else {
          behaves(report, existsSync(path.join(FIXTURES, name, "exercise")));
          if (THREE_WAY) behavesLowered(report);
        }
      });
    }
  });

  test("what fails fails alone, and is named", () => {
    const report = reports.get("constructor") as Report;
    assert.equal(report.module.name, "constructor");
    assert.equal(report.verdict, "fail");
    assert.ok([...reports.values()].filter((r) => r.verdict === "pass").length >= names.length - 8);
  });

  test("what c2rust can be brought to translate does not stay in C", () => {
    const kept = WHOLLY_RUST.flatMap((n) =>
      (reports.get(n)?.units ?? []).flatMap((u) => u.keptInC.map((k) => ({ n, ...k }))),
    );
    const whole = kept
      .filter((k) => k.reason !== "inline function of the kernel's headers")
      .map((k) => `${k.n}: ${k.name}`);
    // Each of these says in its source why it cannot be Rust.
    assert.deepEqual(whole, ["bitfields: next_one", "statement-expression: search", "varargs: areas"]);
    assert.ok(WHOLLY_RUST.every((n) => reports.has(n)));
  });

  test("a fortified function knows the size of its array behind a helper, so that the Rust is shown to be the C", () => {
    for (const [fixture, name] of [
      ["fortified-strings", "renumber"],
      ["object-size", "size_init"],
    ] as const) {
      const report = reports.get(fixture);
      const functions = report?.proofs?.functions ?? [];
      assert.deepEqual(
        functions.filter((f) => f.against !== "C").map((f) => `${f.name}: ${f.loweredOnly ?? f.tier}`),
        [],
      );
      assert.ok(functions.some((f) => f.name === name));
      assert.deepEqual(
        report?.findings.filter((f) => f.severity === "warning" && f.check === "imports"),
        [],
        "the checks are in the module",
      );
    }
  });

  test("what a macro makes static moves without the loop around it", () => {
    const kept = (reports.get("printk-forms")?.units ?? []).flatMap((u) => u.keptInC.map((k) => k.name));
    assert.ok(kept.some((k) => k.startsWith("pr_debug(")));
    assert.deepEqual(
      kept.filter((k) => ["counted", "printk_init", "printk_exit"].includes(k)),
      [],
    );
  });

  test("what does stay has its name and its reason", () => {
    const kept = [...reports.values()].flatMap((r) => r.units.flatMap((u) => u.keptInC));
    assert.ok(kept.length > 50);
    assert.ok(kept.every((k) => k.name !== "" && k.reason !== ""));
  });
});

test("two modules, the second needing the first, and a makefile that makes a header before", async () => {
  await using out = await folder();
  const reports = await check({
    dir: path.join(FIXTURES, ON_ITS_OWN),
    out: out.dir,
    kernel: "6.1",
    boot: true,
    headers: "helpers",
    threeWay: THREE_WAY,
  });
  assert.deepEqual(reports.map((r) => r.module.name).sort(), ["consumer", "provider"]);
  for (const r of reports) {
    behaves(r, false);
    if (THREE_WAY) behavesLowered(r);
  }
});

/** Passed, and both modules said something: the same, or the boot would have told. */
function behaves(report: Report, exercised: boolean): void {
  assert.equal(report.verdict, "pass", complaints(report));
  // KBUILD_MODNAME has no dash.
  const prefix = `${report.module.name.replaceAll("-", "_")}: `;
  for (const run of [report.boot?.c, report.boot?.rust]) {
    assert.equal(run?.status, "ok", complaints(report));
    assert.ok(
      run?.dmesg.some((line) => line.startsWith(prefix)),
      `no line of ${report.module.name} in\n${run?.dmesg.join("\n")}`,
    );
    if (exercised)
      assert.ok(
        (run?.exercise?.output.length ?? 0) > 0 && run?.exercise?.default !== true,
        "the module's own exercise ran",
      );
  }
}

/** Neither a warning that it differs from the C, nor a note that it could not be built. */
function behavesLowered(report: Report): void {
  assert.equal(report.boot?.lowered?.status, report.boot?.c?.status, complaints(report));
  assert.deepEqual(report.findings.filter((f) => f.check === "lowered").map(told), []);
}

/** The file holds where and why, as a regular expression. */
async function isRefused(report: Report, name: string, file: string): Promise<void> {
  const why = new RegExp((await readFile(file, "utf8")).trim());
  assert.equal(report.verdict, "fail", complaints(report));
  assert.equal(report.boot, undefined);
  const errors = report.findings.filter((f) => f.severity === "error");
  assert.equal(errors.length, 1, complaints(report));
  for (const e of errors) assert.match(told(e).replace(` ${name}/`, " "), why);
}
