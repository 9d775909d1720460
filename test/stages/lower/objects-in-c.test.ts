import assert from "node:assert/strict";
import { test } from "node:test";
import { Rewriter } from "../../../src/c/rewriter.ts";
import { constantsOf, declareObjects, objectsInC, objectText } from "../../../src/stages/lower/objects-in-c.ts";
import { nameLiterals } from "../../../src/stages/lower/file-literals.ts";
import { whyUntranslatable } from "../../../src/stages/lower/untranslatable.ts";
import { reducedUnit } from "./unit.ts";

const TYPES =
  "struct item { short key; int value; };\nstruct list { int count; struct item items[]; };\nstruct node { const char *name; unsigned long mask; int bits : 3; };\n";

async function kept(own: string) {
  await using u = await reducedUnit("#define ADDRESS(x) ((unsigned long)&(x))\n", TYPES + own);
  const objects = objectsInC(u.reduced, u.tree, "unit", constantsOf(u.reduced, u.tree));
  const text = new Rewriter(u.reduced.text);
  declareObjects(objects, u.reduced, u.tree, text);
  const lowered = text.render();
  const r = await u.compiler.runOnPreprocessed(lowered, ["-fsyntax-only"]);
  assert.equal(r.exitCode, 0, `${r.stderr}\n${lowered}`);
  return {
    objects,
    lowered,
    inC: u.unit.declarations.flatMap((d) => (d.own ? (objectText(d, u.unit, objects) ?? []) : [])).join("\n"),
  };
}

test("what Rust's constant evaluation cannot make stays C, with its reason", async () => {
  const { objects } = await kept(
    'static int numbers[10];\nstatic unsigned long end = (unsigned long)&numbers[10];\nstatic struct node table[] = { { "a", (unsigned long)numbers }, { "b", 2 } };\nint present = &numbers[1] != 0;\nstatic struct list fixed = { 2, { { 1, 2 }, { 3, 4 } } };\nstatic const struct pair { int a; struct pair *next; } pair = { 1, &(struct pair){ 2 } };\nstatic void *own = &(struct { void *at; }){ &own };\nstatic const unsigned short *wide = u"wide";\nstruct port { int bits : 3; };\nstatic volatile struct port device = { .bits = 2 };\nstatic int (*const marked[])(int) = { 0, (void *)1 };\nstatic int (*other)(int) = (int (*)(int))-1L;\nstatic struct { int n; struct { char k; int v; } items[]; } nameless = { 1, { { 2, 3 } } };\nstatic int twice(int k) { return 2 * k; }\nstatic struct { int n; int (*calls[])(int); } called = { 1, { twice } };\nstatic struct { struct item item; } put = { .item = (struct item){ 1, 2 }, .item.value = 3 };\nint use(void) { return device.bits; }\n',
  );
  assert.deepEqual(
    [...objects.values()].map((o) => [o.name, o.symbol, o.reason]),
    [
      ["end", "kport_unit_end", "an address as an integer"],
      ["table", "kport_unit_table", "an address as an integer"],
      ["present", "present", "an address as a condition"],
      ["fixed", "kport_unit_fixed", "the elements of a flexible array"],
      ["pair", "kport_unit_pair", "the address of a compound literal"],
      ["own", "kport_unit_own", "the address of a compound literal"],
      ["wide", "kport_unit_wide", "the address of a wide string"],
      ["device", "kport_unit_device", "volatile bit-fields"],
      ["marked", "kport_unit_marked", "a number as a function's address"],
      ["other", "kport_unit_other", "a number as a function's address"],
      ["nameless", "kport_unit_nameless", "the elements of a flexible array"],
      ["called", "kport_unit_called", "the elements of a flexible array"],
      ["put", "kport_unit_put", "a value with other members put into it"],
    ],
  );
});

test("what Rust can say does not", async () => {
  const { objects } = await kept(
    'static int numbers[10];\nstatic int *middle = &numbers[5] - 2;\nstatic void *self = &self;\nstatic unsigned long size = sizeof((unsigned long)&numbers);\nstatic struct list none = { 0 };\nstatic struct node n = { "n" + 1, 1UL << 40, -1 };\nstatic struct node value = (struct node){ "v", 3 };\nstatic const char *text = "text";\nstatic void *back = (void *)(unsigned long)&numbers;\nstatic unsigned long offset = __builtin_offsetof(struct node, mask);\nstatic int (*calls[])(int) = { 0, (void *)0, (int (*)(int))0L };\nstatic void *poison = (void *)0x100;\nstatic const int *const squares = (const int[]){ 0, 1, 4 };\nstatic struct node *literal = &(struct node){ "c" };\n',
  );
  assert.deepEqual([...objects.keys()], []);
});

test("Rust finds it declared, and C defines it as written, under a name that others can link to", async () => {
  const { lowered, inC } = await kept(
    'static int before;\nstatic struct node table[];\nstatic struct node __attribute__((aligned(64))) table[] = { { "a", ADDRESS(before) }, { "b" } };\nextern struct node alias __attribute__((alias("table")));\nstruct node *use(void) { return table; }\n',
  );
  assert.match(lowered, /extern\s+struct node\s+table\[2\]\s*;/);
  assert.doesNotMatch(lowered, /"a"|aligned/);
  assert.match(
    inC,
    /static struct node __attribute__\(\(aligned\(64\)\)\) table\[\] = \{ \{ "a", +ADDRESS\(before\) +\}, \{ "b" \} \};/,
  );
  assert.match(inC, /extern __typeof__\(table\) kport_unit_table __attribute__\(\(alias\("table"\)\)\);/);
  assert.match(inC, /extern struct node alias __attribute__\(\(alias\("table"\)\)\);/);
});

test("one whose macros are made within its definition is given expanded", async () => {
  const { inC } = await kept(
    'static int before;\nstatic struct node table[] = {\n#define NODE(n) { n, ADDRESS(before) },\nNODE("a") NODE("b")\n#undef NODE\n};\nstruct node *use(void) { return table; }\n',
  );
  assert.doesNotMatch(inC, /NODE|ADDRESS\(/);
  assert.equal(inC.match(/&\(before\)/g)?.length, 2);
});

test("variables that are declared together stay together", async () => {
  const { objects, lowered } = await kept(
    "static int n;\nstatic unsigned long a = (unsigned long)&n, b = 2, c[] = { 1, 2 };\nunsigned long use(void) { return a + b + c[1] + sizeof(c); }\n",
  );
  assert.deepEqual([...objects.keys()], ["a", "b", "c"]);
  assert.match(lowered, /extern\s+unsigned long a\s*, b\s*, c\[2\]\s*;/);
});

test("a compound literal at file scope is a variable before the one that is given its address, in C's order of what holds what", async () => {
  await using u = await reducedUnit(
    "",
    `${TYPES}struct info { int kind; const unsigned *config; };\nstatic struct node last;\n#define INFO(k, ...) (&(const struct info){ k, (const unsigned[]){ __VA_ARGS__, 0 } })\nstatic const struct info *const infos[] = { INFO(1, 2, sizeof(int)), INFO(3, 4), 0 };\nstatic struct node *const kept = &(struct node){ "kept" }, *other = &last;\nconst void *use(void) { return kept == other ? infos : 0; }\n`,
  );
  const text = new Rewriter(u.reduced.text);
  const facts = nameLiterals(u.reduced, u.tree, new Map(), text);
  const lowered = text.render();
  const r = await u.compiler.runOnPreprocessed(lowered, ["-fsyntax-only", "-fdollars-in-identifiers"]);
  assert.equal(r.exitCode, 0, `${r.stderr}\n${lowered}`);
  assert.deepEqual(
    facts.map((f) => [f.name, f.constant]),
    [
      ["infos$literal", true],
      ["infos$literal_1", true],
      ["infos$literal_2", true],
      ["infos$literal_3", true],
      ["kept$literal", false],
    ],
  );
  const plain = lowered.replaceAll(/\s+/g, " ");
  assert.match(
    plain,
    /static __typeof__\(const unsigned int\[3\]\) infos\$literal = \{ ?2, ?sizeof\(int\), 0 ?\}; static __typeof__\(const struct info\) infos\$literal_1 = ?\{ 1, infos\$literal ?\};/,
  );
  assert.match(plain, /infos\[\] = \{ ?\(&infos\$literal_1\) ?, ?\(&infos\$literal_3\) ?, 0 ?\};/);
});

test("a static variable of a function keeps its function in C", async () => {
  await using u = await reducedUnit(
    "",
    `${TYPES}static int n;\nint f(void) { static unsigned long at = (unsigned long)&n; return at != 0; }\nint g(void) { static int *at = &n; unsigned long local = (unsigned long)&n; return *at + (local != 0); }\n`,
  );
  const functions = u.tree.filter((x) => x.kind === "FunctionDecl");
  assert.deepEqual(
    functions.map((f) => whyUntranslatable(f, [], constantsOf(u.reduced, u.tree), new Set())),
    ["`at`'s initialiser holds an address as an integer", undefined],
  );
});
