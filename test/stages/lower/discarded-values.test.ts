import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerArrayIndexing } from "../../../src/stages/lower/array-indexing.ts";
import { dropDiscardedValues } from "../../../src/stages/lower/discarded-values.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = ({ functions, text }: RuleInput): void =>
  functions.forEach((f) => dropDiscardedValues(f, () => false, text));

/** With the rule that rewrites what this one drops, or keeps a part of. */
const withIndexing = ({ functions, text }: RuleInput): void =>
  functions.forEach((f) => (dropDiscardedValues(f, () => false, text), lowerArrayIndexing(f, text)));

const PROGRAM = `
static int a[4] = { 1, 2, 3, 4 }, calls;
static int next(void) { return ++calls; }
int main(void)
{
	int i = 1, *p = a, used;
	volatile int v[2] = { 7, 8 };
	&a[i] == p, i = 2;
	a[next()] + next();
	(void)(&a[i++] == p);
	((next(), &a[1]) == p) & a[0], i;
	i ? &a[next()] : p + 1;
	used = (a[next()], a[i]);
	i = ({ next(); a[2]; });
	v[1];
	a[0] && next();
	printf("%d %d %d %d\\n", calls, i, used, *p);
}
`;

test("of an expression without use only its effects are left, in their order", async () => {
  const c = await sameResult(PROGRAM, rule);
  assert.match(c, /^\t\(i = 2, \(void\)0\);/m);
  assert.match(c, /^\t\(next\(\), next\(\), \(void\)0\);/m);
  assert.match(c, /^\t\(i\+\+, \(void\)0\);/m);
  assert.match(c, /^\t\(next\(\), \(void\)0\);/m);
  assert.match(c, /^\t\(\(i \? \(next\(\), \(void\)0\) : \(\(void\)0\)\), \(void\)0\);/m);
});

test("what is left is rewritten by other rules, what is dropped is not", async () => {
  const c = await sameResult(PROGRAM, withIndexing);
  assert.match(c, /^\t\(next\(\), next\(\), \(void\)0\);/m);
  assert.match(c, /used = \(\(next\(\), \(void\)0\), \(\*\(/);
});

test("reading a volatile object is an effect, and what chooses is left whole", async () => {
  const c = await sameResult(PROGRAM, rule);
  assert.match(c, /^\tv\[1\];/m);
  assert.match(c, /^\ta\[0\] && next\(\);/m);
  assert.match(c, /used = \(\(next\(\), \(void\)0\), a\[i\]\);\n\ti = \(\{ next\(\); a\[2\]; \}\);/);
});

test("what a helper took along stays", async () => {
  const source = "int a[2];\nint g(int x, int *p) { return &a[x] == p, x; }\n";
  assert.equal(
    await lowered(source, ({ functions, text }) => functions.forEach((f) => dropDiscardedValues(f, () => true, text))),
    source,
  );
});

test("what has a use, is an effect itself, or walks no pointer stays", async () => {
  const source =
    "int f(int); int a[2];\nint g(int x, int *p)\n{\n\tx == 1, x = 2;\n\tf(a[1]);\n\ta[x] = 1;\n\tif (a[x] == 1) return a[0];\n\tfor (; a[x]; x++) f(x);\n\treturn &a[x] == p ? f(a[x]) : 0;\n}\n";
  assert.equal(await lowered(source, rule), source);
});
