import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { renderBody, titleOf } from "../../src/github/body.ts";
import { writeSummary } from "../../src/github/publish.ts";
import { FAIL_ON, failed } from "../../src/report/fail-on.ts";
import { jobId, matrixOf } from "../../src/actions/job-matrix.ts";
import { errors, failing, passing } from "../e2e/canned-reports.ts";

const warned = passing("w", { findings: [{ check: "modinfo", severity: "warning", message: "differs" }] });
const notRun = passing("n", { compared: { extent: "objects", reason: "init returned -19 (ENODEV)" } });
const broken = passing("b", { verdict: "error" });
const links = {
  run: "https://github.com/acme/drivers/actions/runs/1",
  artifact: undefined,
  sha: "a".repeat(40),
  repo: { owner: "acme", repo: "drivers" },
};

describe("failed", () => {
  it("follows fail-on", () => {
    const reports = [passing(), warned, notRun, failing(errors(1)), broken];
    assert.deepEqual(
      FAIL_ON.map((on) => reports.map((report) => failed([report], on))),
      [
        [false, false, false, false, false],
        [false, false, false, true, true],
        [false, false, true, true, true],
        [false, true, true, true, true],
      ],
    );
  });
});

describe("the body", () => {
  it("links a finding to its line at the commit that was checked, and nothing outside the repository", () => {
    const report = {
      ...failing([
        ...errors(1),
        { check: "x", severity: "error" as const, message: "m", file: "../../../etc/passwd", line: 1 },
      ]),
      module: { name: "ring", dir: "drivers/ring" },
    };
    const body = renderBody([report], [], links)("comment", 65_000);
    assert.ok(body.includes(`https://github.com/acme/drivers/blob/${"a".repeat(40)}/drivers/ring/ring.c#L1`));
    assert.ok(!body.includes("blob/" + "a".repeat(40) + "/etc"));
  });

  it("names removed modules, escaped, within the limit", () => {
    const body = renderBody([passing()], ["old", "`--><script>"], links)("comment", 2000);
    assert.match(body, /Removed by this pull request: `old`/);
    assert.ok(Buffer.byteLength(body) <= 2000);
    assert.match(renderBody([], ["old"], links)("summary", 2000), /^### ✅ Nothing to check/);
  });

  it("has a title that says what to do", () => {
    assert.match(titleOf([failing(errors(1))], []), /ring.c/);
    assert.equal(titleOf([passing("a"), failing(errors(1), "b")], []), "1 of 2 modules do not pass");
    assert.equal(titleOf([passing("a"), passing("b")], []), "all 2 modules pass");
    assert.equal(titleOf([], ["a"]), "nothing to check: a module was removed");
  });
});

describe("writeSummary", () => {
  it("keeps what other steps wrote and what GitHub takes", async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-summary-"));
    const file = path.join(scratch.dir, "summary.md");
    await writeFile(file, "x".repeat(1_000_000));
    process.env["GITHUB_STEP_SUMMARY"] = file;
    try {
      await writeSummary((limit) => "y".repeat(limit), ["a note with <b> and `code`"]);
      const text = await readFile(file, "utf8");
      assert.ok(Buffer.byteLength(text) <= 1024 * 1024);
      assert.ok(text.startsWith("xxx") && text.includes("yyy"));
      assert.match(text, /> a note with &#60;b&#62; and `code`/);
      await writeFile(file, "x".repeat(1024 * 1024));
      await writeSummary((limit) => "y".repeat(limit), []);
      assert.doesNotMatch(await readFile(file, "utf8"), /y/);
    } finally {
      delete process.env["GITHUB_STEP_SUMMARY"];
    }
  });
});

describe("the matrix", () => {
  it("crosses modules and kernels", () => {
    assert.deepEqual(
      matrixOf(["a"], ["6.1", "6.12"]).include.map((j) => [j.module, j.kernel, j.id]),
      [
        ["a", "6.1", "a-6.1"],
        ["a", "6.12", "a-6.12"],
      ],
    );
    assert.deepEqual(matrixOf(["."], []).include, [{ module: ".", kernel: "", id: "module" }]);
  });

  it("names jobs apart whose modules differ in what a name cannot hold", () => {
    const ids = ["a/b", "a-b", "a b", "ä", "ö", "../x"].map((m) => jobId(m, undefined));
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^\w[\w.-]*$/);
  });
});
