/** Which variables and which counters of two functions are taken for one, and that others are not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { provedBothWays, z3Here } from "./z3.ts";

const solver = await z3Here();

const read = (body: string): IrFunction =>
  new IrModule(`define i32 @f(ptr %p, i32 %n) {\n${body}\n}\n`).function("f") as IrFunction;

const proved = (c: string, rust: string): Promise<boolean[]> => provedBothWays(read(c), read(rust), solver);

describe("variables of one size", () => {
  /** Two, of which one is filled before the other, and both are shown. */
  const shown = (first: string, second: string, shows: string): string => `%a = alloca i64, align 8
  %b = alloca i64, align 8
  %h = getelementptr i8, ptr %a, i64 4
  ${first}
  ${second}
  %x = add i32 %n, 7
  %y = sub i32 %x, 7
  %r = call i32 @both(${shows}, i32 %y)
  ret i32 %r`;
  const [inA, high, inB] = ["store i64 10, ptr %a", "store i32 0, ptr %h", "store i64 3, ptr %b"] as [
    string,
    string,
    string,
  ];
  const low = "store i32 10, ptr %a";
  it("are told apart by what is done with them, not by what is written first", async () => {
    assert.deepEqual(
      await proved(shown(inA, inB, "ptr %a, ptr %b"), shown(inB, `${low}\n  ${high}`, "ptr %a, ptr %b")),
      [true, true],
    );
    assert.deepEqual(
      await proved(shown(inA, inB, "ptr %a, ptr %b"), shown(`${high}\n  ${low}`, inB, "ptr %a, ptr %b")),
      [true, true],
    );
  });
  it("and are not exchanged", async () =>
    assert.deepEqual(
      await proved(shown(inA, inB, "ptr %a, ptr %b"), shown(inB, `${low}\n  ${high}`, "ptr %b, ptr %a")),
      [false, false],
    ));
});

describe("a number that is counted in another width", () => {
  /** Fills so many bytes, and counts them in as many bits as an index has or with a sign in fewer. */
  const wide = (from: number): string => `br label %head
head:
  %i = phi i64 [ ${from}, %0 ], [ %next, %loop ]
  %w = sext i32 %n to i64
  %go = icmp slt i64 %i, %w
  br i1 %go, label %loop, label %out
loop:
  %at = getelementptr i8, ptr %p, i64 %i
  store i8 0, ptr %at
  %next = add i64 %i, 1
  br label %head
out:
  ret i32 0`;
  const narrow = (from: number, cast: string, less: string): string => `br label %head
head:
  %i = phi i32 [ ${from}, %0 ], [ %next, %loop ]
  %go = icmp ${less} i32 %i, %n
  br i1 %go, label %loop, label %out
loop:
  %w = ${cast} i32 %i to i64
  %at = getelementptr i8, ptr %p, i64 %w
  store i8 0, ptr %at
  %next = add i32 %i, 1
  br label %head
out:
  ret i32 0`;
  it("with its sign is the same number", async () =>
    assert.deepEqual(await proved(wide(-5), narrow(-5, "sext", "slt")), [true, true]));
  it("without it, or from another one on, it is not", async () => {
    assert.deepEqual(await proved(wide(-5), narrow(-5, "zext", "slt")), [false, false]);
    assert.deepEqual(await proved(wide(-5), narrow(-4, "sext", "slt")), [false, false]);
    assert.deepEqual(await proved(wide(-5), narrow(-5, "sext", "ult")), [false, false]);
  });
});
