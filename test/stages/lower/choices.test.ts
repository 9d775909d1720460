import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerUntakenCalls } from "../../../src/stages/lower/choices.ts";
import { lowered } from "./rule.ts";

test("a static value calls nothing in the branch that is not taken, and is of the type of both", async () => {
  const out = await lowered(
    `int later(int); unsigned long wide(void);
int first = __builtin_constant_p(4 * 8 / 2) ? (4 * 8 / 2 < 2 ? 0 : 63 - __builtin_clzll(4 * 8 / 2)) : (sizeof(int) <= 4 ? later(16) : later(1));
int negative = (1 ? -1 : wide()) > 0;
int nested = 7 % 4 == 3 && !(2 > 3) ? 5 : (0 ? later(2) : 6);
int zero = 0 ? later(1) : 1 || later(2);
int kept(int n) { static int once = 1 << 2 >= 4 ? 9 : 8 / 0 ? later(3) : 0; return n ? later(n) : once; }`,
    (x) => {
      for (const n of x.tree) lowerUntakenCalls(n, x.text);
    },
  );
  const lines = out.split("\n");
  assert.equal(lines[1], "int first = ((__typeof__(int))((4 * 8 / 2 < 2 ? 0 : 63 - __builtin_clzll(4 * 8 / 2))));");
  assert.equal(lines[2], "int negative = (((__typeof__(unsigned long))(-1))) > 0;");
  assert.equal(lines[3], "int nested = ((__typeof__(int))(5));");
  assert.equal(lines[4], "int zero = ((__typeof__(int))(1 || later(2)));");
  assert.equal(
    lines[5],
    "int kept(int n) { static int once = ((__typeof__(int))(9)); return n ? later(n) : once; }",
    "what runs is left as it is",
  );
});

test("a branch whose condition nobody knows, and one beside which nothing is called, stay", async () => {
  const source = `int later(int); enum { HERE = 1 }; extern int there[];
int named = HERE ? 2 : later(3);
int plain = 1 ? 2 : 3;`;
  assert.equal(
    await lowered(source, (x) => {
      for (const n of x.tree) lowerUntakenCalls(n, x.text);
    }),
    source,
  );
});
