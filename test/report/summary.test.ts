import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { deltaOf } from "../../src/report/delta.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { HOSTILE_STRINGS, hostile, workflowCommands } from "./hostile.ts";
import { failingReport, hostileReport, hugeReport, sampleObject, sampleReport, unbuiltReport } from "./sample.ts";

describe("renderSummary", () => {
  it("says the verdict first, then the numbers, then what was written", () => {
    const lines = renderSummary(sampleReport(), { files: ["out/report.json", "out/port"] }).split("\n");
    assert.equal(lines[0], "PASS  ringdev: the Rust port builds, boots and behaves like the C");
    assert.ok(lines.includes("  code      C 6.21 kB, Rust 7.11 kB ×1.14"));
    assert.ok(
      lines.includes("  Rust      779 lines for 443 of C, 3 units; 2 unsafe blocks, 23 unsafe functions, 4 kept in C"),
    );
    assert.ok(lines.includes("  boot      C ✅ ok, 4.2 s; Rust ✅ ok, 4.4 s (tcg)"));
    assert.ok(lines.includes("  diff      1 file, +2 −1 against main"));
    assert.deepEqual(lines.slice(-3), ["  written   out/report.json", "  written   out/port", ""]);
  });

  it("names each finding's file and line, worst first", () => {
    const lines = renderSummary(failingReport()).split("\n");
    assert.equal(lines[0], "FAIL  ringdev: the Rust module panics, the C one does not");
    assert.match(lines[1]!, /look at entry\.c:120: the Rust module panics in ringdev_init/);
    const findings = lines.filter((line) => /^ {2}(?:error|warning|note) /.test(line));
    assert.match(findings[0]!, /^ {2}error entry\.c:120: .* \[boot-status\]$/);
    assert.deepEqual(
      findings.map((line) => line.trim().split(" ")[0]),
      ["error", "error", "warning", "note"],
    );
  });

  it("says only what was reached", () => {
    const text = renderSummary(unbuiltReport());
    assert.match(text, /stages {4}capture failed\n/);
    assert.doesNotMatch(text, /^ {2}(?:code|boot|Rust)/m);
  });

  it("counts the findings that it does not show", () => {
    assert.match(renderSummary(hugeReport(), { findings: 5 }), /… and 115 more\n/);
  });

  it("says what changed since the base", () => {
    const head = sampleReport({ objects: { c: sampleObject(), rust: sampleObject({ text: 8_105 }) } });
    head.delta = deltaOf(sampleReport(), head, "v1");
    assert.match(renderSummary(head), /code {6}C 6\.21 kB, Rust 8\.11 kB ×1\.30, \+1 kB \(\+14 %\) since v1\n/);
  });

  it("is coloured only where asked", () => {
    assert.ok(!renderSummary(failingReport()).includes("\u001b"));
    assert.ok(renderSummary(failingReport(), { color: true }).includes("\u001b[31m"));
  });

  it("lets a stranger's text neither steer the terminal nor command the runner nor start a line", () => {
    const check = (text: string) => {
      const summary = renderSummary(hostileReport(text));
      assert.deepEqual(workflowCommands(summary), []);
      assert.doesNotMatch(summary, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      // The first two lines are the verdict's; every other is indented, whatever a message or a log held.
      assert.deepEqual(
        summary
          .split("\n")
          .slice(2)
          .filter((line) => !/^(?: {2}|$)/.test(line)),
        [],
      );
    };
    for (const text of HOSTILE_STRINGS) check(text);
    fc.assert(fc.property(hostile, check), { numRuns: 200 });
  });
});
