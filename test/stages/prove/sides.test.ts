/** What variables of both programs hold at first, and which count as different ones. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { differingVariables } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";

function side(tag: "c" | "rust", variables: string): Side {
  return new Side(tag, [unitOfC(new IrModule(variables), "unit")]);
}

it("a zero is the same zero however it is written; another number or another size is not", () => {
  const c = side("c", "@none = global i32 0, align 4\n@many = global [2 x i32] zeroinitializer, align 4\n@one = global i32 1, align 4\n@small = global i16 0, align 2\n");
  const rust = side("rust", '@none = global [4 x i8] zeroinitializer, align 4\n@many = global [8 x i8] c"\\00\\00\\00\\00\\00\\00\\00\\00", align 4\n@one = global [4 x i8] zeroinitializer, align 4\n@small = global [4 x i8] zeroinitializer, align 2\n');
  assert.deepEqual([...differingVariables(c, rust)].sort(), ["one", "small"]);
});
