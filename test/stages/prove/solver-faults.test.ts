/** A solver that hangs, dies or says anything else than it is asked for: the function is not proved, and nothing else goes wrong. */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { compareSides, type Outcome } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { solve } from "../../../src/stages/prove/solver.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";
import { putProgram, temporaryFolder } from "../../toolchain/fakes.ts";

const provers = await findProvers((await requireTools(["rustc"])).rustc);
assert.ok(typeof provers !== "string" && provers.z3 !== undefined);
const { opt, z3 } = provers;

/** Two functions: one that needs no solver, and one that the C multiplies otherwise. */
const program = (product: string): Side["parts"] => [
  unitOfC(
    new IrModule(`define i32 @easy(i32 %n) {
  %r = add i32 %n, 1
  ret i32 %r
}
define i8 @hard(i8 %n) {
${product}
  ret i8 %r
}
`),
    "unit",
  ),
];
const SQUARE = "  %s = mul i8 %n, %n\n  %r = sub i8 %s, 1";
const PRODUCT = "  %a = add i8 %n, 1\n  %b = sub i8 %n, 1\n  %r = mul i8 %a, %b";

async function outcomes(solver: string): Promise<ReadonlyMap<string, Outcome>> {
  const sandbox = { writable: [], readable: [path.dirname(solver)] };
  return compareSides(new Side("c", program(SQUARE)), new Side("rust", program(PRODUCT)), ["easy", "hard"], {
    opt: opt.path,
    sandbox: { writable: [] },
    solver: (task) => solve(task, { path: solver, sandbox, seconds: 1 }),
  });
}

test("the solver itself proves it", async () => {
  const proved = await outcomes(z3.path);
  assert.deepEqual(
    [...proved.values()],
    [
      { same: true, tier: "same-code" },
      { same: true, tier: "proved" },
    ],
  );
});

const FAULTS = {
  hangs: "exec sleep 600",
  "ends at once": "exit 0",
  dies: "kill -SEGV $$",
  "answers, and dies": "echo unsat; kill -KILL $$",
  "answers with an error": "echo '(error \"out of memory\")'; exit 1",
  "does not know": "while read -r l; do case $l in '(check-sat)') echo unknown;; esac; done",
  "finds a difference": "while read -r l; do case $l in '(check-sat)') echo sat;; esac; done",
  "answers more than it was asked": "while read -r l; do case $l in '(check-sat)') echo unsat; echo unsat;; esac; done",
};
for (const [what, script] of Object.entries(FAULTS)) {
  test(`a solver that ${what} proves nothing`, { timeout: 60_000 }, async (t) => {
    const fake = path.join(await temporaryFolder(t), "z3");
    await putProgram(fake, script);
    const got = await outcomes(fake);
    assert.deepEqual(got.get("easy"), { same: true, tier: "same-code" });
    assert.equal(got.get("hard")?.same, false);
  });
}
