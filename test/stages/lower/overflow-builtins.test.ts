import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerOverflowBuiltins, overflowsWidest } from "../../../src/stages/lower/overflow-builtins.ts";
import { walk } from "../../../src/c/ast.ts";
import { rustOf } from "../../rust/rust.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput) => x.functions.forEach((f) => lowerOverflowBuiltins(f, x.text));

const TYPES = [
  "_Bool",
  "char",
  "signed char",
  "unsigned char",
  "short",
  "unsigned short",
  "int",
  "unsigned int",
  "long",
  "unsigned long",
  "enum few",
];
const RESULTS = TYPES.filter((t) => t !== "_Bool" && t !== "enum few");

test("each pair of operands and each result overflows as clang has it", async () => {
  const functions: string[] = [];
  const calls: string[] = [];
  for (const a of TYPES) {
    for (const b of TYPES) {
      for (const r of RESULTS) {
        const name = `f${functions.length}`;
        functions.push(
          `static void ${name}(void) { for (int i = 0; i < 6; i++) for (int j = 0; j < 6; j++) { ${a} a = (${a})edges[i]; ${b} b = (${b})edges[j]; ${r} r; unsigned long h = 0; ${["add", "sub", "mul"].map((o) => `h = h * 31 + __builtin_${o}_overflow(a, b, &r); h = h * 31 + (unsigned long)r;`).join(" ")} hash = hash * 33 + h; } }`,
        );
        calls.push(`${name}(); printf("%lx\\n", hash);`);
      }
    }
  }
  await sameResult(
    `enum few { ONE = 1, TWO };\nstatic const long edges[] = { 0, 1, -1, 0x7fffffffffffffff, -0x7fffffffffffffff - 1, 0x80000081 };\nstatic unsigned long hash;\n${functions.join("\n")}\nint main(void) { ${calls.join("\n")} }\n`,
    rule,
  );
});

test("operands of the result's type stay c2rust's to compute, narrower ones and literals become it", async () => {
  const out = await lowered(
    "_Bool f(unsigned a, unsigned char b, unsigned long *r, unsigned *s) { return __builtin_add_overflow(a, a, s) + __builtin_mul_overflow(b, 4, s) + __builtin_sub_overflow(a, b, r); }\n",
    rule,
  );
  assert.match(out, /__builtin_add_overflow\(a, a, s\)/);
  assert.match(out, /__builtin_mul_overflow\(\(\(unsigned int\)\(b\)\), \(\(unsigned int\)\(4\)\), s\)/);
  assert.match(out, /__builtin_sub_overflow\(\(\(unsigned long\)\(a\)\), \(\(unsigned long\)\(b\)\), r\)/);
});

test("c2rust alone makes a sum of different types that is none", async () => {
  const c = "_Bool f(unsigned a, int b, unsigned long *r) { return __builtin_add_overflow(a, b, r); }\n";
  assert.match((await rustOf(c)).map((i) => i.text).join("\n"), /a\.overflowing_add\(b\)/);
  assert.doesNotMatch((await rustOf(await lowered(c, rule))).map((i) => i.text).join("\n"), /overflowing/);
});

test("operands of 128 bits are for a helper, but where all types are one", async () => {
  const wide = async (c: string) => {
    let found = false;
    await lowered(c, (x) => x.functions.forEach((f) => walk(f, (n) => void (overflowsWidest(n) && (found = true)))));
    return found;
  };
  assert.equal(await wide("_Bool f(__int128 a, int b, long r) { return __builtin_add_overflow(a, b, &r); }\n"), true);
  assert.equal(await wide("_Bool f(__int128 a, __int128 r) { return __builtin_add_overflow(a, a, &r); }\n"), false);
});
