import assert from "node:assert/strict";
import { test } from "node:test";
import { type AstNode, calleeName, walk } from "../../../src/c/ast.ts";
import { Reachable } from "../../../src/stages/lower/reachable.ts";
import { reducedUnit } from "./unit.ts";

const HEADER = "#define IS_ENABLED(x) ((0) || (x))\n#define unlikely(x) __builtin_expect(!!(x), 0)\n";

/** Of each function that a call `mark(f)` stands in: whether that call can run. */
async function reached(own: string, named: readonly string[] = []): Promise<Record<string, boolean>> {
  await using u = await reducedUnit(HEADER, `int mark(int);\n${own}`);
  const reachable = new Reachable(u.tree, u.unit.declarations, u.reduced.text, new Set(named));
  const calls: AstNode[] = [];
  for (const n of u.tree) walk(n, (x) => void (x.kind === "CallExpr" && calleeName(x) === "mark" && calls.push(x)));
  return Object.fromEntries(
    calls.map((c) => {
      let number: unknown;
      walk(c, (x) => void (x.kind === "IntegerLiteral" && (number = x.value)));
      return [String(number), reachable.has(c)];
    }),
  );
}

test("a branch that a number leaves out never runs", async () => {
  const own = `int f(int a) {
    if (IS_ENABLED(0)) mark(10);
    if (IS_ENABLED(0) && a) mark(11); else mark(20);
    if (unlikely(0)) mark(12);
    if (!0) mark(21); else mark(13);
    if (1) mark(22);
    if ((_Bool)(long)0) mark(14);
    a = 0 ? mark(15) : mark(23);
    a = 0 && mark(16);
    a = 1 || mark(17);
    a = 0 || mark(24);
    a = 1 && mark(25);
    return a;
  }\n`;
  assert.deepEqual(
    await reached(own),
    Object.fromEntries([10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25].map((n) => [n, n >= 20])),
  );
});

test("what may hold does run", async () => {
  const own = `enum { OFF }; static int off;
  int f(int a) {
    if (a) mark(20);
    if (a && 0) mark(21);
    if (0 || a) mark(22);
    if (OFF) mark(23);
    if (off) mark(24);
    if (sizeof(a) == 8) mark(25);
    while (0) mark(26);
    return a;
  }\n`;
  assert.deepEqual(Object.values(await reached(own)), [true, true, true, true, true, true, true]);
});

test("a label in it is jumped to", async () => {
  const own = `int f(int a) {
    if (a) goto in;
    if (0) { mark(20); in: mark(21); }
    switch (a) { case 1: if (0) { case 2: mark(22); } }
    if (0) { mark(10); }
    return a;
  }\n`;
  assert.deepEqual(await reached(own), { 10: false, 20: true, 21: true, 22: true });
});

const TABLES = `struct ops { int (*run)(int); };
static int slow(int a) { return mark(1); }
static int fast(int a) { return mark(2); }
static int left(int a) { mark(3); return left(a); }
static const struct ops slow_ops = { slow }, fast_ops = { fast };
`;

test("functions and tables are reached from what others can see, and from nothing else", async () => {
  assert.deepEqual(await reached(`${TABLES}const struct ops *f(int a) { return 0 ? &slow_ops : &fast_ops; }\n`), {
    1: false,
    2: true,
    3: false,
  });
  assert.deepEqual(await reached(`${TABLES}const struct ops *const other = &slow_ops;\n`), {
    1: true,
    2: false,
    3: false,
  });
});

test("what an attribute keeps, an alias stands for, a clean-up calls or assembly names is reached", async () => {
  assert.deepEqual(await reached(`${TABLES}static const struct ops *kept __attribute__((used)) = &slow_ops;\n`), {
    1: true,
    2: false,
    3: false,
  });
  assert.deepEqual(
    await reached(
      'static int start(void) { return mark(4); }\nint init_module(void) __attribute__((alias("start")));\n',
    ),
    { 4: true },
  );
  assert.deepEqual(
    await reached(
      "static void leave(int *a) { mark(5); }\nvoid f(void) { int a __attribute__((cleanup(leave))) = 1; }\n",
    ),
    { 5: true },
  );
  assert.deepEqual(await reached(TABLES, ["left"]), { 1: false, 2: false, 3: true });
});
