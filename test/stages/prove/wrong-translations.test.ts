/**
 * Wrong translations of every kind that somebody thought of, each by itself and written down in wrong-translations.txt: the C and, behind `==`, C
 * that says what a wrong translation of it would. None is proved; those that begin with `=` are right, and are.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { before, describe, it } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { compareSides, type Outcome } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { solve } from "../../../src/stages/prove/solver.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

/** As the kernel's own flags have it. */
const FLAGS =
  "-O2 -Xclang -disable-llvm-passes -fno-strict-aliasing -fwrapv -fno-delete-null-pointer-checks -mno-sse -w".split(
    " ",
  );
const [common = "", ...cases] = (
  await readFile(path.join(import.meta.dirname, "wrong-translations.txt"), "utf8")
).split(/^### /m);
const pairs = cases.map((text, n) => {
  const [what = "", ...lines] = text.split("\n");
  const [c = "", rust = ""] = lines.join("\n").split(/^==$/m);
  return { what, c, rust, name: `f${n}` };
});

describe("wrong translations", () => {
  let outcomes: Map<string, Outcome>;
  before(async () => {
    const { clang, rustc } = await requireTools(["clang", "rustc"]);
    const provers = await findProvers(rustc);
    assert.ok(typeof provers !== "string" && provers.z3 !== undefined, "z3 is there");
    const z3 = provers.z3.path;
    const sandbox = { writable: [] };
    const side = async (tag: "c" | "rust"): Promise<Side> =>
      new Side(
        tag,
        await Promise.all(
          pairs.map(async (pair) => {
            const args = [...FLAGS, `-Df=${pair.name}`, "-emit-llvm", "-S", "-x", "c", "-", "-o", "-"];
            const ir = await run(clang.path, args, { input: common + pair[tag] });
            return unitOfC(new IrModule(ir.stdout), `unit_${pair.name}`);
          }),
        ),
      );
    outcomes = await compareSides(
      await side("c"),
      await side("rust"),
      pairs.map((p) => p.name),
      { opt: provers.opt.path, sandbox, solver: (task) => solve(task, { path: z3, sandbox }) },
    );
  });

  for (const { what, name } of pairs)
    it(what.replace(/^= /, "right: "), () => {
      const outcome = outcomes.get(name) as Outcome;
      assert.equal(outcome.same, what.startsWith("= "), outcome.same ? outcome.tier : outcome.reason);
    });
});
