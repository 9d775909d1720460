import assert from "node:assert/strict";
import { test } from "node:test";
import type { AstNode } from "../../../src/c/ast.ts";
import { Records } from "../../../src/stages/lower/records.ts";
import { clearLocals } from "../../../src/stages/lower/clear-locals.ts";
import { clearLiterals } from "../../../src/stages/lower/zero-padding.ts";
import { runC } from "../../rust/rust.ts";
import { lowered, named, type RuleInput, sameResult } from "./rule.ts";

const rule =
  (clearAll: boolean, apart = new Set<AstNode>()) =>
  (x: RuleInput) =>
    x.functions.forEach((f) => clearLocals(f, new Records(x.tree, x.source), x.source, clearAll, apart, x.text));
// A stack full of ones below a call shows what an initialiser leaves alone.
const HEAD =
  'static void __attribute__((noinline)) dirty(void) { volatile unsigned char stack[512]; for (int i = 0; i < 512; i++) stack[i] = 255; }\nstatic void show(const void *p, unsigned n) { for (unsigned i = 0; i < n; i++) printf("%02x", ((const unsigned char *)p)[i]); printf("\\n"); }\n';
const TYPES =
  "struct in { char c; int i; }; struct s { char tag; struct in in; union { char small; long large; } u; char name[8]; int list[3]; struct { short x; } unnamed; };\n";

test("a local structure with an initialiser is zero where nothing is given, padding and unions included", async () => {
  const source = `int printf(const char *, ...);\n${HEAD}${TYPES}static void __attribute__((noinline)) f(int n) { struct s s = { .tag = n, .in = { n + 1, n + 2 }, .u.small = n + 3, .name = "abc", .list = { n, [2] = n * 2 }, .unnamed = { n } }; show(&s, sizeof(s)); }\nint main(void) { dirty(); f(7); }\n`;
  const out = await lowered(source, rule(false));
  assert.match(out, /struct s s\s*; __builtin_memset\(&s, 0, sizeof\(s\)\);/);
  assert.equal(
    (await runC(out)).stdout,
    "070000000800000009000000000000000a000000000000006162630000000000070000000000000" + "00e00000007000000\n",
  );
});

test("a local array whose length its initialiser gave keeps it", async () => {
  const source =
    'struct s { int a; char c; };\nint main(void) { int n = 4; struct s list[] = { { n, 1 }, [2] = { n + 1, 2 } }, two[2][1] = { { { 1 } } }; struct s nested[][2] = { { { n } }, { { 7 } } }; printf("%zu %d %zu %d\\n", sizeof(list), list[2].a, sizeof(nested), nested[1][0].a + two[0][0].a); }\n';
  assert.match(await sameResult(source, rule(true)), /nested\[2\]\[2\]\s*; __builtin_memset/);
});

test("locals without an initialiser are cleared where the compiler clears them, and only there", async () => {
  const source =
    'struct s { int a; char c; };\nint main(void) { struct s s; s.a = 1; s.c = 2; static struct s kept; int plain; plain = 3; printf("%d %d %d %d\\n", s.a, s.c, kept.a, plain); }\n';
  assert.match(await sameResult(source, rule(true)), /struct s s; __builtin_memset\(&s, 0, sizeof\(s\)\);/);
  assert.doesNotMatch(await sameResult(source, rule(false)), /memset/);
});

test("a constant local is cleared like any other; a table and a type that is constant by its name keep their initialisers", async () => {
  const source = `int printf(const char *, ...);\n${HEAD}${TYPES}typedef const struct in fixed;\nstatic void __attribute__((noinline)) f(int n) { const struct in a = { n, 1 }, *p = &a; show(p, sizeof(*p)); }\nstatic void __attribute__((noinline)) g(int n) { struct in const b = { .c = n }; fixed c = { n, 2 }; const struct in table[2] = { { 1, 2 }, { 3, 4 } }; show(&b, sizeof(b)); printf("%d %d\\n", c.i, table[1].i); }\nint main(void) { dirty(); f(7); dirty(); g(8); }\n`;
  const out = await lowered(source, rule(false));
  assert.match((await runC(out)).stdout, /0800000000000000\n2 4\n$/);
  assert.match(out, /fixed c = \{ n, 2 \}; const struct in table\[2\] = /);
});

test("values that are taken out of a list are not told their members there", async () => {
  const source =
    'struct s { unsigned a : 3, : 5, b : 4; struct { unsigned : 2, c : 6; } in; };\nstruct s g = { 4, 5, { 6 } };\nint main(void) { struct s l = { 1, 2, { 3 } }; l = (struct s){ l.b, l.a, { 7 } }; printf("%u %u %u %u %u %u\\n", g.a, g.b, g.in.c, l.a, l.b, l.in.c); }\n';
  const out = await sameResult(source, (x) => {
    const apart = new Set<AstNode>();
    rule(true, apart)(x);
    for (const f of x.functions) clearLiterals(f, new Records(x.tree, x.source), () => false, apart, x.text);
    named(x, new Map(), apart);
  });
  assert.match(out, /g = \{ \.a = 4, \.b = 5, /);
});

test("all of several locals are cleared, but not what a later one's value was made of", async () => {
  const source = `int printf(const char *, ...);\n${HEAD}${TYPES}static int fill(struct in *p) { p->i = 3; return 4; }\nstatic void __attribute__((noinline)) f(void) { struct in a, b; struct in c, *d = &c; int x = 1; struct in e; int y = fill(&e); a.c = b.c = 1; a.i = b.i = 2; show(&a, 8); show(&b, 8); printf("%d %d %d %d\\n", x, y, e.i, d == &c); }\nint main(void) { dirty(); f(); }\n`;
  assert.equal((await runC(await lowered(source, rule(true)))).stdout, "0100000002000000\n0100000002000000\n1 4 3 1\n");
});

test("several locals of a statement are cleared and get their values in order, unless one between them could tell", async () => {
  const source = `int printf(const char *, ...);\n${HEAD}${TYPES}static int next(void) { static int n; return ++n; }\nstatic void __attribute__((noinline)) f(int n) { struct in a = { n, 1 }, b = { .c = a.i + 1 }, *p = &a, list[] = { { 3 }, { 4, n } }, copy = *p, none; show(&a, 8); show(&b, 8); show(list, sizeof(list)); show(&copy, 8); none.c = p->i; }\nstatic void __attribute__((noinline)) g(void) { struct in a = { next(), 1 }; int x = next(); struct in b = { next() }, c = { b.c, next() }; struct in d = { 5, 6 }; int y = d.i; show(&a, 8); show(&b, 8); show(&c, 8); printf("%d %d\\n", x, y); }\nstatic void h(void) { struct in a = { next(), next() }, b = { 8 }, *p = &a; int *q = &p->i; printf("%d %d %d\\n", a.c, *q, next()); }\nint main(void) { dirty(); f(7); dirty(); g(); h(); }\n`;
  const out = await lowered(source, rule(true));
  assert.equal(
    (await runC(out)).stdout,
    "0700000001000000\n0200000000000000\n03000000000000000400000007000000\n0700000001000000\n0100000001000000\n0300000000000000\n0300000004000000\n2 6\n5 6 7\n",
  );
  assert.match(out, /struct in a\s*, b\s*, \*p = &a, list\[2\]\s*, copy\s*, none; __builtin_memset\(&a, /);
  assert.match(out, /__builtin_memcpy\(&copy, &\(\*p\), sizeof\(copy\)\);/);
});

test("what is made of a structure in the same statement gets its value behind that one's", async () => {
  const source = `int printf(const char *, ...);\n${HEAD}${TYPES}enum __attribute__((packed)) kind { NONE, ALL = 200 };\nstruct kept { enum kind kind; int i; };\nstatic void __attribute__((noinline)) f(int n) { struct s a = { .in = { n, 2 } }, b = a; struct in c = { n }, d[2] = { c, { 5 } }, *p = d; int x = p->c + c.c, y = x; struct kept e = { ALL, n }, g = e; show(&b, sizeof(b)); show(d, sizeof(d)); show(&g, sizeof(g)); printf("%d %d\\n", x, y); }\nint main(void) { dirty(); f(7); }\n`;
  const out = await lowered(source, rule(true));
  assert.equal(
    (await runC(out)).stdout,
    `${"00".repeat(4)}0700000002000000${"00".repeat(36)}\n07000000000000000500000000000000\nc800000007000000\n14 14\n`,
  );
  assert.match(out, /b = a; *struct in|b = a;/);
  assert.match(out, /__builtin_memcpy\(&g, &\(e\)/);
});

test("a pair that is a part of a value is copied as bytes", async () => {
  const source = `int printf(const char *, ...);\n${HEAD}${TYPES}struct two { struct in a; struct in list[2]; };\nstatic void __attribute__((noinline)) f(const struct in *p) { struct two t = { .a = *p, .list[1] = p[1] }; struct in list[] = { *p, { 5, 6 } }; show(&t, sizeof(t)); show(list, sizeof(list)); show(&(struct two){ .list = { *p } }, 24); }\nint main(void) { struct in given[2]; __builtin_memset(given, 0x11, sizeof(given)); dirty(); f(given); }\n`;
  const out = await lowered(source, (x) => {
    const apart = new Set<AstNode>();
    rule(true, apart)(x);
    for (const f of x.functions) clearLiterals(f, new Records(x.tree, x.source), () => false, apart, x.text);
  });
  assert.equal(
    (await runC(out)).stdout,
    `${"11".repeat(8)}${"00".repeat(8)}${"11".repeat(8)}\n${"11".repeat(8)}0500000006000000\n${"00".repeat(8)}${"11".repeat(8)}${"00".repeat(8)}\n`,
  );
  assert.match(out, /__builtin_memcpy\(&t\.a, &\(\*p\), sizeof\(t\.a\)\)/);
  assert.match(out, /__builtin_memcpy\(&list\[0\], &\(\*p\)/);
});

test("a pair is copied as bytes where it is one of two, what a statement expression ends in, or in a loop's head", async () => {
  const source = `int printf(const char *, ...);\n${HEAD}struct p { char c; int i; };\nstatic void __attribute__((noinline)) f(const struct p *a, const struct p *b, int n) { struct p x = n ? *a : *b, y = ({ struct p t = *a; t.c += n; t; }); show(&x, sizeof(x)); show(&y, sizeof(y)); x = (n) ? (*b) : *a; show(&x, sizeof(x)); for (struct p z = *b, w = { 3 }; z.c < n; z.c++) { show(&z, sizeof(z)); if (z.i) continue; show(&w, sizeof(w)); } struct p q; for (struct p z = *b; z.c < n; z.c++) if (n) q = (struct p){ z.c, 1 }; show(&q.i, sizeof(q.i)); for (struct p z = *b; z.c < n; z.c++) show(&z, sizeof(z)); }\nint main(void) { struct p a, b; __builtin_memset(&a, 0x55, sizeof(a)); __builtin_memset(&b, 0x66, sizeof(b)); a.c = 1; a.i = 2; b.c = 2; b.i = 0; dirty(); f(&a, &b, 3); }\n`;
  const out = await lowered(source, (x) => {
    rule(true)(x);
    for (const f of x.functions) clearLiterals(f, new Records(x.tree, x.source), () => false, new Set(), x.text);
  });
  assert.match(out, /struct p x, y\s*;/);
  assert.match(out, /memcpy\(&x, \(\(n\) \? &\(\*a\) : &\(\*b\)\), sizeof\(x\)\);/);
  assert.match(out, /t\.c \+= n; __builtin_memcpy\(&y, &\(t\), sizeof\(y\)\); \}\);/);
  assert.match(out, /memcpy\(&\(x\), \(\(\(n\)\) \? &\(\(\*b\)\) : &\(\*a\)\), sizeof\(x\)\)/);
  assert.match(out, /\{ struct p z, w\s*;.*memcpy\(&z, &\(\*b\), sizeof\(z\)\);.* for \(; z\.c < n; z\.c\+\+\) \{/);
  // Without a block the loop goes to the semicolon.
  assert.match(out, /for \(; z\.c < n; z\.c\+\+\) show\(&z, sizeof\(z\)\); \} \}/);
  assert.equal((await runC(out)).stdout, (await runC(source)).stdout);
});

test("compound literals with padding are cleared, and copied with it; others stay as they are", async () => {
  const literals = (x: RuleInput): void =>
    x.functions.forEach((f) => clearLiterals(f, new Records(x.tree, x.source), () => false, new Set(), x.text));
  const source = `int printf(const char *, ...);\n${HEAD}${TYPES}struct solid { int x, y; };\nstatic void __attribute__((noinline)) f(int n) { struct in at, copy; struct solid s; show(&(struct in){ n, 2 }, 8); at = (struct in){ n, at.i = 5 }; show(&at, 8); copy = at; show(&copy, 8); s = (struct solid){ n, 1 }; switch (n) { case 7: show(&(struct in){ .i = n }, 8); } for (int i = 0; i < 2; i++) { struct in *p = &(struct in){ i }; p->i++; show(p, 8); } printf("%d %d\\n", s.x, (struct in){ n, n + 1 }.i); }\nint main(void) { dirty(); f(7); }\n`;
  const out = await lowered(source, literals);
  assert.equal(
    (await runC(out)).stdout,
    "0700000002000000\n0700000005000000\n0700000005000000\n0000000007000000\n0000000001000000\n0100000001000000\n7 8\n",
  );
  assert.match(out, /s = \(struct solid\)\{ n, 1 \};/);
  assert.match(out, /__builtin_memcpy\(&\(copy\), &\(at\), sizeof\(copy\)\)/);
});

test("what cannot be assigned member by member keeps its initialiser", async () => {
  const out = await sameResult(
    'struct c { const int fixed; int b; }; struct s { int a; };\nint main(void) { const struct s k = { 1 }; struct c c = { 2, 3 }; struct s copy = k; struct s list[2] = { { 4 }, { 5 } }; int i = 6; printf("%d %d %d %d %d %d\\n", k.a, c.fixed, c.b, copy.a, list[1].a, i); }\n',
    rule(false),
  );
  assert.match(out, /struct c c = \{ 2, 3 \}/);
});

test("an initialiser is evaluated once, in its order, and sees earlier variables", async () => {
  await sameResult(
    'struct s { int a, b, c; }; static int n; static int next(void) { return ++n; }\nint main(void) { struct s first = { next(), next() }; struct s second = { .a = first.b, .c = next() }; printf("%d %d %d %d %d %d\\n", first.a, first.b, first.c, second.a, second.b, second.c); }\n',
    rule(false),
  );
});

test("members of unnamed structures and unions are reached", async () => {
  await sameResult(
    'struct s { int a; union { struct { short x, y; }; int both; }; struct { int deep; } n[2]; };\nint main(void) { struct s s = { 1, { { 2, 3 } }, { { 4 }, { 5 } } }; struct s t = { .both = 0x10002, .n[1].deep = 6 }; printf("%d %d %d %d %d %d %d %d\\n", s.a, s.x, s.y, s.n[0].deep, s.n[1].deep, t.x, t.y, t.n[1].deep); }\n',
    rule(false),
  );
});

test("bit-fields, strings longer than their array, pointers to string literals", async () => {
  await sameResult(
    'struct s { unsigned a : 3; unsigned : 2; unsigned b : 5; char four[4]; const char *text; };\nint main(void) { struct s s = { 5, 9, "abcd", "hello" }; printf("%u %u %c%c %s\\n", s.a, s.b, s.four[0], s.four[3], s.text); }\n',
    rule(false),
  );
});

test("a literal of constant elements or pointers is a variable that can be given them", async () => {
  const source = `typedef int (*const op_t)(int); static int up(int k) { return k + 1; }
static int f(const char *const *names, char *const *text, const int *rows, int (*const *ops)(int), op_t *op) { return names[1][0] + text[0][1] + rows[3] + ops[1](2) + (*op)(3); }
int main(void) { int k = 4; printf("%d\\n", f((const char *const []){ "no", "yes" }, (char *const []){ (char *)"abc" }, *(const int [][2]){ { 1, 2 }, { 3, k } }, (int (*const [])(int)){ up, up }, &(op_t){ up })); }
`;
  const out = await sameResult(source, (x) =>
    x.functions.forEach((f) => clearLiterals(f, new Records(x.tree, x.source), () => false, new Set(), x.text)),
  );
  assert.doesNotMatch(out, /\(const char \*const \[\]\)|\(char \*const \[\]\)|\(const int|\(op_t\)/);
});

test("a member that is put into what has its value as a whole is put there, and what computes it is computed", async () => {
  const source =
    'struct in { int x, y; }; struct s { struct in in; char tag[6]; };\nstatic int calls; static int next(int n) { calls = calls * 10 + n; return n; }\nint main(void) { struct in whole = { next(1), next(2) }; struct s s = { .in = whole, .in.y = next(3), .tag = "abc", .tag[1] = next(4) + 60 }, list[2] = { [1] = s, [1].in.x = next(5) }; printf("%d %d %s %d %d %d\\n", s.in.x, s.in.y, s.tag, list[1].in.x, list[1].in.y, calls); s = (struct s){ .in = whole, .in.x = next(6) }; printf("%d %d %d\\n", s.in.x, s.in.y, calls); }\n';
  assert.match(await sameResult(source, taken), / s\.in = whole; s\.in\.y = next\(3\);/);
});

test("the address of an array without a name is that of the whole array", async () => {
  const source =
    'struct in { char x; int y; };\nstatic int of(struct in (*list)[2], int (*n)[3]) { return (*list)[1].y * 100 + (*n)[2] * 10 + sizeof(*n); }\nint main(void) { int k = 4; printf("%d %d %d\\n", of(&(struct in[]){ { k, 2 }, { k, 3 } }, &(int[]){ 1, 2, k }), (&(int[]){ k, k + 1, k + 2 }[1])[1], (*&(int[]){ k + 3 })[0]); }\n';
  assert.match(await sameResult(source, taken), /&\(\*\(\{/);
});

/** Locals and literals, as the lowering does both. */
function taken(x: RuleInput): void {
  const apart = new Set<AstNode>();
  rule(true, apart)(x);
  for (const f of x.functions) clearLiterals(f, new Records(x.tree, x.source), () => false, apart, x.text);
}
