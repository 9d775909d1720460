import assert from "node:assert/strict";
import { test } from "node:test";
import { packedMembersOf } from "../../../src/stages/lower/compound-assignments.ts";
import { functionTypesOf, readPackedPointers } from "../../../src/stages/lower/packed-pointers.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput): void =>
  x.functions.forEach((f) => readPackedPointers(f, packedMembersOf(x.tree), functionTypesOf(x.tree), x.text));
const TYPES =
  "typedef int fn_t(int); static int twice(int n) { return 2 * n; }\nstruct __attribute__((packed)) entry { char id; fn_t *callback; struct { int (*other)(int); } in[2]; int n; };\nstruct plain { fn_t *callback; struct entry *e; };\nstatic struct entry table[2] = { { 1, twice, { { 0 }, { twice } }, 5 }, { 2, 0, { { 0 } }, 6 } };\n";

test("function pointers of packed structures are asked and compared as variables, and called as they are", async () => {
  const out = await sameResult(
    `${TYPES}int main(void) { for (int i = 0; i < 2; i++) { struct entry *e = &table[i]; if (e->callback) printf("%d ", e->callback(4)); fn_t *f = e->callback; printf("%d%d%d%d %d\\n", !table[i].callback, e->callback == twice, f == twice, e->in[1].other != 0, e->callback ? table[i].n : -1); } }\n`,
    rule,
  );
  assert.equal(out.match(/kport\$pointer; \}\)/g)?.length, 6, out);
  assert.match(out, /, e->callback\(4\)/);
});

test("other pointers are left alone", async () => {
  const source = `${TYPES}int f(struct plain *p) { return p->callback && p->e ? p->e->n : 0; }\n`;
  assert.equal(await lowered(source, rule), source);
});
