import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzWords } from "../../src/report/fuzz.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import type { FuzzReport } from "../../src/report/evidence-schema.ts";
import { report as schema } from "../../src/report/schema.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { sampleReport } from "./sample.ts";

const fuzz: FuzzReport = {
  seconds: 60,
  seed: 1,
  targets: ["/dev/ring<b>", "/proc/ring"],
  rounds: 3,
  calls: 2018,
  dropped: 2,
  crashes: 1,
  given: ["/proc/ring read"],
  blocks: { all: 402, reading: 150, fuzzed: 311 },
};
const WORDS =
  "2018 generated calls of 2 things on each module (seed 1); 311 of 402 blocks of the C ran, 150 where what it shows is only read; 2 answers dropped, in which runs of the C module alone differ; 1 guest that both modules took with them; given up: /proc/ring read";

test("calls, blocks, what was dropped and given up are in one line of each rendering", () => {
  const report = schema.parse({ ...sampleReport(), fuzz });
  assert.equal(fuzzWords(fuzz), WORDS);
  assert.ok(renderSummary(report).includes(`fuzz      ${WORDS}\n`));
  assert.match(renderMarkdown([report], { kind: "comment" }), /^Fuzz: 2018 generated calls .*311 of 402/m);
  const page = renderHtml([report]);
  assert.match(page, /2018 generated calls/);
  assert.ok(page.includes("<code>/dev/ring&lt;b&gt;</code>") && !page.includes("ring<b>"));
});

test("a module without anything to call says so, and one that was not fuzzed nothing", () => {
  assert.match(fuzzWords({ ...fuzz, targets: [] }), /^nothing to call/);
  assert.doesNotMatch(renderSummary(sampleReport()), /generated/);
});
