import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deltaOf } from "../../src/report/delta.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { changeOf } from "../../src/report/facts.ts";
import { report as reportSchema } from "../../src/report/schema.ts";
import { failingReport, sampleObject, sampleReport, sampleRun, unbuiltReport } from "./sample.ts";

describe("deltaOf", () => {
  it("holds the numbers of both, and what came and went", () => {
    const head = sampleReport({
      objects: {
        c: sampleObject(),
        rust: sampleObject({ text: 7_000, imports: ["_printk", "kfree", "kfree"], exports: ["ring_push"] }),
      },
      boot: { accelerator: "tcg", c: sampleRun(), rust: sampleRun({ seconds: 5 }) },
    });
    const base = sampleReport({
      objects: { c: sampleObject(), rust: sampleObject({ text: 6_000, imports: ["_printk", "vmalloc", "kfree"] }) },
    });
    const delta = deltaOf(base, head, "v1");
    assert.equal(delta.base, "v1");
    assert.deepEqual(
      delta.metrics.find((metric) => metric.name === "text"),
      { name: "text", unit: "bytes", base: 6_000, head: 7_000 },
    );
    assert.deepEqual(
      delta.metrics.find((metric) => metric.name === "boot"),
      { name: "boot", unit: "seconds", base: 4.4, head: 5 },
    );
    assert.deepEqual(delta.imports, { added: ["kfree"], removed: ["vmalloc"] });
    assert.deepEqual(delta.exports, { added: ["ring_push"], removed: [] });
    assert.deepEqual(delta.findings, { added: [], fixed: [] });
    assert.deepEqual(reportSchema.parse({ ...head, delta }).delta, delta);
  });

  it("knows new findings from fixed ones, and a moved line from a new finding", () => {
    const moved = failingReport().findings.map((finding) => ({
      ...finding,
      line: finding.line === undefined ? undefined : finding.line + 5,
    }));
    const delta = deltaOf(
      failingReport(),
      failingReport({
        findings: [...moved.slice(1), { check: "layout", severity: "error", message: "new" }, moved[1]!],
      }),
      "v1",
    );
    assert.deepEqual(
      delta.findings.fixed.map((finding) => finding.check),
      ["boot-status"],
    );
    assert.deepEqual(
      delta.findings.added.map((finding) => finding.message),
      ["new", moved[1]!.message],
    );
    assert.deepEqual(delta.verdict, { base: "fail", head: "fail" });
  });

  it("names functions that lost their proof and that have one by now, and no new ones", () => {
    const proofs = (of: Record<string, "same-code" | "none">) =>
      sampleReport({
        proofs: { functions: Object.entries(of).map(([name, tier]) => ({ name, file: "ring.c", tier })) },
      });
    const [base, head] = [
      proofs({ kept: "same-code", lost: "same-code", gained: "none", gone: "same-code" }),
      proofs({ kept: "same-code", lost: "none", gained: "same-code", fresh: "none" }),
    ];
    const delta = deltaOf(base, head, "v1");
    assert.deepEqual(delta.proofs, { lost: ["lost"], gained: ["gained"] });
    const metric = (name: string) => delta.metrics.find((m) => m.name === name);
    assert.deepEqual(metric("proved"), { name: "proved", unit: "count", base: 3, head: 2 });
    assert.deepEqual(metric("review"), { name: "review", unit: "count", base: 1, head: 2 });
    const comment = renderMarkdown({ ...head, delta }, { kind: "comment" });
    assert.match(comment, /; since v1: lost no longer proved, gained proved by now\n/);
    assert.match(comment, /^\| Functions proved \| 4 \| 2 \| 50 % \| −1 \(−33 %\) \|$/m);
    assert.match(comment, /^\| Functions to review by hand \| – \| 2 \| +\| \+1 \(\+100 %\) \|$/m);
    const left = deltaOf(base, sampleReport({ proofs: { functions: [], leftOut: "no LLVM" } }), "v1");
    assert.deepEqual([left.proofs, left.metrics.filter((m) => m.name === "proved")], [undefined, []]);
  });

  it("does not take a stage that was not reached for a change", () => {
    const delta = deltaOf(sampleReport(), unbuiltReport(), "v1");
    assert.deepEqual(
      delta.metrics.map((metric) => metric.name),
      ["findings"],
    );
    assert.deepEqual(delta.imports, { added: [], removed: [] });
    assert.deepEqual(delta.verdict, { base: "pass", head: "fail" });
  });
});

describe("changeOf", () => {
  it("has a sign, a unit and a share", () => {
    assert.equal(changeOf({ name: "text", unit: "bytes", base: 1000, head: 1100 }), "+100 B (+10 %)");
    assert.equal(changeOf({ name: "boot", unit: "seconds", base: 4, head: 3 }), "−1.0 s (−25 %)");
    assert.equal(changeOf({ name: "asm", unit: "count", base: 0, head: 2 }), "+2");
    assert.equal(changeOf({ name: "asm", unit: "count", base: 2, head: 2 }), "");
  });
});
