/** What the lowering asks clang: syntax trees, constants, types of operands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type AstNode, extent, parse, spelling, walk } from "../../src/c/ast.ts";
import { evaluate } from "../../src/c/constants.ts";
import { askClang, type Question } from "../../src/c/oracle.ts";
import { StageError } from "../../src/machine/errors.ts";
import { unitOf } from "./unit.ts";

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

test("what does not parse is a failure that says why", async () => {
  await using unit = await unitOf("");
  await assert.rejects(
    parse(unit.compiler, "int f( {"),
    (e) => e instanceof StageError && e.check === "lower" && e.file === unit.file && /expected/.test(e.message),
  );
});

test("a type is spelled as it can be written down, or not at all", () => {
  assert.equal(spelling({ qualType: "u32" }), "u32");
  assert.equal(spelling({ qualType: "typeof (x)", desugaredQualType: "unsigned int" }), "unsigned int");
  assert.equal(spelling({ qualType: "struct (unnamed at <stdin>:1:1)" }), undefined);
});

test("constants are clang's: sizes, alignments, offsets, zeros between them", async () => {
  await using unit = await unitOf("");
  const text =
    'struct s { char c; long l; int z[0]; };\nint f(void) { return 1; }\nint g(void) __attribute__((alias("f")));\n';
  const tree = await parse(unit.compiler, text);
  assert.deepEqual(
    await evaluate(unit.compiler, text, tree, [
      "sizeof(struct s)",
      "__builtin_offsetof(struct s, c)",
      "_Alignof(struct s)",
      "__builtin_offsetof(struct s, l)",
    ]),
    [16, 0, 8, 8],
  );
  assert.deepEqual(await evaluate(unit.compiler, text, tree, ["0", "0"]), [0, 0]);
  assert.deepEqual(await evaluate(unit.compiler, text, tree, []), []);
});

test("bodies that do not assemble do not hinder the constants", async () => {
  await using unit = await unitOf("");
  const text = 'void f(int n) { asm volatile("bogus %c0" :: "i"(n)); }\nstruct s { short a; };\n';
  assert.deepEqual(await evaluate(unit.compiler, text, await parse(unit.compiler, text), ["sizeof(struct s)"]), [2]);
});

test("what is no constant is a failure", async () => {
  await using unit = await unitOf("");
  const text = "int v;\n";
  await assert.rejects(
    evaluate(unit.compiler, text, await parse(unit.compiler, text), ["v"]),
    (e) => e instanceof StageError && /does not evaluate/.test(e.message),
  );
});

const DECLARATIONS = "typedef unsigned int u32; struct s { long l; int a[3]; }; struct s g; u32 (*handler)(int);\n";

async function ask(body: string, marked: string, kind: Question["ask"]): Promise<string | undefined> {
  await using unit = await unitOf("");
  const text = `${DECLARATIONS}void f(u32 x) { ${body} }\n`;
  const start = text.indexOf(marked, DECLARATIONS.length);
  return (
    await askClang(unit.compiler, text, [{ start, end: start + marked.length, ask: kind, atFileScope: false }])
  )[0];
}

test("types of operands", async () => {
  assert.equal(await ask("__typeof__(_Generic(x, u32: g.l)) y;", "_Generic(x, u32: g.l)", "type"), "long");
  assert.equal(await ask("__typeof__(&g) y;", "&g", "type"), "struct s *");
  assert.equal(await ask("__typeof__(handler) y;", "handler", "type"), "u32 (*)(int)".replace("u32", "unsigned int"));
});

test("a type whose operand clang prints over many lines", async () => {
  const long = "({ __typeof__(x) y = ({ do { if (x) g.l = 'a'; } while (0); x; }); &g.a[y]; })";
  assert.equal(await ask(`__typeof__(${long}) p;`, long, "type"), "int *");
});

test("values of constants, in functions and outside of them", async () => {
  assert.equal(
    await ask(
      "int i = __builtin_types_compatible_p(u32, unsigned int);",
      "__builtin_types_compatible_p(u32, unsigned int)",
      "value",
    ),
    "1",
  );
  await using unit = await unitOf("");
  const text = `${DECLARATIONS}int size = sizeof(struct s);\n`;
  const start = text.lastIndexOf("sizeof");
  assert.deepEqual(
    await askClang(unit.compiler, text, [{ start, end: text.indexOf(";", start), ask: "value", atFileScope: true }]),
    ["24"],
  );
});

test("several questions get their answers in their own order; what is no constant gets none", async () => {
  await using unit = await unitOf("");
  const text = "int v; void f(void) { int a = sizeof(char[3]); int b = (v + 0); int c = sizeof(char[5]); }\n";
  const q = (marked: string): Question => ({
    start: text.indexOf(marked),
    end: text.indexOf(marked) + marked.length,
    ask: "value",
    atFileScope: false,
  });
  assert.deepEqual(await askClang(unit.compiler, text, [q("sizeof(char[3])"), q("(v + 0)"), q("sizeof(char[5])")]), [
    "3",
    undefined,
    "5",
  ]);
  assert.deepEqual(await askClang(unit.compiler, text, []), []);
});
