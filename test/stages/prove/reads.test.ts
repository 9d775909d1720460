/** What the Rust reads it reads where the C does: not before the check whether there is anything. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { lockstep } from "../../../src/stages/prove/lockstep.ts";
import { attempt } from "../../../src/stages/prove/tasks.ts";
import { bodyOf, testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

let solver: NonNullable<ProofTools["solver"]>;
before(async () => (solver = await z3Here()));

const READ = "%v = load i32, ptr %p";
/** A check whether there is anything, and what is read: before the check or behind it, and handed on. */
const checked = (first: string, behind: string): string => `${first}
  %z = icmp eq ptr %p, null
  br i1 %z, label %x, label %a
x:
  ret i32 0
a:
  ${behind}
  %r = call i32 @other(i32 %v)
  ret i32 %r`;
/** The same with nothing done behind it, so that all is one block. */
const chosen = `${READ}
  %z = icmp eq ptr %p, null
  %r = select i1 %z, i32 0, i32 %v
  ret i32 %r`;
const branched = (condition: string, read = READ): string => `%z = icmp ${condition}
  br i1 %z, label %e, label %a
a:
  ${read}
  br label %e
e:
  %r = phi i32 [ 0, %0 ], [ %v, %a ]
  ret i32 %r`;
const COPY = "call void @llvm.memcpy.p0.p0.i64(ptr %l, ptr %p, i64 24, i1 false)";
const copied = (first: string, behind: string): string => `%l = alloca [24 x i8], align 1
  ${checked(first, `${behind}\n  %v = call i32 @show(ptr %l)`)}`;
/** What is read on both ways is read. */
const NEXT = "%q = getelementptr i8, ptr %p, i64 8";
const first = `${NEXT}\n  %w = load i32, ptr %q`;

describe("what is read", () => {
  testCases(
    [
      {
        what: "before the check, in the Rust alone",
        c: checked("", READ),
        rust: checked(READ, ""),
        // A C that reads too early is no worse for a Rust that does not.
        proved: [false, true],
      },
      { what: "as a block, in the Rust alone", c: copied("", COPY), rust: copied(COPY, ""), proved: [false, true] },
      { what: "and where all is one block", c: branched("eq ptr %p, null"), rust: chosen, proved: [false, true] },
      { what: "behind it, in both", c: checked("", READ), rust: checked("", READ), proved: true },
      {
        what: "another member, which the C has read before the check",
        c: checked(first, `${READ}\n  store i32 %w, ptr @g`),
        rust: checked(`${first}\n  ${READ}`, "store i32 %w, ptr @g"),
        proved: true,
      },
      {
        what: "where the check is another one that says the same",
        c: branched("eq ptr %p, null"),
        rust: `%i = ptrtoint ptr %p to i64\n  ${branched("ult i64 %i, 1")}`,
        proved: true,
      },
    ],
    () => solver,
  );

  it("is seen where nothing else is looked at either", () => {
    const isSame = (c: string, rust: string): boolean => attempt(() => lockstep(bodyOf(c), bodyOf(rust))) === undefined;
    assert.equal(isSame(checked("", READ), checked(READ, "")), false);
    assert.equal(isSame(checked(READ, ""), checked("", READ)), true);
    assert.equal(isSame(checked("", READ), checked("", READ)), true);
  });
});
