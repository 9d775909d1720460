import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerVariadic } from "../../../src/stages/lower/variadic.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput): void =>
  lowerVariadic(x.functions, x.tokens, x.source, x.text, (offset) => ({
    file: "unit.c",
    line: x.source.slice(0, offset).split("\n").length,
  }));
const HEAD = "typedef __builtin_va_list va_list;\nint vprintf(const char *, va_list);\n";

test("arguments are read by type, from registers and from the stack, and lists are copied and passed on", async () => {
  const out = await sameResult(
    `${HEAD}static long sum(int n, ...) { va_list l, copy; long s = 0; __builtin_va_start(l, n); __builtin_va_copy(copy, l); while (n--) s = s * 2 + __builtin_va_arg(l, int); s += __builtin_va_arg(copy, long); __builtin_va_end(copy); __builtin_va_end(l); return s; }\n` +
      `static int pass(const char *f, ...) { va_list l; __builtin_va_start(l, f); int n = vprintf(f, l); __builtin_va_end(l); return n; }\nstruct carrier { va_list *va; };\nstatic int through(struct carrier *c) { return __builtin_va_arg(*c->va, unsigned) + __builtin_va_arg(*c->va, char *)[0]; }\nstatic int carry(int n, ...) { va_list l; struct carrier c = { &l }; __builtin_va_start(l, n); int r = through(&c); return r + __builtin_va_arg(l, int); }\nint main(void) { printf("%ld %d\\n", sum(9, 1, 2, 3, 4, 5, 6, 7, 8, 9), carry(1, 2u, "a", 3)); pass("%d %s %lx %c\\n", 1, "two", 3L << 40, 'd'); }\n`,
    rule,
  );
  assert.match(out, /kport\$va_arg\(\*c->va\)/);
  // What is left of the compiler's is where a function's own list starts.
  assert.deepEqual(out.match(/__builtin_va_(?!start|list kport\$started)\w+/g), null);
});

test("a unit without lists is left alone", async () => {
  const source = 'int printf(const char *, ...);\nint main(void) { printf("%d\\n", 1); }\n';
  assert.equal(await lowered(source, rule), source);
});

test("an argument that comes in no general register is refused, with its place", async () => {
  await assert.rejects(
    lowered(
      `${HEAD}struct s { long a, b, c; };\nlong f(int n, ...) { va_list l; __builtin_va_start(l, n);\nreturn __builtin_va_arg(l, struct s).b; }\n`,
      rule,
    ),
    (e: Error & { line?: number }) => /va_arg takes a `struct s`/.test(e.message) && e.line === 5,
  );
});
