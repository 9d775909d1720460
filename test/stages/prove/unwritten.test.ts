/** What a function reads of its own variables before anybody has written there is seen in the form in which it was proved. */
import assert from "node:assert/strict";
import { before, it } from "node:test";
import { compareSides, type ProofTools } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

let tools: ProofTools;
before(async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string", String(provers));
  tools = { opt: provers.opt.path, sandbox: { writable: [] } };
});

/** `f` gives back what is in its variable; `set` is a function of the module's own, compared by itself, and small enough to be a part of `f`. */
const program = (tag: "c" | "rust", body: string): Side =>
  new Side(tag, [
    unitOfC(
      new IrModule(`define void @set(ptr %to) {
  store i32 5, ptr %to, align 4
  ret void
}
define i32 @f(i32 %n) {
  %v = alloca i32, align 4
  ${body}
  %r = load i32, ptr %v, align 4
  ret i32 %r
}
`),
      "unit",
    ),
  ]);

const WRITES = "call void @set(ptr %v)";
const STORES = "store i32 5, ptr %v, align 4";
/** On one way only. */
const perhaps = (writes: string): string => `%some = icmp ne i32 %n, 0
  br i1 %some, label %some.of.it, label %end
some.of.it:
  ${writes}
  br label %end
end:`;

async function isProved(inC: string, inRust: string): Promise<boolean | undefined> {
  return (await compareSides(program("c", inC), program("rust", inRust), ["f", "set"], tools)).get("f")?.same;
}

it("a small function writes a variable as its caller would", async () => {
  assert.equal(await isProved(WRITES, STORES), true);
  assert.equal(await isProved(STORES, WRITES), true);
});

it("a small function that is called on one way only does not, whatever an optimiser makes of the other way", async () => {
  assert.equal(await isProved(STORES, perhaps(WRITES)), false);
  assert.equal(await isProved(WRITES, perhaps(STORES)), false);
});
