/** Calls of functions of the module's own that take any number of arguments. */
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

const EMPTY = "define internal void @check(ptr %fmt, ...) {\n  ret void\n}\n";
const KEEPS =
  "@kept = external global ptr\ndefine internal void @check(ptr %fmt, ...) {\n  store ptr %fmt, ptr @kept\n  ret void\n}\n";
const LOOKS = `declare void @llvm.va_start.p0(ptr)
define internal void @check(ptr %fmt, ...) {
  %list = alloca [24 x i8]
  call void @llvm.va_start.p0(ptr %list)
  ret void
}
`;

async function isProved(check: string, c: string, rust: string): Promise<boolean> {
  const side = (tag: "c" | "rust", call: string): Side =>
    new Side(tag, [
      unitOfC(
        new IrModule(`${check}declare i64 @next()\ndefine i64 @f(ptr %fmt, i64 %x) {\n${call}\n  ret i64 %x\n}\n`),
        "unit",
      ),
    ]);
  const outcomes = await compareSides(side("c", c), side("rust", rust), ["f"], tools, new Set(["f"]));
  return outcomes.get("f")?.same === true;
}

const call = (...more: string[]): string => `  call void (ptr, ...) @check(${["ptr %fmt", ...more].join(", ")})`;

it("one that looks at no more than it names is a part of its caller", async () => {
  assert.equal(await isProved(EMPTY, call("i64 %x", "i32 3"), call("i64 %x", "i32 3")), true);
  assert.equal(await isProved(KEEPS, call("i64 %x"), call("i64 %x")), true);
  // What nobody looks at may be anything, and be left out.
  assert.equal(await isProved(EMPTY, call("i64 %x"), call()), true);
});

it("not: with another argument that it names, and where what it is given is no longer computed", async () => {
  assert.equal(await isProved(KEEPS, call("i64 %x"), call("i64 %x").replace("ptr %fmt", "ptr null")), false);
  const computed = `  %n = call i64 @next()\n${call("i64 %n")}`;
  assert.equal(await isProved(EMPTY, computed, computed), true);
  assert.equal(await isProved(EMPTY, computed, call("i64 %x")), false);
});

it("not: one that may look at all that it is given", async () => {
  assert.equal(await isProved(LOOKS, call("i64 %x"), call("i64 %x")), false);
});
