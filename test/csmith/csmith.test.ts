/** A few fixed random programs; `npm run csmith` runs hundreds. Each seed held a construct that once failed, or is a plain one. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { before, describe, test } from "node:test";
import { compareSeed, type Result } from "./compare.ts";
import { csmithSetUp } from "./set-up.ts";

const SEEDS: [number, string][] = [
  [1, "nothing in particular"],
  [3, "bit-fields in a union with other members"],
  [7, "a union of nothing but bit-fields"],
  [9, "a union whose first member is constant"],
  [10, "more bit-fields than an attribute has room for in a line"],
  [22, "a packed structure that ends in a bit-field of no width"],
];

async function compare(seed: number, doctor?: (rust: string) => string): Promise<Result> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-csmith-"));
  try {
    return await compareSeed(seed, dir, doctor);
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

  test("a Rust program that computes something else is reported", async () => {
    // csmith's checksum is a CRC, which goes by exclusive or.
    const r = await compare(1, (rust) => rust.replaceAll(" ^ ", " | "));
    assert.equal(r.verdict, "different");
    assert.match(r.why, /C checksum = \w+, Rust (?:checksum = |ended|does not end)/);
  });
});
