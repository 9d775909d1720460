import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerLabelAddresses } from "../../../src/stages/lower/label-addresses.ts";
import { whyUntranslatable } from "../../../src/stages/lower/untranslatable.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const numbers = ({ functions, source, text }: RuleInput): void => {
  for (const f of functions) {
    assert.equal(whyUntranslatable(f, [], constant, new Set()), undefined);
    lowerLabelAddresses(f, source, text);
  }
};

const constant = (): undefined => undefined;

test("a table of labels becomes numbers, and its jumps share one switch", async () => {
  const out = await sameResult(
    `static int run(const char *p) { static const void *const table[] = { &&add, [2] = &&halt, [1] = &&twice }; int n = 1;
if (*p) goto *table[*p++ - '0']; else goto halt;
add: n++; goto *table[*p++ - '0']; twice: n *= 2; goto *table[*p++ - '0']; halt: return n; }\nint main(void) { printf("%d %d\\n", run("0112"), run("")); }\n`,
    numbers,
  );
  assert.doesNotMatch(out, /&&\w|goto \*/);
  assert.equal(out.match(/switch/g)?.length, 1);
});

test("differences of labels are constants, and an offset leads back", async () => {
  const out = await sameResult(
    `static int at(int i) { static const signed char off[] = { &&a - &&b, (long)&&b - (long)&&b, &&c - &&b }; goto *(&&b + off[i]); a: return 1; b: return 2; c: return 3; }\nint main(void) { printf("%d%d%d\\n", at(0), at(1), at(2)); }\n`,
    numbers,
  );
  assert.match(out, /\{ \(-1L\), \(0L\), \(1L\) \}/);
});

test("a void function that falls off its end does not fall into the switch", async () => {
  await sameResult(
    `static int n; static void f(int i) { void *p = i ? &&a : &&b; if (i > 5) goto *p; else if (i < 2) goto *p; n += 100; if (0) { a: n++; } if (0) { b: n += 10; } }\nint main(void) { f(0); f(3); f(7); printf("%d\\n", n); }\n`,
    numbers,
  );
});

test("a function whose end can be reached has a switch at each jump", async () => {
  const out = await lowered(
    "int f(int i) { void *p = &&a; if (i) goto *p; if (i > 3) goto *p; for (;;) { a: if (i++ > 9) return i; } }\n",
    numbers,
  );
  assert.equal(out.match(/switch/g)?.length, 2);
});

for (const [what, body, why] of [
  ["given to another function", "{ void *p = &&a; use(&&a); goto *p; a: return 0; }", /used outside of its function/],
  ["returned", "{ void *p = &&a; if (n) return (long)&&a; goto *p; a: return 0; }", /used outside of its function/],
  ["wanted for itself", "{ void *p; p = &&a; use(p); a: return 0; }", /wanted for itself/],
  ["of a label of a block", "{ __label__ a; void *p = &&a; goto *p; a: return 0; }", /declared in a block/],
] as const) {
  test(`an address that is ${what} keeps its function C`, async () => {
    await lowered(`void use(void *); long f(int n) ${body}\n`, ({ functions }) =>
      assert.match(whyUntranslatable(functions[0] as (typeof functions)[0], [], constant, new Set()) ?? "", why),
    );
  });
}

test("what moves into a helper is no reason to keep its function C, an array of variable length is", async () => {
  const source =
    "void use(void *); int f(int n) { char a[n]; use(a); return 0; } int g(int n, int m[n][n]) { return m[0][1]; } int h(const int n) { int a[4]; use(a); return a[n]; }\n";
  await lowered(source, ({ functions, source: text }) => {
    const start = text.indexOf("char a[n]");
    assert.deepEqual(
      functions.map((f) => whyUntranslatable(f, [], constant, new Set())?.slice(0, 26)),
      ["`a` is of variable length,", "`m` is of variable length,", undefined],
    );
    assert.equal(
      whyUntranslatable(
        functions[0] as (typeof functions)[0],
        [{ start, end: start + "char a[n]; use(a);".length }],
        constant,
        new Set(),
      ),
      undefined,
    );
  });
});
