/** Functions that are hard to compare: each is proved, or left with a reason, in bounded time; and a mistake in one is never taken for the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { compareSides, type Outcome } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

const { clang, rustc } = await requireTools(["clang", "rustc"]);
const provers = await findProvers(rustc);
assert.ok(typeof provers !== "string");
const { opt } = provers;

async function sideOf(tag: "c" | "rust", c: string): Promise<Side> {
  const { stdout } = await run(
    clang.path,
    [
      "-xc",
      "-",
      "-O2",
      "-g0",
      "-fno-discard-value-names",
      "-Xclang",
      "-disable-llvm-passes",
      "-emit-llvm",
      "-S",
      "-o",
      "-",
      "-Wno-everything",
    ],
    { input: c },
  );
  return new Side(tag, [unitOfC(new IrModule(stdout), "unit")]);
}

async function compared(c: string, other = c): Promise<Outcome> {
  const outcomes = await compareSides(await sideOf("c", c), await sideOf("rust", other), ["f"], {
    opt: opt.path,
    sandbox: { writable: [] },
  });
  return outcomes.get("f") as Outcome;
}

/** Of each a function, and the same one with a mistake. */
const FUNCTIONS: Record<string, [c: string, mistaken: string, proved: boolean]> = {
  "any number of arguments": [
    "int f(int n, ...) { __builtin_va_list a; __builtin_va_start(a, n); int r = __builtin_va_arg(a, int); __builtin_va_end(a); return r; }",
    "int f(int n, ...) { __builtin_va_list a; __builtin_va_start(a, n); int r = __builtin_va_arg(a, int) + 1; __builtin_va_end(a); return r; }",
    true,
  ],
  "a computed goto": [
    "int f(int n) { static void *const to[] = { &&one, &&two }; goto *to[n & 1]; one: return 1; two: return 2; }",
    "int f(int n) { static void *const to[] = { &&two, &&one }; goto *to[n & 1]; one: return 1; two: return 2; }",
    false,
  ],
  "inline assembly": [
    'int f(int n) { int r; asm volatile("bswap %0" : "=r"(r) : "0"(n) : "memory"); return r; }',
    'int f(int n) { int r; asm volatile("notl %0" : "=r"(r) : "0"(n) : "memory"); return r; }',
    true,
  ],
  "inline assembly with other clobbers": [
    'int f(int *p) { *p = 1; asm volatile("" : : : "memory"); return *p; }',
    'int f(int *p) { *p = 1; asm volatile("" : : : "cc"); return *p; }',
    true,
  ],
  "assembly that jumps": [
    'int f(int n) { asm goto("testl %0, %0; jz %l1" : : "r"(n) : : zero); return 1; zero: return 0; }',
    'int f(int n) { asm goto("testl %0, %0; jz %l1" : : "r"(n) : : zero); return 0; zero: return 1; }',
    true,
  ],
  "a flow of control that no loop has": [
    "extern int g(int); int f(int n) { if (n & 1) goto b; a: n = g(n); if (n == 7) return n; b: n = g(n + 1); if (n == 9) return 0; goto a; }",
    "extern int g(int); int f(int n) { if (n & 1) goto b; a: n = g(n); if (n == 7) return n; b: n = g(n + 2); if (n == 9) return 0; goto a; }",
    true,
  ],
  "a loop without an end": [
    "void f(volatile int *p) { for (;;) *p = 1; }",
    "void f(volatile int *p) { for (;;) *p = 2; }",
    true,
  ],
};

for (const [what, [c, mistaken, proved]] of Object.entries(FUNCTIONS)) {
  test(what, async () => {
    const outcome = await compared(c);
    assert.equal(outcome.same, proved, JSON.stringify(outcome));
    if (!outcome.same) assert.notEqual(outcome.reason, "");
    assert.equal((await compared(c, mistaken)).same, false, "a mistake");
  });
}

test("a function of ten thousand instructions", { timeout: 300_000 }, async () => {
  const many = (mistake: number): string =>
    `extern unsigned g(unsigned); unsigned f(unsigned n, volatile unsigned *p) { ${Array.from({ length: 1200 }, (_, i) => `n = g(n ^ ${i}u) + ${i === 777 ? i + mistake : i}u; if (n == ${i}u) *p = n;`).join("\n")} return n; }`;
  assert.deepEqual(await compared(many(0)), { same: true, tier: "same-code" });
  assert.equal((await compared(many(0), many(1))).same, false);
});

test("a value that is computed of thousands of others", { timeout: 300_000 }, async () => {
  const deep = (mistake: number): string =>
    `unsigned f(unsigned n, unsigned m) { ${Array.from({ length: 1500 }, (_, i) => `n = (n ^ m) * ${2 * (i === 99 ? i + mistake : i) + 3}u + (n >> ${(i % 31) + 1});`).join("\n")} return n; }`;
  assert.equal((await compared(deep(0), deep(1))).same, false);
});

test("a block whose name begins with a dot is one like any other", () => {
  const text =
    "define i32 @f(i32 %a) {\n  br label %.critedge\n\n.critedge:\n  ret i32 %a\n}\ndeclare void @g(ptr, ...)\n";
  assert.deepEqual(
    new IrModule(text).function("f")?.blocks.map((b) => [b.name, b.instructions.length]),
    [
      ["0", 1],
      [".critedge", 1],
    ],
  );
});
