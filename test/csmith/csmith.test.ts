/** A few fixed random programs; `npm run csmith` runs hundreds. Each seed held a construct that once failed, or is a plain one. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { before, describe, test } from "node:test";
import { compareSeed, type Result } from "./compare.ts";
import type { Doctors } from "./user-space.ts";
import { csmithSetUp } from "./set-up.ts";

const SEEDS: [number, string][] = [
  [1, "nothing in particular"],
  [3, "bit-fields in a union with other members"],
  [7, "a union of nothing but bit-fields"],
  [9, "a union whose first member is constant"],
  [10, "more bit-fields than an attribute has room for in a line"],
  [22, "a packed structure that ends in a bit-field of no width"],
  [1073, "bit-fields of a structure within a packed one, which they align"],
  [1089, "array elements whose values nobody uses"],
];

async function compare(seed: number, doctors?: Doctors): Promise<Result> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-csmith-"));
  try {
    return await compareSeed(seed, dir, doctors);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

describe("random C programs do the same in Rust", () => {
  before(csmithSetUp);
  for (const [seed, what] of SEEDS) {
    test(`seed ${seed}: ${what}`, async () => {
      const r = await compare(seed);
      assert.equal(r.verdict, "same", r.why);
    });
  }

  // csmith's checksum is a CRC, which goes by exclusive or.
  const other = (text: string): string => text.replaceAll(" ^ ", " | ");

  test("a Rust program that computes something else is reported, and blamed on c2rust", async () => {
    const r = await compare(1, { rust: other });
    assert.deepEqual([r.verdict, r.stage], ["different", "transpile"], r.why);
    assert.match(
      r.why,
      /^C (checksum = \w+), lowered C \1, Rust (?:checksum = |ended|does not end).*, printed Rust \1$/,
    );
  });

  test("a printed function that computes something else is reported, and blamed on the printer", async () => {
    const r = await compare(1, { printed: other });
    assert.deepEqual([r.verdict, r.stage], ["different", "print"], r.why);
    assert.ok(r.printed && r.printed.functions > r.printed.all / 2, "most functions are printed");
  });

  test("lowered C that computes something else is reported, and blamed on the lowering", async () => {
    const r = await compare(1, { lowered: other });
    assert.deepEqual([r.verdict, r.stage], ["different", "lower"], r.why);
  });
});
