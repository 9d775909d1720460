/** What stands once where all ways of a function come together, and behind each return in the other text. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { ProofTools } from "../../../src/stages/prove/compared.ts";
import { withEndsApart } from "../../../src/stages/prove/ends-apart.ts";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { lockstep } from "../../../src/stages/prove/lockstep.ts";
import { Different } from "../../../src/stages/prove/pairing.ts";
import { bodyOf, type Case, testCases } from "./pairs.ts";
import { z3Here } from "./z3.ts";

let solver: NonNullable<ProofTools["solver"]>;
before(async () => (solver = await z3Here()));

const DECLARED = "declare void @unlock(ptr)\ndeclare void @other(ptr)\ndeclare i32 @get(ptr)\n";

/** Two returns behind one clean-up. */
const ONCE = `  %got = call i32 @get(ptr %p)
  %none = icmp slt i32 %got, 0
  br i1 %none, label %bad, label %good
bad:
  %less = sub i32 %got, %n
  br label %end
good:
  store i32 %got, ptr %p
  br label %end
end:
  %result = phi i32 [ %less, %bad ], [ %n, %good ]
  call void @unlock(ptr %p)
  br label %out
out:
  ret i32 %result`;

/** The same clean-up behind each. */
const behindEach = ({ bad = "@unlock", good = "@unlock", value = "%n" } = {}): string =>
  `  %got = call i32 @get(ptr %p)
  %none = icmp slt i32 %got, 0
  br i1 %none, label %bad, label %good
bad:
  %less = sub i32 %got, %n
  call void ${bad}(ptr %p)
  br label %out
good:
  store i32 %got, ptr %p
  call void ${good}(ptr %p)
  br label %out
out:
  %result = phi i32 [ %less, %bad ], [ ${value}, %good ]
  ret i32 %result`;

/** Case 1 does more, and goes on with what cases 2 and 3 do. */
const FALLS_THROUGH = `  switch i32 %n, label %out [ i32 1, label %more i32 2, label %end i32 3, label %end ]
more:
  %less = sub i32 %n, 7
  br label %end
end:
  %value = phi i32 [ %less, %more ], [ %n, %0 ], [ %n, %0 ]
  %got = call i32 @put(ptr %p, i32 %value)
  br label %out
out:
  %result = phi i32 [ 0, %0 ], [ %got, %end ]
  ret i32 %result`;
/** Each does it for itself. */
const inEach = (
  third: string,
): string => `  switch i32 %n, label %out [ i32 1, label %more i32 2, label %end i32 3, label ${third} ]
more:
  %less = sub i32 %n, 7
  %first = call i32 @put(ptr %p, i32 %less)
  br label %out
end:
  %got = call i32 @put(ptr %p, i32 %n)
  br label %out
out:
  %result = phi i32 [ 0, %0 ]${third === "%out" ? ", [ 0, %0 ]" : ""}, [ %first, %more ], [ %got, %end ]
  ret i32 %result`;
const PUT = "declare i32 @put(ptr, i32)\n";

const CASES: readonly Case[] = [
  {
    what: "a case that goes on into several, and each for itself",
    c: FALLS_THROUGH,
    rust: inEach("%end"),
    around: PUT,
    proved: true,
  },
  {
    what: "one of the several does not",
    c: FALLS_THROUGH,
    rust: inEach("%out"),
    around: PUT,
    proved: false,
  },
  { what: "a clean-up once, and behind each return", c: ONCE, rust: behindEach(), around: DECLARED, proved: true },
  {
    what: "another one behind one of them",
    c: ONCE,
    rust: behindEach({ bad: "@other" }),
    around: DECLARED,
    proved: false,
  },
  {
    what: "another one behind the other",
    c: ONCE,
    rust: behindEach({ good: "@other" }),
    around: DECLARED,
    proved: false,
  },
  {
    what: "another result behind one of them",
    c: ONCE,
    rust: behindEach({ value: "%got" }),
    around: DECLARED,
    proved: false,
  },
  {
    what: "a store that is done after the clean-up",
    c: ONCE,
    rust: behindEach().replace(
      "store i32 %got, ptr %p\n  call void @unlock(ptr %p)",
      "call void @unlock(ptr %p)\n  store i32 %got, ptr %p",
    ),
    around: DECLARED,
    proved: false,
  },
  {
    what: "a clean-up that is left out",
    c: ONCE,
    rust: behindEach().replace("  call void @unlock(ptr %p)\n  br label %out\ngood", "  br label %out\ngood"),
    around: DECLARED,
    proved: false,
  },
];

describe("ends apart", () => {
  testCases(CASES, () => solver);

  const apart = (body: string): IrFunction => withEndsApart(bodyOf(body, DECLARED));

  it("each way is laid beside the other's without a solver", () => {
    assert.doesNotThrow(() => lockstep(apart(ONCE), apart(behindEach())));
    assert.throws(() => lockstep(apart(ONCE), apart(behindEach({ bad: "@other" }))), Different);
    assert.equal(apart(ONCE).blocks.filter((b) => b.instructions.at(-1)?.op === "ret").length, 2);
  });

  it("what a loop comes back to is left as it is", () => {
    const loop = `  br label %head
head:
  %i = phi i32 [ 0, %0 ], [ %next, %body ]
  %more = icmp slt i32 %i, %n
  br i1 %more, label %body, label %out
body:
  %next = add i32 %i, 1
  br label %head
out:
  ret i32 %i`;
    assert.equal(apart(loop).blocks.length, 4);
  });

  it("the function that is given stays as it is", () => {
    const f = bodyOf(ONCE, DECLARED);
    const before = JSON.stringify(f, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v));
    withEndsApart(f);
    assert.equal(
      JSON.stringify(f, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v)),
      before,
    );
  });
});
