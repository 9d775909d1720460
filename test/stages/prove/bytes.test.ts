/** Memory that is written in other pieces: the same where every byte is, and not where one is not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { obligationsOf } from "../../../src/stages/prove/obligations.ts";
import { provedBothWays, z3Here } from "./z3.ts";

const solver = await z3Here();

const read = (body: string): IrFunction =>
  new IrModule(
    `define i32 @f(ptr %p, ptr %q, i32 %n) {\n${body}\n  %r = call i32 @show(ptr %p)\n  ret i32 %r\n}\n`,
  ).function("f") as IrFunction;

const proved = (c: string, rust: string): Promise<boolean[]> => provedBothWays(read(c), read(rust), solver);
const questions = (c: string, rust: string): number => obligationsOf(read(c), read(rust)).obligations.length;
const at = (name: string, of: string, offset: number): string =>
  `  %${name} = getelementptr i8, ptr %${of}, i64 ${offset}`;

/** Fields of bits in four bytes: the two highest bytes, and one bit of the second, as C has them. */
const word = (mask: string, value: string, to = "p"): string => `  %o = load i32, ptr %${to}
  %k = and i32 %o, ${mask}
  %t = and i32 %n, 32767
  %s = shl i32 %t, 16
  %v = or disjoint i32 %k, %s
  %w = or i32 %v, ${value}
  store i32 %w, ptr %${to}`;
/** And as the accessors of the port have them. */
const pieces = (value: number, byte = 1, mask = 32767, to = "p"): string => `${at("h", to, 2)}
  %o = load i16, ptr %h
  %k = and i16 %o, -32768
  %t = trunc i32 %n to i16
  %m = and i16 %t, ${mask}
  %v = or disjoint i16 %k, %m
  store i16 %v, ptr %h
${at("b", to, byte)}
  %c = load i8, ptr %b
  %d = or i8 %c, ${value}
  store i8 %d, ptr %b`;
const KEPT = "-2147418113";

describe("bits of a word that are set in their bytes", () => {
  it("are the same, and a solver has nothing to do", async () => {
    assert.deepEqual(await proved(word(KEPT, "256"), pieces(1)), [true, true]);
    assert.ok(questions(word("-1", "256"), pieces(1)) <= 1);
    const one = (value: string): string =>
      `  %o = load i32, ptr %p\n  %w = or i32 %o, ${value}\n  store i32 %w, ptr %p`;
    const byte = `${at("b", "p", 3)}\n  %c = load i8, ptr %b\n  %d = or i8 %c, -128\n  store i8 %d, ptr %b`;
    assert.equal(questions(one("-2147483648"), byte), 0);
    assert.ok(questions(one("1073741824"), byte) > 0);
  });
  it("are not where another bit, another byte or another part is set", async () => {
    assert.deepEqual(await proved(word(KEPT, "256"), pieces(2)), [false, false]);
    assert.deepEqual(await proved(word(KEPT, "256"), pieces(1, 0)), [false, false]);
    assert.deepEqual(await proved(word(KEPT, "256"), pieces(1, 1, 16383)), [false, false]);
    assert.deepEqual(await proved(word("-2147418112", "256"), pieces(1)), [false, false]);
  });
  it("whatever else is written where it may be the same place, in the same order", async () => {
    const other = "  store i16 7, ptr %q";
    const behind = (first: string): string =>
      `${other}\n${first}\n  %e = load i32, ptr %q\n  %u = call i32 @take(i32 %e)`;
    assert.deepEqual(await proved(behind(word(KEPT, "256")), behind(pieces(1))), [true, true]);
    assert.deepEqual(await proved(behind(word(KEPT, "256")), behind(pieces(2))), [false, false]);
    const after = (first: string): string => `${first}\n${other}`;
    assert.deepEqual(await proved(after(word(KEPT, "256")), behind(pieces(1))), [false, false]);
    assert.deepEqual(await proved(after(word(KEPT, "256")), `${other}\n${pieces(1)}`), [false, false]);
  });
});

describe("a number in its bytes", () => {
  const whole = (offset: number): string => `${at("b", "p", offset)}\n  store i32 %n, ptr %b`;
  const parts = (offset: number, shifts: readonly number[]): string =>
    shifts
      .map(
        (s, i) =>
          `${at(`b${i}`, "p", offset + i)}\n  %s${i} = lshr i32 %n, ${s}\n  %t${i} = trunc i32 %s${i} to i8\n  store i8 %t${i}, ptr %b${i}`,
      )
      .join("\n");
  it("is the number, the lowest byte first", async () => {
    assert.deepEqual(await proved(whole(4), parts(4, [0, 8, 16, 24])), [true, true]);
    assert.deepEqual(await proved(whole(4), parts(4, [24, 16, 8, 0])), [false, false]);
    assert.deepEqual(await proved(whole(4), parts(5, [0, 8, 16, 24])), [false, false]);
    assert.deepEqual(await proved(whole(4), parts(4, [0, 8, 16])), [false, false]);
    assert.deepEqual(await proved(whole(4), parts(4, [0, 8, 16, 23])), [false, false]);
  });
  it("of a sum with a carry is not the sum of the bytes", async () => {
    const sum = "  %o = load i16, ptr %p\n  %v = add i16 %o, 1\n  store i16 %v, ptr %p";
    const low = "  %o = load i8, ptr %p\n  %v = add i8 %o, 1\n  store i8 %v, ptr %p";
    assert.deepEqual(await proved(sum, low), [false, false]);
    const even = (width: number): string =>
      `  %o = load i${width}, ptr %p\n  %k = and i${width} %o, -2\n  %v = add i${width} %k, 1\n  store i${width} %v, ptr %p`;
    assert.deepEqual(await proved(even(16), even(8)), [true, true]);
  });
  it("is what was copied and set before it", async () => {
    const copied = (length: number): string =>
      `${at("c", "p", 32)}\n  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %c, i64 ${length}, i1 false)`;
    const loaded = (from: number): string => `${at("c", "p", from)}\n  %o = load i64, ptr %c\n  store i64 %o, ptr %p`;
    assert.deepEqual(await proved(copied(8), loaded(32)), [true, true]);
    assert.deepEqual(await proved(copied(8), loaded(33)), [false, false]);
    assert.deepEqual(await proved(copied(9), loaded(32)), [false, false]);
    const filled = (byte: number): string => `  call void @llvm.memset.p0.i64(ptr %p, i8 ${byte}, i64 8, i1 false)`;
    assert.deepEqual(await proved(filled(5), "  store i64 361700864190383365, ptr %p"), [true, true]);
    assert.deepEqual(await proved(filled(6), "  store i64 361700864190383365, ptr %p"), [false, false]);
  });
});
