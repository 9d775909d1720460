/** Proofs of earlier runs: what is taken for proved has to be the very same, and what is not has to be proved anew. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { StageError } from "../../../src/machine/errors.ts";
import { compareSides } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import type { Known, Tier } from "../../../src/stages/prove/kept-proofs.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

const provers = await findProvers((await requireTools(["rustc"])).rustc);
assert.ok(typeof provers !== "string");
const { opt } = provers;

class Memory implements Known {
  readonly kept = new Map<string, Tier>();
  async find(text: string): Promise<Tier | undefined> {
    return this.kept.get(text);
  }
  async keep(text: string, tier: Tier): Promise<void> {
    this.kept.set(text, tier);
  }
}

const program = ({ step = 1, table = 7, count = 0, wrong = 0 } = {}): string => `@table = internal constant i32 ${table}
@count = internal global i32 ${count}
define internal i32 @inner(i32 %n) {
  %r = add i32 %n, ${step}
  ret i32 %r
}
define i32 @outer(i32 %n) {
  %r = call i32 @inner(i32 %n)
  ret i32 %r
}
define i32 @reads(i32 %n) {
  %v = load i32, ptr @table
  %r = add i32 %n, %v
  ret i32 %r
}
define i32 @counts(i32 %n) {
  %v = load i32, ptr @count
  %r = add i32 %n, %v
  store i32 %r, ptr @count
  ret i32 %r
}
define i32 @alone(i32 %n) {
  %r = xor i32 %n, ${5 + wrong}
  ret i32 %r
}
`;

const KEYS = ["outer", "reads", "counts", "alone"];

async function proofs(c: string, rust: string, known: Known, tool = opt.path): Promise<Record<string, boolean>> {
  const side = (tag: "c" | "rust", text: string): Side => new Side(tag, [unitOfC(new IrModule(text), "unit")]);
  const outcomes = await compareSides(side("c", c), side("rust", rust), KEYS, {
    opt: tool,
    sandbox: { writable: [] },
    known,
  });
  return Object.fromEntries(KEYS.map((k) => [k, outcomes.get(k)?.same === true]));
}
const all = { outer: true, reads: true, counts: true, alone: true };

test("what was proved needs no tool any more", async () => {
  const known = new Memory();
  assert.deepEqual(await proofs(program(), program(), known), all);
  assert.equal(known.kept.size, 4);
  assert.deepEqual(await proofs(program(), program(), known, "/nonexistent/opt"), all);
});

test("what has changed, in itself or in what it calls, is proved anew, and alone", async () => {
  const known = new Memory();
  await proofs(program(), program(), known);
  // What a constant holds is read when both are compiled; what a variable holds makes no difference, as long as both hold the same.
  for (const [change, anew] of [
    [{ step: 2 }, 1],
    [{ wrong: 1 }, 1],
    [{ table: 8 }, 1],
    [{ count: 8 }, 0],
  ] as const) {
    const before = known.kept.size;
    assert.deepEqual(await proofs(program(change), program(change), known), all);
    assert.equal(known.kept.size - before, anew, JSON.stringify(change));
  }
});

test("a mistake in the Rust alone is no proof of before, and what is not proved is not kept", async () => {
  const known = new Memory();
  await proofs(program(), program(), known);
  for (const [change, differs] of [
    [{ step: 2 }, "outer"],
    [{ table: 8 }, "reads"],
    [{ count: 8 }, "counts"],
    [{ wrong: 1 }, "alone"],
  ] as const) {
    assert.deepEqual(await proofs(program(), program(change), known), { ...all, [differs]: false });
  }
  assert.equal(known.kept.size, 4);
});

test("a tool that fails is an error, where something is left to prove", async () => {
  await assert.rejects(proofs(program(), program(), new Memory(), "/bin/false"), StageError);
});
