/** Sums that are reckoned in another width than the one that they are used in. */
import { describe } from "node:test";
import { testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

const solver = await z3Here();

/** A byte, less so much, widened last or first; what comes of it is an index. */
const last = (add: number): string => `%h = load i8, ptr %p
  %w = zext i8 %h to i32
  %s = add i32 %w, ${add}
  %i = sext i32 %s to i64
  ${USE}`;
const first = (add: number): string => `%h = load i8, ptr %p
  %w = zext i8 %h to i64
  %i = add i64 %w, ${add}
  ${USE}`;
const USE = `%a = getelementptr i8, ptr %p, i64 %i
  %v = load i8, ptr %a
  %r = call i32 @shown(i8 %v)
  ret i32 %r`;

describe("a sum of what was narrow", () => {
  testCases(
    [
      {
        what: "as a byte cannot overflow it",
        c: last(-64),
        rust: first(-64),
        proved: true,
      },
      { what: "another number", c: last(-64), rust: first(-63), proved: false },
      {
        what: "as wide as the sum",
        c: `%s = add i32 %n, -64\n  %i = sext i32 %s to i64\n  ${USE}`,
        rust: `%w = sext i32 %n to i64\n  %i = add i64 %w, -64\n  ${USE}`,
        proved: false,
      },
      {
        what: "near the end of the width",
        c: last(0x7fffff80),
        rust: first(0x7fffff80),
        proved: false,
      },
    ],
    () => solver,
  );
});
