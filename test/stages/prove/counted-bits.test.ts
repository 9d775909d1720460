/** Bits that are counted in a number's own width, or where it was widened. */
import { describe } from "node:test";
import { testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

const solver = await z3Here();

const counted = (name: string, width: number, more: string, cast = "zext"): string => {
  const asked = width === 16 ? "%h" : "%w";
  return `%h = load i16, ptr %p
  %w = ${cast} i16 %h to i32
  %c = call i${width} @llvm.${name}.i${width}(i${width} ${asked}${more})
  ${width === 16 ? "%r = zext i16 %c to i32" : "%r = add i32 %c, 0"}
  ret i32 %r`;
};

describe("counted bits", () => {
  testCases(
    [
      { what: "how many are set", c: counted("ctpop", 32, ""), rust: counted("ctpop", 16, ""), proved: true },
      {
        what: "how many are set, widened with the sign",
        c: counted("ctpop", 32, "", "sext"),
        rust: counted("ctpop", 16, ""),
        proved: false,
      },
      {
        what: "the lowest, where there is one",
        c: counted("cttz", 32, ", i1 true"),
        rust: counted("cttz", 16, ", i1 true"),
        proved: true,
      },
      {
        what: "the lowest, and the width where there is none",
        c: counted("cttz", 32, ", i1 false"),
        rust: counted("cttz", 16, ", i1 false"),
        proved: false,
      },
      {
        what: "the highest, from above",
        c: counted("ctlz", 32, ", i1 true"),
        rust: counted("ctlz", 16, ", i1 true"),
        proved: false,
      },
    ],
    () => solver,
  );
});
