/** Functions whose flow of control, or whose way of filling memory, is written otherwise: shown to be the same where they are, and not where they are not. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { compareSides, type Outcome, type ProofTools } from "../../../src/stages/prove/compared.ts";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { crateOfRust, Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";
import { provedBothWays, z3Here } from "./z3.ts";

let tools: Required<Omit<ProofTools, "known">>;
before(async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string");
  tools = {
    opt: provers.opt.path,
    sandbox: { writable: [] },
    solver: await z3Here(),
  };
});

const read = (body: string): IrFunction =>
  new IrModule(`define i32 @f(ptr %p, i32 %n) {\n${body}\n}\n`).function("f") as IrFunction;

const proved = (c: string, rust: string): Promise<boolean[]> => provedBothWays(read(c), read(rust), tools.solver);

/** Counts bytes of a kind until one of another kind comes: by a table of cases, and by comparisons of which one leads out. */
const cases = (last: string): string => `br label %head
head:
  %i = phi i64 [ 0, %0 ], [ %next, %latch ]
  %sum = phi i32 [ 0, %0 ], [ %counted, %latch ]
  %b = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %b
  switch i8 %v, label %latch [ i8 48, label %one
    i8 49, label %one
    i8 50, label %one
    i8 ${last}, label %out ]
one:
  %more = add i32 %sum, 1
  br label %latch
latch:
  %counted = phi i32 [ %more, %one ], [ %sum, %head ]
  %next = add i64 %i, 1
  %go = icmp ult i64 %next, 100
  br i1 %go, label %head, label %out
out:
  %r = phi i32 [ %sum, %head ], [ %counted, %latch ]
  ret i32 %r`;
const comparisons = (from: number, below: number): string => `br label %head
head:
  %i = phi i64 [ 0, %0 ], [ %next, %latch ]
  %sum = phi i32 [ 0, %0 ], [ %counted, %latch ]
  %b = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %b
  %off = sub i8 %v, ${from}
  %in = icmp ult i8 %off, ${below}
  br i1 %in, label %one, label %other
other:
  %zero = icmp eq i8 %v, 0
  br i1 %zero, label %left, label %latch
one:
  %more = add i32 %sum, 1
  br label %latch
latch:
  %counted = phi i32 [ %more, %one ], [ %sum, %other ]
  %next = add i64 %i, 1
  %go = icmp ult i64 %next, 100
  br i1 %go, label %head, label %done
left:
  ret i32 %sum
done:
  ret i32 %counted`;

/** An effect behind a choice of two conditions, tested one after the other or at once. */
const nested = (call: string): string => `%a = icmp ult i32 %n, 5
  br i1 %a, label %second, label %no
second:
  %b = icmp ne i32 %n, 3
  br i1 %b, label %yes, label %no
yes:
  %x = call i32 @${call}(i32 %n)
  ret i32 %x
no:
  ret i32 0`;
const atOnce = (bound: number): string => `%b = icmp eq i32 %n, 3
  %a = icmp uge i32 %n, ${bound}
  %no = or i1 %a, %b
  br i1 %no, label %out, label %yes
yes:
  %x = call i32 @inner(i32 %n)
  br label %out
out:
  %r = phi i32 [ 0, %0 ], [ %x, %yes ]
  ret i32 %r`;

describe("a flow of control that is written otherwise", () => {
  it("a table of cases is a chain of comparisons", async () =>
    assert.deepEqual(await proved(cases("0"), comparisons(48, 3)), [true, true]));
  it("of other cases it is not", async () => {
    assert.deepEqual(await proved(cases("0"), comparisons(48, 4)), [false, false]);
    assert.deepEqual(await proved(cases("0"), comparisons(47, 3)), [false, false]);
    assert.deepEqual(await proved(cases("1"), comparisons(48, 3)), [false, false]);
  });
  it("two conditions before an effect are one", async () =>
    assert.deepEqual(await proved(nested("inner"), atOnce(5)), [true, true]));
  it("another condition, or another effect, is not", async () => {
    assert.deepEqual(await proved(nested("inner"), atOnce(6)), [false, false]);
    assert.deepEqual(await proved(nested("another"), atOnce(5)), [false, false]);
  });
});

describe("what a value decides later", () => {
  /** Asks until something comes; what it does then is told by a number, as C has it where a block's clean-ups end, or at once. */
  const program = (tag: "c" | "rust", body: string): Side =>
    new Side(tag, [
      unitOfC(
        new IrModule(`declare i32 @ask(i32)
declare void @tell(i32)
define i32 @f(i32 %n) {
  br label %head
head:
  %i = phi i32 [ 0, %0 ], [ %next, %again ]
  %a = call i32 @ask(i32 %i)
  ${body}
again:
  %next = add i32 %i, 1
  br label %head
out:
  ret i32 %i
}
`),
        "unit",
      ),
    ]);
  const told = (first: number, second: number): string => `%some = icmp ne i32 %a, 0
  br i1 %some, label %found, label %none
found:
  call void @tell(i32 %a)
  br label %end
none:
  br label %end
end:
  %slot = phi i32 [ ${first}, %found ], [ ${second}, %none ]
  switch i32 %slot, label %never [ i32 0, label %again
    i32 2, label %out ]
never:
  unreachable`;
  const atOnce = `%some = icmp ne i32 %a, 0
  br i1 %some, label %found, label %again
found:
  call void @tell(i32 %a)
  br label %out`;
  /** By each way of optimising them there is, as far as one shows it. */
  const isProved = async (c: string, rust: string): Promise<boolean | undefined> =>
    (await compareSides(program("c", c), program("rust", rust), ["f"], tools)).get("f")?.same;

  it("is decided where it gets the value", async () => {
    assert.equal(await isProved(told(2, 0), atOnce), true);
    assert.equal(await isProved(atOnce, told(2, 0)), true);
  });
  it("and by no other", async () => {
    assert.equal(await isProved(told(0, 2), atOnce), false);
    assert.equal(await isProved(told(2, 2), atOnce), false);
    assert.equal(await isProved(told(0, 0), atOnce), false);
  });
});

describe("memory that is filled otherwise", () => {
  const filled = (body: string): Side["parts"] => [
    unitOfC(
      new IrModule(`target datalayout = "e-m:e-i64:64-n8:16:32:64-S128"
@words = private unnamed_addr constant [3 x i32] [i32 1, i32 2, i32 3], align 4
declare void @show(ptr)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define void @f() {
  %l = alloca [3 x i32], align 4
  ${body}
  call void @show(ptr %l)
  ret void
}
`),
      "unit",
    ),
  ];
  const copy = "call void @llvm.memcpy.p0.p0.i64(ptr %l, ptr @words, i64 12, i1 false)";
  const stores = (...words: number[]): string =>
    words.map((w, i) => `%p${i} = getelementptr i8, ptr %l, i64 ${4 * i}\n  store i32 ${w}, ptr %p${i}`).join("\n  ");
  const compare = async (c: string, rust: string): Promise<Outcome | undefined> =>
    (await compareSides(new Side("c", filled(c)), new Side("rust", filled(rust)), ["f"], tools)).get("f");

  it("a copy of a constant is the stores of its words", async () =>
    assert.equal((await compare(copy, stores(1, 2, 3)))?.same, true));
  it("not of other words, nor of fewer", async () => {
    assert.equal((await compare(copy, stores(1, 2, 4)))?.same, false);
    assert.equal((await compare(copy, stores(1, 2)))?.same, false);
  });
  it("a volatile copy stays one", async () =>
    assert.equal((await compare(copy.replace("i1 false", "i1 true"), stores(1, 2, 3)))?.same, false));
});

describe("names and results", () => {
  it("what a macro makes is called as in C", () => {
    const rust = crateOfRust(
      new IrModule("define internal i32 @_RNvNvNtCs1_3mod4unit1__4init() {\n  ret i32 0\n}\n"),
      "mod",
    );
    assert.equal(rust.keyOf("_RNvNvNtCs1_3mod4unit1__4init", true), "unit::init");
  });

  it("a register is the one that is named, whatever the number of its metadata is", async () => {
    const reads = (number: number, register: string): Side["parts"] => [
      unitOfC(
        new IrModule(
          `declare i64 @llvm.read_register.i64(metadata)\ndefine i64 @f() {\n  %r = call i64 @llvm.read_register.i64(metadata !${number})\n  ret i64 %r\n}\n!${number} = !{!"${register}"}\n`,
        ),
        "unit",
      ),
    ];
    const compare = async (c: Side["parts"], rust: Side["parts"]): Promise<boolean | undefined> =>
      (await compareSides(new Side("c", c), new Side("rust", rust), ["f"], tools)).get("f")?.same;
    assert.equal(await compare(reads(0, "rsp"), reads(7, "rsp")), true);
    assert.equal(await compare(reads(0, "rsp"), reads(0, "rbp")), false);
  });

  it("a caller may rely on less of a result than C's, and not on more", async () => {
    const caller = (words: string): Side["parts"] => [
      unitOfC(
        new IrModule(
          `declare ${words} i8 @get()\ndefine i32 @f() {\n  %b = call ${words} i8 @get()\n  %w = zext i8 %b to i32\n  ret i32 %w\n}\n`,
        ),
        "unit",
      ),
    ];
    const compare = async (c: string, rust: string): Promise<boolean | undefined> =>
      (await compareSides(new Side("c", caller(c)), new Side("rust", caller(rust)), ["f"], tools)).get("f")?.same;
    assert.equal(await compare("zeroext", ""), true);
    assert.equal(await compare("zeroext", "signext"), false);
    assert.equal(await compare("", "zeroext"), false);
  });
});
