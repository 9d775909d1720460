import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bitfieldsOf,
  lowerCompoundAssignments,
  packedMembersOf,
} from "../../../src/stages/lower/compound-assignments.ts";
import { rustOf } from "../../rust/rust.ts";
import { recordsOf } from "../../../src/stages/lower/order.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput) =>
  x.functions.forEach((f) =>
    lowerCompoundAssignments(f, bitfieldsOf(x.tree), packedMembersOf(x.tree), recordsOf(x.tree), x.text, () => ({
      file: "unit.c",
      line: 1,
    })),
  );
const TYPES =
  "struct plain { int n; }; struct __attribute__((packed)) tight { char c; unsigned short s; struct plain in; struct plain *out; }; struct mixed { char c; int n __attribute__((packed)); };\nenum __attribute__((packed)) small { ONE = 1, MANY = 200 };\n";

test("members of packed structures and packed enumerations are assigned by what C says that means", async () => {
  const out = await sameResult(
    `${TYPES}static struct plain p = { 3 };\nstatic struct tight t = { 1, 2, { 3 }, &p };\nstatic struct mixed m = { 1, 2 };
int main(void) { void *at = &t; enum small e = MANY; e += 60; e |= ONE; ((struct tight *)at)->s |= 0x108; ((struct tight *)at)->in.n -= t.s++; t.out->n <<= 2; m.n ^= 7; int old = ((struct tight *)at)->s--; printf("%d %d %d %d %d %d\\n", e, t.s, t.in.n, p.n, m.n, old); }\n`,
    rule,
  );
  assert.match(out, /t\.out->n <<= 2/);
  assert.match(out, /\(m\.n = m\.n \^ \(7\)\)/);
});

test("the value of a change is the old one or the new one, wherever it is used", async () => {
  await sameResult(
    `${TYPES}struct bits { unsigned n : 4; }; static struct bits b = { 5 };\nstatic struct tight t = { 1, 2 };
static int old(void) { return b.n++; }\nstatic int changed(void) { return ++b.n; }\nstatic int packed(void) { return t.s++ + --t.in.n; }
int main(void) { int n = 0; if (b.n--) n |= 1; while (b.n++ < 7) n += 10; for (b.n = 0; b.n++ < 3; b.n++) n += 100; do n += 1000; while (--b.n > 2); switch (b.n++) { case 2: n += 10000; }
  n += (b.n++, b.n--) + ({ b.n++; }); printf("%d %d %d %d %d\\n", n, old(), changed(), packed(), b.n); n = t.s += 4; printf("%d %d %d\\n", n, (t.s -= 1), b.n); }\n`,
    rule,
  );
});

test("where a place cannot be named twice it is found once", async () => {
  const out = await sameResult(
    `${TYPES}static struct tight t[3];\nstatic int i;\nstatic struct tight *next(void) { return &t[i++]; }\nint main(void) { next()->s |= 1; next()->out = &t[0].in; printf("%d %d %d\\n", next()->s++, i, t[2].s + (t[1].out == &t[0].in)); }\n`,
    rule,
  );
  assert.equal(out.match(/= \(next\(\)\)/g)?.length, 3, out);
});

test("c2rust alone makes references of packed members, and transmutes to what is smaller", async () => {
  const c = `${TYPES}void f(void *at, enum small *e) { ((struct tight *)at)->s |= 8; *e |= ONE; }\n`;
  const rust = async (unit: string) => (await rustOf(unit)).map((i) => i.text).join("\n");
  assert.match(await rust(c), /let ref mut[^]*transmute|transmute[^]*let ref mut/);
  assert.doesNotMatch(await rust(await lowered(c, rule)), /let ref mut|transmute/);
});

test("a bit-field's value is found before its structure where it changes that, or has its address", async () => {
  const out = await sameResult(
    'struct bits { unsigned n : 4, m : 5; int k; volatile int v; }; static struct bits g = { 1, 2, 3, 4 };\nstatic int use(struct bits *b) { return b->n + ++b->k; }\nint main(void) { struct bits s = { 5, 6, 7, 8 }, a[2] = { s, s }, *p = &s; s.n = use(&s); g.m = use(&g); a[1].n = use(a); s.m = s.k = 9; s.n = s.v; p->m = use(p); s.n = s.m + 1; printf("%d %d %d %d %d %d %d\\n", s.n, s.m, s.k, g.m, g.k, a[1].n, a[0].k); }\n',
    rule,
  );
  assert.equal(out.match(/kport\$right = /g)?.length, 5);
  assert.match(out, /p->m = use\(p\); s\.n = s\.m \+ 1;/);
});
