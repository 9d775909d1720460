/** Writes to places of which nobody knows whether they overlap: what both functions begin with has to be the same in its values, and in its order. */
import { before, describe } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { type Case, testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

let solver: NonNullable<ProofTools["solver"]>;
before(async () => (solver = await z3Here()));

const DECLARED = "declare void @show(ptr)\ndeclare i32 @llvm.umin.i32(i32, i32)\n";

const counters = [8, 16, 24, 32];
/** Counters of one object, each of them read behind the write of the one before. */
const counted = (n: number, value: string): string => `  %a${n} = getelementptr i8, ptr %p, i64 ${n}
  %o${n} = load i64, ptr %a${n}
${value.replaceAll("#", String(n))}
  %s${n} = add i64 %o${n}, %v${n}
  store i64 %s${n}, ptr %a${n}`;
const C_VALUE = `  %b# = icmp ult i32 %n, 70
  %l# = add i32 %n, #
  %w# = zext i32 %l# to i64
  %v# = select i1 %b#, i64 %w#, i64 1`;
const RUST_VALUE = `  %b# = icmp ugt i32 %n, 69
  %l# = add i32 %n, #
  %w# = select i1 %b#, i32 1, i32 %l#
  %v# = zext i32 %w# to i64`;

/** Bits of another object, of two bytes at once as C has them. */
const C_BITS = `  %o = load i16, ptr %q
  %k = and i16 %o, -104
  %w = or disjoint i16 %k, 33
  store i16 %w, ptr %q`;
/** And of the byte that they are in. */
const RUST_BITS = `  %o = load i8, ptr %q
  %k = and i8 %o, -104
  %w = or disjoint i8 %k, 33
  store i8 %w, ptr %q`;

const whole = (...parts: string[]): string =>
  ["  %q = load ptr, ptr %p", ...parts, "  call void @show(ptr %p)\n  ret i32 0"].join("\n");
const C = whole(...counters.map((n) => counted(n, C_VALUE)), C_BITS);
const inRust = counters.map((n) => counted(n, RUST_VALUE));

const CASES: readonly Omit<Case, "around" | "c">[] = [
  { what: "counters and bits that are written otherwise", rust: whole(...inRust, RUST_BITS), proved: true },
  {
    what: "one counter gets another value",
    rust: whole(
      ...inRust.slice(0, 2),
      counted(24, RUST_VALUE.replace("i32 1,", "i32 2,")),
      ...inRust.slice(3),
      RUST_BITS,
    ),
    proved: false,
  },
  {
    what: "one counter is counted where the condition is another",
    rust: whole(counted(8, RUST_VALUE.replace("69", "70")), ...inRust.slice(1), RUST_BITS),
    proved: false,
  },
  { what: "bits that are set before what may be the same place", rust: whole(RUST_BITS, ...inRust), proved: false },
  {
    what: "bits that are read before what may be the same place",
    rust: whole(RUST_BITS.split("\n")[0] as string, ...inRust, RUST_BITS.split("\n").slice(1).join("\n")),
    proved: false,
  },
  { what: "another bit", rust: whole(...inRust, RUST_BITS.replace("33", "32")), proved: false },
  { what: "no bits", rust: whole(...inRust), proved: false },
  { what: "a counter less", rust: whole(...inRust.slice(0, 3), RUST_BITS), proved: false },
  {
    what: "a counter more",
    rust: whole(...inRust, counted(40, RUST_VALUE), RUST_BITS),
    proved: false,
  },
  {
    what: "another counter",
    rust: whole(...inRust.slice(0, 3), counted(40, RUST_VALUE), RUST_BITS),
    proved: false,
  },
];

describe("writes that both begin with", () => {
  testCases(
    CASES.map((c) => ({ ...c, c: C, around: DECLARED })),
    () => solver,
  );
});
