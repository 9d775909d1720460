import assert from "node:assert/strict";
import { test } from "node:test";
import { bitfieldsOf, packedMembersOf } from "../../../src/stages/lower/compound-assignments.ts";
import { addressPackedBitfields, alignPackedBitfields } from "../../../src/stages/lower/packed-bitfields.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

function rule({ functions, source, text, tree }: RuleInput): void {
  alignPackedBitfields(tree, source, text);
  for (const f of functions) addressPackedBitfields(f, bitfieldsOf(tree), packedMembersOf(tree), source, text);
}

test("bit-fields within a packed structure are reached by an address, and their structure says its alignment itself", async () => {
  const c = await sameResult(
    `struct flags { unsigned long a : 3, b : 40; };
struct __attribute__((packed)) outer { char c; struct flags one; struct flags two[2]; unsigned own : 5; };
struct wide { char c; struct flags f; };
int main(void)
{
	struct outer o = { 1, { 2, 3 }, { { 4, 5 }, { 6, 7 } }, 8 }, *p = &o;
	struct wide w = { 1, { 2, 3 } };
	p->one.b = 1ul << 39;
	o.two[1].a = 5;
	w.f.a = 1;
	printf("%lu %lu %d %d %lu %lu %lu %d\\n", sizeof(o), sizeof(w), (int)p->two[0].a, (int)o.two[1].a, (unsigned long)o.one.b, (unsigned long)w.f.a, sizeof(struct flags), o.own);
}
`,
    rule,
  );
  assert.match(c, /a : 3, b : 40; unsigned long kport_align_bitfields_0\[0\];/);
  assert.match(c, /\(&p->one\)\[0\]\.b = /);
  assert.match(c, /\(&o\.two\[1\]\)\[0\]\.a = 5/);
});

test("structures without a name, and in a structure of which a member is packed, are such too", async () => {
  const c = await sameResult(
    `struct outer { char c; struct { unsigned a : 3; } one __attribute__((packed)); struct { short b : 9, : 0; }; struct { _Bool d : 1; } two; };
int main(void)
{
	struct outer o = { 1, { 2 }, { 3 }, { 1 } };
	o.one.a += 1;
	printf("%lu %d %d %d\\n", sizeof(o), o.one.a, o.b, o.two.d);
}
`,
    rule,
  );
  assert.match(c, /unsigned a : 3; unsigned int kport_align_bitfields_\d\[0\];/);
  assert.match(c, /short b : 9, : 0; unsigned short kport_align_bitfields_\d\[0\];/);
  assert.match(c, /_Bool d : 1; \} two/);
});

test("structures that no packed one holds stay, and so do the packed one's own bit-fields", async () => {
  const source =
    "struct flags { unsigned a : 3; };\nstruct plain { char c; struct flags f; struct __attribute__((packed)) { unsigned own : 3; } p; };\nint f(struct plain *s) { return s->f.a + s->p.own; }\n";
  assert.equal(await lowered(source, rule), source);
});
