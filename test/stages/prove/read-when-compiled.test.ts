/** What a variable holds that neither program may write is read when it is compiled: a number, or the address of a text. */
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

/** C's compiler has put the text where the variable is read. */
const IN_C = `@version = constant ptr @.str
@.str = private unnamed_addr constant [4 x i8] c"1.2\\00"
declare void @print(ptr)
define void @says() {
  call void @print(ptr @.str)
  ret void
}
`;
const inRust = (text = "1.2", kind = "constant"): string => `@version = ${kind} <{ ptr }> <{ ptr @alloc }>
@alloc = private unnamed_addr constant [4 x i8] c"${text}\\00"
declare void @print(ptr)
define void @says() {
  %v = load ptr, ptr @version
  call void @print(ptr %v)
  ret void
}
`;

async function isProved(c: string, rust: string): Promise<boolean> {
  const side = (tag: "c" | "rust", text: string): Side => new Side(tag, [unitOfC(new IrModule(text), "unit")]);
  const outcomes = await compareSides(side("c", c), side("rust", rust), ["says"], tools, new Set(["says"]));
  return outcomes.get("says")?.same === true;
}

it("the address of a text", async () => assert.ok(await isProved(IN_C, inRust())));

it("of that text", async () => assert.equal(await isProved(IN_C, inRust("1.3")), false));

it("not where the Rust may write it", async () => assert.equal(await isProved(IN_C, inRust("1.2", "global")), false));

it("nor where C may", async () =>
  assert.equal(await isProved(IN_C.replace("@version = constant", "@version = global"), inRust()), false));

it("nor where another definition may be linked in its place", async () =>
  assert.equal(await isProved(IN_C, inRust("1.2", "weak constant")), false));
