import assert from "node:assert/strict";
import { test } from "node:test";
import { SetUpSteps } from "../../src/toolchain/set-up-steps.ts";

test("says what each step took, those that failed too, and nothing of what was there", async () => {
  let now = 5000;
  const steps = new SetUpSteps(() => now);
  const taking = (ms: number) => async () => {
    now += ms;
  };
  await steps.take("packages", taking(61_000));
  await steps.take("clang plugin", taking(999));
  await assert.rejects(
    steps.take("kernel", async () => {
      now += 4000;
      throw new Error("no image");
    }),
    /no image/,
  );
  now += 1000;
  assert.equal(steps.summary(), "set up in 1m 6s: packages 1m 1s, kernel 4s");
});

test("says nothing where nothing was missing", async () => {
  const steps = new SetUpSteps(() => 0);
  await steps.take("packages", async () => undefined);
  assert.equal(steps.summary(), undefined);
});
