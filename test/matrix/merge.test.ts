import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { mergeReports, readReports } from "../../src/matrix/merge.ts";
import type { Report } from "../../src/report/schema.ts";
import { failing, errors, passing } from "../e2e/canned-reports.ts";
import { aCell } from "./cell.ts";

function stamped(report: Report, kernel: string, sequence = 1): Report {
  return {
    ...report,
    cell: {
      cell: aCell({ folder: report.module.name, kernel }),
      run: { id: String(sequence), sequence, at: "2026-01-01T00:00:00Z" },
      seconds: 12,
    },
  };
}

describe("merging", () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "kport-merge-"));
  });
  after(() => rm(dir, { recursive: true }));

  async function put(name: string, content: unknown): Promise<void> {
    await mkdir(path.join(dir, name), { recursive: true });
    await writeFile(
      path.join(dir, name, "report.json"),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }

  it("joins what is there, names what is broken, and does not care for the rest", async () => {
    await put("some/a", stamped(passing("a"), "6.1"));
    await put("some/b", stamped(failing(errors(1), "b"), "6.1"));
    await put("some/c", '{"schemaVersion": 1');
    await put("some/d", { schemaVersion: 1, verdict: "pass" });
    await put("some/e", "");
    await writeFile(path.join(dir, "some", "other.json"), "[]");
    const merged = await mergeReports(readReports([path.join(dir, "some")]));
    assert.deepEqual(
      [...merged.cells.values()].map((c) => [c.cell.module.folder, c.result.outcome]),
      [
        ["a", "pass"],
        ["b", "fail"],
      ],
    );
    assert.equal(merged.broken.length, 3);
    for (const [i, letter] of ["c", "d", "e"].entries())
      assert.match(merged.broken[i]!.file, new RegExp(`${letter}/report\\.json$`));
  });

  it("takes the worse of two modules of a cell, and the later of two runs", async () => {
    await put("same/1", stamped(passing("a"), "6.1", 2));
    await put("same/2", { ...stamped(failing(errors(1), "a"), "6.1", 2) });
    await put("same/3", stamped(failing(errors(1), "b"), "6.1", 1));
    await put("same/4", stamped(passing("b"), "6.1", 2));
    const merged = await mergeReports(readReports([path.join(dir, "same")]));
    assert.deepEqual(
      [...merged.cells.values()].map((c) => c.result.outcome),
      ["fail", "pass"],
    );
  });

  it("takes a report of `kport check` for a cell of its own", async () => {
    await put("plain", passing("ring"));
    const { cell, result } = [
      ...(await mergeReports(readReports([path.join(dir, "plain", "report.json")]))).cells.values(),
    ][0]!;
    assert.deepEqual(
      [cell.kernel.asked, cell.c2rust.asked, cell.rustc.asked, result.outcome],
      ["6.1.0-56-amd64", "0.22.1", "1.96.0", "pass"],
    );
  });

  it("does not take trouble of the machine for a failure of the module", async () => {
    const full = failing(
      [
        {
          check: "build",
          severity: "error",
          message: "the port does not build\n  | error: No space left on device (os error 28)",
        },
      ],
      "a",
    );
    await put("full", stamped({ ...full, boot: undefined } as unknown as Report, "6.1"));
    await put("error", stamped(passing("b", { verdict: "error" }), "6.1"));
    const merged = await mergeReports(readReports([path.join(dir, "full"), path.join(dir, "error")]));
    assert.deepEqual(
      [...merged.cells.values()].map((c) => c.result.outcome),
      ["unknown", "unknown"],
    );
  });

  it("says which path is not there", async () => {
    await assert.rejects(
      async () => mergeReports(readReports([path.join(dir, "nowhere")])),
      (e) => e instanceof UserError && /nowhere: there is no such/.test(e.message),
    );
  });

  it("of 1,000 reports takes seconds, and keeps none of them in memory", async (t) => {
    // 100 kB each, as a report of a module with 40 functions is.
    const functions = Array.from({ length: 40 }, (_, i) => ({
      name: `f${i}`,
      file: "a.c",
      line: i + 1,
      c: "c".repeat(1000),
      rust: "r".repeat(1500),
    }));
    const text = (i: number): string =>
      JSON.stringify({ ...stamped(i % 7 === 0 ? failing(errors(2), `m${i}`) : passing(`m${i}`), "6.1"), functions });
    for (let i = 0; i < 1000; i++) await put(`many/${i}`, i === 500 ? "broken" : text(i));
    globalThis.gc?.();
    const base = process.memoryUsage().heapUsed;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const merged = await mergeReports(readReports([path.join(dir, "many")]));
    clearInterval(watch);
    const seconds = (performance.now() - started) / 1000;
    t.diagnostic(
      `${merged.reports} reports in ${seconds.toFixed(1)} s; resident memory grew by ${Math.round((most - before) / 1e6)} MB, what is kept by ${Math.round((process.memoryUsage().heapUsed - base) / 1e6)} MB`,
    );
    assert.deepEqual([merged.reports, merged.broken.length, merged.cells.size], [999, 1, 999]);
    assert.ok(seconds < 60, `${seconds} s`);
    assert.ok(most - before < 250e6, "all of them at once are 100 MB of text, several times that when parsed");
  });
});
