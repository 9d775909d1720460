/** The command line as a person meets it: exit statuses of the contract, one clear line, no stack trace for a mistake of theirs. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run } from "../../src/machine/process.ts";
import { sampleReport } from "../report/sample.ts";

let dir: string;
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-cli-"));
});
after(() => rm(dir, { recursive: true, force: true }));

async function kport(...args: string[]): Promise<{ status: number | undefined; out: string; err: string }> {
  const r = await run(process.execPath, [path.join(projectRoot(), "src", "doors", "cli.ts"), ...args], {
    cwd: dir,
    allowFailure: true,
    timeout: 120_000,
    env: { KPORT_CACHE_DIR: process.env["KPORT_CACHE_DIR"] ?? "" },
  });
  return { status: r.exitCode, out: r.stdout, err: r.stderr };
}

/** A run that ends with `status` because of what one line says. */
async function refused(args: string[], status: number, line: RegExp): Promise<void> {
  const r = await kport(...args);
  assert.equal(r.status, status, `${r.out}${r.err}`);
  assert.equal(r.out, "");
  const lines = r.err.split("\n").filter((l) => line.test(l));
  assert.equal(lines.length, 1, r.err);
  assert.doesNotMatch(r.err, /^\s+at .*:\d+:\d+/m);
}

async function folderWith(name: string, files: Record<string, string>): Promise<string> {
  await mkdir(path.join(dir, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(dir, name, file), text);
  return path.join(dir, name);
}

const MODULE = {
  Makefile: "obj-m := tiny.o\nall:\n\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules\n",
  "tiny.c": '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n',
};

test("help and version are no failure", async () => {
  const help = await kport("--help");
  assert.equal(help.status, 0);
  for (const command of ["demo", "check", "boot", "doctor", "kernels", "report"])
    assert.match(help.out, new RegExp(`^  ${command}\\b`, "m"));
  assert.match((await kport("--version")).out, /^\d+\.\d+\.\d+\n$/);
});

test("a command that is not there", () => refused(["chekc", "."], 2, /unknown command/));
test("a folder that is not there", () => refused(["check", "no/such/folder"], 2, /no\/such\/folder is not a folder/));
test("a file in place of a folder", async () =>
  refused(["check", path.join(await folderWith("file", { "x.c": "" }), "x.c")], 2, /x\.c is not a folder/));
test("no folder at all", () => refused(["check"], 2, /missing required argument 'DIR'/));
test("a folder without a makefile", async () =>
  refused(
    ["check", await folderWith("empty", { "x.c": "" }), "--kernel", "6.1", "--no-boot"],
    2,
    /empty holds no Makefile or Kbuild/,
  ));
test("headers that are neither way", async () =>
  refused(
    ["check", await folderWith("tiny", MODULE), "--headers", "both"],
    2,
    /--headers[^]*both[^]*helpers, translate/,
  ));
test("a kernel that is no version", async () =>
  refused(
    ["check", await folderWith("tiny", MODULE), "--kernel", "six"],
    2,
    /--kernel "six" is neither a version prefix/,
  ));
test("a kernel folder that is not there", async () =>
  refused(
    ["check", await folderWith("tiny", MODULE), "--kernel", "/no/such/build"],
    2,
    /\/no\/such\/build: there is no such folder/,
  ));
test("a kernel folder that holds no kernel", async () =>
  refused(["check", await folderWith("tiny", MODULE), "--kernel", dir], 2, /not a prepared kernel build folder/));
test("a kernel that nobody has", async () =>
  refused(["check", await folderWith("tiny", MODULE), "--kernel", "1.2.3"], 3, /kernel 1\.2\.3/));
test("a module that the folder does not build", async () => {
  const r = await kport("check", await folderWith("tiny", MODULE), "--kernel", "6.1", "--no-boot", "--module", "huge");
  assert.equal(r.status, 2, r.err);
  assert.match(r.err, /--module huge: .* builds no such module, but tiny\n/);
  assert.doesNotMatch(r.err, /^\s+at .*:\d+:\d+/m);
});
test("a module whose C does not compile is the module's failure, with a report", async () => {
  const at = await folderWith("bad", { ...MODULE, "tiny.c": "int broken(void) { return missing; }\n" });
  const out = path.join(dir, "bad-out");
  const r = await kport("check", at, "--kernel", "6.1", "--no-boot", "--out", out);
  assert.equal(r.status, 1, r.err);
  assert.match(r.out, /FAIL/);
  assert.match(r.out, /tiny\.c:1/);
  for (const format of ["markdown", "html", "summary"])
    assert.equal((await kport("report", out, "--format", format)).status, 0);
});

test("reports render in each format", async () => {
  const file = path.join(await folderWith("report", { "report.json": JSON.stringify(sampleReport()) }), "report.json");
  assert.match((await kport("report", file, "--format", "markdown")).out, /^#|\n#/);
  assert.match((await kport("report", file, "--format", "html")).out, /^<!doctype html>/i);
  const summary = await kport("report", path.dirname(file));
  assert.equal(summary.status, 0);
  assert.deepEqual(await kport("report", file, "--format", "summary"), summary);
});

test("a format that is none", async () =>
  refused(["report", "x.json", "--format", "pdf"], 2, /pdf[^]*markdown, html, summary/));
test("a report that is not there", () => refused(["report", "none.json"], 2, /none\.json: cannot be read: ENOENT/));
test("a report that is no JSON", async () =>
  refused(["report", path.join(await folderWith("r1", { "a.json": "{" }), "a.json")], 2, /a\.json: not JSON/));
test("a report that is another's JSON", async () =>
  refused(
    ["report", path.join(await folderWith("r2", { "a.json": '{"schemaVersion": 1}' }), "a.json")],
    2,
    /a\.json: not a report of kport's/,
  ));
test("a report of another version", async () =>
  refused(
    [
      "report",
      path.join(
        await folderWith("r3", { "a.json": JSON.stringify({ ...sampleReport(), schemaVersion: 2 }) }),
        "a.json",
      ),
    ],
    2,
    /schemaVersion/,
  ));
test("a boot of no file", () => refused(["boot"], 2, /\.ko|FILE/));
test("a boot of a file that is not there", () => refused(["boot", "none.ko"], 2, /none\.ko/));
test("kernels lists what can be used", async () => {
  const r = await kport("kernels");
  assert.equal(r.status, 0);
  assert.match(r.out, /^release\s+boot\s+compiler/);
});
