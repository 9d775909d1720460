/** What an optimiser leaves of hints makes no difference, and what the Rust takes for granted besides does. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { flattened } from "../../../src/stages/prove/flatten.ts";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { lockstep } from "../../../src/stages/prove/lockstep.ts";
import { Different } from "../../../src/stages/prove/pairing.ts";

const read = (body: string): IrFunction =>
  new IrModule(`define i32 @f(ptr %p, i32 %n) {\n${body}\n}\n`).function("f") as IrFunction;

/** Calls the function whose address stands in memory. */
const calls = (hint: string): string => `  %g = load ptr, ptr %p, align 8
  %q = getelementptr i8, ptr %p, i64 8
  %h = load ptr, ptr %q, align 8
  ${hint}
  %r = call i32 %g(ptr %p)
  ret i32 %r`;
const assumes = (condition: string): string => calls(`%c = ${condition}\n  call void @llvm.assume(i1 %c)`);

function isSame(c: string, rust: string): boolean {
  const found = [(f: IrFunction) => f, flattened].map((form) => {
    try {
      lockstep(form(read(c)), form(read(rust)));
      return true;
    } catch (error) {
      if (!(error instanceof Different)) throw error;
      return false;
    }
  });
  assert.equal(found[0], found[1], "whatever form they are compared in");
  return found[0] as boolean;
}

describe("what is taken for granted", () => {
  it("of a function that is called: that it is there", () =>
    assert.equal(isSame(calls(""), assumes("icmp ne ptr %g, null")), true));
  it("of another address it is not", () => assert.equal(isSame(calls(""), assumes("icmp ne ptr %h, null")), false));
  it("nor that one is null, nor which one it is", () => {
    assert.equal(isSame(calls(""), assumes("icmp eq ptr %g, null")), false);
    assert.equal(isSame(calls(""), assumes("icmp ne ptr %g, %h")), false);
  });
  it("nor of a function that is called on one of two ways only", () => {
    const may = (hint: string): string => `  %g = load ptr, ptr %p, align 8
  ${hint}
  %d = icmp sgt i32 %n, 0
  br i1 %d, label %call, label %none
call:
  %r = call i32 %g(ptr %p)
  ret i32 %r
none:
  ret i32 0`;
    assert.equal(isSame(may(""), may("%c = icmp ne ptr %g, null\n  call void @llvm.assume(i1 %c)")), false);
    assert.equal(isSame(may(""), may("")), true);
  });
  it("nor anything of a number", () => assert.equal(isSame(calls(""), assumes("icmp ne i32 %n, 0")), false));
  it("but what both take for granted", () =>
    assert.equal(isSame(assumes("icmp ne i32 %n, 0"), assumes("icmp ne i32 %n, 0")), true));
});

describe("how long a variable lives", () => {
  const local = (from: string, to: string, shown = "%l"): string => `  %l = alloca i32, align 4
  %m = alloca i32, align 4
  ${from}
  store i32 %n, ptr ${shown}, align 4
  %r = call i32 @show(ptr ${shown})
  ${to}
  ret i32 %r`;
  const [starts, ends] = ["start", "end"].map((w) => `call void @llvm.lifetime.${w}.p0(ptr %l)`) as [string, string];
  it("makes no difference", () => {
    assert.equal(isSame(local(starts, ends), local("", "")), true);
    assert.equal(isSame(local("", ""), local(starts, ends)), true);
  });
  it("what is done with it does", () =>
    assert.equal(isSame(local(starts, ends), local("", "store i32 %n, ptr %l, align 4")), false));
});

describe("the end of a list of arguments", () => {
  const any = (body: string): IrFunction =>
    new IrModule(`define void @f(ptr %p, ...) {\n  %l = alloca [24 x i8], align 8\n${body}\n  ret void\n}\n`).function(
      "f",
    ) as IrFunction;
  const [ends, starts] = ["end", "start"].map((w) => `  call void @llvm.va_${w}.p0(ptr %l)`) as [string, string];
  it("is nothing that is done", () => assert.doesNotThrow(() => lockstep(any(""), any(ends))));
  it("its beginning is", () => assert.throws(() => lockstep(any(""), any(`${starts}\n${ends}`)), Different));
});
