import assert from "node:assert/strict";
import test from "node:test";
import { unitsOf } from "../../src/c/byte-offsets.ts";

test("offsets in ASCII are what they are", () => {
  assert.equal(unitsOf("int x;")(4), 4);
});

test("offsets behind characters of two, three and four bytes", () => {
  const text = "a»b€c😀d";
  const units = unitsOf(text);
  for (const c of ["a", "»", "b", "€", "c", "😀", "d"])
    assert.equal(units(Buffer.byteLength(text.slice(0, text.indexOf(c)))), text.indexOf(c), c);
  assert.equal(units(Buffer.byteLength(text)), text.length);
});
