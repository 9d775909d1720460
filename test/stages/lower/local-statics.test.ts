import assert from "node:assert/strict";
import { test } from "node:test";
import { constantsOf, moveNamedStatics, sharedNames } from "../../../src/stages/lower/local-statics.ts";
import { type RuleInput, sameResult } from "./rule.ts";

const move = (x: RuleInput) => x.functions.forEach((f) => moveNamedStatics(f, sharedNames(x.tree), x.source, x.text));

test("a static that another one's initialiser names moves before its function, and types name it there", async () => {
  const out = await sameResult(
    'static int f(int k) { static int n; static int *const to = &n; __typeof__(n) before = n; *to += k; return n * 10 + before; }\nint main(void) { f(2); printf("%d\\n", f(3)); }\n',
    move,
  );
  assert.match(out, /__typeof__\(kport\$f_n_0\) before = kport\$f_n_0;/);
});

test("a static that may be no constant to c2rust and shares its name with a local elsewhere moves, with its unnamed type; others stay", async () => {
  const out = await sameResult(
    'static int a[2] = { 1, 2 };\nstatic int f(int k) { static const struct { int *to; } t[] = { { &a[1] }, { a } }; static int calls; return *t[k & 1].to + calls++; }\nstatic int g(int t) { int calls = t; return calls; }\nint main(void) { printf("%d %d %d\\n", f(0), f(1), g(3)); }\n',
    move,
  );
  assert.match(out, /static const struct \{ int \*to; \} kport\$f_t_0\[\] = [^;]*;\s*static int f\(/);
  assert.match(out, /static int calls;/);
});

test("what is constant of a function's own is told, by the name that it will have: it is read-only in C", async () => {
  const found: ReturnType<typeof constantsOf>[] = [];
  await sameResult(
    'static int f(int k) { static const int rates[] = { 3, 4 }; static const struct list { unsigned long n; const int *p; } l = { sizeof(rates), rates }; static const int *const ends[] = { rates, &rates[1] }; static const int *last = rates; static const volatile int port = 3; static int calls; return l.p[k] + *ends[1] + *last + port + calls++; }\nstatic int g(void) { static const int ends = 5; { static const char both = 1; (void)both; } { static char both; both++; } return ends; }\nint main(void) { printf("%d %d\\n", f(0), g()); }\n',
    (x) => {
      found.push(...x.functions.map((f) => constantsOf(f, sharedNames(x.tree))));
      move(x);
    },
  );
  // `ends` is two variables': the one that names something moves, the other stays in its function.
  assert.deepEqual(found, [
    [{ name: "kport$f_rates_0", called: "rates" }, { name: "l" }, { name: "kport$f_ends_1", called: "ends" }],
    [{ name: "ends", shared: true }],
    [],
  ]);
});
