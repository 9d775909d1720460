import assert from "node:assert/strict";
import { test } from "node:test";
import { countLints, describeLints, withoutAllowed } from "./lints.ts";

const said = (code: string, file: string, line: number): string =>
  JSON.stringify({ code: { code }, spans: [{ file_name: file, line_start: line, is_primary: true }] });

test("lints are counted, each with its first place; what has no name is none", () => {
  const counts = countLints(
    [
      said("clippy::eq_op", "/tmp/x/src/ring.rs", 3),
      said("unused_mut", "/tmp/x/src/ring.rs", 9),
      said("clippy::eq_op", "/tmp/x/src/ring.rs", 5),
      JSON.stringify({ code: null, spans: [] }),
      "text",
    ].join("\n"),
  );
  assert.deepEqual(counts, [
    { lint: "clippy::eq_op", count: 2, first: "src/ring.rs:3" },
    { lint: "unused_mut", count: 1, first: "src/ring.rs:9" },
  ]);
  assert.equal(describeLints([]), "  nothing");
});

test("what the root allows goes, and nothing else", () => {
  assert.equal(
    withoutAllowed("#![no_std]\n#![allow(\n    dead_code, // why\n    unused\n)]\nmod a;\n"),
    "#![no_std]\n\nmod a;\n",
  );
});
