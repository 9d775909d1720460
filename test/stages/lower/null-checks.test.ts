import assert from "node:assert/strict";
import { test } from "node:test";
import { ADDRESS, ADDRESS_IN_C, keepNullChecks } from "../../../src/stages/lower/null-checks.ts";
import { reckonedPointers } from "../../../src/stages/lower/reckoned-pointers.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = ({ functions, text }: RuleInput): void => {
  const reckoned = reckonedPointers(functions);
  if (functions.map((f) => keepNullChecks(f, reckoned, text)).includes(true)) text.replace(0, 0, ADDRESS);
};

/** A pointer that lies one member before address 0, and one that does not. */
const QUESTIONS = `
struct inner { int x; int list[2]; };
struct s { long first; struct inner in; struct s *next; } some;
int main(void)
{
	struct s *volatile given[2] = { &some, (struct s *)-8L };
	for (int i = 0; i < 2; i++) {
		struct s *p = given[i];
		int n = 0;
		if (&p->in) n += 1;
		if (&p->in != (void *)0) n += 2;
		if (0 == &p->in.x) n += 4;
		n += !&(p->in) ? 8 : 0;
		n += p->in.list && n ? 16 : 0;
		while (&p->in) { n += 32; break; }
		do { n += 64; if (n & 128) break; n += 128; } while (&(*p).in);
		for (; (char *)&p->in; ) { n += 256; break; }
		n += (_Bool)&p[0].in ? 512 : 0;
		n += (char *)p + 8 ? 1024 : 0;
		printf("%d\\n", n);
	}
}
`;

test("a question whether a member's address is null is kept as one, in every form, and answered as before", async () => {
  const out = await sameResult(
    QUESTIONS,
    rule,
    ADDRESS_IN_C.replace("static inline ", "").replace("kport_address", () => "kport$address"),
  );
  assert.equal(out.match(/kport\$address\(/g)?.length, 10 + 1, out);
  for (const asked of [
    "&p->in)) n += 1;",
    "0 == kport$address(&p->in.x)",
    "!kport$address(&(p->in))",
    "kport$address(p->in.list) && n",
    "while (kport$address(&(*p).in));",
    "for (; kport$address((char *)&p->in); )",
    "(_Bool)kport$address(&p[0].in)",
    "kport$address((char *)p + 8) ?",
  ])
    assert.ok(out.includes(asked), `${asked}\n${out}`);
});

/** The same address by way of whatever holds it for a while. */
const KEPT = `
struct s { long first; struct s *next; int list[2]; } some;
struct both { struct s **at; int *list; };
static int given(struct s **at) { return !at; }
static int twice_given(struct s **at) { return given(at); }
static struct s **returned(struct s *p) { return &p->next; }
static struct s **chosen(struct s *p, int x) { struct s **at; at = x ? &p->next : (void *)0; return at; }
static int is_null(struct s *p) { return p == (void *)0; }
int main(void)
{
	struct s *volatile where[2] = { &some, (struct s *)-8L };
	for (int i = 0; i < 2; i++) {
		struct s *p = where[i];
		struct s **at = &p->next, **copy = at;
		struct both both = { .list = p->list }, *behind = &both;
		char *step = (char *)p;
		int n = 0;
		step += 8;
		if (at) n += 1;
		for (; copy != (void *)0; ) { n += 2; break; }
		n += twice_given(at) + 4 * !returned(p) + 8 * !chosen(p, 1);
		both.at = &p->next;
		n += (both.at ? 16 : 0) + (step ? 32 : 0) + (({ int x = 1; (void)x; at; }) ? 64 : 0) + ((copy = &p->next) ? 128 : 0);
		n += is_null(p) + (behind->at ? 256 : 0);
		printf("%d\\n", n);
	}
}
`;

test("what holds such an address is asked as the address is: variables and their copies, members, parameters, what functions return", async () => {
  const out = await sameResult(
    KEPT,
    rule,
    ADDRESS_IN_C.replace("static inline ", "").replace("kport_address", () => "kport$address"),
  );
  for (const asked of [
    "!kport$address(at)",
    "if (kport$address(at)) n += 1;",
    "kport$address(copy) != (void *)0;",
    "!kport$address(returned(p))",
    "!kport$address(chosen(p, 1))",
    "kport$address(both.at) ?",
    "kport$address(step) ?",
    "kport$address(({ int x = 1; (void)x; at; })) ?",
    "kport$address((copy = &p->next)) ?",
  ])
    assert.ok(out.includes(asked), `${asked}\n${out}`);
  assert.equal(out.match(/kport\$address\(/g)?.length, 9 + 1, out);
});

test("addresses of variables, pointers themselves and comparisons with others stay as they are", async () => {
  const source =
    "struct s { int a, b; int *p; } one; extern int array[4]; int f(struct s *p, int *q) { int *r = q - 1, *t = r--; if (!r || !t || p || &one.b || &array[1] || p->p || &*p) return &p->b == q; return &p->b < q; }";
  assert.equal(await lowered(source, rule), source);
});

test("what a structure holds beside such an address is no address", async () => {
  const source = `struct s { long a; int *p; }; static struct { int *at; int n; _Bool down : 1; } some;
int f(struct s *p) { some.at = &p->p[1]; if (!some.down && some.n) return 1; return some.at ? 2 : 3; }`;
  assert.match(
    await lowered(source, rule),
    /if \(!some\.down && some\.n\) return 1; return kport\$address\(some\.at\) \? 2 : 3;/,
  );
});
