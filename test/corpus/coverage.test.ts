import assert from "node:assert/strict";
import { test } from "node:test";
import { coveragePage } from "./coverage.ts";
import { type KeptRow, merged } from "./kept-rows.ts";

const row = (more: Partial<KeptRow>): KeptRow => ({
  seed: "",
  entry: "thing",
  module: "thing",
  version: "6.1",
  release: "6.1.0-1-amd64",
  origin: "linux-source-6.1 6.1.1",
  commit: "abc",
  marks: ["✓", "✓", "✓", "✓", "✓", "✓"],
  buildsAsC: true,
  passed: true,
  notRun: "",
  ratio: 1.1,
  kept: 3,
  booted: "ok",
  cause: "",
  ...more,
});

test("the page counts, names what does not pass with its stage and cause, and shows a stranger's text as text", () => {
  const page = coveragePage([
    row({}),
    row({
      module: "broken",
      marks: ["✓", "✗", "–", "–", "–", "–"],
      passed: false,
      ratio: undefined,
      cause: "a.c: <b>|error",
    }),
    row({
      module: "hardware",
      marks: ["✓", "✓", "✓", "✓", "✓", "○"],
      passed: false,
      notRun: "init returned -19 (ENODEV)",
      booted: "init-failed",
    }),
    row({
      module: "nothing",
      marks: ["✗", "–", "–", "–", "–", "–"],
      passed: false,
      buildsAsC: false,
      ratio: undefined,
      cause: "no C",
    }),
  ]);
  assert.match(page, /^\| 6\.1 \| 3 \| 1 \| 1 \| 1 \| 1 \| 1\.10 \|$/m);
  const gaps = page.split("## What does not pass")[1]?.split("##")[0] ?? "";
  assert.match(gaps, /^\| broken \| 6\.1 \| lower \| a\.c: &#60;b&#62;&#124;error \|$/m);
  assert.doesNotMatch(gaps, /thing|nothing|hardware/);
  assert.match(
    page.split("## Built, not run")[1]?.split("##")[0] ?? "",
    /^\| hardware \| 6\.1 \| init returned -19 \(ENODEV\) \| \|$/m,
  );
  assert.match(page, /### Not built as C\n\n.*\n\n.*\n.*\n\| nothing \|/);
});

test("where all passes, it says so", () => {
  const page = coveragePage([row({})]);
  assert.match(page, /^No module that builds as C fails\.$/m);
  assert.doesNotMatch(page, /What does not pass/);
});

test("what was built and not run says what it would want, where its sources were read", () => {
  const page = coveragePage([row({ module: "percpu_test", passed: false, notRun: "init returned -11 (EAGAIN)" })]);
  assert.match(
    page,
    /^\| percpu.*test \| 6\.1 \| init returned -11 \(EAGAIN\) \| a test, all of which runs in its init,/m,
  );
});

test("what is proved stands with each row that has it, and is summed by kernel", () => {
  const page = coveragePage([
    row({ proofs: { functions: 10, proved: 9, againstC: 8, unseen: 1, seconds: { proofs: 6, c: 3 } } }),
    row({ entry: "other", module: "other", proofs: { functions: 30, proved: 30, againstC: 22 } }),
    row({ entry: "old", module: "old" }),
  ]);
  assert.match(
    page,
    /^- 6\.1: 39 of 40 functions of 2 modules are proved \(97\.5 %\), 30 against the C as it was written \(75\.0 %\); 1 of the 10 functions of those that were booted are neither proved nor observed \(10\.0 %\); proving took a median of 2\.0 times what the module's C build took\.$/m,
  );
  assert.match(page, /^\| thing \|.*\| ok \| 9 of 10, 8 against the C \| \|$/m);
  assert.doesNotMatch(coveragePage([row({})]), /are proved/);
});

test("the commit stands with each line only where the rows are of several", () => {
  assert.doesNotMatch(coveragePage([row({})]), /\| commit \|/);
  assert.match(coveragePage([row({}), row({ commit: "def" })]), /\| commit \|/);
});

test("a run replaces the rows of what it checked, and keeps how a drawn module's first check ended", () => {
  const kept = [
    row({}),
    row({ entry: "other", module: "other" }),
    row({ seed: "7", entry: "drawn", module: "drawn", passed: false, cause: "a fault" }),
  ];
  const now = merged(kept, [
    row({ commit: "def" }),
    row({ seed: "7", entry: "drawn", module: "drawn", commit: "def" }),
    row({ seed: "7", entry: "more", module: "more", commit: "def" }),
  ]);
  assert.deepEqual(
    now.map((r) => [r.entry, r.commit, r.first]),
    [
      ["thing", "def", undefined],
      ["other", "abc", undefined],
      ["drawn", "def", { commit: "abc", ended: "a fault" }],
      ["more", "def", undefined],
    ],
  );
  assert.deepEqual(merged(now, [row({ seed: "7", entry: "drawn", module: "drawn", commit: "fed" })])[2]?.first, {
    commit: "abc",
    ended: "a fault",
  });
  const page = coveragePage(now);
  assert.match(page, /^\| 6\.1 \| 2 \| 2 \| 0 \| 0 \| 0 \| 1\.10 \|$/m, "drawn modules are counted apart");
  assert.match(page, /1 are of abc, 1 are of def/);
  assert.match(
    page,
    /Of 2 that build as C 1 ran and passed at the first run, and 0 more were built, match the C and were not run; by now it is 2 and 0\./,
  );
  assert.match(page, /^\| drawn \| .* \| 6\.1 \| 7 \| a fault \| abc \| ran and passes \| def \| \|$/m);
});
