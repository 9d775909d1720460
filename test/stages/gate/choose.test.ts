import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Choice, gate, type Variant } from "../../../src/stages/gate/choose.ts";
import type { Texts } from "../../../src/stages/gate/compile.ts";
import type { Digest } from "../../../src/stages/gate/same-code.ts";

const variants = (count: number, forms = 2): Variant[] => Array.from({ length: count }, (_, i) => ({ name: `f${i}`, forms }));
const render = (choice: Choice): Texts => new Map([["src/lib.rs", JSON.stringify([...choice].sort(([a], [b]) => (a < b ? -1 : 1)))]]);

/** A compiler for which some forms make other code, in their function and in others that it is inlined into, or do not compile. */
function compiler(bad: Record<string, { forms: number[]; shows?: string[]; refused?: true }>): { compile: (t: Texts) => Promise<{ digest: Digest } | { refused: string }>; builds: () => number } {
  let builds = 0;
  const compile = async (texts: Texts): Promise<{ digest: Digest } | { refused: string }> => {
    builds++;
    const choice = new Map(JSON.parse(texts.get("src/lib.rs") ?? "[]") as [string, number][]);
    const functions: Digest["functions"] = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`unit::f${i}`, [{ section: ".text", hash: "same", size: 1 }]]));
    for (const [name, { forms, shows, refused }] of Object.entries(bad)) {
      if (!forms.includes(choice.get(name) ?? -1)) continue;
      if (refused) return { refused: `error in ${name}` };
      for (const f of shows ?? [name]) functions[`unit::${f}`] = [{ section: ".text", hash: `other by ${name}`, size: 1 }];
    }
    return { digest: { functions, objects: {} } };
  };
  return { compile, builds: () => builds };
}

describe("the gate", () => {
  test("takes every first form where nothing changes, in one build besides the reference's", async () => {
    const { compile, builds } = compiler({});
    const { choice, rejected } = await gate({ variants: variants(50), render, compile });
    assert.equal(choice.size, 50);
    assert.ok([...choice.values()].every((f) => f === 0));
    assert.deepEqual([rejected, builds()], [[], 2]);
  });

  test("takes the next form of what changes something, and the reference's where none is the same", async () => {
    const { compile, builds } = compiler({ f7: { forms: [0] }, f20: { forms: [0, 1] } });
    const { choice, rejected } = await gate({ variants: variants(50), render, compile });
    assert.deepEqual([choice.size, choice.get("f7"), choice.has("f20")], [49, 1, false]);
    assert.deepEqual(rejected.map((r) => `${r.name} ${r.form}`), ["f7 0", "f20 0", "f20 1"]);
    assert.match(rejected[0]?.why ?? "", /unit::f7: other instructions/);
    assert.ok(builds() <= 10, String(builds()));
  });

  test("finds a culprit that shows in its callers only, and one that does not compile", async () => {
    const { compile, builds } = compiler({ f3: { forms: [0], shows: ["f30", "f31"] }, f44: { forms: [0], refused: true } });
    const { choice, rejected } = await gate({ variants: variants(50), render, compile });
    assert.deepEqual([choice.size, choice.get("f3"), choice.get("f44"), choice.get("f30"), choice.get("f31")], [50, 1, 1, 0, 0]);
    assert.deepEqual(rejected.map((r) => r.name).sort(), ["f3", "f44"]);
    assert.ok(builds() <= 30, String(builds()));
  });

  test("ends where the reference itself does not compile", async () => {
    await assert.rejects(gate({ variants: variants(1), render, compile: async () => ({ refused: "error: no" }) }), /the reference does not compile\nerror: no/);
  });
});
