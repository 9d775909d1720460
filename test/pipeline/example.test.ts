/** The example module from its C to a booted Rust module. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run } from "../../src/machine/process.ts";
import { readReport } from "../../src/report/read.ts";
import type { Report } from "../../src/report/schema.ts";
import { inspect } from "../../src/stages/inspect/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";
import { checkOne, complaints, folder } from "./pipeline.ts";

const DRIVER = path.join(projectRoot(), "examples", "ringdev", "driver");

describe("the example on 6.1", () => {
  let out: Awaited<ReturnType<typeof folder>>;
  let report: Report;
  let sources: string[];
  before(async () => {
    sources = (await readdir(path.dirname(DRIVER), { recursive: true })).sort();
    out = await folder();
    report = await checkOne(DRIVER, out.dir);
  });
  after(() => out[Symbol.asyncDispose]());

  test("passes every stage", () => {
    assert.equal(report.verdict, "pass", complaints(report));
    assert.deepEqual(
      report.stages.map((s) => `${s.name} ${s.status}`),
      ["capture", "lower", "transpile", "assemble", "print", "build", "inspect", "compare", "prove", "boot"].map(
        (s) => `${s} ok`,
      ),
    );
    assert.ok(
      report.findings.every((f) => f.severity === "note"),
      complaints(report),
    );
  });

  test("most of its functions are proved to be the same", () => {
    const { functions, leftOut } = report.proofs ?? { functions: [] };
    assert.equal(leftOut, undefined);
    assert.ok(functions.length >= 52 && functions.every((f) => (f.tier === "none") === (f.reason !== undefined)));
    const none = functions.filter((f) => f.tier === "none");
    assert.ok(none.length <= functions.length / 20, none.map((f) => `${f.name}: ${f.reason}`).join("\n"));
    const lowered = functions.filter((f) => f.against === "lowered C");
    assert.ok(
      lowered.length <= functions.length / 4,
      `against the lowered C alone: ${lowered.map((f) => f.name).join(", ")}`,
    );
  });

  test("what its exercise uses ran in both boots", () => {
    const { functions, leftOut } = report.observed ?? { functions: [] };
    assert.equal(leftOut, undefined);
    const of = (name: string) => functions.find((f) => f.name === name);
    for (const name of ["ringdev_read", "ringdev_write", "init_module", "cleanup_module"]) {
      for (const ran of [of(name)?.c, of(name)?.rust])
        assert.ok(ran !== undefined && ran.ran > 0 && ran.ran <= ran.blocks, `${name}: ${JSON.stringify(of(name))}`);
    }
    // No test shuts the machine down.
    assert.deepEqual([of("reboot_listener")?.c?.ran, of("reboot_listener")?.rust?.ran], [0, 0]);
  });

  test("its exercise says the same of the C and of the Rust module", () => {
    const [c, rust] = [report.boot?.c, report.boot?.rust];
    assert.deepEqual([c?.status, rust?.status], ["ok", "ok"]);
    assert.ok((c?.exercise?.output.length ?? 0) > 20, "the exercise printed");
    assert.deepEqual(rust?.exercise?.output, c?.exercise?.output);
  });

  test("its Rust is of about the C's size, without assembly", () => {
    const [c, rust] = [report.objects.c?.text ?? 0, report.objects.rust?.text ?? 0];
    assert.ok(rust > 0 && rust <= 1.5 * c, `text ${c} bytes in C, ${rust} in Rust`);
    for (const u of report.units) {
      assert.equal(u.unsafe.asm, 0, u.file);
      assert.ok(u.functions > 0 && u.rustLines > 0 && u.cLines > 0, u.file);
    }
    assert.deepEqual(report.units.map((u) => u.file).sort(), [
      "../common/ring.c",
      "ringdev_main.c",
      "ringdev_platform.c",
    ]);
  });

  test("the results lie on disk as the report says them", async () => {
    assert.deepEqual(await readReport(path.join(out.dir, "report.json")), JSON.parse(JSON.stringify(report)));
    assert.match(await readFile(path.join(out.dir, "report.md"), "utf8"), /ringdev/);
    assert.match(await readFile(path.join(out.dir, "report.html"), "utf8"), /<html[^]*ringdev/);
    for (const f of [
      "Kbuild",
      "Makefile",
      "Cargo.toml",
      "provenance.json",
      "src/lib.rs",
      "src/ringdev_main.rs",
      "asm/ringdev_fold.S",
    ])
      assert.ok(existsSync(path.join(out.dir, "port", f)), f);
    assert.ok(
      !(await readdir(path.join(out.dir, "port"), { recursive: true })).some((f) => /\.(?:o|ko|cmd|rlib)$/.test(f)),
      "the port holds no objects",
    );
  });

  test("every file of the port keeps its C file's licence and copyright", async () => {
    const rust = await readFile(path.join(out.dir, "port", "src", "ringdev_main.rs"), "utf8");
    assert.match(rust, /^\/\/ SPDX-License-Identifier: GPL-2\.0/);
    assert.match(rust, /^\/\/ Copyright \(C\)/m);
    const provenance = JSON.parse(await readFile(path.join(out.dir, "port", "provenance.json"), "utf8")) as {
      kernel: { release: string };
      units: { file: string; keptInC: { reason: string }[] }[];
    };
    assert.equal(provenance.kernel.release, report.kernel.release);
    assert.ok(provenance.units.every((u) => u.keptInC.every((k) => k.reason !== "")));
  });

  test("nothing in the module's own folder changed", async () => {
    assert.deepEqual((await readdir(path.dirname(DRIVER), { recursive: true })).sort(), sources);
  });

  test("in the port, make alone builds the module again", async () => {
    await using copy = await folder();
    const port = path.join(copy.dir, "port");
    await run("cp", ["-r", path.join(out.dir, "port"), port]);
    const [{ llvmReadelf }, kernel] = await Promise.all([requireTools(["llvmReadelf"]), resolveKernel("6.1")]);
    await run("make", [`KDIR=${kernel.buildDir}`], { cwd: port, timeout: 600_000 });
    const again = await inspect(path.join(port, "ringdev.ko"), llvmReadelf.path);
    assert.equal(again.text, report.objects.rust?.text);
    assert.deepEqual({ ...again.modinfo }, report.objects.rust?.modinfo);
    await run("make", [`KDIR=${kernel.buildDir}`, "clean"], { cwd: port });
    assert.ok(existsSync(path.join(port, "src", "lib.rs")) && !existsSync(path.join(port, "ringdev.ko")));
  });
});

test("the example passes on 6.12", async () => {
  await using out = await folder();
  const report = await checkOne(DRIVER, out.dir, { kernel: "6.12" });
  assert.equal(report.verdict, "pass", complaints(report));
  assert.match(report.kernel.release, /^6\.12\./);
  assert.deepEqual(report.boot?.rust?.exercise?.output, report.boot?.c?.exercise?.output);
});
