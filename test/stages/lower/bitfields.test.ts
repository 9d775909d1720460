import assert from "node:assert/strict";
import { test } from "node:test";
import { fillLastUnit, wrapUnionBitfields } from "../../../src/stages/lower/bitfields.ts";
import { lowered, sameResult } from "./rule.ts";

const UNION = `
union flags { unsigned all; unsigned low : 3, high : 7; _Bool on : 1; };
union only { short a : 5; };
int main(void)
{
	union flags f = { 0x7b };
	union only o = { 9 };
	f.high |= 4;
	printf("%x %d %d %d %lu %lu %d\\n", f.all, f.low, f.high, f.on, sizeof(f), _Alignof(union only), o.a);
}
`;

test("bit-fields of a union lie in structures of their own, in the same bytes", async () => {
  const c = await sameResult(UNION, ({ tree, source, text }) => wrapUnionBitfields(tree, source, text));
  assert.match(c, /struct \{ unsigned low : 3; \};\s*struct \{ unsigned high : 7; \};/);
});

test("a bit-field of no width at the end of a packed structure takes the bits that it fills", async () => {
  const c = await sameResult(
    `struct __attribute__((packed)) s { unsigned a : 5; int b : 30; unsigned : 0; };\nint main(void) { struct s x = { 3, -4 }; printf("%lu %d\\n", sizeof(x), x.b); }\n`,
    ({ tree, source, text }) => fillLastUnit(tree, source, text),
  );
  assert.match(c, /unsigned\s+kport\$unnamed_last : 29/);
});

test("structures that their alignment fills, and plain members, stay", async () => {
  const source =
    "struct s { unsigned a : 5; unsigned : 0; };\nunion u { int a; struct { int b : 3; } c; };\nstruct __attribute__((packed)) p { char c; unsigned a : 5; unsigned : 0; };\n";
  assert.equal(
    await lowered(
      source,
      ({ tree, source: s, text }) => (wrapUnionBitfields(tree, s, text), fillLastUnit(tree, s, text)),
    ),
    source,
  );
});
