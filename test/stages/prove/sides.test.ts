/** What variables of both programs hold at first, and which count as different ones. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";
import { compareSides } from "../../../src/stages/prove/compared.ts";
import { differingVariables } from "../../../src/stages/prove/variables.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";

function side(tag: "c" | "rust", variables: string): Side {
  return new Side(tag, [unitOfC(new IrModule(variables), "unit")]);
}

it("a zero is the same zero however it is written; another number or another size is not", () => {
  const c = side(
    "c",
    "@none = global i32 0, align 4\n@many = global [2 x i32] zeroinitializer, align 4\n@one = global i32 1, align 4\n@small = global i16 0, align 2\n",
  );
  const rust = side(
    "rust",
    '@none = global [4 x i8] zeroinitializer, align 4\n@many = global [8 x i8] c"\\00\\00\\00\\00\\00\\00\\00\\00", align 4\n@one = global [4 x i8] zeroinitializer, align 4\n@small = global [4 x i8] zeroinitializer, align 2\n',
  );
  assert.deepEqual([...differingVariables(c, rust)].sort(), ["one", "small"]);
});

it("what neither program may write is read when it is compiled; what either may write, or holds otherwise, is not", async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string", String(provers));
  const program = (tag: "c" | "rust", variable: string, body: string): Side =>
    side(tag, `${variable}\ndefine i32 @f(i32 %x) {\n${body}\n}\n`);
  const folded = "  %less = icmp ult i32 %x, 55\n  %r = zext i1 %less to i32\n  ret i32 %r";
  const loaded = `  %limit = load i32, ptr @limit, align 4\n${folded.replace("55", "%limit")}`;
  const isSame = async (inC: string, inRust: string): Promise<boolean> => {
    const outcomes = await compareSides(program("c", inC, folded), program("rust", inRust, loaded), ["f"], {
      opt: provers.opt.path,
      sandbox: { writable: [] },
    });
    return outcomes.get("f")?.same === true;
  };
  const [c, rust] = ["@limit = constant i32 55, align 4", '@limit = constant [4 x i8] c"7\\00\\00\\00", align 4'];
  assert.equal(await isSame(c, rust), true);
  // Of what is the unit's own C may have left nothing.
  assert.equal(await isSame("", rust), false);
  assert.equal(await isSame("", rust.replace("constant", "internal constant")), true);
  assert.equal(await isSame(c.replace("constant", "global"), rust), false);
  assert.equal(await isSame(c, rust.replace("constant", "global")), false);
  assert.equal(await isSame(c.replace("55", "54"), rust), false);
  assert.equal(await isSame(c, rust.replace('c"7', 'c"8')), false);
});
