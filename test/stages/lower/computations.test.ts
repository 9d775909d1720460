import assert from "node:assert/strict";
import { test } from "node:test";
import { type AstNode, extent } from "../../../src/c/ast.ts";
import { Choosers } from "../../../src/stages/lower/choosers.ts";
import { Computations } from "../../../src/stages/lower/computations.ts";
import type { Obstacle } from "../../../src/stages/lower/moved.ts";
import { Obstacles } from "../../../src/stages/lower/obstacles.ts";
import { OffsetMap } from "../../../src/stages/lower/reduced-unit.ts";
import type { PlacedDeclaration } from "../../../src/stages/lower/preprocess.ts";
import { DeclarationIndex } from "../../../src/stages/lower/reduce.ts";
import { declarationsOf } from "../../c/unit.ts";
import { reducedUnit } from "./unit.ts";

const HEADER = `
struct list { struct list *next, *prev; };
struct large { ${Array.from({ length: 30 }, (_, i) => `int m${i};`).join(" ")} };
extern int exported(int);
extern int secret(int);
extern const unsigned char table[];
extern int hidden_variable;
static inline unsigned rol(unsigned w, unsigned s) { return (w << s) | (w >> ((-s) & 31)); }
static inline void add(struct list *new, struct list *head) { head->prev = new; new->next = head; *(volatile typeof(head->next) *)&(head->next) = (new); }
static inline unsigned twice(unsigned w) { return rol(rol(w, 1), 1); }
static inline int calls(int x) { return exported(x) + table[0]; }
static inline int calls_secret(int x) { return secret(x); }
static inline int reads(void) { return hidden_variable; }
static inline int assembly(void) { int x; __asm__("" : "=r"(x)); return x; }
static inline int calls_assembly(void) { return assembly() + 1; }
static inline int counts(void) { static int n; return n++; }
static inline int looks(struct large *l) { return l->m3; }
static inline int chooses(int n) { return __builtin_constant_p(n) ? 1 : exported(n); }
static inline int passes(int n) { return chooses(n + 1); }
static inline int recurses(int n) { return n ? recurses(n - 1) : 0; }
__attribute__((__section__(".init.text"))) static inline int placed(int n) { return n; }
static inline int long_one(int n) { ${"n = n * 3 + 1; ".repeat(40)} return n; }
extern void too_long(void) __attribute__((__error__("too long")));
extern void fortify_panic(void);
extern inline __attribute__((__gnu_inline__)) __attribute__((overloadable)) _Bool checked(unsigned long size, const unsigned long room)
{ if (__builtin_constant_p(size)) { if (__builtin_constant_p(room < size) && room < size) too_long(); ; } if (room < size) fortify_panic(); return 0; }
static inline int checks_and_chooses(int n) { if (__builtin_constant_p(n)) { too_long(); n++; } return n; }
static inline int checks_or_not(int n) { if (__builtin_constant_p(n)) too_long(); else n++; return n; }
extern int defined_elsewhere(int);
extern inline __attribute__((__gnu_inline__)) int defined_elsewhere(int n) { return n; }
extern inline int no_gnu(int n) { return n; }
static inline int static_call(int n) { int __SCT__f(int); return __SCT__f(n); }
`;
const declarations = declarationsOf(HEADER).map(
  (d): PlacedDeclaration => ({ ...d, file: "kernel.h", line: 1, own: false, pack: 0 }),
);
const functions = declarations.filter((d) => d.kind === "function");

test("inline functions that only compute, with numbers and members of structures, become Rust; no others do", () => {
  const computations = new Computations(
    new DeclarationIndex(declarations),
    new Set(["exported", "table", "fortify_panic"]),
  );
  assert.deepEqual(
    functions.filter((d) => computations.has(d)).map((d) => d.names[0]),
    ["rol", "add", "twice", "calls", "looks", "checked"],
  );
});

test("a function chooses by constants where one that it calls does", () => {
  const choosers = new Choosers(declarations);
  assert.deepEqual(
    functions.filter((d) => choosers.byConstants(d)).map((d) => d.names[0]),
    ["chooses", "passes", "checked", "checks_and_chooses", "checks_or_not"],
  );
});

const SIZED = `
extern void panic(void);
extern unsigned long measured(const char *);
static inline unsigned long size_of(const char *p) { return __builtin_object_size(p, 1); }
static inline unsigned long checked_length(const char *p) { unsigned long n = measured(p); if (n >= size_of(p)) panic(); return n; }
#define length(p) checked_length(p)
#define either(p) __builtin_choose_expr(sizeof(p) == 4, chooses(4), chooses(sizeof(p)))
static inline int chooses(int n) { return __builtin_constant_p(n) ? 1 : 2; }
#define twice(x) ((x) + (x))
struct named { char name[16]; char *other; char names[2][4]; };
extern struct named *again(struct named *);
`;

async function obstaclesIn(own: string): Promise<{ found: Obstacle[]; text: string }> {
  await using u = await reducedUnit(SIZED, own);
  const map = new OffsetMap(u.reduced);
  const regions = u.unit.invocations.flatMap((v) => {
    const [start, last] = [map.toReduced(v.start), map.toReduced(v.end - 1)];
    return start === undefined || last === undefined ? [] : [{ ...v, start, end: last + 1 }];
  });
  const fn = u.tree.find((n) => n.name === "f") as AstNode;
  return { found: new Obstacles({ ...u, regions }, new Map()).of(fn), text: u.reduced.text };
}

test("what asks how large an array is moves with the array: of a member, of a variable and of an element, but not of a pointer", async () => {
  const own = `
static char global[8];
unsigned long f(struct named *n, const char *p, int i) {
  char local[8] = "x";
  unsigned long sum = length(n->name) + length((n->other)) + length(p) + length(local) + length(global);
  sum += checked_length(n->names[i]) + checked_length(&n->name[1]) + checked_length(n->name + i) + checked_length(p + 1);
  return sum + checked_length(local) + checked_length(again(n)->name) + twice(checked_length(n->name));
}
`;
  const { found, text } = await obstaclesIn(own);
  assert.ok(found.every((o) => o.optional && o.reason === "checked_length chooses by an array's size"));
  const told = found.map((o) => {
    const at = extent(o.along?.[0] as AstNode);
    return `${o.scope} ${text.slice(at?.start, at?.end)}`;
  });
  assert.deepEqual(told, [
    "invocation n->name",
    "invocation local",
    "invocation global",
    "call n->names[i]",
    "call &n->name[1]",
    "call n->name + i",
    "call local",
    // Its author wrote the call, not the macro around it.
    "call n->name",
    "call n->name",
  ]);
});
test("what a choice of the compiler leaves out is no obstacle", async () => {
  const { found } = await obstaclesIn("int f(int i, long l) { return either(i) + either(l); }\n");
  assert.deepEqual(
    found.map((o) => o.reason),
    Array.from({ length: 2 }, () => "chooses chooses by compile-time constants"),
  );
});
