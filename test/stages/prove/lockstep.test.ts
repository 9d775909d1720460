/** Two functions laid side by side: what is taken for the same, and, for each part of a function, that a change of it is not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { lockstep } from "../../../src/stages/prove/lockstep.ts";
import { Different } from "../../../src/stages/prove/pairing.ts";

function read(text: string): IrFunction {
  return new IrModule(text).function("f") as IrFunction;
}

/** A loop with loads, stores, calls, a volatile access, an atomic one and a branch: something of everything. */
const SAMPLE = `define i32 @f(ptr %p, i32 %n) {
entry:
  %q = getelementptr i8, ptr %p, i64 8
  %first = load volatile i32, ptr %p, align 4
  %none = icmp eq i32 %n, 0
  br i1 %none, label %done, label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi i32 [ %first, %entry ], [ %more, %loop ]
  %wide = sext i32 %i to i64
  %at = getelementptr [4 x i8], ptr %q, i64 %wide
  %x = load i32, ptr %at, align 1
  %half = lshr i32 %x, 1
  %more = add i32 %sum, %half
  store i32 %more, ptr %at, align 1
  call void @touch(ptr %at, i32 3)
  fence seq_cst
  %next = add i32 %i, 1
  %goes.on = icmp ult i32 %next, %n
  br i1 %goes.on, label %loop, label %done

done:
  %result = phi i32 [ -12, %entry ], [ %more, %loop ]
  %old = atomicrmw add ptr %p, i32 1 monotonic, align 4
  store i32 %old, ptr %q, align 1
  store i32 %result, ptr %p, align 1
  ret i32 %result
}
`;

/** Two results, each brought along on two ways: `failed` is the empty block that one of them has. */
const RESULTS = (early: string, late: string, inbetween: string, result: string): string => `define i32 @f(ptr %p) {
entry:
  %a = load i32, ptr %p, align 4
  %none = icmp eq i32 %a, 0
  br i1 %none, label %${early}, label %asked

asked:
  %x = call i32 @ask(ptr %p)
  %wrong = icmp ne i32 %x, 0
  br i1 %wrong, label %${early}, label %more

more:
  %y = call i32 @ask(ptr %p)
  %again = icmp ne i32 %y, 0
  br i1 %again, label %${early}, label %${late}

${inbetween}:
  br label %done

done:
  %result = phi i32 ${result}
  ret i32 %result
}
`;

it("an empty block on either of two ways from one block to another is the same, and other results are not", () => {
  const c = read(RESULTS("done", "well", "well", "[ -22, %entry ], [ -22, %asked ], [ -22, %more ], [ 0, %well ]"));
  const rust = (failed: number): IrFunction =>
    read(RESULTS("failed", "done", "failed", `[ ${failed}, %failed ], [ 0, %more ]`));
  assert.doesNotThrow(() => lockstep(c, rust(-22)));
  assert.throws(() => lockstep(c, rust(-5)), Different);
  assert.throws(
    () => lockstep(c, read(RESULTS("failed", "done", "failed", "[ 0, %failed ], [ -22, %more ]"))),
    Different,
  );
});

/** The last of three ways into `done` brings along one of two numbers: by a branch over two empty blocks or over one, or by a choice. */
const CHOICE = (asked: string, ways: string, done: string): string => `define i32 @f(ptr %p) {
entry:
  %x = call i32 @ask(ptr %p)
  %wrong = icmp ne i32 %x, 0
  br i1 %wrong, label %done, label %asked
asked:
  %y = call i32 @ask(ptr %p)
  %some = icmp ne i32 %y, 0
  ${asked}
${ways}done:
  %r = phi i32 [ 7, %entry ], ${done}
  ret i32 %r
}
`;
it("a branch that only chooses a value is a choice, and none of another value, nor with something done on a way", () => {
  const two = (one: string, other: string, done = ""): string =>
    CHOICE(
      "br i1 %some, label %a, label %b",
      `a:\n  ${done}br label %done\nb:\n  br label %done\n`,
      `[ ${one}, %a ], [ ${other}, %b ]`,
    );
  const overOne = CHOICE("br i1 %some, label %done, label %b", "b:\n  br label %done\n", "[ 1, %asked ], [ 2, %b ]");
  const chosen = CHOICE("%c = select i1 %some, i32 1, i32 2\n  br label %done", "", "[ %c, %asked ]");
  for (const [a, b] of [
    [two("1", "2"), overOne],
    [two("1", "2"), chosen],
    [overOne, chosen],
  ] as const) {
    lockstep(read(a), read(b));
    lockstep(read(b), read(a));
  }
  for (const wrong of [two("2", "1"), two("1", "3"), two("1", "2", "store i32 0, ptr %p\n  ")])
    for (const right of [overOne, chosen]) {
      assert.throws(() => lockstep(read(right), read(wrong)), Different);
      assert.throws(() => lockstep(read(wrong), read(right)), Different);
    }
});

it("a number that Rust's own convention does not widen is the same number to a function that no C calls, and to no other", () => {
  const f = (name: string, word: string, callee = '@"u::g"', passed = word): IrFunction =>
    new IrModule(
      `define i32 @"${name}"(i16 ${word} %x) {\n  %r = call i32 ${callee}(i16 ${passed} %x)\n  ret i32 %r\n}\n`,
    ).function(name) as IrFunction;
  assert.doesNotThrow(() => lockstep(f("u::f", "zeroext"), f("u::f", "")));
  assert.throws(() => lockstep(f("f", "zeroext"), f("f", "")), Different);
  assert.throws(() => lockstep(f("u::f", "zeroext"), f("u::f", "signext")), Different);
  assert.throws(() => lockstep(f("u::f", "", "@g", "zeroext"), f("u::f", "", "@g", "")), Different);
});

it("nobody relies on what is above a result of 8 or 16 bits, but on that of a truth value", () => {
  const f = (type: string, word: string): IrFunction =>
    new IrModule(`define ${word} ${type} @f(ptr %p) {\n  %x = load ${type}, ptr %p\n  ret ${type} %x\n}\n`).function(
      "f",
    ) as IrFunction;
  for (const type of ["i8", "i16"]) {
    assert.doesNotThrow(() => lockstep(f(type, "zeroext"), f(type, "")));
    assert.throws(() => lockstep(f(type, "zeroext"), f(type, "signext")), Different);
  }
  assert.throws(() => lockstep(f("i1", "zeroext"), f("i1", "")), Different);
});

describe("what is the same", () => {
  const same: [string, [string, string][]][] = [
    ["a function and itself", []],
    [
      "other names",
      [
        ["%goes.on", "%0"],
        ["%more", "%sum2"],
      ],
    ],
    ["a sum in another order", [["add i32 %sum, %half", "add i32 %half, %sum"]]],
    [
      "a branch on the opposite",
      [
        [
          "icmp ult i32 %next, %n\n  br i1 %goes.on, label %loop, label %done",
          "icmp uge i32 %next, %n\n  br i1 %goes.on, label %done, label %loop",
        ],
      ],
    ],
    [
      "an address in two steps",
      [
        [
          "%at = getelementptr [4 x i8], ptr %q, i64 %wide",
          "%bytes = shl i64 %wide, 2\n  %at = getelementptr i8, ptr %q, i64 %bytes",
        ],
      ],
    ],
    [
      "values that come together in another order",
      [["phi i32 [ -12, %entry ], [ %more, %loop ]", "phi i32 [ %more, %loop ], [ -12, %entry ]"]],
    ],
    ["a value that is computed and not used", [["fence seq_cst", "fence seq_cst\n  %unused = mul i32 %x, %x"]]],
  ];
  for (const [what, edits] of same) {
    it(what, () => {
      const other = edits.reduce((text, [from, to]) => text.replaceAll(from, to), SAMPLE);
      assert.ok(edits.length === 0 || other !== SAMPLE);
      assert.doesNotThrow(() => lockstep(read(SAMPLE), read(other)));
    });
  }
});

describe("what is not", () => {
  const changes: [string, string, string][] = [
    ["an operator", "lshr i32 %x, 1", "ashr i32 %x, 1"],
    ["a constant", "[ -12, %entry ]", "[ -14, %entry ]"],
    ["an off-by-one at the start", "[ 0, %entry ], [ %next", "[ 1, %entry ], [ %next"],
    ["an off-by-one at the end", "icmp ult i32 %next", "icmp ule i32 %next"],
    ["a sign", "icmp ult i32 %next", "icmp slt i32 %next"],
    ["a sign when a number is widened", "sext i32 %i", "zext i32 %i"],
    ["a width", "load i32, ptr %at", "load i16, ptr %at"],
    ["the width of an element", "getelementptr [4 x i8]", "getelementptr [2 x i8]"],
    ["volatile", "load volatile", "load"],
    ["a barrier that is dropped", "  fence seq_cst\n", ""],
    ["a weaker barrier", "fence seq_cst", "fence acquire"],
    ["a call that is dropped", "  call void @touch(ptr %at, i32 3)\n", ""],
    ["another callee", "@touch", "@tuch"],
    ["an argument", "i32 3)", "i32 4)"],
    [
      "the order of stores",
      "  store i32 %old, ptr %q, align 1\n  store i32 %result, ptr %p, align 1\n",
      "  store i32 %result, ptr %p, align 1\n  store i32 %old, ptr %q, align 1\n",
    ],
    [
      "a store before a call",
      "  store i32 %more, ptr %at, align 1\n  call void @touch(ptr %at, i32 3)\n",
      "  call void @touch(ptr %at, i32 3)\n  store i32 %more, ptr %at, align 1\n",
    ],
    [
      "a load behind a store",
      "  %x = load i32, ptr %at, align 1\n",
      "  store i32 0, ptr %at\n  %x = load i32, ptr %at, align 1\n",
    ],
    ["an atomic operation", "atomicrmw add", "atomicrmw sub"],
    ["an atomic ordering", "monotonic", "acquire"],
    ["where a store goes", "store i32 %result, ptr %p", "store i32 %result, ptr %q"],
    ["what is stored", "store i32 %result, ptr %p", "store i32 %old, ptr %p"],
    ["the result", "ret i32 %result", "ret i32 %old"],
    ["a branch the wrong way round", "br i1 %none, label %done, label %loop", "br i1 %none, label %loop, label %done"],
    ["which value comes from where", "[ %first, %entry ], [ %more, %loop ]", "[ %n, %entry ], [ %more, %loop ]"],
    ["how a parameter is passed", "i32 %n)", "i32 signext %n)"],
    ["a parameter's width", "i32 %n)", "i64 %n)"],
  ];
  for (const [what, from, to] of changes) {
    it(what, () => {
      const other = SAMPLE.replace(from, to);
      assert.notEqual(other, SAMPLE);
      assert.throws(() => lockstep(read(SAMPLE), read(other)), Different);
      assert.throws(() => lockstep(read(other), read(SAMPLE)), Different);
    });
  }

  it("two variables where there is one", () => {
    const text = (second: string): string => `define void @f() {
  %a = alloca i32, align 4
  %b = alloca i32, align 4
  call void @g(ptr %a, ptr ${second})
  ret void
}
`;
    assert.doesNotThrow(() => lockstep(read(text("%b")), read(text("%b"))));
    assert.throws(() => lockstep(read(text("%b")), read(text("%a"))), Different);
  });
});

it("a vector that is read before a store, or behind it", () => {
  const f = (first: string, second: string): IrFunction =>
    read(`define <2 x i32> @f(ptr %p, ptr %q) {\n  ${first}\n  ${second}\n  ret <2 x i32> %v\n}\n`);
  const [load, store] = ["%v = load <2 x i32>, ptr %p, align 8", "store i32 7, ptr %q, align 4"];
  lockstep(f(load, store), f(load, store));
  assert.throws(() => lockstep(f(load, store), f(store, load)), Different);
});
