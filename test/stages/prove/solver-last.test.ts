/** The solver is asked of what no form of the code shows, and of nothing else. */
import assert from "node:assert/strict";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { compareSides, type Outcome } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { PIPELINES } from "../../../src/stages/prove/pipelines.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { putProgram, temporaryFolder } from "../../toolchain/fakes.ts";

const [WRITTEN, SAME] = ["and i32 %n, 7", "xor i32 %n, 5"];

/** What comes of a function of which both programs have another text, and how often the solver was asked. */
async function compared(t: TestContext, opt: string, answer: string | undefined) {
  const dir = await temporaryFolder(t);
  await putProgram(path.join(dir, "opt"), opt);
  const side = (tag: "c" | "rust", line: string): Side =>
    new Side(tag, [unitOfC(new IrModule(`define i32 @f(i32 %n) {\n  %r = ${line}\n  ret i32 %r\n}\n`), "unit")]);
  let asked = 0;
  const outcomes = await compareSides(side("c", SAME), side("rust", WRITTEN), ["f"], {
    opt: path.join(dir, "opt"),
    sandbox: { writable: [dir] },
    solver: async () => {
      asked++;
      return answer;
    },
  });
  return { outcome: outcomes.get("f") as Outcome, asked };
}

/** An `opt` that makes both the same in one form alone; LLVM has no part in this. */
const inForm = (pipeline: string): string =>
  `case $2 in "-passes=${pipeline}") sed 's/and i32 \\(.*\\), 7/xor i32 \\1, 5/' ;; *) cat ;; esac`;

test("what any form shows is not asked", async (t) => {
  for (const pipeline of PIPELINES) {
    const { outcome, asked } = await compared(t, inForm(pipeline), "no");
    assert.deepEqual([outcome.same, asked], [true, 0], pipeline);
  }
});

test("what none shows is asked in three of them and once more in the last, and a no is no proof", async (t) => {
  const { outcome, asked } = await compared(t, "cat", "no");
  assert.ok(!outcome.same && outcome.task !== undefined);
  assert.equal(asked, 4);
});

test("what the solver shows is proved, and not asked again", async (t) => {
  const { outcome, asked } = await compared(t, "cat", undefined);
  assert.deepEqual([outcome, asked], [{ same: true, tier: "proved" }, 1]);
});
