/** Expanded text that meets its own macros once more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { meansElse, shielded } from "../../../src/stages/lower/shield.ts";
import { runC } from "../../rust/rust.ts";

const MACRO = "static int minus(int a, int b) { return a - b; }\n#define minus(b, a) minus(a, b)\n";
const program = (f: string): string =>
  `int printf(const char *, ...);\n${MACRO}${f}\nint main(void) { printf("%d %d\\n", f(), minus(1, 10)); }\n`;

test("a macro does not expand in what it expanded to, and does so again behind it", async () => {
  const expanded = "static int f(void) { return minus(10, 1); }";
  assert.equal((await runC(program(shielded(expanded, expanded, new Set(["minus", "other"]))))).stdout, "9 9\n");
});

test("without that its arguments change places", async () => {
  assert.equal((await runC(program("static int f(void) { return minus(10, 1); }"))).stdout, "-9 9\n");
});

test("text that names no macro stays as it is", () => {
  assert.equal(shielded("f(minus);", "f(g);", new Set(["minus"])), "f(minus);");
});

test("an invocation means something else behind a directive that changes what it may be made of", () => {
  const v = { start: 10, source: "warn(x)" };
  const after = (...directives: [number, string][]): boolean =>
    meansElse(v, "printk(x)", { directives: directives.map(([at, text]) => ({ at, text })) });
  assert.equal(after([1, "#define LIMIT 1"], [20, "#define OTHER 2"]), false);
  assert.equal(after([1, "#define LIMIT 1"], [20, "#undef LIMIT"]), true);
  assert.equal(after([1, "#define LIMIT 1"], [20, "#define LIMIT 2"]), true);
  assert.equal(after([20, "#define printk(x) other(x)"]), true);
  assert.equal(after([1, "#define LIMIT 1"], [5, "#undef LIMIT"], [6, "#define LIMIT 2"]), false);
});
