/** The first range that an offset is in, found otherwise than by looking at them in turn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { below, FirstAt } from "../../src/stages/inspect/places.ts";

test("the first range that holds an offset is the one that looking at them in turn finds", () => {
  let seed = 7;
  const next = (most: number): number => (seed = (seed * 48271) % 2147483647) % most;
  for (let round = 0; round < 200; round++) {
    const ranges = Array.from({ length: next(20) }, (_, of) => {
      const from = next(40);
      return { from, to: from + next(12), of };
    });
    const first = new FirstAt(ranges);
    for (let at = -1; at < 60; at++)
      assert.equal(
        first.at(at),
        ranges.find((r) => r.from <= at && at < r.to)?.of,
        `${at} of ${JSON.stringify(ranges)}`,
      );
  }
});

test("numbers below another are counted", () => {
  for (const [than, count] of [
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 3],
    [9, 4],
  ] as const)
    assert.equal(below([1, 2, 2, 5], than), count);
  assert.equal(below([], 1), 0);
});
