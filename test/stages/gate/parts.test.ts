/** The parts of the gate, each on a few lines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAssembly } from "../../../src/stages/gate/symbol-code.ts";
import { culprits, together } from "../../../src/stages/gate/culprits.ts";
import { compileErrors } from "../../../src/stages/gate/diagnostics.ts";
import { symbolPath } from "../../../src/stages/gate/symbol-path.ts";
import { volatileAccesses } from "../../../src/stages/gate/volatile-accesses.ts";
import { isWhole } from "../../../src/stages/gate/whole-text.ts";

const code = (body: string, more = ""): string =>
  `\t.text\n\t.p2align\t4\n\t.type\tf,@function\nf:\n${body}.Lfunc_end0:\n\t.size\tf, .Lfunc_end0-f\n\n${more}`;
const f = (assembly: string): string | undefined => readAssembly(assembly).get("f");
const object = (label: string, lines: string, size: number, section = ".section\t.rodata"): string =>
  `\t.type\t${label},@object\n\t${section}\n${label}:\n${lines}\t.size\t${label}, ${size}\n\n`;

test("labels within a function have no names, only an order", () => {
  const jump = (label: string, other: string): string =>
    `\tje\t${label}\n\tnop\n${label}:\n\tjmp\t${other}\n${other}:\n\tretq\n`;
  assert.equal(f(code(jump(".LBB0_1", ".LBB0_2"))), f(code(jump(".LBB7_9", ".LBB7_3"))));
  assert.notEqual(f(code("\tje\t.LBB0_1\n.LBB0_1:\n.LBB0_2:\n")), f(code("\tje\t.LBB0_2\n.LBB0_1:\n.LBB0_2:\n")));
});

test("an object without a name is what it holds, however deep", () => {
  const with_ = (label: string, text: string): string =>
    code(
      `\tmovq\t$${label}, %rdi\n`,
      object(label, "\t.quad\t.Linner\n", 8) + object(".Linner", `\t.asciz\t"${text}"\n`, text.length + 1),
    );
  assert.equal(f(with_(".Lalloc_a", "one")), f(with_(".Lanon.b.3", "one")));
  assert.notEqual(f(with_(".Lalloc_a", "one")), f(with_(".Lalloc_a", "two")));
});

test("the cases of a jump table are its function's labels", () => {
  const table = (a: string, b: string): string =>
    code(
      "\tjmpq\t*.LJTI0_0(,%rax,8)\n.LBB0_1:\n\tnop\n.LBB0_2:\n\tretq\n",
      `\t.section\t.rodata\n\t.p2align\t3\n.LJTI0_0:\n\t.quad\t${a}\n\t.quad\t${b}\n`,
    );
  assert.match(f(table(".LBB0_1", ".LBB0_2")) ?? "", /\.quad\tL0\n\t\.quad\tL1/);
  assert.notEqual(f(table(".LBB0_1", ".LBB0_1")), f(table(".LBB0_1", ".LBB0_2")));
  const body = code("\tjne\t.LBB0_2\n\tjmpq\t*.LJTI0_0(,%rax,8)\n.LBB0_1:\n\tnop\n.LBB0_2:\n\tretq\n");
  const swapped = (a: string, b: string): string | undefined =>
    f(`${body}\t.section\t.rodata\n.LJTI0_0:\n\t.quad\t${a}\n\t.quad\t${b}\n`);
  assert.notEqual(swapped(".LBB0_1", ".LBB0_2"), swapped(".LBB0_2", ".LBB0_1"));
});

test("where a panic stands is its file, not its line; other data of that size counts", () => {
  const at = (numbers: string, file = "src/a.rs", quad = ".Lfile"): string =>
    code(
      "\tmovq\t$.Lloc, %rdi\n",
      object(".Lloc", `\t.quad\t${quad}\n\t.asciz\t"${numbers}"\n`, 24) + object(".Lfile", `\t.ascii\t"${file}"\n`, 8),
    );
  assert.equal(f(at("\\b\\000\\001")), f(at("\\b\\000\\002")));
  assert.notEqual(f(at("\\b\\000\\001")), f(at("\\b\\000\\001", "src/b.rs")));
  assert.notEqual(f(at("\\b\\000\\001", "a string")), f(at("\\b\\000\\002", "a string")));
});

test("section, alignment and linkage are a part of what a symbol is, and objects are compared by their data", () => {
  assert.notEqual(f(code("\tretq\n")), f(code("\tretq\n").replace("\t.text", "\t.section\t.init.text")));
  assert.notEqual(f(code("\tretq\n")), f(code("\tretq\n").replace("p2align\t4", "p2align\t2")));
  assert.notEqual(f(code("\tretq\n")), f(code("\tretq\n").replace("\t.type", "\t.globl\tf\n\t.type")));
  assert.notEqual(
    readAssembly(object("o", "\t.long\t1\n", 4)).get("o"),
    readAssembly(object("o", "\t.long\t2\n", 4)).get("o"),
  );
  assert.match(readAssembly("\t.type\tb,@object\n\t.local\tb\n\t.comm\tb,8,4\n").get("b") ?? "", /local[^]*8,4/);
});

test("a static of a function is the same one under another number, and two of one name stay two", () => {
  const keys = (...names: string[]): string =>
    names
      .map((n) => object(`_RNvNvNtCs1_1k1u1f${n.length}${/^_/.test(n) ? "_" : ""}${n}`, "\t.zero\t1\n", 1, ".data"))
      .join("");
  assert.deepEqual([...readAssembly(keys("__key_0")).keys()], ["u::f::__key"]);
  assert.deepEqual([...readAssembly(keys("__key", "__key_0")).keys()], ["u::f::__key", "u::f::__key#1"]);
});

test("paths are read out of symbols", () => {
  assert.deepEqual(symbolPath("_RNvNtCsaqEIGYGRVvb_7ringdev12ringdev_main10label_show"), [
    "ringdev_main",
    "label_show",
  ]);
  assert.deepEqual(symbolPath("_RNvNvNtCs1_1k1u1f5___key"), ["u", "f", "__key"]);
  assert.deepEqual(symbolPath("_RNvNtCs1_1k1u2_9a"), ["u", "9a"]);
  assert.equal(symbolPath("kfree"), undefined);
});

test("volatile accesses are counted by function, memory intrinsics among them", () => {
  const ir = `define internal void @a(ptr %p) unnamed_addr #0 {
start:
  %x = load volatile i32, ptr %p, align 4
  store volatile i32 %x, ptr %p, align 4
  store i32 1, ptr %p
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %p, i64 4, i1 true)
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %p, i64 4, i1 false)
  %y = load atomic volatile i32, ptr %p monotonic, align 4
  ret void
}
declare void @c(ptr)
define void @"b.1"() {
  ret void
}
`;
  assert.deepEqual(
    [...volatileAccesses(ir)],
    [
      ["a", 4],
      ["b.1", 0],
    ],
  );
});

test("an error stands where the outermost invocation does; warnings are none", () => {
  const span = (line: number, expansion?: unknown) => ({
    file_name: "src/macros.rs",
    line_start: line,
    is_primary: true,
    expansion: expansion ?? null,
  });
  const said = (level: string, spans: unknown[], children: unknown[] = []) =>
    JSON.stringify({ $message_type: "diagnostic", message: "m", code: { code: "E0001" }, level, spans, children });
  const nested = span(1, { span: span(2, { span: { ...span(7), file_name: "/port/src/unit.rs" } }) });
  const out = [said("error", [nested], [{ spans: [span(9)] }]), said("warning", [span(3)]), "not json"].join("\n");
  assert.deepEqual(compileErrors(out, "/port"), [
    {
      code: "E0001",
      message: "m",
      places: [
        { file: "src/unit.rs", line: 7, primary: true },
        { file: "src/macros.rs", line: 9, primary: false },
      ],
    },
  ]);
});

test("halving finds each culprit, and several searches share their questions", async () => {
  const all = (from: string): string[] => Array.from({ length: 16 }, (_, i) => `${from}${i}`);
  const guilty = new Set(["a3", "a12", "b0"]);
  let rounds = 0;
  const found = await together([culprits(all("a")), culprits(all("b"))], async (questions) => {
    rounds++;
    return questions.map((q) => q.some((x) => guilty.has(x)));
  });
  assert.deepEqual(found.sort(), ["a12", "a3", "b0"]);
  assert.ok(rounds <= 11, `${rounds} rounds`);
  assert.deepEqual(await together([culprits(["only"])], () => assert.fail("nothing is left to ask")), ["only"]);
});

for (const [text, whole] of [
  ["fn f() { g(\"}\", '}', b'}') } // }", true],
  ["fn f<'a>(x: &'a u8) { /* } */ }", true],
  ["fn f() {", false],
  ["fn f() { ] }", false],
  ["} fn f() {", false],
  ['fn f() { "a }', false],
  ["fn f() {} /* a", false],
  ["fn f() {} /* /* */", false],
] as const) {
  test(`${whole ? "is whole" : "is not whole"}: ${text}`, () => assert.equal(isWhole(text), whole));
}
