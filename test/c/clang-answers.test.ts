/** What the lowering has of clang: syntax trees, layouts, types of operands, values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type AstNode, extent, spelling, walk } from "../../src/c/ast.ts";
import { parse, parsed, unitOf } from "./unit.ts";

test("the tree gives extents and parents", async () => {
  await using unit = await unitOf("");
  const text = "int f(int a) { return a + 41; }\n";
  const tree = await parse(unit.compiler, text);
  const sums: AstNode[] = [];
  for (const n of tree) walk(n, (x) => void (x.kind === "BinaryOperator" && sums.push(x)));
  const at = extent(sums[0] as AstNode);
  assert.equal(text.slice(at?.start, at?.end), "a + 41");
  assert.equal(sums[0]?.parent?.kind, "ReturnStmt");
});

test("a filled-up array's values are visited, its filler is not", async () => {
  await using unit = await unitOf("");
  const tree = await parse(unit.compiler, "int a[4] = { 7, 8 };\n");
  const values: unknown[] = [];
  for (const n of tree)
    walk(n, (x) => void (x.kind === "IntegerLiteral" && x.parent?.kind === "InitListExpr" && values.push(x.value)));
  assert.deepEqual(values, ["7", "8"]);
});

test("a visitor that returns false keeps out what is below", async () => {
  await using unit = await unitOf("");
  const seen: string[] = [];
  for (const n of await parse(unit.compiler, "int f(void) { return 1; }\n"))
    walk(n, (x) => (seen.push(x.kind), x.kind !== "CompoundStmt"));
  assert.ok(seen.includes("CompoundStmt"));
  assert.ok(!seen.includes("ReturnStmt"));
});

test("a type is spelled as it can be written down, or not at all", () => {
  assert.equal(spelling({ qualType: "u32" }), "u32");
  assert.equal(spelling({ qualType: "typeof (x)", desugaredQualType: "unsigned int" }), "unsigned int");
  assert.equal(spelling({ qualType: "struct (unnamed at <stdin>:1:1)" }), undefined);
});

/** Sizes, alignments and offsets by the names of structures and members. */
async function placed(text: string): Promise<Record<string, unknown>> {
  await using unit = await unitOf("");
  const { tree, answers } = await parsed(unit.compiler, text);
  const found: Record<string, unknown> = {};
  for (const n of tree)
    walk(n, (x) => {
      const record = answers.record(x);
      if (record) found[x.name ?? "?"] = [record.size, record.align];
      const f = answers.field(x);
      if (f)
        found[`.${x.name ?? ""}`] = f.width === undefined ? [f.first, f.size, f.align, f.bare] : [f.first, f.width];
    });
  return found;
}

test("the structures of the tree are the structures of the answers: sizes, alignments, and where members lie", async () => {
  assert.deepEqual(await placed("struct s { char c; long l; int z[0]; };\nint f(void) { return 1; }\n"), {
    s: [16, 8],
    ".c": [0, 1, 1, 1],
    ".l": [64, 8, 8, 8],
    ".z": [128, 0, 4, 4],
  });
  assert.deepEqual(await placed("int v;\n"), {});
});

test("a name that gives an alignment, and an array without a length, are told", async () => {
  assert.deepEqual(
    await placed(
      "typedef unsigned long loose __attribute__((aligned(4)));\nstruct s { loose a; loose b[2]; short rest[]; };\n",
    ),
    { s: [24, 4], ".a": [0, 8, 4, 8], ".b": [64, 16, 4, 4], ".rest": [192, undefined, 2, 2] },
  );
});

test("where a bit-field has no name, each member's place is known", async () => {
  await using unit = await unitOf("");
  const { answers } = await parsed(unit.compiler, "struct s { char a : 3; int : 5; int : 0; char b; };\n");
  assert.deepEqual(
    answers.records[0]?.fields.map(({ first, width }) => [first, width]),
    [
      [0, 3],
      [3, 5],
      [32, 0],
      [32, undefined],
    ],
  );
});

test("bodies that do not assemble do not hinder the answers", async () => {
  assert.deepEqual(
    (await placed('void f(int n) { asm volatile("bogus %c0" :: "i"(n)); }\nstruct s { short a; };\n'))["s"],
    [2, 2],
  );
});

const DECLARATIONS = "typedef unsigned int u32; struct s { long l; int a[3]; }; struct s g; u32 (*handler)(int);\n";

/** The answer for what begins at each of `marked`, from the left. */
async function ask(
  text: string,
  kind: "type" | "value",
  ...marked: readonly string[]
): Promise<(string | undefined)[]> {
  await using unit = await unitOf("");
  const { answers } = await parsed(unit.compiler, text);
  let from = 0;
  return marked.map((m) => {
    const at = text.indexOf(m, from);
    assert.ok(at >= 0, m);
    from = at + 1;
    return kind === "type" ? answers.typeAt(at) : answers.valueAt(at);
  });
}

const inFunction = (body: string): string => `${DECLARATIONS}void f(u32 x) { ${body} }\n`;

test("types of operands", async () => {
  const typeOf = async (operand: string) =>
    (await ask(inFunction(`__typeof__(${operand}) y;`), "type", "__typeof__"))[0];
  assert.equal(await typeOf("_Generic(x, u32: g.l)"), "long");
  assert.equal(await typeOf("&g"), "struct s *");
  assert.equal(await typeOf("handler"), "unsigned int (*)(int)");
  assert.equal(await typeOf("g.a"), "int[3]");
  assert.equal(await typeOf("*handler"), "unsigned int (int)");
  assert.equal(await typeOf("const u32 *"), "const unsigned int *");
});

test("types come with their qualifiers, or without", async () => {
  const text = "void f(int n, const volatile long *l) { __typeof__(*l) a; __typeof_unqual__(*l) b; }";
  assert.deepEqual(await ask(text, "type", "__typeof__", "__typeof_unqual__"), ["const volatile long", "long"]);
});

test("what no C can spell has no answer: a structure without a name, a length that is found at run time", async () => {
  const text = `${DECLARATIONS}struct { int a; } un; typedef struct { int b; } named; named t; enum { E } e; enum unnamed_or_typeof { F } k;
void f(int n, int (*v)[n]) { __typeof__(&un) a; __typeof__(t) b; __typeof__(e) c; __typeof__(k) d; __typeof__(v) h; }\n`;
  assert.deepEqual(await ask(text, "type", ..."abcdh".split("").map(() => "__typeof__(")), [
    undefined,
    "named",
    undefined,
    "enum unnamed_or_typeof",
    undefined,
  ]);
});

test("one query stands in another: in a statement expression, a bound, another typeof, a structure within an operand", async () => {
  const long = "({ __typeof__(x) y = ({ do { if (x) g.l = 'a'; } while (0); x; }); &g.a[y]; })";
  assert.deepEqual(await ask(inFunction(`__typeof__(${long}) p;`), "type", "__typeof__", "__typeof__"), [
    "int *",
    "unsigned int",
  ]);
  assert.deepEqual(
    await ask(
      `${DECLARATIONS}char held[sizeof(struct { int w : sizeof(__typeof__(handler)); })], (*at)[sizeof(u32)];\n`,
      "value",
      "sizeof(struct",
      "sizeof(__typeof__",
      "sizeof(u32)",
    ),
    ["4", "8", "4"],
  );
});

test("values, in functions and outside of them", async () => {
  const compatible = "__builtin_types_compatible_p(u32, unsigned int)";
  assert.deepEqual(await ask(inFunction(`int i = ${compatible};`), "value", compatible), ["1"]);
  assert.deepEqual(await ask(`${DECLARATIONS}int size = sizeof(struct s);\n`, "value", "sizeof"), ["24"]);
  assert.deepEqual(
    await ask(`${DECLARATIONS}long at = __builtin_offsetof(struct s, a[2]) + _Alignof(u32);\n`, "value", "__b", "_A"),
    ["16", "4"],
  );
});

test("a size that clang knows is a number, one that it does not know is none, whatever index stands in it", async () => {
  const text = `
char table[8];
void f(char *p, int n) {
  unsigned long known = __builtin_object_size(&table[3], 0);
  unsigned long unknown = __builtin_object_size(&p[1], 0);
  unsigned long least = __builtin_dynamic_object_size(&p[7], 2);
  unsigned long computed = sizeof(char[n]);
}
`;
  assert.deepEqual(await ask(text, "value", "__builtin_o", "__builtin_o", "__builtin_d", "sizeof"), [
    "5",
    undefined,
    undefined,
    undefined,
  ]);
});

test("places are counted as the text has its characters", async () => {
  assert.deepEqual(await ask('char *s = "»»»"; int i = sizeof(int);\n', "value", "sizeof"), ["4"]);
});
