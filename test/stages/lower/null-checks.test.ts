import assert from "node:assert/strict";
import { test } from "node:test";
import { ADDRESS, ADDRESS_IN_C, keepNullChecks } from "../../../src/stages/lower/null-checks.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = ({ functions, text }: RuleInput): void => {
  if (functions.map((f) => keepNullChecks(f, text)).includes(true)) text.replace(0, 0, ADDRESS);
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
  const out = await sameResult(QUESTIONS, rule, ADDRESS_IN_C.replace("static inline ", "").replace("kport_address", () => "kport$address"));
  assert.equal(out.match(/kport\$address\(/g)?.length, 10 + 1, out);
  for (const asked of ["&p->in)) n += 1;", "0 == kport$address(&p->in.x)", "!kport$address(&(p->in))", "kport$address(p->in.list) && n", "while (kport$address(&(*p).in));", "for (; kport$address((char *)&p->in); )", "(_Bool)kport$address(&p[0].in)", "kport$address((char *)p + 8) ?"]) assert.ok(out.includes(asked), `${asked}\n${out}`);
});

test("addresses of variables, pointers themselves and comparisons with others stay as they are", async () => {
  const source = "struct s { int a, b; int *p; } one; extern int array[4]; int f(struct s *p, int *q) { if (p || &one.b || &array[1] || p->p || &*p) return &p->b == q; return &p->b < q; }";
  assert.equal(await lowered(source, rule), source);
});
