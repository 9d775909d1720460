/** What is known of a function's own variables while nobody else knows where they lie, and that nothing is known of them any more behind that. */
import { before, describe } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

let solver: NonNullable<ProofTools["solver"]>;
before(async () => (solver = await z3Here()));

/** A variable is filled, a number read by way of a pointer that lies in memory, in one order and in the other; then it is shown. */
const ordered = (pointer: string, isFirst: boolean, between = ""): string => `%l = alloca [8 x i8], align 1
  ${between}
  ${pointer}
  ${isFirst ? "store i32 %n, ptr %l" : ""}
  %x = load i32, ptr %q
  ${isFirst ? "" : "store i32 %n, ptr %l"}
  %h = getelementptr i8, ptr %l, i64 4
  store i32 %x, ptr %h
  %r = call i32 @show(ptr %l)
  ret i32 %r`;
const READ = "%q = load ptr, ptr %p";

/** A variable is filled before a call, or behind it. */
const around = (
  call: string,
  isFirst: boolean,
  seen = "%r = call i32 @show(ptr %l)",
): string => `%l = alloca i32, align 1
  ${isFirst ? "store i32 %n, ptr %l" : ""}
  ${call}
  ${isFirst ? "" : "store i32 %n, ptr %l"}
  ${seen}
  ret i32 %r`;

/** The same with a branch in between, whose ways come together again. */
const branched = (isFirst: boolean, way: string): string => `%l = alloca i32, align 1
  ${isFirst ? "store i32 %n, ptr %l" : ""}
  %g = call i32 @other()
  %t = icmp eq i32 %g, 0
  br i1 %t, label %a, label %b
a:
  ${way}
  br label %b
b:
  call i32 @other()
  ${isFirst ? "" : "store i32 %n, ptr %l"}
  %r = call i32 @show(ptr %l)
  ret i32 %r`;

describe("a function's own variables", () => {
  testCases(
    [
      {
        what: "a pointer that was in memory before leads to none",
        c: ordered(READ, true),
        rust: ordered(READ, false),
        proved: true,
      },
      {
        what: "nor does what a call gave back before",
        c: ordered("%q = call ptr @get()", true),
        rust: ordered("%q = call ptr @get()", false),
        proved: true,
      },
      {
        what: "a pointer that is read when the variable has been handed out",
        c: ordered(READ, true, "call void @take(ptr %l)"),
        rust: ordered(READ, false, "call void @take(ptr %l)"),
        proved: false,
      },
      {
        what: "what a call gives back that was given the variable",
        c: ordered("%q = call ptr @pass(ptr %l)", true),
        rust: ordered("%q = call ptr @pass(ptr %l)", false),
        proved: false,
      },
      {
        what: "a pointer that is read when the variable's address has been written to memory",
        c: ordered(READ, true, "store ptr %l, ptr %p"),
        rust: ordered(READ, false, "store ptr %l, ptr %p"),
        proved: false,
      },
      {
        what: "what assembly gives back, which knows the stack",
        c: ordered('%q = call ptr asm sideeffect "mov %rsp, $0", "=r"()', true),
        rust: ordered('%q = call ptr asm sideeffect "mov %rsp, $0", "=r"()', false),
        proved: false,
      },
      {
        what: "what they hold before others do something does not matter",
        c: around("%g = call i32 @other()", true),
        rust: around("%g = call i32 @other()", false),
        proved: true,
      },
      {
        what: "a variable that was handed out before",
        c: around("call void @take(ptr %l)\n  %g = call i32 @other()", true),
        rust: around("call void @take(ptr %l)\n  %g = call i32 @other()", false),
        proved: false,
      },
      {
        what: "a variable that the effect itself writes",
        c: around("store volatile i32 7, ptr %l", true),
        rust: around("store volatile i32 7, ptr %l", false),
        proved: false,
      },
      {
        what: "what is read of it behind, where another number was written",
        c: around("%g = call i32 @other()", true, "%r = load i32, ptr %l"),
        rust: "%g = call i32 @other()\n  %m = add i32 %n, 1\n  ret i32 %m",
        proved: false,
      },
      {
        what: "it is kept over ways that come together",
        c: branched(true, ""),
        rust: branched(false, ""),
        proved: true,
      },
      {
        what: "nor where one of the ways hands it out",
        c: branched(true, "call void @take(ptr %l)"),
        rust: branched(false, "call void @take(ptr %l)"),
        proved: false,
      },
      {
        what: "and what is written on one of the ways is not lost",
        c: branched(true, "store i32 5, ptr %l"),
        rust: branched(true, ""),
        proved: false,
      },
      {
        what: "at the end nobody looks at them",
        c: around("call void @take(ptr %l)", true, "%r = add i32 %n, 0\n  store i32 1, ptr %l"),
        rust: around("call void @take(ptr %l)", true, "%r = add i32 %n, 0\n  store i32 2, ptr %l"),
        proved: true,
      },
      {
        what: "but somebody does before",
        c: around("call void @take(ptr %l)", true, "store i32 1, ptr %l\n  %r = call i32 @other()"),
        rust: around("call void @take(ptr %l)", true, "store i32 2, ptr %l\n  %r = call i32 @other()"),
        proved: false,
      },
    ],
    () => solver,
  );
});
