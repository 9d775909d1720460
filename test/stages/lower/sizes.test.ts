import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerSizes } from "../../../src/stages/lower/sizes.ts";
import { ALLOW, runRust, rustOf } from "../../rust/rust.ts";
import { printItem } from "../../../src/rust/items.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput) => x.tree.forEach((n) => lowerSizes(n, x.source, new Map(), x.text));

const SIZES = `struct s { int a, b; struct { short d[4]; } c[8]; };
static unsigned long kept(unsigned long m, int n) { unsigned long y[4] = { sizeof(struct s), 8 + sizeof n, __alignof__(struct s), 1 + __alignof__(m) }; return y[n] + ({ sizeof(struct s); }); }
`;

test("sizes and alignments are of C's type, wherever they stand", async () => {
  const program = async (c: string) =>
    runRust(
      `${ALLOW}${(await rustOf(c)).map(printItem).join("\n")}\nfn main() { unsafe { for n in 0..4 { println!("{}", shown(n)); } } }`,
    );
  const c = `${SIZES}unsigned long shown(int n) { return kept(n, n); }\n`;
  assert.match((await program(c)).stderr, /mismatched types/);
  assert.equal(
    (await program(await lowered(c, rule))).stdout,
    [72, 8 + 4, 4, 1 + 8].map((y) => `${y + 72}\n`).join(""),
  );
});

test("an offset with an index is that of the first element and so many elements more", async () => {
  const out = await sameResult(
    `${SIZES}static int next(int *n) { return ++*n; }
int main(void) { int n = 2; printf("%lu %lu %lu\\n", __builtin_offsetof(struct s, c[n].d[n - 1]), __builtin_offsetof(struct s, c[n]), __builtin_offsetof(struct s, c[2].d[n]));
  unsigned long i = __builtin_offsetof(struct s, c[next(&n)]); printf("%lu %d %lu\\n", i, n, kept(3, n)); }\n`,
    rule,
  );
  assert.match(out, /c\[0\]\.d\[0\]\)/);
  assert.match(out, /c\[2\]\.d\[0\]\)/);
});

test("c2rust alone names a macro that is not there", async () => {
  const c = "struct s { int a, c[8]; };\nunsigned long f(int n) { return __builtin_offsetof(struct s, c[n]); }\n";
  assert.match((await rustOf(c)).map((i) => i.text).join("\n"), /(?<!::)offset_of!/);
  assert.doesNotMatch((await rustOf(await lowered(c, rule))).map((i) => i.text).join("\n"), /offset_of!/);
});
