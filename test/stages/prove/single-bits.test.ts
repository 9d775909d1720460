/** One bit that decides: by a truncation, by a mask, or shifted down, and which way it sends. */
import { describe } from "node:test";
import { testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

const solver = await z3Here();

/** A store where the bit is set, `ways` says where to go. */
const asking = (condition: string, ways = "%set, label %out"): string => `%b = load i8, ptr %p
  ${condition}
  br i1 %c, label ${ways}
set:
  store i8 7, ptr %p
  br label %out
out:
  ret i32 0`;
const LOWEST = "%c = trunc i8 %b to i1";
const masked = (bit: number, predicate: string, against: number): string =>
  `%m = and i8 %b, ${bit}\n  %c = icmp ${predicate} i8 %m, ${against}`;
const shifted = (by: number, flag = ""): string => `%m = lshr ${flag}i8 %b, ${by}\n  %c = trunc i8 %m to i1`;
const OPPOSITE = "%out, label %set";

describe("one bit", () => {
  testCases(
    [
      { what: "the lowest, masked", c: asking(LOWEST), rust: asking(masked(1, "ne", 0)), proved: true },
      { what: "the other way", c: asking(LOWEST), rust: asking(masked(1, "eq", 0), OPPOSITE), proved: true },
      { what: "against itself", c: asking(masked(4, "eq", 4)), rust: asking(masked(4, "ne", 0)), proved: true },
      { what: "shifted down", c: asking(shifted(3)), rust: asking(masked(8, "eq", 0), OPPOSITE), proved: true },
      { what: "the same way", c: asking(LOWEST), rust: asking(masked(1, "eq", 0)), proved: false },
      { what: "another bit", c: asking(LOWEST), rust: asking(masked(2, "ne", 0)), proved: false },
      { what: "another one shifted", c: asking(shifted(3)), rust: asking(masked(4, "ne", 0)), proved: false },
      { what: "two bits", c: asking(masked(3, "eq", 3)), rust: asking(masked(3, "ne", 0)), proved: false },
      {
        what: "a number that it never is",
        c: asking(masked(4, "eq", 8)),
        rust: asking(masked(4, "eq", 4)),
        proved: false,
      },
    ],
    () => solver,
  );
});
