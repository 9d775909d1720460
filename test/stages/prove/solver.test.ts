/** What z3 shows of functions that are not written alike, and that it does not show it of functions that are not the same. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Unsupported, type IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { obligationsOf } from "../../../src/stages/prove/obligations.ts";
import { Different } from "../../../src/stages/prove/pairing.ts";
import { solve } from "../../../src/stages/prove/solver.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

let z3: string;
before(async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string" && provers.z3 !== undefined, "z3 is there");
  z3 = provers.z3.path;
});

/** @returns why not */
async function proof(c: string, rust: string): Promise<string | undefined> {
  const read = (body: string): IrFunction =>
    new IrModule(`define i32 @f(ptr %p, i32 %n) {\n${body}\n}\n`).function("f") as IrFunction;
  try {
    return await solve(obligationsOf(read(c), read(rust)), { path: z3, sandbox: { writable: [] } });
  } catch (error) {
    if (!(error instanceof Different || error instanceof Unsupported)) throw error;
    return error.message;
  }
}

/** Sets bit 0 of 16 bits as C's compiler does, and of 8 bits as the accessors of the port do. */
const WIDE = `%o = load i16, ptr %p
  %c = and i16 %o, -2
  %b = trunc i32 %n to i16
  %m = and i16 %b, 1
  %v = or disjoint i16 %c, %m
  store i16 %v, ptr %p
  ret i32 0`;
const narrow = (mask: number, offset = 0): string => `%q = getelementptr i8, ptr %p, i64 ${offset}
  %o = load i8, ptr %q
  %c = and i8 %o, ${mask}
  %b = trunc i32 %n to i8
  %m = and i8 %b, 1
  %v = or disjoint i8 %c, %m
  store i8 %v, ptr %q
  ret i32 0`;

/** A local variable is filled and shown, where the parameter's memory is read in between. */
const local = (first: string, second: string): string => `%l = alloca [8 x i8], align 4
  %h = getelementptr i8, ptr %l, i64 4
  ${first}
  ${second}
  %r = call i32 @show(ptr %l)
  ret i32 %r`;

/** Copies, behind a store that keeps z3 from being left out. */
const copied = (how: string, times: number): string => `%q = getelementptr i8, ptr %p, i64 4
  %m = mul i32 %n, ${times}
  %s = sub i32 %m, %n
  %v = ${times === 1 ? "add i32 %s, %n" : "add i32 %s, 0"}
  call void @llvm.${how}.p0.p0.i64(ptr %p, ptr %q, i64 8, i1 false)
  ret i32 %v`;

/** Assembly that goes on at one of two places. */
const jumping = (before: string, here: string, there: string): string => `${before}
  callbr void asm sideeffect "nop; .quad \${1:l}", "i,!i"(i32 1) to label %here [label %there]
here:
  ${here}
there:
  ${there}`;
const NOTHING = "%z = add i32 %n, 0";
const EIGHTFOLD = "%h = mul i32 %n, 8\n  %i = sub i32 %h, %n\n  ret i32 %i";

describe("z3 shows", () => {
  const same: [string, string, string][] = [
    ["a bit that is set in its byte, not in two", WIDE, narrow(-2)],
    [
      "arithmetic that is written otherwise",
      "%a = mul i32 %n, 8\n  %b = sub i32 %a, %n\n  %c = urem i32 %b, 16\n  ret i32 %c",
      "%a = mul i32 %n, 7\n  %b = and i32 %a, 15\n  ret i32 %b",
    ],
    [
      "plain stores in another order",
      "%q = getelementptr i8, ptr %p, i64 4\n  store i32 1, ptr %p\n  store i32 2, ptr %q\n  ret i32 0",
      "%q = getelementptr i8, ptr %p, i64 4\n  store i32 2, ptr %q\n  store i32 1, ptr %p\n  ret i32 0",
    ],
    [
      "memory that is set at once, or in two halves",
      "call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 8, i1 false)\n  ret i32 0",
      "%q = getelementptr i8, ptr %p, i64 4\n  store i32 0, ptr %p\n  store i32 0, ptr %q\n  ret i32 0",
    ],
    ["a copy that may overlap for one that may not", copied("memcpy", 1), copied("memmove", 2)],
    [
      "that a parameter does not lead to a local variable",
      local("store i32 %n, ptr %l", "%x = load i32, ptr %p\n  store i32 %x, ptr %h"),
      local("%x = load i32, ptr %p", "store i32 %n, ptr %l\n  store i32 %x, ptr %h"),
    ],
    [
      "what holds because of the branch before",
      "%t = icmp eq i32 %n, 5\n  br i1 %t, label %a, label %b\na:\n  ret i32 5\nb:\n  ret i32 0",
      "%t = icmp eq i32 %n, 5\n  br i1 %t, label %a, label %b\na:\n  ret i32 %n\nb:\n  ret i32 0",
    ],
  ];
  same.push([
    "places that assembly jumps to, written otherwise",
    jumping(NOTHING, EIGHTFOLD, "ret i32 0"),
    jumping(NOTHING, "%h = mul i32 %n, 7\n  ret i32 %h", "ret i32 0"),
  ]);
  for (const [what, c, rust] of same) it(what, async () => assert.equal(await proof(c, rust), undefined));

  it("a loop whose counter has another width", async () => {
    const loop = (bits: number): string => `br label %l
l:
  %i = phi i${bits} [ 0, %0 ], [ %next, %l ]
  %next = add i${bits} %i, 1
  ${bits === 32 ? "%w = and i32 %i, 255" : "%w = zext i8 %i to i32"}
  %g = call i32 @step(ptr %p, i32 %w)
  %t = icmp eq i32 %g, 0
  br i1 %t, label %l, label %e
e:
  ret i32 %g`;
    assert.equal(await proof(loop(32), loop(8)), undefined);
  });
});

describe("z3 does not show", () => {
  const different: [string, string, string][] = [
    ["another bit", WIDE, narrow(-3)],
    ["a bit of the next byte", WIDE, narrow(-2, 1)],
    [
      "arithmetic that differs for one number",
      "%a = add i32 %n, 1\n  ret i32 %a",
      "%t = icmp eq i32 %n, 77777\n  %b = add i32 %n, 1\n  %a = select i1 %t, i32 0, i32 %b\n  ret i32 %a",
    ],
    [
      "stores that may be to one place, in another order",
      "%w = zext i32 %n to i64\n  %q = getelementptr i8, ptr %p, i64 %w\n  store i32 1, ptr %p\n  store i32 2, ptr %q\n  ret i32 0",
      "%w = zext i32 %n to i64\n  %q = getelementptr i8, ptr %p, i64 %w\n  store i32 2, ptr %q\n  store i32 1, ptr %p\n  ret i32 0",
    ],
    [
      "a store behind a call",
      "store i32 1, ptr %p\n  %r = call i32 @show(ptr %p)\n  ret i32 %r",
      "%r = call i32 @show(ptr %p)\n  store i32 1, ptr %p\n  ret i32 %r",
    ],
    [
      "a load before a call",
      "%r = call i32 @show(ptr %p)\n  %x = load i32, ptr %p\n  ret i32 %x",
      "%x = load i32, ptr %p\n  %r = call i32 @show(ptr %p)\n  ret i32 %x",
    ],
    ["a store that is missing at the end", "store i32 %n, ptr %p\n  ret i32 0", "ret i32 0"],
    [
      "a store that is missing behind a volatile one",
      "store volatile i32 1, ptr %p\n  store i32 %n, ptr %p\n  ret i32 0",
      "store volatile i32 1, ptr %p\n  ret i32 0",
    ],
    [
      "a store that is missing before a volatile one",
      "%q = getelementptr i8, ptr %p, i64 8\n  store i32 %n, ptr %q\n  store volatile i32 1, ptr %p\n  ret i32 0",
      "store volatile i32 1, ptr %p\n  ret i32 0",
    ],
    [
      "volatile stores in another order",
      "%q = getelementptr i8, ptr %p, i64 4\n  store volatile i32 1, ptr %p\n  store volatile i32 2, ptr %q\n  ret i32 0",
      "%q = getelementptr i8, ptr %p, i64 4\n  store volatile i32 2, ptr %q\n  store volatile i32 1, ptr %p\n  ret i32 0",
    ],
    [
      "a plain store for a volatile one",
      "store volatile i32 1, ptr %p\n  ret i32 0",
      "store i32 1, ptr %p\n  ret i32 0",
    ],
    [
      "a store on one side of a fence and on the other",
      "store i32 1, ptr %p\n  fence seq_cst\n  ret i32 0",
      "fence seq_cst\n  store i32 1, ptr %p\n  ret i32 0",
    ],
    [
      "a local variable that was filled otherwise",
      local("store i32 %n, ptr %l", "store i32 0, ptr %h"),
      local("store i32 %n, ptr %h", "store i32 0, ptr %l"),
    ],
    [
      "what would hold on the other branch",
      "%t = icmp eq i32 %n, 5\n  br i1 %t, label %a, label %b\na:\n  ret i32 5\nb:\n  ret i32 5",
      "%t = icmp eq i32 %n, 5\n  br i1 %t, label %a, label %b\na:\n  ret i32 %n\nb:\n  ret i32 %n",
    ],
    [
      "a store in one branch of two",
      "%t = icmp eq i32 %n, 5\n  br i1 %t, label %a, label %b\na:\n  store i32 1, ptr %p\n  br label %b\nb:\n  ret i32 0",
      "%t = icmp eq i32 %n, 5\n  br i1 %t, label %a, label %b\na:\n  store i32 2, ptr %p\n  br label %b\nb:\n  ret i32 0",
    ],
  ];
  different.push(
    [
      "places that assembly jumps to, the wrong way round",
      jumping(NOTHING, EIGHTFOLD, "ret i32 0"),
      jumping(NOTHING, "ret i32 0", EIGHTFOLD),
    ],
    [
      "a store behind assembly that jumps",
      jumping("store i32 %n, ptr %p", EIGHTFOLD, "ret i32 0"),
      jumping(NOTHING, `store i32 %n, ptr %p\n  ${EIGHTFOLD}`, "store i32 %n, ptr %p\n  ret i32 0"),
    ],
  );
  it("a copy that may not overlap for one that may", async () =>
    assert.match((await proof(copied("memmove", 1), copied("memcpy", 2))) ?? "", /may overlap/));
  for (const [what, c, rust] of different) {
    it(what, async () => {
      assert.notEqual(await proof(c, rust), undefined);
      assert.notEqual(await proof(rust, c), undefined);
    });
  }
});
