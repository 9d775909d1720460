import assert from "node:assert/strict";
import { test } from "node:test";
import { dropRegisterClass } from "../../../src/stages/lower/constructs.ts";
import { liftLocalExterns } from "../../../src/stages/lower/local-externs.ts";
import { rustOf } from "../../rust/rust.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const lift = (x: RuleInput) => x.functions.forEach((f) => liftLocalExterns(f, x.source, x.text));

test("a variable that two functions declare in blocks is declared once for both, and c2rust knows it in both", async () => {
  const source =
    'static int f(int n) { { extern int g, h[]; n += g + h[1]; } return n; }\nstatic int k(void) { extern int g; return g; }\nint main(void) { extern int g; printf("%d %d %d\\n", f(3), k(), g); }\nint g = 4, h[2] = { 5, 6 };\n';
  await sameResult(source, lift);
  const text = `int printf(const char *, ...);\n${source}`;
  await assert.rejects(rustOf(text));
  assert.ok((await rustOf(await lowered(text, lift))).some((item) => item.kind === "fn" && item.name === "k"));
});

test("a declaration that a name or a type of the function's own could change stays in its block", async () => {
  const source =
    'int g = 4; struct s { int a; };\nint main(void) { int g = 1; struct s { char b; }; { extern int g; printf("%d\\n", g); } { extern struct s *p; (void)sizeof(p); } return g - 1; }\n';
  const whole = `int printf(const char *, ...);\n${source}`;
  assert.equal(await lowered(whole, lift), whole);
});

test("a register is a variable like any other", async () => {
  const out = await sameResult(
    'static int f(register int k) { register const int c = 3; int register a = k, b = 1; return a + b + c; }\nint main(void) { printf("%d\\n", f(2)); }\n',
    (x) => x.functions.forEach((f) => dropRegisterClass(f, x.source, x.text)),
  );
  assert.doesNotMatch(out, /register/);
});
