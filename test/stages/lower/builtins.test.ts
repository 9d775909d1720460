import assert from "node:assert/strict";
import { test } from "node:test";
import { walk } from "../../../src/c/ast.ts";
import { frameBuiltin, unknownBuiltin } from "../../../src/stages/lower/builtins.ts";
import { whyUntranslatable } from "../../../src/stages/lower/untranslatable.ts";
import { rustOf } from "../../rust/rust.ts";
import { lowered, type RuleInput } from "./rule.ts";

async function found(c: string): Promise<{ unknown: string[]; frame: string[]; why: (string | undefined)[] }> {
  const out: { unknown: string[]; frame: string[]; why: (string | undefined)[] } = { unknown: [], frame: [], why: [] };
  await lowered(c, (x: RuleInput) => {
    for (const f of x.functions) {
      walk(
        f,
        (n) =>
          void (out.unknown.push(...[unknownBuiltin(n) ?? []].flat()),
          out.frame.push(...[frameBuiltin(n) ?? []].flat())),
      );
      // As if all of it moved into helpers.
      out.why.push(whyUntranslatable(f, [{ start: 0, end: c.length }], () => undefined, new Set()));
    }
  });
  return out;
}

test("builtins that c2rust does not know are told, those it knows are not", async () => {
  const { unknown } = await found(
    "int f(unsigned x, int *p) { return __builtin_parity(x) + __builtin_popcount(x) + __builtin_expect(x, 0) + __builtin_saddll_overflow(1, 2, (long long *)p) + __builtin_abs(*p); }\n",
  );
  assert.deepEqual(unknown, ["__builtin_parity", "__builtin_abs"]);
});

test("what is of the function's own frame keeps it in C, even where it moves", async () => {
  const { frame, why } = await found(
    "void *f(void) { return __builtin_return_address(0); }\nint g(int x) { return __builtin_parity(x); }\n",
  );
  assert.deepEqual(frame, ["__builtin_return_address"]);
  assert.deepEqual(why, ["__builtin_return_address is of its own frame", undefined]);
});

test("c2rust alone fails on them", async () => {
  await assert.rejects(rustOf("int f(unsigned x) { return __builtin_parity(x); }\n"), /__builtin_parity/);
});
