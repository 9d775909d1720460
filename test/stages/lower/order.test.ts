/** The order of side effects within an expression, as clang has it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { printItem } from "../../../src/rust/items.ts";
import { callThroughPointers } from "../../../src/rust/function-pointers.ts";
import { bitfieldsOf, isWrittenOut, lowerCompoundAssignments, packedMembersOf } from "../../../src/stages/lower/compound-assignments.ts";
import { keepOrder } from "../../../src/stages/lower/order.ts";
import { ALLOW, runC, runRust, rustOf } from "../../rust/rust.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput): void => {
  const [bitfields, packed] = [bitfieldsOf(x.tree), packedMembersOf(x.tree)];
  for (const f of x.functions) {
    keepOrder(f, () => false, (n) => isWrittenOut(n, bitfields, packed), bitfields, x.text);
    lowerCompoundAssignments(f, bitfields, packed, x.text, () => ({ file: "x.c", line: 1 }));
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
    const program = items.filter((i) => i.kind !== "use").map(printItem).join("\n");
    const r = await runRust(`${ALLOW}${program}\nfn main() { unsafe { let mut s = s { n: 1, small: 2, bits: 3, on: false, list: [0; 4] }; println!("{}", all(5, &mut s)); } }\n`);
    return r.stdout || r.stderr;
  };
  const source = SOURCE.replace("s->on |= add(6) & 1;", "");
  const inC = (await runC(`int printf(const char *, ...);\n${source.replace("unsigned bits : 5", "unsigned bits")}${MAIN}`)).stdout;
  assert.equal(await rust(await lowered(source.replace("unsigned bits : 5", "unsigned bits"), rule)), inC);
  assert.notEqual(await rust(source), inC);
});

test("where nobody can tell the difference, the expression stays as it is", async () => {
  const plain = "void copy(char *to, const char *from, int n) { int i; for (i = 0; i < n; i++) *to++ = *from++ + i; to[i++] = n; n = i++; }\n";
  assert.equal(await lowered(plain, rule), plain);
});
