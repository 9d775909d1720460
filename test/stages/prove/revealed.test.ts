/** What is known of a function's own variables while nobody else knows where they lie, and that nothing is known of them any more behind that. */
import { before, describe } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { type Case, testCases } from "./pairs.ts";
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

/** A number that is made of the variable's address, and a place in a table that is. */
const PLACE = `%a = ptrtoint ptr %l to i64
  %i = and i64 %a, 4095
  %t = getelementptr i8, ptr @table, i64 %i`;
/** What a table holds there is written to memory, from where a pointer is read when others had a look at it. */
const LOOKED_UP = `${PLACE}
  %e = load i64, ptr %t
  store i64 %e, ptr %p
  call void @other()
  ${READ}`;

/** A pointer that comes from one of two ways. */
const either = (first: string): string => `%g = call i32 @other()
  %c = icmp eq i32 %g, 0
  br i1 %c, label %a, label %b
a:
  %s = ${first}
  call void @one()
  br label %e
b:
  %o = call ptr @get()
  br label %e
e:
  %q = phi ptr [ %s, %a ], [ %o, %b ]`;

/** Two ways, each of which does something, and one that is gone behind both. */
const ways = (value: number, last: string): string => `%l = alloca i32, align 1
  call void @take(ptr %l)
  %t = icmp ult i32 %n, 7
  br i1 %t, label %a, label %b
a:
  store i32 ${value}, ptr %l
  store volatile i32 3, ptr @g
  br label %e
b:
  store i32 2, ptr %l
  store volatile i32 4, ptr @g
  br label %e
e:
  ${last}`;

/** A variable of no bytes, which others are told of, and a number. */
const nothing = (times: number): string => `%l = alloca {}, align 1
  call void @take(ptr %l)
  %a = ptrtoint ptr %l to i64
  %b = trunc i64 %a to i32
  %m = mul i32 %n, ${times}
  %r = xor i32 %m, %b
  ret i32 %r`;

/** A variable that each round makes, as alloca() does, or one for all. */
const rounds = (before: string, within: string): string => `${before}
  br label %h
h:
  %i = phi i32 [ 0, %0 ], [ %j, %h ]
  ${within}
  store i32 %i, ptr %l
  call void @link(ptr %l)
  %j = add i32 %i, 1
  %t = icmp ult i32 %j, %n
  br i1 %t, label %h, label %e
e:
  ret i32 0`;
const MADE = "%l = alloca i32, align 1";

const HANDED = `${MADE}
  store i32 9, ptr %l
  call void @take(ptr %l)`;

const given = (what: string, how: string): Case => ({
  what,
  c: ordered(how, true),
  rust: ordered(how, false),
  proved: false,
});

describe("a function's own variables", () => {
  testCases(
    [
      given("a pointer that others may have made of what a table holds at a place made of the address", LOOKED_UP),
      given(
        "what a call gives back when something was written there",
        `${PLACE}\n  store i8 1, ptr %t\n  %q = call ptr @find()`,
      ),
      given(
        "or a block was filled there",
        `${PLACE}\n  call void @llvm.memset.p0.i64(ptr %t, i8 1, i64 3, i1 false)\n  %q = call ptr @find()`,
      ),
      given(
        "or one was filled with a part of the address",
        `${PLACE}\n  %b = trunc i64 %a to i8\n  call void @llvm.memset.p0.i64(ptr %p, i8 %b, i64 3, i1 false)\n  %q = call ptr @find()`,
      ),
      given("or a device was read there", `${PLACE}\n  %d = load volatile i8, ptr %t\n  %q = call ptr @find()`),
      given(
        "what others make of where the stack is",
        `%s = call ptr @llvm.frameaddress.p0(i32 0)\n  store ptr %s, ptr %p\n  call void @other()\n  ${READ}`,
      ),
      given("what assembly gives back on one of two ways", either('call ptr asm sideeffect "mov %rsp, $0", "=r"()')),
      given("where the stack is, on one of two ways", either("call ptr @llvm.frameaddress.p0(i32 0)")),
      {
        what: "a pointer from one of two ways that leads to none",
        c: ordered(either("call ptr @get()"), true),
        rust: ordered(either("call ptr @get()"), false),
        proved: true,
      },
      {
        what: "what is in them when others are told to look, by a store",
        c: ways(1, "store atomic i32 1, ptr @flag release, align 4\n  br label %e"),
        rust: ways(2, "store atomic i32 1, ptr @flag release, align 4\n  br label %e"),
        proved: false,
      },
      {
        what: "what is in them where a function stays for ever",
        c: ways(1, "%z = icmp eq i32 %n, 3\n  br i1 %z, label %x, label %y\nx:\n  br label %x\ny:\n  ret i32 0"),
        rust: ways(2, "%z = icmp eq i32 %n, 3\n  br i1 %z, label %x, label %y\nx:\n  br label %x\ny:\n  ret i32 0"),
        proved: false,
      },
      {
        what: "but not where it ends",
        c: ways(1, "ret i32 0"),
        rust: ways(2, "ret i32 0"),
        proved: true,
      },
      {
        what: "a pointer that is one's address where it is not followed",
        c: `${HANDED}
  %k = icmp eq ptr %p, %l
  br i1 %k, label %e, label %a
a:
  %v = load i32, ptr %p
  br label %e
e:
  %r = phi i32 [ 5, %0 ], [ %v, %a ]
  ret i32 %r`,
        rust: `${HANDED}\n  %v = load i32, ptr %p\n  ret i32 %v`,
        // A C that follows it in any case says that it is none.
        proved: [false, true],
      },
      { what: "another number beside a variable of no bytes", c: nothing(9), rust: nothing(5), proved: false },
      { what: "the same number beside it", c: nothing(9), rust: nothing(9), proved: true },
      {
        what: "one for all rounds of a loop where each round makes one",
        c: rounds("", MADE),
        rust: rounds(MADE, ""),
        proved: false,
      },
      { what: "one that each round makes, in both", c: rounds("", MADE), rust: rounds("", MADE), proved: true },
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
