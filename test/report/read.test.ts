import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { REPORT_LIMIT, readReport } from "../../src/report/read.ts";
import { failingReport, hostileReport, hugeReport, sampleReport, unbuiltReport } from "./sample.ts";

describe("readReport", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "kport-read-"));
  });
  after(() => rm(root, { recursive: true }));

  async function written(content: string): Promise<string> {
    const file = path.join(root, "report.json");
    await writeFile(file, content);
    return file;
  }

  /** Refused, in one line that names the file and matches `message`. */
  async function refused(file: string, message: RegExp): Promise<void> {
    await assert.rejects(readReport(file), (error: Error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(file));
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }

  it("reads back what was written", async () => {
    for (const report of [sampleReport(), failingReport(), unbuiltReport(), hugeReport(), hostileReport("x|`\n")]) {
      assert.deepEqual(await readReport(await written(JSON.stringify(report))), JSON.parse(JSON.stringify(report)));
    }
  });

  it("drops what the schema does not know", async () => {
    const read = await readReport(await written(JSON.stringify({ ...sampleReport(), pullRequest: 7 })));
    assert.ok(!("pullRequest" in read));
  });

  it("names the field that is wrong", async () => {
    const report = sampleReport();
    await refused(
      await written(JSON.stringify({ ...report, verdict: "great" })),
      /: not a report of kport's: verdict: /,
    );
    await refused(
      await written(JSON.stringify({ ...report, units: [report.units[0], { ...report.units[1], cLines: "many" }] })),
      /units\[1\]\.cLines: .*number/,
    );
    await refused(await written(JSON.stringify({ ...report, schemaVersion: 2 })), /schemaVersion: /);
    await refused(await written("[]"), /the whole: /);
  });

  it("says what is wrong with the file itself", async () => {
    await refused(path.join(root, "none.json"), /cannot be read: ENOENT/);
    await refused(root, /not a file/);
    await refused(await written("{"), /not JSON: /);
    await refused(await written("\u001b[31m::error::x"), /not JSON: [^\u001b]*$/);
  });

  it("reads no more than a report can be", async () => {
    const file = await written("");
    await truncate(file, REPORT_LIMIT + 1);
    await refused(file, /bytes; a report has at most/);
  });

  it("does not wait for a pipe", async () => {
    const pipe = path.join(root, "pipe.json");
    execFileSync("mkfifo", [pipe]);
    await refused(pipe, /not a file/);
  });
});
