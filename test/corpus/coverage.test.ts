import assert from "node:assert/strict";
import { test } from "node:test";
import { coveragePage } from "./coverage.ts";
import type { Row } from "./rows.ts";

const row = (more: Partial<Row>): Row => ({ entry: "thing", module: "thing", version: "6.1", release: "6.1.0-1-amd64", origin: "linux-source-6.1 6.1.1", commit: "abc", marks: ["✓", "✓", "✓", "✓", "✓", "✓"], buildsAsC: true, passed: true, notRun: "", ratio: 1.1, kept: 3, booted: "ok", cause: "", ...more });

test("the page counts, names what does not pass with its stage and cause, and shows a stranger's text as text", () => {
  const page = coveragePage([
    row({}),
    row({ module: "broken", marks: ["✓", "✗", "–", "–", "–", "–"], passed: false, ratio: undefined, cause: "a.c: <b>|error" }),
    row({ module: "hardware", marks: ["✓", "✓", "✓", "✓", "✓", "○"], passed: false, notRun: "init returned -19 (ENODEV)", booted: "init-failed" }),
    row({ module: "nothing", marks: ["✗", "–", "–", "–", "–", "–"], passed: false, buildsAsC: false, ratio: undefined, cause: "no C" }),
  ]);
  assert.match(page, /^\| 6\.1 \| 3 \| 1 \| 1 \| 1 \| 1 \| 1\.10 \|$/m);
  const gaps = page.split("## What does not pass")[1]?.split("##")[0] ?? "";
  assert.match(gaps, /^\| broken \| 6\.1 \| lower \| a\.c: &#60;b&#62;&#124;error \|$/m);
  assert.doesNotMatch(gaps, /thing|nothing|hardware/);
  assert.match(page.split("## Built, not run")[1]?.split("##")[0] ?? "", /^\| hardware \| 6\.1 \| init returned -19 \(ENODEV\) \|$/m);
  assert.match(page, /### Not built as C\n\n.*\n\n.*\n.*\n\| nothing \|/);
});

test("where all passes, it says so", () => {
  const page = coveragePage([row({})]);
  assert.match(page, /^No module that builds as C fails\.$/m);
  assert.doesNotMatch(page, /What does not pass/);
});

test("the commit stands with each line only where the rows are of several", () => {
  assert.doesNotMatch(coveragePage([row({})]), /\| commit \|/);
  assert.match(coveragePage([row({}), row({ commit: "def" })]), /\| commit \|/);
});
