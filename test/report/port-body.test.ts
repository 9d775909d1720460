/** What the text of a port's pull request says of what a reader has to look at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type PortText, renderPortBody } from "../../src/report/port-body.ts";
import type { Proofs } from "../../src/report/evidence-schema.ts";
import type { Report } from "../../src/report/schema.ts";
import { sampleReport } from "./sample.ts";

const TEXT: PortText = {
  module: "ring",
  folder: "rust",
  base: "main",
  first: true,
  added: 3,
  changed: 0,
  removed: 0,
  kept: [],
  conflicts: [],
  startsNoChecks: false,
};
const body = (more: Partial<Report>): string => renderPortBody(TEXT, [sampleReport(more)], 65_000);

const PROOFS: Proofs = {
  functions: [
    { name: "ring_push", file: "ring.c", tier: "same-code", against: "C" },
    { name: "ring_wait", file: "ring.c", tier: "none", reason: "store in C where the Rust has `call`" },
    { name: "ring_pop", file: "ring.c", tier: "none", reason: "too large" },
  ],
};

test("it names the functions that nothing is known of, then those that only ran", () => {
  const text = body({
    proofs: PROOFS,
    observed: {
      functions: [
        { name: "ring_wait", file: "ring.c", c: { ran: 2, blocks: 4 }, rust: { ran: 2, blocks: 4 } },
        { name: "ring_pop", file: "ring.c", c: { ran: 0, blocks: 4 }, rust: { ran: 0, blocks: 4 } },
      ],
    },
  });
  const at = text.indexOf("**To review by hand**");
  assert.ok(at > 0 && at < text.indexOf("### "), "before the report");
  assert.match(
    text,
    /neither proved nor seen to run in both boots: `ring_pop` \(`ring\.c`\)\n- not proved, and run in both boots: `ring_wait` \(`ring\.c`\)\n/,
  );
  assert.doesNotMatch(text.slice(at, text.indexOf("### ")), /ring_push/);
  assert.match(text, /Functions to review by hand: 2 of 3[^]*`ring_pop`[^]*too large/);
});

test("it says so where all are proved, and where none was looked at", () => {
  const all = { functions: PROOFS.functions.slice(0, 1) };
  assert.match(body({ proofs: all }), /Each of its functions is proved/);
  for (const proofs of [undefined, { functions: [], leftOut: "no LLVM 22" }])
    assert.match(body(proofs === undefined ? {} : { proofs }), /Nothing is proved of its functions: each/);
});

test("a thousand of them leave room for the rest", () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ name: `f${i}`, file: "ring.c", tier: "none" as const }));
  const text = body({ proofs: { functions: many } });
  assert.match(text, /`f49` \(`ring\.c`\) and 950 more\n/);
  assert.ok(Buffer.byteLength(text) <= 65_000);
});
