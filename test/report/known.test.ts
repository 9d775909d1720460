import assert from "node:assert/strict";
import { test } from "node:test";
import { renderHtml } from "../../src/report/html.ts";
import { knownFunctions, knownWords } from "../../src/report/known.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import type { Observed, Proofs } from "../../src/report/evidence-schema.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { sampleReport } from "./sample.ts";

const file = "ring.c";
const proofs: Proofs = {
  functions: [
    { name: "same", file, tier: "same-code" },
    ...["ran", "half", "idle", "inlined"].map((name) => ({
      name,
      file,
      tier: "none" as const,
      reason: "a loop of another shape",
    })),
  ],
};
const observed: Observed = {
  functions: [
    { name: "same", file, c: { ran: 0, blocks: 4 }, rust: { ran: 0, blocks: 4 } },
    { name: "ran", file, c: { ran: 4, blocks: 4 }, rust: { ran: 3, blocks: 4 } },
    { name: "half", file, c: { ran: 1, blocks: 4 }, rust: { ran: 0, blocks: 4 } },
    { name: "idle", file, c: { ran: 0, blocks: 4 }, rust: { ran: 0, blocks: 4 } },
    { name: "inlined", file, rust: { ran: 4, blocks: 4 } },
  ],
};

test("a function is observed where it ran in both boots, by the share of its blocks that is less", () => {
  assert.deepEqual(
    knownFunctions({ proofs, observed }).map((f) => [f.name, f.known, f.share, f.reason]),
    [
      ["same", "same-code", undefined, undefined],
      ["ran", "observed", 0.75, "a loop of another shape"],
      ["half", "none", undefined, "a loop of another shape; it did not run in the Rust boot"],
      ["idle", "none", undefined, "a loop of another shape; it did not run in the C and the Rust boot"],
      [
        "inlined",
        "none",
        undefined,
        "a loop of another shape; it has no symbol of its own in the C module: it lies in its callers",
      ],
    ],
  );
});

test("the line names what ran and what nobody looked at", () => {
  assert.equal(
    knownWords({ proofs, observed }),
    "5 functions: 1 same code, 1 observed: ran (75 % of its blocks), 3 not looked at: half, idle, inlined",
  );
  assert.equal(knownWords({ proofs }), "5 functions: 1 same code, 4 not proved: ran, half, idle, inlined");
  assert.equal(
    knownWords({ proofs, observed: { functions: [], leftOut: "no boot says what ran" } }),
    knownWords({ proofs }),
  );
  assert.equal(knownWords({}), undefined);
});

test("without proofs the line is of what ran alone, and says why there are none", () => {
  const leftOut: Proofs = { functions: [], leftOut: "no `opt` of LLVM 22" };
  assert.equal(
    knownWords({ proofs: leftOut, observed }),
    "nothing is proved: no `opt` of LLVM 22; 5 functions: 1 observed, 4 not looked at: same, half, idle, inlined",
  );
  assert.equal(knownFunctions({ proofs: leftOut, observed }).length, 5);
});

test("every rendering shows it", () => {
  const report = sampleReport({ proofs, observed });
  const words = /1 observed: ran \(75 % of its blocks\), 3 not looked at/;
  assert.match(renderSummary(report), words);
  const markdown = renderMarkdown(report, { kind: "comment" });
  assert.match(markdown, words);
  assert.match(markdown, /Functions to review by hand: 4 of 5[^]*`ran`[^]*75 % of its blocks/);
  assert.match(renderHtml([report]), /observed, review by hand[^]*75 % of its blocks/);
});
