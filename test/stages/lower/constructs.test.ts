import assert from "node:assert/strict";
import { test } from "node:test";
import { fillsOf } from "../../../src/stages/lower/bitfields.ts";
import { lowerArrayIndexing } from "../../../src/stages/lower/array-indexing.ts";
import { lowerChoices, lowerCommonValues } from "../../../src/stages/lower/choices.ts";
import { dropCompileTimeErrors } from "../../../src/stages/lower/compile-time-errors.ts";
import {
  dropFunctionDereferences,
  lowerAddressesThroughIntegers,
  lowerCaseRanges,
  lowerWideCharacters,
} from "../../../src/stages/lower/constructs.ts";
import { lowerLabelledValues, lowerLocalLabels } from "../../../src/stages/lower/labels.ts";
import { lowerTypeQueries } from "../../../src/stages/lower/type-queries.ts";
import { rustOf } from "../../rust/rust.ts";
import { lowered, named, type RuleInput, sameResult } from "./rule.ts";

const typeQueries = (x: RuleInput) => lowerTypeQueries(x.answers, x.source, x.tokens, x.text, "unit.c");
const choices = (x: RuleInput) => x.tree.forEach((n) => lowerChoices(n, x.source, x.text));
const each = (rule: (f: RuleInput["functions"][number], x: RuleInput) => void) => (x: RuleInput) =>
  x.functions.forEach((f) => rule(f, x));

test("typeof of what c2rust cannot read becomes the type", async () => {
  const out = await sameResult(
    'int main(void) { unsigned int x = 5; __typeof__(_Generic(x, unsigned int: (long)0, default: 0)) y = -1; __typeof__(x) plain = 3; printf("%zu %ld %u\\n", sizeof(y), (long)y, plain); }\n',
    typeQueries,
  );
  assert.match(out, /__typeof__\(long\) y/);
  assert.match(out, /__typeof__\(x\) plain/);
});

test("__builtin_types_compatible_p becomes its value, in functions, types and outside", async () => {
  const out = await sameResult(
    'static int outside = __builtin_types_compatible_p(int, long);\nint main(void) { char a[1 + __builtin_types_compatible_p(int, int)]; printf("%d %zu\\n", outside, sizeof(a)); }\n',
    typeQueries,
  );
  assert.doesNotMatch(out, /types_compatible/);
});

test("object sizes become what clang knows, or what is said of the unknown", async () => {
  const out = await sameResult(
    'struct s { char a[8], b[4]; }; struct s g; static unsigned long unknown(void *p) { return __builtin_object_size(p, 0) + __builtin_object_size(p, 2); }\nint main(void) { printf("%lu %lu %lu %d\\n", __builtin_object_size(&g, 0), __builtin_object_size(g.a, 1), __builtin_dynamic_object_size(g.b, 1), unknown(&g) != 0); }\n',
    typeQueries,
  );
  assert.doesNotMatch(out, /object_size/);
});

test("_Generic becomes the expression that was chosen, nested ones too", async () => {
  const out = await sameResult(
    ["5", "5L", "(char *)0", "5.0"]
      .map(
        (v, i) =>
          `static int f${i}(void) { return _Generic((${v}), int: 1, long: 2, default: _Generic((${v}), char *: 3, default: 4)); }\n`,
      )
      .join("") + 'int main(void) { printf("%d%d%d%d\\n", f0(), f1(), f2(), f3()); }\n',
    choices,
  );
  assert.doesNotMatch(out, /_Generic/);
});

test("__auto_type becomes the type, also where it has no name", async () => {
  const out = await sameResult(
    'struct { int a; } unnamed = { 4 };\nint main(void) { const short s = -2; __auto_type a = s; __auto_type b = "abc"; __auto_type c = unnamed; printf("%zu %d %s %d\\n", sizeof(a), a, b, c.a); }\n',
    choices,
  );
  assert.doesNotMatch(out, /__auto_type/);
});

test("labels local to a block get names of their own", async () => {
  const out = await sameResult(
    'static int f(int n) { int r = 0; { __label__ out; if (n > 1) goto out; r += 1; out: r += 10; } { __label__ out; if (n > 2) goto out; r += 100; out: r += 1000; } goto out; out: return r; }\nint main(void) { printf("%d %d %d\\n", f(1), f(2), f(3)); }\n',
    each((f, x) => lowerLocalLabels(f, x.text)),
  );
  assert.doesNotMatch(out, /__label__/);
  assert.match(out, /goto out_1;[^]*goto out_2;[^]*goto out;/);
});

test("calls that a compiler must remove become nothing, with their declarations", async () => {
  const out = await lowered(
    'extern __attribute__((error("outer"))) void outer_error(void);\nint f(int a) { if (sizeof(a) != 4) outer_error(); do { extern __attribute__((error("inner"))) void inner_error(void); if (!(sizeof(a) == 4)) inner_error(); } while (0); return a; }\n',
    (x) => dropCompileTimeErrors(x.tree, x.text),
  );
  assert.doesNotMatch(out, /(?:outer|inner)_error\(\)/);
  assert.doesNotMatch(out, /void inner_error/);
});

test("other calls stay", async () => {
  const source = "extern __attribute__((warn_unused_result)) int fine(void);\nint f(void) { return fine(); }\n";
  assert.equal(await lowered(source, (x) => dropCompileTimeErrors(x.tree, x.text)), source);
});

test("a labelled value of a statement expression keeps its value", async () => {
  const source =
    'int main(void) { int n = 1; int v = ({ if (n) goto out; n = 5; out: n + 2; }); printf("%d\\n", v); }\n';
  assert.match(
    await sameResult(
      source,
      each((f, x) => lowerLabelledValues(f, x.source, x.text)),
    ),
    /out:; n \+ 2;/,
  );
});

test("indexing with what is no constant becomes pointer arithmetic; constants stay", async () => {
  const out = await sameResult(
    'struct s { int a[4][2]; }; static struct s g = { { {1, 2}, {3, 4}, {5, 6} } };\nint main(void) { int i = 2, sum = 0; int *p = g.a[1]; for (i = 0; i < 3; i++) { sum += g.a[i][1] * 10 + g.a[i][i & 1]; g.a[i][0]++; } printf("%d %d %d %d\\n", sum, p[1], g.a[2][1], i[p - 2 + 0 * i] ); }\n',
    each((f, x) => lowerArrayIndexing(f, x.text)),
  );
  assert.match(out, /g\.a\[2\]\[1\]/);
  assert.match(out, /\(\*\(g\.a \+ \(i\)\)\)/);
});

test("what `a ?: b` has in common is rewritten once, as it stands once", async () => {
  const out = await sameResult(
    'static const char *names[3] = { "zero", 0, "two" };\nint main(void) { int i; for (i = 0; i < 3; i++) printf("%s\\n", names[i] ?: names[i - 1]); }\n',
    each((f, x) => lowerArrayIndexing(f, x.text)),
  );
  assert.equal(out.match(/names \+/g)?.length, 2);
});

test("what `a ?: b` has in common is no place where that is constant: c2rust would make a mutable reference of it", async () => {
  const out = await sameResult(
    'static const char *const names[2] = { 0, "one" }; static const char *plain;\nstatic const char *f(int i) { return names[i] ?: names[1] ?: plain; }\nstatic const char *g(const char *s) { return plain ?: s; }\nint main(void) { printf("%s %s %s\\n", f(0), f(1), g("x")); }\n',
    each((f, x) => lowerCommonValues(f, x.text)),
  );
  assert.match(out, /kport\$common = \(names\[i\]\)/);
  assert.match(out, /return plain \?: s;/);
});

test("an element of an array that a function returns is found in a place", async () => {
  const out = await sameResult(
    'struct s { int n; struct { int a[4]; } in; }; static struct s f(int k) { return (struct s){ 1, { { k, k + 1, k + 2, k + 3 } } }; }\nint main(void) { for (int i = 0; i < 4; i++) printf("%d %d\\n", f(i).in.a[i], f(7).in.a[2]); }\n',
    each((f, x) => lowerArrayIndexing(f, x.text)),
  );
  assert.match(out, /\*\(kport\$value\.in\.a \+ \(i\)\)/);
});

test("indexing leaves no bounds check in the Rust", async () => {
  const source = "int table[4]; int get(unsigned long i) { return table[i]; }\n";
  const body = (items: Awaited<ReturnType<typeof rustOf>>): string => items.find((i) => i.name === "get")?.text ?? "";
  assert.match(body(await rustOf(source)), /table\[i as usize\]/);
  assert.doesNotMatch(
    body(
      await rustOf(
        await lowered(
          source,
          each((f, x) => lowerArrayIndexing(f, x.text)),
        ),
      ),
    ),
    /\[i as usize\]/,
  );
});

const UNNAMED =
  "struct s { unsigned a : 3; unsigned : 5; unsigned b : 4; unsigned : 0; unsigned c; }; struct s g = { 1, 2, 3 }; const struct s h = { .c = 9, .a = 4 };\n";

test("unnamed bit-fields get names, and values go to their own members", async () => {
  const out = await sameResult(
    `${UNNAMED}int main(void) { struct s l = { 5, 6 }; printf("%u %u %u %u %u %u %zu\\n", g.a, g.b, g.c, h.c, l.b, l.c, sizeof(g)); }\n`,
    (x) => named(x, new Map(), new Set()),
  );
  assert.match(out, /unsigned\s+kport\$unnamed_0\s*: 5/);
  assert.match(out, /unsigned : 0/);
  assert.match(out, /g = \{ \.a = 1, \.b = 2, \.c = 3 \}/);
  assert.match(out, /h = \{ \.c = 9, \.a = 4 \}/);
});

test("beside unnamed bit-fields, values find their members by nested designators, without braces, and behind unnamed unions", async () => {
  const source = `struct in { unsigned a : 3, : 5, b : 4; int c; };
struct s { int k; union { struct { int x, y; }; long w; }; struct in in, arr[2]; unsigned p : 3, : 2; union { short v; char n[2]; }; unsigned q : 4; };
struct s one = { .k = 1, .x = 2, .y = 3, .in.b = 4, .arr[1].c = 5, .q = 6, .v = 7 }, two = { 1, { .w = 2 }, { 3, 4, 5 }, { { 6, 7, 8 } }, 1, { 9 }, 2 };
struct s three = { 1, { { 2, 3 } }, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, { .n = { 5, 6 } }, 7 }, four = { 1, 9, 10, 3, 4, 5, .q = 3, .in.c = 8 };
struct in elided[] = { 1, 2, 3, [2 ... 3] = { 4, 5, 6 }, 7, 1, 9 };
static void show(const struct s *s) { printf("%d %d %d %d %d %d %d %d %d %d %d %d\\n", s->k, s->x, s->y, s->in.a, s->in.b, s->in.c, s->arr[0].b, s->arr[1].b, s->arr[1].c, s->p, s->v, s->q); }
int main(void) { struct s local = { two.k, { { 3, 4 } }, .arr[0] = { 1, 2 }, .p = 3, { 5 }, 6 }; show(&one); show(&two); show(&three); show(&four); show(&local); for (int i = 0; i < 5; i++) printf("%d %d %d\\n", elided[i].a, elided[i].b, elided[i].c); }
`;
  await sameResult(source, (x) => named(x, new Map(), new Set()));
});

test("a structure without a tag is known by its typedef or its place, beside aligned members too", async () => {
  await sameResult(
    `typedef struct { unsigned a : 3, : 5, b : 4; int c; } td; static td t[] = { { 1, 2, 3 }, { .b = 4 } };
static struct { unsigned f : 1, : 7, g : 8; char h; } lone = { 1, 200, 3 }; struct o { struct { unsigned a : 2, : 6, b : 5; } in; struct { unsigned : 4, q : 6; }; int z; };
struct both { unsigned a : 3, : 5, b : 4; short c __attribute__((aligned(8))); int d; } both = { 1, 2, 3, 4 };
int main(void) { struct o o = { { 1, 2 }, { 5 }, 6 }; const td *p = &(td){ 1, 7 }; printf("%d %d %d %d %d %d %d\\n", t[0].a, t[0].b, t[0].c, t[1].b, lone.g, lone.h, p->b); printf("%d %d %d %d %d %d %d\\n", o.in.a, o.in.b, o.q, o.z, both.b, both.c, both.d); }
`,
    (x) => named(x),
  );
});

test("an unnamed bit-field among others of one declaration gets a name of its own", async () => {
  assert.match(
    await lowered("struct s { unsigned a : 3, : 5, b : 4; };\n", (x) => named(x, new Map(), new Set())),
    /a : 3,\s+kport\$unnamed_0 : 5, b : 4;/,
  );
});

test("a bit-field of no width between other members becomes the bytes that it leaves free, and has no value", async () => {
  const source = `struct loose { char a; int : 0; char b; long : 0; long c; } g = { 1, 2, 3 };
struct __attribute__((packed)) tight { short a; unsigned : 0; char b; } t = { 4, 5 };
int main(void) { struct tight l = { 6, 7 }; printf("%d %d %ld %zu %d %d %zu %d %d %zu\\n", g.a, g.b, g.c, __builtin_offsetof(struct loose, b), t.a, t.b, sizeof(t), l.a, l.b, __builtin_offsetof(struct tight, b)); }\n`;
  const out = await sameResult(source, (x) => named(x, fillsOf(x.tree, x.answers), new Set()));
  // b of loose stands at 4, c at 8, b of tight at 4.
  assert.deepEqual(
    [...out.matchAll(/unsigned char kport\$unnamed_\d\[(\d)\]/g)].map((m) => m[1]),
    ["3", "3", "2"],
  );
});

test("structures without unnamed bit-fields keep their initialisers", async () => {
  const source = "struct s { unsigned a : 3, b : 5; unsigned : 0; int c; }; struct s g = { 1, 2, 3 };\n";
  assert.equal(await lowered(source, (x) => named(x, new Map(), new Set())), source);
});

test("case ranges keep their ends", async () => {
  const out = await sameResult(
    "static int kind(int c) { switch (c) { case '0' ... '9': return 1; case 'a' ... 'f': case 'A' ... 'F': return 2; case -5 ... -3: return 3; case 'z': return 4; default: return 0; } }\nstatic int big(unsigned long n) { switch (n) { case 0 ... 0xffffffffUL: return 1; case 0x100000000UL ... ~0UL: return 2; } return 3; }\nint main(void) { for (int c = -8; c < 128; c++) printf(\"%d\", kind(c)); printf(\" %d%d%d\\n\", big(7), big(0x1ffffffffUL), big(~0UL)); }\n",
    each((f, x) => lowerCaseRanges(f, x.source, x.text)),
  );
  assert.doesNotMatch(out, /case[^:]*\.\.\./);
});

test("both ends of a range are of the switch's type, and the label of an empty range goes", async () => {
  const out = await sameResult(
    "static int wide(unsigned long n) { switch (n) { case -1 ... 1: return 1; case 9 ... 7: return 2; case -9 ... -8: return 3; case 5: return 4; case 'a' + 1 ... ~(-'d'): return 5; default: return 6; } }\nstatic int narrow(unsigned n) { switch (n) { case -4 ... -1: return 1; case 0x100000001 ... 0x100000003: return 2; default: return 3; } }\nint main(void) { for (int i = -10; i < 110; i++) printf(\"%d%d\", wide(i), narrow(i)); printf(\"\\n\"); }\n",
    each((f, x) => lowerCaseRanges(f, x.source, x.text)),
  );
  assert.doesNotMatch(out, /case (?:-1|9):/);
});

test("ranges of a switch inside a switch are the inner one's", async () => {
  await sameResult(
    'static int f(int a, int b) { switch (a) { case 1 ... 3: switch (b) { case 1 ... 2: return 1; case 5: return 5; default: return 2; } case 9: return 9; default: return 3; } }\nint main(void) { for (int a = 0; a < 10; a++) for (int b = 0; b < 6; b++) printf("%d", f(a, b)); printf("\\n"); }\n',
    each((f, x) => lowerCaseRanges(f, x.source, x.text)),
  );
});

test("an address keeps its way through an integer only where it is computed with", async () => {
  const out = await sameResult(
    'int x; void *direct = (void *)(unsigned long)&x; unsigned long number = 16;\nint main(void) { static void *local = (void *)(unsigned long)&x; void *computed = (void *)(unsigned long)&x; printf("%d %d\\n", direct == &x, local == computed); }\n',
    (x) => x.tree.forEach((n) => lowerAddressesThroughIntegers(n, x.text)),
  );
  assert.match(out, /direct = \(void \*\)\(&x\);/);
  assert.match(out, /local = \(void \*\)\(&x\);/);
  assert.match(out, /computed = \(void \*\)\(unsigned long\)&x;/);
});

test("a wide character is its number, in its type", async () => {
  const out = await sameResult(
    "static const unsigned short kept[] = { u'é', 'a', u'\\'' };\nint main(void) { int k = u'é'; switch (k) { case u'é': k++; } printf(\"%d %d %d %zu %d\\n\", k, kept[0], kept[2], sizeof(u'a'), U'😀' > 0); }\n",
    (x) => x.tree.forEach((n) => lowerWideCharacters(n, x.text)),
  );
  assert.match(out, /\(\(unsigned short\)233\), 'a', \(\(unsigned short\)39\)/);
  assert.doesNotMatch(out, /u'|U'/);
});

test("what a pointer to a function points to is the pointer again, null or not", async () => {
  const out = await sameResult(
    'static int twice(int k) { return 2 * k; }\nstatic int (*hook)(int), (*const table[])(int) = { twice, *twice, &**twice };\nstatic int run(int (**f)(int), int k) { return **f ? (**f)(k) : -k; }\nint main(void) { int (*const *p)(int) = table; printf("%d ", run(&hook, 3)); hook = **table; printf("%d %d %d %d\\n", run(&hook, 4), (**hook)(5), (*p[2])(6), (*hook ?: twice)(7)); }\n',
    (x) => x.tree.forEach((n) => dropFunctionDereferences(n, x.text)),
  );
  assert.match(out, /return \*f \? \(\*f\)\(k\) : -k;/);
});
