import assert from "node:assert/strict";
import { test } from "node:test";
import { lostNames } from "../../src/stages/print/kept-names.ts";

test("a name counts as often as it stands in the Rust; in comments and strings it stands for nothing", () => {
  const text = 'fn f() { A!(x); b(A, helper(), null_mut(), "C"); /* C */ }';
  assert.deepEqual(lostNames(["A", "A", "A", "NULL", "C", "get_user"], text, new Map([["helper", "get_user"]])), [
    "A",
    "C",
  ]);
  assert.deepEqual(lostNames([], text, new Map()), []);
});
