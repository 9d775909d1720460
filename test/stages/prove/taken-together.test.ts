/** Blocks that are taken together although they write (flatten.ts), ends that are one, and ways that are never gone. */
import { before, describe } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

let solver: NonNullable<ProofTools["solver"]>;
before(async () => (solver = await z3Here()));

const branching = (inA: string, inB: string): string => `%t = icmp ult i32 %n, 7
  br i1 %t, label %a, label %b
a:
  ${inA}
  br label %e
b:
  ${inB}
  br label %e
e:
  %r = call i32 @show(ptr %p)
  ret i32 %r`;
const store = (value: string): string => `store i32 ${value}, ptr %p`;
const chosen = (condition: string, value: string, otherwise: string): string => `%o = load i32, ptr %p
  %t = icmp ${condition}
  %v = select i1 %t, i32 ${value}, i32 ${otherwise}
  store i32 %v, ptr %p
  %r = call i32 @show(ptr %p)
  ret i32 %r`;

const switching = (mask: number, last: string): string => `%m = and i32 %n, ${mask}
  switch i32 %m, label %d [ i32 0, label %a
    i32 1, label %b
    i32 2, label %a
    i32 3, label %b ]
a:
  br label %e
b:
  br label %e
d:
  ${last}
e:
  %v = phi i32 [ 1, %a ], [ 2, %b ]
  %r = call i32 @other(i32 %v)
  ret i32 %r`;
const BIT = "%b = and i32 %n, 1\n  %v = add i32 %b, 1\n  %r = call i32 @other(i32 %v)\n  ret i32 %r";

/** Two checks before divisions, each with an end of its own, or with one. */
const checked = (isOne: boolean, second = "%m"): string => `%z = icmp eq i32 %n, 0
  br i1 %z, label %x, label %a
a:
  %m = call i32 @other(i32 %n)
  %y = icmp eq i32 ${second}, 0
  br i1 %y, label %${isOne ? "x" : "w"}, label %b
x:
  call void @trap()
  unreachable
${isOne ? "" : "w:\n  call void @trap()\n  unreachable\n"}b:
  %q = udiv i32 %n, %m
  ret i32 %q`;

/** Something is written, then something else on one way. */
const behindCall = (also: string, whole = ""): string => `store i32 1, ptr %p
  %m = call i32 @other()
  ${whole}
  %t = icmp ult i32 %n, 7
  br i1 %t, label %a, label %e
a:
  store i32 2, ptr @g
  ${also}
  br label %e
e:
  %r = call i32 @show(ptr %p)
  ret i32 %r`;
const BACK = "%w = load i32, ptr %p\n  store i32 %w, ptr %p";
/** A byte behind a number. */
const at = (number: string): string => `${number}
  %q = getelementptr i8, ptr %p, i32 %i
  store i8 1, ptr %q
  ret i32 0`;
const byte = `%t = icmp ult i32 %n, 7
  br i1 %t, label %a, label %e
a:
  store i8 5, ptr %p
  br label %e
e:
  %r = call i32 @show(ptr %p)
  ret i32 %r`;
const filled = `%t = icmp ult i32 %n, 7
  %o = load i8, ptr %p
  %v = select i1 %t, i8 5, i8 %o
  call void @llvm.memset.p0.i64(ptr %p, i8 %v, i64 1, i1 false)
  %r = call i32 @show(ptr %p)
  ret i32 %r`;
const READ = "%x = load i32, ptr %p";

describe("blocks taken together", () => {
  testCases(
    [
      {
        what: "what is there, written again, where the C writes nothing",
        c: `${READ}\n  ret i32 %x`,
        rust: `${READ}\n  store i32 %x, ptr %p\n  ret i32 %x`,
        proved: [false, true],
      },
      {
        what: "on one way, where the C wrote before a call",
        c: behindCall(""),
        rust: behindCall(BACK),
        proved: [false, true],
      },
      {
        what: "a place that is written as another sum",
        c: at("%k = mul i32 %n, 2\n  %i = add i32 %k, 2"),
        rust: at(
          "%k = add i32 %n, 1\n  %j = shl i32 %k, 30\n  %o = lshr i32 %j, 29\n  %h = lshr i32 %k, 2\n  %e = shl i32 %h, 3\n  %i = or i32 %o, %e",
        ),
        proved: true,
      },
      { what: "or in any case", c: behindCall(""), rust: behindCall("", BACK), proved: [false, true] },
      {
        what: "a block filled with what is there, where the C writes on one way",
        c: byte,
        rust: filled,
        proved: [false, true],
      },
      {
        what: "a store on each way, or one of what is chosen",
        c: branching(store("3"), store("9")),
        rust: chosen("ult i32 %n, 7", "3", "9"),
        proved: true,
      },
      {
        what: "the other way round",
        c: branching(store("3"), store("9")),
        rust: chosen("ult i32 %n, 7", "9", "3"),
        proved: false,
      },
      {
        what: "a condition that is one off",
        c: branching(store("3"), store("9")),
        rust: chosen("ult i32 %n, 8", "3", "9"),
        proved: false,
      },
      {
        what: "a store on one way alone, and one in any case of what was there (which another thread may have changed)",
        c: branching(store("3"), ""),
        rust: chosen("ult i32 %n, 7", "3", "%o"),
        // The C that writes in any case is no worse for a Rust that does so where it must.
        proved: [false, true],
      },
      {
        what: "a store on one way where the other text has it on the other",
        c: branching(store("3"), ""),
        rust: branching("", store("3")),
        proved: false,
      },
      {
        what: "a table of all numbers that there are, whose default is never gone",
        c: switching(3, "unreachable"),
        rust: BIT,
        proved: true,
      },
      {
        what: "a table that lacks some",
        c: switching(7, "unreachable"),
        rust: BIT,
        proved: false,
      },
      {
        what: "a table whose numbers are all there and whose default does something else",
        c: switching(7, "ret i32 0"),
        rust: switching(3, "ret i32 0"),
        proved: false,
      },
      { what: "ends that are the same, as one", c: checked(false), rust: checked(true), proved: true },
      { what: "ends of other conditions", c: checked(false), rust: checked(true, "%n"), proved: false },
    ],
    () => solver,
  );
});
