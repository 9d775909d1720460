/** The order of side effects within an expression, as clang has it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { printItem } from "../../../src/rust/items.ts";
import { callThroughPointers } from "../../../src/rust/function-pointers.ts";
import {
  bitfieldsOf,
  isWrittenOut,
  lowerCompoundAssignments,
  packedMembersOf,
} from "../../../src/stages/lower/compound-assignments.ts";
import { keepOrder, recordsOf } from "../../../src/stages/lower/order.ts";
import { ALLOW, runC, runRust, rustOf } from "../../rust/rust.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput): void => {
  const [bitfields, packed] = [bitfieldsOf(x.tree), packedMembersOf(x.tree)];
  for (const f of x.functions) {
    keepOrder(
      f,
      () => false,
      (n) => isWrittenOut(n, bitfields, packed),
      bitfields,
      recordsOf(x.tree),
      x.text,
    );
    lowerCompoundAssignments(f, bitfields, packed, recordsOf(x.tree), x.text, () => ({ file: "x.c", line: 1 }));
  }
};

const SOURCE = `
struct s { unsigned n; unsigned char small; unsigned bits : 5; _Bool on; int list[4]; };
static unsigned total = 3;
static unsigned add(unsigned by) { total += by; return total * 3; }
static unsigned mix(unsigned a, unsigned b, unsigned c) { return a + 31 * b + 961 * c; }
unsigned all(unsigned x, struct s *s)
{
	unsigned out = 0, i = 0, y;
	out = out * 7 + mix(x, x++, x);
	out = out * 7 + mix(total, add(1), total);
	out = out * 7 + (x + x++) + (total + (total = 9));
	s->list[i++] = i;
	s->list[i] = i++ + i;
	total += add(2);
	s->n += add(s->n);
	s->small -= add(3);
	s->bits += add(5);
	s->on |= add(6) & 1;
	y = s->n = s->small += add(7);
	out = out * 7 + (total ?: add(1)) + ((total = 0) ?: add(2)) * 3 + (total ?: add(9)) * 5 + mix(add(8), total ?: 1, 2);
	out = out * 7 + (y, x++) * x + (x++ ? x : 0) + (x && x--);
	return out + s->list[0] + 3 * s->list[1] + s->n + s->small + s->bits + s->on + total + y;
}
`;
const MAIN = `int main(void) { struct s s = { 1, 2, 3, 0, { 0 } }; printf("%u\\n", all(5, &s)); return 0; }`;

test("what is written so does what clang does of itself", async () => {
  await sameResult(SOURCE + MAIN, rule);
});

test("and c2rust makes the same of it, which it does not of the source", async () => {
  const rust = async (c: string): Promise<string> => {
    const items = callThroughPointers(await rustOf(c.replace("unsigned bits : 5", "unsigned bits")));
    const program = items
      .filter((i) => i.kind !== "use")
      .map(printItem)
      .join("\n");
    const r = await runRust(
      `${ALLOW}${program}\nfn main() { unsafe { let mut s = s { n: 1, small: 2, bits: 3, on: false, list: [0; 4] }; println!("{}", all(5, &mut s)); } }\n`,
    );
    return r.stdout || r.stderr;
  };
  const source = SOURCE.replace("s->on |= add(6) & 1;", "");
  const inC = (
    await runC(`int printf(const char *, ...);\n${source.replace("unsigned bits : 5", "unsigned bits")}${MAIN}`)
  ).stdout;
  assert.equal(await rust(await lowered(source.replace("unsigned bits : 5", "unsigned bits"), rule)), inC);
  assert.notEqual(await rust(source), inC);
});

/** Structures with a name, with that of a typedef alone, and packed ones. */
const STRUCTURES = `
struct pair { unsigned a, b; };
typedef struct { unsigned a, b; } couple;
struct holder { char tag; struct pair in; couple too; } __attribute__((packed));
static struct pair spots[4];
static couple couples[4];
static struct holder holders[4];
static unsigned visits = 1;
static unsigned visit(unsigned k) { visits = visits * 7 + k; return k & 3; }
static struct pair made(unsigned k) { struct pair p = { visits = visits * 11 + k, k }; return p; }
static couple coupled(unsigned k) { couple c = { visits = visits * 5 + k, k }; return c; }
unsigned structures(unsigned k)
{
	unsigned i = 0, out = 0;
	struct pair kept;
	spots[visit(k)] = made(k + 1);
	spots[visit(0)] = spots[visit(3)] = made(5);
	spots[visits & 3] = made(2);
	couples[visit(2)] = coupled(4);
	couples[visit(1)] = couples[visit(2)];
	holders[visit(1)].in = made(6);
	holders[visit(2)].too = coupled(7);
	kept = spots[visit(1)] = made(8);
	spots[i++] = (struct pair){ visits, 9 };
	for (i = 0; i < 4; i++)
		out = out * 31 + spots[i].a + 3 * spots[i].b + 5 * couples[i].a + couples[i].b + holders[i].in.a + holders[i].too.b;
	return out + visits + kept.a;
}
`;

test("a structure's place is found before its value, as clang does and Rust does not", async () => {
  const main = `int main(void) { printf("%u\\n", structures(6)); return 0; }`;
  const now = await sameResult(STRUCTURES + main, rule);
  assert.match(now, /typeof__\(couples\[visit\(2\)\]\) \*kport\$at = &\(couples/);
  const rust = async (c: string): Promise<string> => {
    const program = callThroughPointers(await rustOf(c))
      .filter((i) => i.kind !== "use")
      .map(printItem)
      .join("\n");
    const r = await runRust(`${ALLOW}${program}\nfn main() { unsafe { println!("{}", structures(6)); } }\n`);
    return r.stdout || r.stderr;
  };
  const inC = (await runC(`int printf(const char *, ...);\n${STRUCTURES}${main}`)).stdout;
  assert.equal(await rust(await lowered(STRUCTURES, rule)), inC);
  assert.notEqual(await rust(STRUCTURES), inC);
});

test("an overflow builtin stores where it stands", async () => {
  const source =
    "unsigned stored(int k) { int r = k, s; unsigned char b = 1; s = r + 2 * __builtin_add_overflow(k, 7, &r) + 3 * r; s = s * 7 + (r == s || __builtin_sub_overflow(r, k, &r)) + r; return s * 31 + b + __builtin_mul_overflow(b, (unsigned char)3, &b) + b; }\n";
  const inC = (await runC(`int printf(const char *, ...);\n${source}int main(void) { printf("%u\\n", stored(9)); }\n`))
    .stdout;
  const rust = async (c: string): Promise<string> => {
    const program = (await rustOf(c)).filter((i) => i.kind !== "use").map(printItem);
    const r = await runRust(`${ALLOW}${program.join("\n")}\nfn main() { unsafe { println!("{}", stored(9)); } }\n`);
    return r.stdout || r.stderr;
  };
  assert.equal(await rust(await lowered(source, rule)), inC);
  assert.notEqual(await rust(source), inC);
});

test("where nobody can tell the difference, the expression stays as it is", async () => {
  const plain =
    "void copy(char *to, const char *from, int n) { int i; for (i = 0; i < n; i++) *to++ = *from++ + i; to[i++] = n; n = i++; }\n";
  assert.equal(await lowered(plain, rule), plain);
});
