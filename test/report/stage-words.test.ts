/** Wherever a finding is read, it says which stage made it; and a third boot stands beside the two. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { annotationsOf } from "../../src/report/annotations.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import type { Finding, Report } from "../../src/report/schema.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { failingReport, sampleReport, sampleRun } from "./sample.ts";
import { nodesOf, parse } from "./hostile.ts";

/** A failing report whose errors were asked about: the first was made by `stage`, the second by c2rust. */
function asked(stage: NonNullable<Finding["stage"]>): Report {
  const plain = failingReport();
  const [first, second, ...rest] = plain.findings as [Finding, Finding, ...Finding[]];
  return {
    ...plain,
    findings: [{ ...first, stage }, { ...second, stage: "transpile" }, ...rest],
    boot: { ...plain.boot!, lowered: sampleRun({ seconds: 4.3, dmesg: ["ringdev: lowered says something else"] }) },
  };
}

const LOWER = "the lowered C does it too: lower made it";
const TRANSPILE = "the lowered C is like the C here: transpile made it";

describe("the stage that made a difference", () => {
  it("is told with the finding and with the verdict, in Markdown", () => {
    const markdown = renderMarkdown(asked("lower"), { kind: "comment" });
    assert.match(markdown, new RegExp(`^> .*attempt to divide by zero.* \\(${LOWER}\\)$`, "m"));
    assert.match(markdown, new RegExp(`^- ❌ .*divide by zero.* — _${LOWER}_ <sub>boot-status</sub>$`, "m"));
    assert.match(markdown, new RegExp(`^- ❌ .*license.* — _${TRANSPILE}_ <sub>modinfo</sub>$`, "m"));
    assert.equal(markdown.match(/ made it/g)?.length, 3);
    assert.ok(nodesOf(parse(markdown), "emphasis").length >= 2);
  });

  it("is told in the page, the terminal and the annotations", () => {
    const report = asked("both");
    const words = "the lowered C differs here too, but otherwise: lower and transpile both made it";
    assert.match(renderHtml([report]), new RegExp(`<p><b>${words}</b></p>[^]*<p><b>${TRANSPILE}</b></p>`));
    assert.match(renderSummary(report), new RegExp(`\\[boot-status\\]\\n {4}${words}\\n`));
    assert.match(annotationsOf(report, "m")[0]?.message ?? "", new RegExp(`\\n${words}$`));
  });

  it("is told nowhere where nobody asked", () => {
    const report = failingReport();
    for (const text of [
      renderMarkdown(report, { kind: "comment" }),
      renderHtml([report]),
      renderSummary(report),
      JSON.stringify(annotationsOf(report, "m")),
    ])
      assert.doesNotMatch(text, / made it|lowered C (?:does|is|differs)/);
  });
});

describe("the boot of the lowered C", () => {
  it("stands between the other two", () => {
    const markdown = renderMarkdown(asked("lower"), { kind: "comment" });
    assert.match(markdown, /Boot in QEMU \(tcg\): C ok, lowered C ok, Rust panics/);
    assert.match(markdown, /\| +\| C +\| lowered C +\| Rust +\|/);
    assert.match(
      renderSummary(asked("lower")),
      /boot {6}C ✅ ok, 4\.2 s; lowered C ✅ ok, 4\.3 s; Rust ❌ panics \(tcg\)/,
    );
    const page = renderHtml([asked("lower")]);
    assert.match(page, /<th>C<\/th><th>lowered C<\/th><th>Rust<\/th>/);
    assert.match(page, /Kernel log with the lowered C[^]*ringdev: lowered says something else/);
  });

  it("is not missed where there is none", () => {
    assert.doesNotMatch(renderMarkdown(sampleReport(), { kind: "comment" }), /lowered C/);
    assert.doesNotMatch(renderHtml([sampleReport()]), /lowered C/);
  });

  it("does not hide that the Rust did not build", () => {
    const plain = sampleReport();
    const stages = plain.stages.map((s) => (s.name === "build" ? { ...s, status: "failed" as const } : s));
    const report = sampleReport({
      verdict: "fail",
      stages,
      boot: {
        accelerator: "tcg",
        c: sampleRun({ status: "init-failed" }),
        lowered: sampleRun({ status: "init-failed" }),
      },
    });
    assert.match(renderMarkdown(report, { kind: "comment" }), /^### ❌ `ringdev`: the Rust port does not build/);
  });
});
