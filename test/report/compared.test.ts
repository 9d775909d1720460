import assert from "node:assert/strict";
import { test } from "node:test";
import { comparedOf, outcomeOf } from "../../src/report/compared.ts";
import { annotationsOf } from "../../src/report/annotations.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { parseReport } from "../../src/report/read.ts";
import type { BootRun, Report } from "../../src/report/schema.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { countOutcomes, worstOutcome, worstVerdict } from "../../src/report/verdict.ts";
import { failingReport, sampleReport, sampleRun, unbuiltReport } from "./sample.ts";

/** A report of an older kport's: its boots alone say what was run. */
function booted(run: Partial<BootRun>, rust: Partial<BootRun> = run): Report {
  return sampleReport({ boot: { accelerator: "tcg", c: sampleRun(run), rust: sampleRun(rust) } });
}

const refused = {
  status: "init-failed",
  loaded: false,
  unloaded: false,
  message: "init returned -19 (ENODEV)",
} as const;

test("a pass is one where both were loaded and their init ran to its end, whatever came later", () => {
  for (const run of [
    {},
    { status: "unload-failed", unloaded: false },
    { status: "oops", message: "in use: a fault", unloaded: false },
    { status: "init-failed", message: "when loaded again (turn 2): init returned -12 (ENOMEM)" },
    { initRan: undefined },
  ] satisfies Partial<BootRun>[]) {
    assert.deepEqual([comparedOf(booted(run)).extent, outcomeOf(booted(run))], ["run", "pass"], JSON.stringify(run));
  }
});

test("modules without an init function were loaded, and that is said", () => {
  const report = booted({ initRan: false });
  assert.equal(outcomeOf(report), "pass");
  assert.match(
    renderMarkdown(report, { kind: "comment" }),
    /^### .*builds and loads like the C; they have no init function, so nothing of them ran/,
  );
});

test("what was not loaded is built and not run, with the reason", () => {
  const cases: [Report, string][] = [
    [booted(refused), "init returned -19 (ENODEV)"],
    [
      booted({ status: "load-failed", loaded: false, message: "its dependency libcrc32c cannot be loaded: ENOENT" }),
      "its dependency libcrc32c cannot be loaded: ENOENT",
    ],
    [
      booted({ status: "load-failed", loaded: false, message: "Unknown symbol foo" }),
      "it cannot be loaded: Unknown symbol foo",
    ],
    [
      booted({ status: "hang", loaded: false, message: "in init: no answer within 60 s" }),
      "in init: no answer within 60 s",
    ],
    [booted({}, refused), "init returned -19 (ENODEV)"],
    [
      sampleReport({
        boot: undefined,
        stages: [{ name: "boot", status: "skipped", seconds: 0, cached: false, message: "left out on request" }],
      }),
      "left out on request",
    ],
  ];
  for (const [report, reason] of cases) {
    assert.deepEqual(comparedOf(report), { extent: "objects", reason });
    assert.equal(outcomeOf(report), "built");
  }
});

test("C that is for another kernel is said to be first", () => {
  const report = unbuiltReport({
    findings: [
      {
        check: "capture",
        severity: "error",
        message:
          "not C for kernel 6.1: it includes `linux/x.h`, which is neither there nor in the module's folder\n  | x",
        file: "a.c",
        line: 3,
      },
    ],
  });
  assert.match(
    renderMarkdown(report, { kind: "comment" }),
    /^### ❌ `ringdev`: not C for kernel 6\.1: it includes `linux\/x\.h`, which .* — look at `a\.c:3`/,
  );
});

test("a module that fails is one, however far it came", () => {
  assert.deepEqual([outcomeOf(failingReport()), comparedOf(failingReport()).extent], ["fail", "objects"]);
  assert.deepEqual([outcomeOf(unbuiltReport()), comparedOf(unbuiltReport()).extent], ["fail", "nothing"]);
});

test("what a report says itself counts, and what is none of the words is refused", () => {
  const text = JSON.stringify(sampleReport({ compared: { extent: "objects", reason: "because" } }));
  assert.equal(outcomeOf(parseReport(text, "r")), "built");
  assert.throws(() => parseReport(text.replace('"extent":"objects"', '"extent":"all"'), "r"), /compared\.extent/);
});

test("every rendering says it first, and none that the module passes", () => {
  const report = booted(refused);
  const markdown = renderMarkdown(report, { kind: "comment" });
  assert.match(
    markdown,
    /^### 🔨 `ringdev`: built, not run: init returned -19 \(ENODEV\) — give it what it needs to start/,
  );
  assert.match(renderSummary(report), /^BUILT {2}ringdev: built, not run: init returned -19 \(ENODEV\)\n/);
  const page = renderHtml([report]);
  assert.match(page, /<title>🔨 ringdev/);
  assert.match(page, /<div class="verdict built"><h1>🔨 <code>ringdev<\/code>: built, not run/);
  for (const text of [markdown, renderSummary(report), page])
    assert.doesNotMatch(text, /builds, boots and behaves|\bPASS\b/);
  assert.deepEqual(annotationsOf(report, "drivers/ring")[0], {
    path: "drivers/ring/entry.c",
    start_line: 1,
    end_line: 1,
    annotation_level: "notice",
    title: "ringdev: not-run",
    message: "built, not run: init returned -19 (ENODEV)",
  });
  assert.ok(annotationsOf(sampleReport(), "drivers/ring").every((a) => a.title !== "ringdev: not-run"));
});

test("several modules: the worst word counts, and each module once", () => {
  const [pass, built, fail] = [sampleReport(), booted(refused), failingReport()];
  assert.deepEqual(
    [worstOutcome([pass, built]), worstVerdict([pass, built]), worstOutcome([built, fail])],
    ["built", "pass", "fail"],
  );
  assert.deepEqual(countOutcomes([pass, built, fail, built]), { passed: 1, built: 2, failed: 1 });
  assert.match(
    renderMarkdown([pass, built], { kind: "comment" }),
    /^### 🔨 1 of 2 modules were built and not run, the others pass\. /,
  );
  assert.match(renderMarkdown([pass, built, fail], { kind: "comment" }), /^### ❌ 1 of 3 modules does not pass\. /);
  assert.match(renderMarkdown([pass, built], { kind: "comment" }), /🔨&nbsp;built,&nbsp;not&nbsp;run/);
});
