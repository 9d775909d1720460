import assert from "node:assert/strict";
import { test } from "node:test";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { isPercent, proofWords, provedPercent } from "../../src/report/proofs.ts";
import type { Proof, Proofs } from "../../src/report/evidence-schema.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { sampleReport } from "./sample.ts";

function proofs(...tiers: Proof["tier"][]): Proofs {
  return {
    functions: tiers.map((tier, i) => ({
      name: `f${i}`,
      file: "ring.c",
      tier,
      ...(tier === "none" ? { reason: "store in C where the Rust has `call`" } : {}),
    })),
  };
}

test("the line counts each tier once and names what is left to review", () => {
  assert.equal(
    proofWords(proofs("same-code", "proved", "none")),
    "3 functions: 1 same code, 1 proved, 1 not proved: f2",
  );
  assert.equal(proofWords(proofs("same-code")), "1 function: 1 same code");
  assert.match(
    proofWords(proofs(...Array.from({ length: 9 }, () => "none" as const))),
    /9 not proved: f0, f1, f2, f3, f4, f5, …$/,
  );
  assert.equal(proofWords({ functions: [], leftOut: "no `opt` of LLVM 22" }), "nothing is proved: no `opt` of LLVM 22");
});

test("the line says what the proofs are against, where that is known", () => {
  const against = (...of: ("C" | "lowered C")[]): string =>
    proofWords({
      functions: of.map((a, i) => ({ name: `f${i}`, file: "a.c", tier: "same-code" as const, against: a })),
    });
  assert.equal(against("C", "C"), "2 functions: 2 same code (against the C)");
  assert.equal(
    against("C", "lowered C", "lowered C"),
    "3 functions: 3 same code (1 against the C, 2 against the lowered C)",
  );
  assert.equal(against("lowered C"), "1 function: 1 same code (against the lowered C)");
});

test("the share is of all functions, and none where nothing was looked at", () => {
  assert.equal(provedPercent(proofs("same-code", "proved", "none", "none")), 50);
  assert.equal(provedPercent(proofs("same-code", "proved")), 100);
  assert.equal(provedPercent(proofs()), 100);
  assert.equal(provedPercent({ functions: [], leftOut: "no LLVM" }), 0);
  assert.deepEqual(["0", "95", "99.5", "100", "101", "-1", "x", ""].map(isPercent), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("every rendering says it, and shows each function that is not proved with its reason", () => {
  const report = sampleReport({ proofs: proofs("same-code", "none") });
  const words = /2 functions: 1 same code, 1 not proved: f1/;
  assert.match(renderSummary(report), words);
  const markdown = renderMarkdown(report, { kind: "comment" });
  assert.match(markdown, words);
  assert.match(markdown, /Functions to review by hand: 1 of 2[^]*`f1`[^]*store in C where the Rust has/);
  const page = renderHtml([report]);
  assert.match(page, words);
  assert.match(page, /review by hand[^]*store in C where the Rust has/);
});

test("a report without proofs says nothing of them", () => {
  for (const text of [
    renderSummary(sampleReport()),
    renderMarkdown(sampleReport(), { kind: "comment" }),
    renderHtml([sampleReport()]),
  ])
    assert.doesNotMatch(text, /same code|proved/);
});
