/** The other fixes to c2rust's output, on its real output. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { recordLayouts } from "../../src/c/layouts.ts";
import { nameInnerMembers } from "../../src/rust/aligned-structures.ts";
import { alignBitfields } from "../../src/rust/bitfield-alignment.ts";
import { BITFIELD_MODULE, expandBitfields } from "../../src/rust/bitfields.ts";
import { restoreDefinitions } from "../../src/rust/definitions.ts";
import { callThroughPointers } from "../../src/rust/function-pointers.ts";
import { printItem, type RustItem } from "../../src/rust/items.ts";
import { layoutAsserts } from "../../src/rust/layout-asserts.ts";
import { restoreStaticInitialisers } from "../../src/rust/static-initialisers.ts";
import { restoreUnreachable } from "../../src/rust/unreachable.ts";
import { nameUnnamedTypes } from "../../src/rust/unnamed-types.ts";
import type { DefinitionFacts } from "../../src/stages/lower/definitions.ts";
import { parsed, unitOf } from "../c/unit.ts";
import { ALLOW, runRust, rustOf } from "./rust.ts";

const print = (items: readonly RustItem[]): string =>
  items
    .filter((i) => i.kind !== "use")
    .map(printItem)
    .join("\n");
const fact = (name: string, more: Partial<DefinitionFacts>): DefinitionFacts => ({
  name,
  kind: "function",
  weak: false,
  noinline: false,
  constant: false,
  ...more,
});

const LIST = `
struct list { struct list *next, *prev; };
struct list head = { &head, &head };
struct owner { int a; struct list l; union { int u; char c[4]; }; };
struct owner one = { 7, { &one.l, &one.l }, { .u = 9 } };
int numbers[4] = { 1, 2, 3, 4 };
int *third = &numbers[2];
int *fourth = numbers + 3;
struct list *poison = (void *)(0x100 + 0xdead000000000000UL);
`;

test("initialisers that c2rust puts off until .init_array stand where they belong", async () => {
  const items = await rustOf(LIST);
  assert.ok(
    items.some((i) => i.name === "INIT_ARRAY"),
    "c2rust has put one off",
  );
  const restored = restoreStaticInitialisers(items);
  assert.ok(!restored.some((i) => i.name === "INIT_ARRAY" || i.name === "run_static_initializers"));
  const r = await runRust(
    `${ALLOW}${print(restored)}\nfn main() { unsafe { println!("{} {} {} {} {} {:x}", head.next == &raw mut head, one.l.prev == &raw mut one.l, one.a, *third, *fourth, poison as usize); } }\n`,
  );
  assert.equal(r.stdout, "true true 7 3 4 dead000000000100\n", r.stderr);
});

test("a choice that is compared behind it is one value", async () => {
  const items = await rustOf("_Bool chosen = sizeof(long) == 8 ? 3 : 0;\n");
  assert.ok(
    items.some((i) => i.name === "INIT_ARRAY"),
    "c2rust has put it off",
  );
  const r = await runRust(
    `${ALLOW}${print(restoreStaticInitialisers(items))}\nfn main() { unsafe { println!("{}", chosen); } }\n`,
  );
  assert.equal(r.stdout, "true\n", r.stderr);
});

test("what is not put off stays", async () => {
  const items = await rustOf("int a = 3;\n");
  assert.equal(restoreStaticInitialisers(items), items);
});

const ALIGNED = `
struct inner { char c; int i; } __attribute__((packed, aligned(8)));
struct pair { struct inner a, b; };
struct inner global = { 1, 2 };
struct pair both = { { 3, 4 }, { 5, 6 } };
int get(struct pair *p) { struct inner inner = p->b; inner.i += p->a.c; return inner.i + global.i; }
`;

test("a structure with its own alignment is no function, and a variable may have its name", async () => {
  const items = await rustOf(ALIGNED);
  assert.ok(
    items.some((i) => /pub struct inner\(pub inner_Inner\);/.test(i.text)),
    "c2rust splits it",
  );
  const named = nameInnerMembers(items);
  assert.doesNotMatch(print(named), /pub struct inner\(|\binner\(inner_Inner/);
  const r = await runRust(
    `${ALLOW}${print(named)}\nfn main() { unsafe { println!("{} {}", get(&raw mut both), core::mem::size_of::<inner>()); } }\n`,
  );
  assert.equal(r.stdout, "11 8\n", r.stderr);
});

test("units without such structures stay as they are", async () => {
  const items = await rustOf("struct s { int a; } x = { 1 }; float f(void) { return 1.0f; }\n");
  assert.deepEqual(nameInnerMembers(items), items);
});

const UNNAMED =
  "struct outer { struct { int a; union { int b; char c; } deep; } in; union { int d; char e; }; }; struct outer o; typedef struct { int x; } named_t; named_t n; struct { int y; } lone; enum { K_A, K_B } k;\n";

test("unnamed structures are named after where they are used, the same in every unit", async () => {
  const first = nameUnnamedTypes(await rustOf(UNNAMED));
  const other = nameUnnamedTypes(await rustOf(`struct before { struct { int q; } z; }; struct before bb;\n${UNNAMED}`));
  const names = (items: RustItem[]): string[] =>
    items.filter((i) => i.kind === "struct" || i.kind === "union").map((i) => i.name);
  assert.deepEqual(
    names(first)
      .filter((n) => n.startsWith("outer"))
      .sort(),
    ["outer", "outer_in_0", "outer_in_0_deep", "outer_inner"],
  );
  for (const n of names(first)) assert.ok(names(other).includes(n), n);
  assert.doesNotMatch(print(first), /C2RustUnnamed/);
  const r = await runRust(`${ALLOW}${print(first)}\nfn main() { println!("{}", core::mem::size_of::<outer>()); }\n`);
  assert.equal(r.stdout, "12\n", r.stderr);
});

test("a name that is taken gets a number", () => {
  const struct = (name: string, text: string): RustItem => ({ kind: "struct", name, attributes: [], text });
  const named = nameUnnamedTypes([
    struct("s", "pub struct s {\n    pub a: C2RustUnnamed,\n}"),
    struct("C2RustUnnamed", "pub struct C2RustUnnamed {}"),
    struct("s_a", "pub struct s_a {}"),
  ]);
  assert.deepEqual(
    named.map((i) => i.name),
    ["s", "s_a_2", "s_a"],
  );
  assert.match(named[0]?.text ?? "", /pub a: s_a_2,/);
});

const DEFINITIONS = `
int init(void) { return 1; }
static int __attribute__((used)) quiet(void) { return 2; }
int weak(void) { return 3; }
static const char info[] __attribute__((used, section(".modinfo"))) = "license=GPL";
int table[2] = { 1, 2 };
static int __attribute__((used)) shared;
`;

test("a bit-field's unnamed enumeration has its new name in the attribute too", async () => {
  const named = nameUnnamedTypes(
    await rustOf(
      "struct dev { enum { DOWN, UP } state : 8; enum { COLD, HOT } link : 16; int n; };\nstruct dev d = { UP, COLD, 3 };\nint hot(void) { return d.link == HOT; }\n",
    ),
  );
  const text = named.map(printItem).join("\n");
  assert.match(text, /ty = "dev_link"/);
  assert.match(text, /type dev_link = /);
  assert.doesNotMatch(text, /C2RustUnnamed/);
});

test("definitions get sections, weakness, symbols and aliases back", async () => {
  const restored = restoreDefinitions(await rustOf(DEFINITIONS), [
    fact("init", { section: ".init.text" }),
    fact("quiet", { noinline: true, symbol: "kport_unit_quiet" }),
    fact("weak", { weak: true }),
    fact("info", { kind: "variable", constant: true, section: ".modinfo" }),
    fact("shared", { kind: "variable", symbol: "kport_unit_shared" }),
    fact("table_alias", { kind: "alias", target: "table" }),
  ]);
  const text = (name: string): string => printItem(restored.find((i) => i.name === name) as RustItem);
  assert.match(text("init"), /#\[link_section = "\.init\.text"\]/);
  assert.match(text("quiet"), /#\[inline\(never\)\][^]*#\[export_name = "kport_unit_quiet"\]/);
  assert.match(text("weak"), /#\[linkage = "weak"\]/);
  assert.match(text("info"), /#\[used\(compiler\)\]/);
  const r = await runRust(
    `${ALLOW}${print(restored)}\nextern "C" { static table_alias: [i32; 2]; fn kport_unit_quiet() -> i32; static kport_unit_shared: i32; }\nfn main() { unsafe { println!("{} {} {} {}", init(), weak(), table_alias[1], kport_unit_quiet() + kport_unit_shared); } }\n`,
  );
  assert.equal(r.stdout, "1 3 2 2\n", r.stderr);
  assert.match(r.object, / W weak$/m);
});

test("a cold function with a section of its own has both", () => {
  const [item] = restoreDefinitions(
    [{ kind: "fn", name: "f", attributes: ["#[cold]"], text: 'pub unsafe extern "C" fn f() {}' }],
    [fact("f", { section: ".init.text" })],
  );
  assert.deepEqual(item?.attributes, ["#[cold]", '#[link_section = ".init.text"]']);
});

test("what C says nothing of stays", () => {
  const item: RustItem = { kind: "fn", name: "f", attributes: ["#[no_mangle]"], text: "fn f() {}" };
  assert.deepEqual(restoreDefinitions([item], [fact("g", { weak: true })]), [item]);
});

const LAYOUT = {
  name: "s",
  size: 24,
  align: 8,
  fields: [
    { name: "a", offset: 0 },
    { name: "b", offset: 8 },
    { name: "c", offset: 16 },
  ],
  bits: [],
};
const withLayout = async (layout: typeof LAYOUT): Promise<{ exitCode: number | undefined; stderr: string }> => {
  const items = (await rustOf("struct s { char a; long b; short c; }; struct s x;\n")).filter(
    (i) => i.kind === "struct",
  );
  const asserts = layoutAsserts(items, [layout]);
  assert.equal(asserts.length, 1);
  return runRust(
    `${ALLOW}use core::mem::{align_of, offset_of, size_of};\n${print(items)}\n${asserts.join("\n")}\nfn main() {}\n`,
  );
};

test("the layout that clang has compiles", async () => {
  const r = await withLayout(LAYOUT);
  assert.equal(r.exitCode, 0, r.stderr);
});

for (const [what, wrong] of [
  ["size", { ...LAYOUT, size: 32 }],
  ["alignment", { ...LAYOUT, align: 4 }],
  [
    "offset",
    {
      ...LAYOUT,
      fields: [
        { name: "a", offset: 0 },
        { name: "b", offset: 4 },
        { name: "c", offset: 16 },
      ],
    },
  ],
] as const) {
  test(`a wrong ${what} does not compile`, async () => {
    const r = await withLayout({ ...wrong, fields: [...wrong.fields] });
    assert.notEqual(r.exitCode, 0);
    assert.match(r.stderr, /assertion failed/);
  });
}

const DEEP = `struct s { char tag; union { int whole; struct { short lo, hi; }; }; struct { unsigned a : 3, b : 7; _Bool type : 1; }; struct { long c : 40; char last; } in; int d : 5; };
struct s x; int f(struct s *p) { return p->a + p->b + p->type + p->in.c + p->d; }\n`;

test("members of unnamed members and bit-fields lie where clang has them, and one that does not does not compile", async () => {
  await using u = await unitOf(DEEP);
  const { tree, answers } = await parsed(u.compiler, DEEP);
  const [layout] = recordLayouts(answers, tree).filter((l) => l.name === "s");
  assert.ok(layout);
  const items = alignBitfields(nameUnnamedTypes(await rustOf(DEEP)), [layout])
    .filter((i) => ["struct", "union", "type"].includes(i.kind))
    .flatMap((i) => expandBitfields(i, new Set()));
  const module = `${ALLOW}mod bitfield {\n${BITFIELD_MODULE.replace(/^\/\/!.*\n/, "")}}\n${print(items)}\n`;
  const compile = (l: typeof layout) => runRust(`${module}${layoutAsserts(items, [l]).join("\n")}\nfn main() {}\n`);
  const asserts = layoutAsserts(items, [layout]).join("\n");
  for (const at of [
    "c2rust_unnamed.whole",
    "hi) == 6",
    "in_0.last",
    "set_a, !0, 64, 3",
    "set_type_0, true, 74, 1",
    "set_c, !0, 128, 40",
    "set_d, !0, ",
  ])
    assert.ok(asserts.includes(at), `${at} in ${asserts}`);
  const right = await compile(layout);
  assert.equal(right.exitCode, 0, right.stderr);
  const other = <T extends { name: string }>(all: T[], name: string, change: Partial<T>): T[] =>
    all.map((x) => (x.name === name ? { ...x, ...change } : x));
  const faults = [
    { ...layout, fields: other(layout.fields, "hi", { offset: 4 }) },
    { ...layout, fields: other(layout.fields, "in.last", { offset: 0 }) },
    { ...layout, bits: other(layout.bits, "b", { first: 66 }) },
    { ...layout, bits: other(layout.bits, "in.c", { width: 39 }) },
  ];
  for (const fault of faults) assert.match((await compile(fault)).stderr, /assertion failed/);
});

test("opaque types and types that clang did not lay out are not asserted", () => {
  assert.deepEqual(
    layoutAsserts(
      [
        { kind: "type", name: "s", attributes: [], text: "pub type s = i32;" },
        { kind: "struct", name: "t", attributes: [], text: "pub struct t {\n}" },
      ],
      [LAYOUT],
    ),
    [],
  );
});

test("a call through a pointer goes where the pointer says, without a panic before it", async () => {
  const items = await rustOf(
    "int twice(int x) { return 2 * x; }\nint (*f)(int) = twice;\nint call(int x) { return f(x) + (*f)(x); }\n",
  );
  assert.match(print(items), /\.expect\(\s*"non-null function pointer"/);
  const called = print(callThroughPointers(items));
  assert.doesNotMatch(called, /expect/);
  const r = await runRust(`${ALLOW}${called}\nfn main() { unsafe { println!("{}", call(4)); } }\n`);
  assert.equal(r.stdout, "16\n", r.stderr);
});

test("where C says that nothing gets so far, Rust says so too, and does not panic", async () => {
  const items = await rustOf(
    "int f(int x) { switch (x) { case 1: return 5; case 2: return 6; } __builtin_unreachable(); }\nint g(int x) { if (x < 0) (f(x), __builtin_unreachable()); return x; }\n",
  );
  assert.equal(print(items).match(/unreachable!\(\)/g)?.length, 2, "c2rust panics");
  const restored = restoreUnreachable(items);
  assert.doesNotMatch(print(restored), /unreachable!/);
  const r = await runRust(
    `${ALLOW}${print(restored)}\nfn main() { unsafe { println!("{} {} {}", f(1), f(2), g(3)); } }\n`,
  );
  assert.equal(r.stdout, "5 6 3\n", r.stderr);
});
