/** Which functions of a unit c2rust fails on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { failingFunctions } from "../../src/stages/transpile/failing-functions.ts";

const UNIT = Array.from({ length: 9 }, (_, i) => `static int f${i}(int a) { return a + ${i}; }\n`).join("");
/** A translator that fails where one of these bodies is in the text. */
const failing = (...bad: number[]) => {
  let runs = 0;
  const attempt = async (text: string): Promise<{ rust: string } | { why: string; tooLong: boolean }> => {
    runs++;
    const found = bad.find((i) => text.includes(`return a + ${i};`));
    return found === undefined ? { rust: "" } : { why: `no\n${found}`, tooLong: false };
  };
  return { attempt, runs: () => runs };
};

test("those that fail are found by name, with their reasons, and no others", async () => {
  const { attempt, runs } = failing(2, 7);
  assert.deepEqual(
    [...(await failingFunctions(UNIT, attempt))],
    [
      ["f2", "no 2"],
      ["f7", "no 7"],
    ],
  );
  assert.ok(runs() < 18, `${runs()} runs`);
});

test("what is tried is named, or c2rust would leave it out", async () => {
  await failingFunctions(UNIT, async (text) => {
    for (const [, i] of text.matchAll(/return a \+ (\d);/g)) assert.match(text, new RegExp(`\\(void \\*\\)f${i},`));
    return { rust: "" };
  });
});

test("where it is no function's fault none is blamed", async () => {
  assert.equal((await failingFunctions(UNIT, async () => ({ why: "a variable", tooLong: false }))).size, 0);
});
