/** What is only computed on a way to where several come together may be computed before, and is nothing that is done. */
import assert from "node:assert/strict";
import { before, it } from "node:test";
import { withBareWays } from "../../../src/stages/prove/edges.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import type { IrFunction } from "../../../src/stages/prove/ir/model.ts";
import { solve } from "../../../src/stages/prove/solver.ts";
import { solved } from "../../../src/stages/prove/tasks.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

const DECLARED = "declare void @use(i32)\ndeclare i1 @probe(i32)\n";
/** Two ways lead to where `a - b` is used, and on one of them it is known. */
const known = (onTheWay: string, given: string): string => `${DECLARED}define void @f(i32 %a, i32 %b, ptr %p) {
entry:
  %c = call i1 @probe(i32 1)
  br i1 %c, label %way, label %first
first:
  %known = sub i32 %a, %b
  call void @use(i32 %known)
  %d = call i1 @probe(i32 2)
  br i1 %d, label %end, label %out
way:
  ${onTheWay}
  br label %end
end:
  %v = phi i32 [ %known, %first ], [ ${given}, %way ]
  call void @use(i32 %v)
  ret void
out:
  ret void
}
`;
const behind = `${DECLARED}define void @f(i32 %a, i32 %b, ptr %p) {
entry:
  %c = call i1 @probe(i32 1)
  br i1 %c, label %end, label %first
first:
  %known = sub i32 %a, %b
  call void @use(i32 %known)
  %d = call i1 @probe(i32 2)
  br i1 %d, label %end, label %out
end:
  %v = sub i32 %a, %b
  call void @use(i32 %v)
  ret void
out:
  ret void
}
`;
let inC: IrFunction;
let z3: string;
const read = (text: string): IrFunction => new IrModule(text).function("f") as IrFunction;
before(async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string" && provers.z3 !== undefined, "z3 is there");
  z3 = provers.z3.path;
  inC = read(behind);
});
const unequal = async (text: string, c = inC): Promise<string | undefined> =>
  solved(c, read(text), async (task) => solve(task, { path: z3, sandbox: { writable: [] } }));

it("computed on the way, or behind it", async () =>
  assert.equal(await unequal(known("%w = sub i32 %a, %b", "%w")), undefined));

it("another value on the way is another", async () => {
  for (const wrong of ["%w = sub i32 %b, %a", "%w = add i32 %a, %b"])
    assert.notEqual(await unequal(known(wrong, "%w")), undefined, wrong);
});

it("what is read, called, divided or written on the way stays there", async () => {
  for (const way of [
    "%w = load i32, ptr %p",
    "store i32 1, ptr %p\n%w = sub i32 %a, %b",
    "call void @use(i32 3)\n%w = sub i32 %a, %b",
    "%w = udiv i32 %a, %b",
  ]) {
    const f = read(known(way, "%w"));
    assert.equal(withBareWays(f), f, way);
    assert.notEqual(await unequal(known(way, "%w")), undefined, way);
  }
});

/** The value of the round before, which is another one in each round. */
const rounds = (used: string): string => `${DECLARED}define void @f(i32 %n) {
entry:
  br label %round
round:
  %i = phi i32 [ 0, %entry ], [ %next, %again ]
  %last = phi i32 [ 0, %entry ], [ %i, %again ]
  call void @use(i32 ${used})
  %next = add i32 %i, 3
  %c = call i1 @probe(i32 1)
  br i1 %c, label %again, label %out
again:
  call void @use(i32 7)
  br label %round
out:
  ret void
}
`;
it("what comes round is not what it was in the round before", async () => {
  assert.equal(await unequal(rounds("%last"), read(rounds("%last"))), undefined);
  assert.notEqual(await unequal(rounds("%last"), read(rounds("%i"))), undefined);
  assert.notEqual(await unequal(rounds("%i"), read(rounds("%last"))), undefined);
});
