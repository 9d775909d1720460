import assert from "node:assert/strict";
import { test } from "node:test";
import { StageError } from "../../../src/machine/errors.ts";
import { isHeaderInline, reduce } from "../../../src/stages/lower/reduce.ts";
import { OffsetMap } from "../../../src/stages/lower/reduced-unit.ts";
import { reducedUnit } from "./unit.ts";

const HEADER = `
#define READ(p) ({ int value = *(p); value; })
#define LIMIT 7
typedef unsigned int u32;
struct deep { int x; };
struct looked_into { struct deep d; struct opaque *o; };
struct opaque { int secret; struct deep d; };
struct never { int n; };
enum mode { OFF, ON = LIMIT };
enum unused_mode { NONE };
extern void register_it(struct opaque *o);
extern int unused_function(void);
static inline __attribute__((always_inline)) u32 twice(u32 a) { return a + a; }
static inline int nobody(struct never *n) { return n->n; }
#define never_used 1
`;

test("headers are kept as far as the module reaches: types, prototypes, constants", async () => {
  await using u = await reducedUnit(
    HEADER,
    "int run(struct looked_into *l) { register_it(l->o); return l->d.x + (int)twice(2) + ON; }\n",
  );
  const { text } = u.reduced;
  assert.match(text, /struct looked_into\s*\{/);
  assert.match(text, /struct deep\s*\{/);
  assert.match(text, /enum mode\s*\{/);
  assert.match(text, /void register_it\(struct opaque \*o\);/);
  for (const gone of ["struct never", "unused_mode", "unused_function", "nobody"])
    assert.ok(!text.includes(gone), gone);
});

test("a structure that is never looked into stays opaque", async () => {
  await using u = await reducedUnit(HEADER, "void run(struct opaque *o) { register_it(o); }\n");
  assert.match(u.reduced.text, /struct opaque;/);
  assert.doesNotMatch(u.reduced.text, /secret/);
  await using looked = await reducedUnit(HEADER, "int run(struct opaque *o) { return o->secret; }\n");
  assert.match(looked.reduced.text, /secret/);
});

test("an inline function of a header becomes a prototype; the module's own keeps its body", async () => {
  await using u = await reducedUnit(
    HEADER,
    "static inline u32 mine(u32 a) { return a + 1; }\nu32 run(void) { return twice(mine(3)); }\n",
  );
  assert.match(u.reduced.text, /u32 twice \( u32 a \) ;/);
  assert.match(u.reduced.text, /mine\(u32 a\) \{ return a \+ 1; \}/);
  assert.deepEqual([...u.reduced.inlines.keys()], ["twice"]);
});

test("own functions that nobody names fall away only where C drops them too", async () => {
  await using u = await reducedUnit(
    HEADER,
    "static inline int helper(void) { return 1; }\nstatic int callback(void) { return 2; }\nint exported(void) { return 3; }\n",
  );
  assert.doesNotMatch(u.reduced.text, /helper/);
  assert.match(u.reduced.text, /callback[^]*exported/);
});

test("enums come before what uses them, and forward enums not at all", async () => {
  await using u = await reducedUnit(
    "enum late; extern int use(enum late);\nenum late { L_A, L_B = 3 };\n",
    "int run(void) { return use(L_B); }\n",
  );
  assert.doesNotMatch(u.reduced.text, /enum late;/);
  assert.ok(u.reduced.text.indexOf("enum late {") < u.reduced.text.indexOf("use("));
});

test("offsets of kept characters lead into the reduced text, of others nowhere", async () => {
  await using u = await reducedUnit(HEADER, "int run(int *p) { return READ(p); }\n");
  const map = new OffsetMap(u.reduced);
  const [read] = u.unit.invocations;
  assert.equal(read?.name, "READ");
  const [start, last] = [map.toReduced(read?.start ?? 0), map.toReduced((read?.end ?? 0) - 1)];
  assert.equal(u.reduced.text.slice(start, (last ?? 0) + 1).replace(/\s+/g, " "), "({ int value = *(p); value; })");
  assert.equal(map.toReduced(u.unit.text.indexOf("nobody")), undefined);
});

test("what does not compile for another reason is a failure with clang's word", async () => {
  await using u = await reducedUnit(HEADER, "int run(void) { return 1; }\n");
  const broken = u.unit.text.replace("return 1", "return !");
  await assert.rejects(
    reduce({ ...u.unit, text: broken, declarations: u.unit.declarations }, u.compiler, isHeaderInline),
    (e) => e instanceof StageError && e.check === "lower",
  );
});

test("macro invocations are placed in the module's source, directives are blank", async () => {
  await using u = await reducedUnit(
    HEADER,
    "#define MINE(x) \\\n\t(READ(x) + LIMIT)\nint run(int *p) {\n\treturn MINE(p) +\n\t\tLIMIT;\n}\n",
  );
  assert.deepEqual(
    u.unit.invocations.map((v) => [v.name, v.source, v.line]),
    [
      ["MINE", "MINE(p)", 5],
      ["LIMIT", "LIMIT", 6],
    ],
  );
  assert.doesNotMatch(u.unit.text, /__kport_|#/);
  assert.deepEqual(
    u.unit.directives.map((d) => d.text.split(/\s/).slice(0, 2).join(" ")),
    ["#include <kernel.h>", "#define MINE(x)"],
  );
  const run = u.unit.declarations.find((d) => d.names[0] === "run");
  assert.deepEqual([run?.own, run?.line], [true, 4]);
  assert.equal(u.unit.declarations.find((d) => d.names[0] === "twice")?.own, false);
});

test("a structure that is packed to two bytes is not declared before its definition, unless something mentions it there", async () => {
  await using u = await reducedUnit(
    "",
    "#pragma pack(push, 2)\nstruct early { char c; int i; };\nstruct named { char c; int i; };\n#pragma pack(pop)\nstruct holds { struct early e; };\nint run(struct holds *h, struct named *n) { return h->e.i + n->i; }\n",
  );
  assert.doesNotMatch(u.reduced.text, /struct (?:early|named);/);
  assert.match(u.reduced.text, /struct holds;/);
  await using before = await reducedUnit(
    "",
    "struct early;\nint see(struct early *e);\n#pragma pack(push, 2)\nstruct early { char c; int i; };\n#pragma pack(pop)\nint run(struct early *e) { return see(e) + e->i; }\n",
  );
  assert.match(before.reduced.text, /struct early;/);
});
