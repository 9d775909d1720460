import assert from "node:assert/strict";
import { test } from "node:test";
import { type RecordLayout, recordLayouts } from "../../src/c/layouts.ts";
import { Rewriter } from "../../src/c/rewriter.ts";
import { sayTags, tagsForUnnamed } from "../../src/c/unnamed-records.ts";
import { parse, parsed, unitOf } from "./unit.ts";

async function layoutsOf(c: string): Promise<RecordLayout[]> {
  await using u = await unitOf(c);
  const { tree, answers } = await parsed(u.compiler, c);
  return recordLayouts(answers, tree).sort((a, b) => a.name.localeCompare(b.name));
}

test("named structures, unions, and typedefs of unnamed ones", async () => {
  assert.deepEqual(
    await layoutsOf(
      "struct s { char a; long b; };\nunion u { int i; char c[6]; };\ntypedef struct { short x; } t;\ntypedef struct tagged { char x; } other;\nunion o { struct within { unsigned f : 3; } in; };\n",
    ),
    [
      { name: "o", size: 4, align: 4, fields: [{ name: "in", offset: 0 }], bits: [] },
      {
        name: "s",
        size: 16,
        align: 8,
        fields: [
          { name: "a", offset: 0 },
          { name: "b", offset: 8 },
        ],
        bits: [],
      },
      { name: "t", size: 2, align: 2, fields: [{ name: "x", offset: 0 }], bits: [] },
      { name: "tagged", size: 1, align: 1, fields: [{ name: "x", offset: 0 }], bits: [] },
      {
        name: "u",
        size: 8,
        align: 4,
        fields: [
          { name: "i", offset: 0 },
          { name: "c", offset: 0 },
        ],
        bits: [],
      },
      { name: "within", size: 4, align: 4, fields: [], bits: [{ name: "f", first: 0, width: 3 }] },
    ],
  );
});

test("members of unnamed members, and of members of an unnamed type", async () => {
  const [s] = await layoutsOf(
    "struct s { int x; struct { char deep; union { long l; int i; }; }; struct { short lo, hi; } parts; struct { int e; } list[2]; struct { int p; } *at; };\n",
  );
  assert.deepEqual(
    s?.fields,
    [
      ["x", 0],
      ["deep", 8],
      ["l", 16],
      ["i", 16],
      ["parts", 24],
      ["parts.lo", 24],
      ["parts.hi", 26],
      ["list", 28],
      ["at", 40],
    ].map(([name, offset]) => ({ name, offset })),
  );
});

test("bit-fields, wherever they are, without those that have no name or no width", async () => {
  const [s] = await layoutsOf(
    "struct s { char tag; unsigned a : 3; unsigned : 4; _Bool f : 1; int : 0; struct { unsigned b : 5; }; struct { long c : 40; } in; };\n",
  );
  assert.deepEqual(s?.bits, [
    { name: "a", first: 8, width: 3 },
    { name: "f", first: 15, width: 1 },
    { name: "b", first: 32, width: 5 },
    { name: "in.c", first: 64, width: 40 },
  ]);
});

test("attributes behind the body count", async () => {
  assert.deepEqual(
    (await layoutsOf("struct s { char a; long b; } __attribute__((packed, aligned(4)));\n")).map((l) => [
      l.size,
      l.align,
    ]),
    [[12, 4]],
  );
});

test("a structure of a function's own hides no other of its name", async () => {
  assert.deepEqual(
    (
      await layoutsOf(
        "struct s { char a; };\nint f(void) { struct s { long b; } x = { 1 }; return sizeof(x) + x.b; }\n",
      )
    ).flatMap((l) => l.fields.map((f) => f.name)),
    [],
  );
});

test("structures of functions, and those that have a name from us", async () => {
  const c = `static struct{ int a; struct{ char c; } in; } x;
int f(void) { struct own { long b; } o = { 1 }, *p = ({ struct { short s; } t = { 2 }; t.s; }) ? &o : 0; return p->b + x.a; }
`;
  await using u = await unitOf(c);
  const { tree, answers } = await parsed(u.compiler, c);
  const layouts = recordLayouts(answers, tree, tagsForUnnamed(tree, c, "u"));
  assert.deepEqual(layouts.map((l) => [l.name, l.size, l.fields.map((f) => f.name).join()]).sort(), [
    ["own", 8, "b"],
    ["u_0", 8, "a,in,in.c"],
    ["u_1", 1, "c"],
    ["u_2", 2, "s"],
  ]);
});

test("a tag stands apart from what is before it", async () => {
  const c = "struct{ int a; } x; struct { int b; } y;\n";
  await using u = await unitOf(c);
  const text = new Rewriter(c);
  sayTags(tagsForUnnamed(await parse(u.compiler, c), c, "u"), c, text);
  assert.equal(text.render(), "struct u_0 { int a; } x; struct u_1 { int b; } y;\n");
});
