/** What a call, or assembly, is known to do and not to do: what is in registers, what is read and what is written. */
import { before, describe } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

let solver: NonNullable<ProofTools["solver"]>;
before(async () => (solver = await z3Here()));

/** Memory is read before something, or behind it. */
const read = (effect: string, isFirst: boolean): string => `${isFirst ? "%x = load i32, ptr %p" : ""}
  ${effect}
  ${isFirst ? "" : "%x = load i32, ptr %p"}
  ret i32 %x`;
const asm = (constraints: string, args: string): string =>
  `call void asm sideeffect "nop", "${constraints}~{dirflag},~{fpsr},~{flags}"(${args})`;

/** A block of four bytes that is copied from a constant, or written byte by byte. */
const CONSTANT = '@k = private unnamed_addr constant [4 x i8] c"\\01\\02\\03\\04", align 1';
const VARIABLE = '@k = global [4 x i8] c"\\01\\02\\03\\04", align 1';
const COPIED = `call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr @k, i64 4, i1 false)
  %r = call i32 @show(ptr %p)
  ret i32 %r`;
const written = (value: number): string => `store i32 ${value}, ptr %p
  %r = call i32 @show(ptr %p)
  ret i32 %r`;

const called = (call: string): string => `${call}\n  ret i32 0`;

const swapped = "%v = call i32 @llvm.bswap.i32(i32 %n)\n  %w = lshr i32 %v, 24\n  ret i32 %w";
const rotated = (how: string, by: number): string =>
  `%v = call i32 @llvm.${how}.i32(i32 %n, i32 %n, i32 ${by})\n  %w = and i32 %v, 255\n  ret i32 %w`;

describe("effects", () => {
  testCases(
    [
      { what: "bytes the other way round", c: swapped, rust: "%w = and i32 %n, 255\n  ret i32 %w", proved: true },
      { what: "the wrong one of them", c: swapped, rust: "%w = lshr i32 %n, 24\n  ret i32 %w", proved: false },
      {
        what: "bits that go round to the left",
        c: rotated("fshl", 8),
        rust: "%w = lshr i32 %n, 24\n  ret i32 %w",
        proved: true,
      },
      {
        what: "bits that go round to the right",
        c: rotated("fshr", 8),
        rust: "%v = lshr i32 %n, 8\n  %w = and i32 %v, 255\n  ret i32 %w",
        proved: true,
      },
      { what: "left for right", c: rotated("fshl", 8), rust: rotated("fshr", 8), proved: false },
      { what: "left, the rest of the way", c: rotated("fshl", 8), rust: rotated("fshr", 24), proved: true },
    ],
    () => solver,
  );

  testCases(
    [
      {
        what: "assembly that names no memory leaves it as it is",
        c: read(asm("i,", "i32 1"), true),
        rust: read(asm("i,", "i32 1"), false),
        proved: true,
      },
      {
        what: "assembly that says it writes any",
        c: read(asm("i,~{memory},", "i32 1"), true),
        rust: read(asm("i,~{memory},", "i32 1"), false),
        proved: false,
      },
      {
        what: "assembly that writes a place",
        c: read(asm("=*m,", "ptr elementtype(i32) %p"), true),
        rust: read(asm("=*m,", "ptr elementtype(i32) %p"), false),
        proved: false,
      },
      {
        what: "a comparison of memory writes none",
        c: read("%c = call i32 @memcmp(ptr %p, ptr %p, i64 4)", true),
        rust: read("%c = call i32 @memcmp(ptr %p, ptr %p, i64 4)", false),
        proved: true,
      },
      {
        what: "another function",
        c: read("%c = call i32 @mend(ptr %p, ptr %p, i64 4)", true),
        rust: read("%c = call i32 @mend(ptr %p, ptr %p, i64 4)", false),
        proved: false,
      },
      { what: "a constant holds what it holds", c: COPIED, rust: written(0x04030201), around: CONSTANT, proved: true },
      { what: "another byte of it", c: COPIED, rust: written(0x05030201), around: CONSTANT, proved: false },
      { what: "a variable that is so at first", c: COPIED, rust: written(0x04030201), around: VARIABLE, proved: false },
      {
        what: "a result that nobody looks at",
        c: called("%g = call i32 @other(i32 %n)"),
        rust: called("call void @other(i32 %n)"),
        proved: true,
      },
      {
        what: "a result that is looked at",
        c: "%g = call i32 @other(i32 %n)\n  ret i32 %g",
        rust: "call void @other(i32 %n)\n  ret i32 0",
        proved: false,
      },
      {
        what: "the lower half of a register, as C declares it",
        c: called("call void @other(i32 3520)"),
        rust: called("call void @other(i64 3520)"),
        proved: [true, false],
      },
      {
        what: "another lower half",
        c: called("call void @other(i32 3520)"),
        rust: called("call void @other(i64 3521)"),
        proved: false,
      },
      {
        what: "a half of what may be looked at as a whole",
        c: called("call void (i32, ...) @other(i32 %n, i32 3520)"),
        rust: called("call void (i32, ...) @other(i32 %n, i64 3520)"),
        proved: false,
      },
    ],
    () => solver,
  );
});
