/** What is begun of the C as it was written: taken for the very units that it was begun with, and ended with the check. */
import assert from "node:assert/strict";
import { test } from "node:test";
import pLimit from "p-limit";
import { StageError } from "../../../src/machine/errors.ts";
import type { LoweredUnit } from "../../../src/stages/lower/index.ts";
import { AsWritten, proofTools } from "../../../src/stages/prove/as-written.ts";
import type { Task } from "../../../src/stages/prove/obligations.ts";
import type { UnitIr } from "../../../src/stages/prove/unit-ir.ts";

const PROVERS = { opt: { path: "/bin/false", version: "0" }, z3: { path: "/bin/false", version: "0" } };
const limit = pLimit(1);
const unit = (): LoweredUnit => ({}) as LoweredUnit;
const failing = (asked: () => void) =>
  ({
    module: async () => {
      asked();
      throw new StageError("prove", "no clang");
    },
  }) as unknown as UnitIr;

test("of the same units it is begun once, of others not at all", async () => {
  let asked = 0;
  const units = [unit()];
  const begun = new AsWritten();
  begun.begin({ units, names: ["a"], ir: failing(() => asked++) }, PROVERS, limit);
  const outcomes = await begun.of(units);
  assert.equal(outcomes?.functions.size, 0);
  assert.equal(await begun.of(units), outcomes);
  assert.equal(asked, 1);
  // As they are when a function was left to C meanwhile.
  assert.equal(begun.of([...units]), undefined);
  await begun.ended();
  assert.equal(begun.of(units), undefined);
});

test("many units are begun when they are asked for", async () => {
  const units = Array.from({ length: 25 }, unit);
  const begun = new AsWritten();
  begun.begin({ units, names: units.map((_, i) => `u${i}`), ir: failing(assert.fail) }, PROVERS, limit);
  assert.equal(begun.of(units), undefined);
  await begun.ended();
});

test("no solver is asked behind the end, and nothing is proved then", async () => {
  let over = false;
  const { solver } = await proofTools(PROVERS, limit, () => over);
  over = true;
  assert.equal(await solver?.({ obligations: [{}] } as unknown as Task), "nobody waits for it");
});
