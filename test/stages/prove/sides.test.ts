/** What variables of both programs hold at first, and which count as different ones. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";
import { compareSides, type Outcome } from "../../../src/stages/prove/compared.ts";
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

describe("of several functions of one name", () => {
  const f = (linkage: string, times: number): string =>
    `define ${linkage}i32 @f(i32 %x) {\n  %r = mul i32 %x, ${times}\n  ret i32 %r\n}\n`;
  const compared = async (inC: readonly string[], inRust: string): Promise<Outcome | undefined> => {
    const provers = await findProvers((await requireTools(["rustc"])).rustc);
    assert.ok(typeof provers !== "string", String(provers));
    const c = new Side(
      "c",
      inC.map((text, n) => unitOfC(new IrModule(text), `unit${n}`)),
    );
    const outcomes = await compareSides(c, side("rust", inRust), ["f"], {
      opt: provers.opt.path,
      sandbox: { writable: [] },
    });
    return outcomes.get("f");
  };

  it("the one that the linker takes is compared, whatever their order", async () => {
    for (const units of [
      [f("weak ", 3), f("", 5)],
      [f("", 5), f("weak ", 3)],
    ]) {
      assert.equal((await compared(units, f("", 5)))?.same, true);
      assert.equal((await compared(units, f("", 3)))?.same, false);
    }
  });

  it("none is where several are weak: their order decides", async () => {
    assert.deepEqual(await compared([f("weak ", 3), f("weak ", 5)], f("", 3)), {
      same: false,
      reason: "not understood: several weak functions of one name",
    });
    // Another unit's is taken in any case.
    assert.equal((await compared([f("weak ", 3), f("weak ", 5), f("", 7)], f("", 7)))?.same, true);
  });

  it("a variable of another unit gives way as well", () => {
    const c = new Side(
      "c",
      ["@v = weak global i32 1", "@v = global i32 2"].map((text, n) =>
        unitOfC(new IrModule(`${text}, align 4\n`), `unit${n}`),
      ),
    );
    assert.deepEqual([...differingVariables(c, side("rust", "@v = global i32 2, align 4\n"))], []);
    assert.deepEqual([...differingVariables(c, side("rust", "@v = global i32 1, align 4\n"))], ["v"]);
  });
});

it("nothing is said of a function that knows a variable by another name", async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string", String(provers));
  const body = (first: string, second: string): string =>
    `define i32 @f() {\n  ${first}\n  ${second}\n  ret i32 %x\n}\n`;
  const [read, write] = ["%x = load i32, ptr @other, align 4", "store i32 1, ptr @one, align 4"];
  const c = side("c", `@one = global i32 0, align 4\n@other = alias i32, ptr @one\n${body(write, read)}`);
  const rust = side(
    "rust",
    `@one = global i32 0, align 4\n@other = external global i32, align 4\n${body(read, write)}`,
  );
  const outcomes = await compareSides(c, rust, ["f"], { opt: provers.opt.path, sandbox: { writable: [] } });
  assert.deepEqual(outcomes.get("f"), {
    same: false,
    reason: "not understood: other, which is another name of a variable",
  });
});

it("how a compiler aligns a variable makes no difference, what was asked for does", async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string", String(provers));
  const f = (align: number): string => `define void @f(i32 %x) {
  %v = alloca [40 x i32], align ${align}
  call void @llvm.memset.p0.i64(ptr align ${align} %v, i8 0, i64 160, i1 false)
  store i32 %x, ptr %v, align ${align}
  call void @show(ptr %v)
  ret void
}
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare void @show(ptr)
`;
  const isSame = async (inC: number, inRust: number): Promise<boolean> =>
    (
      await compareSides(side("c", f(inC)), side("rust", f(inRust)), ["f"], {
        opt: provers.opt.path,
        sandbox: { writable: [] },
      })
    ).get("f")?.same === true;
  assert.equal(await isSame(16, 4), true);
  assert.equal(await isSame(4, 16), true);
  assert.equal(await isSame(64, 4), false);
});

it("half of an address is not all of it", () => {
  const c = side("c", "@v = external global i8\n@table = global [1 x i64] [i64 ptrtoint (ptr @v to i64)], align 8\n");
  const halves = "[2 x i32] [i32 ptrtoint (ptr @v to i32), i32 0]";
  const rust = side("rust", `@v = external global i8\n@table = global ${halves}, align 8\n`);
  assert.deepEqual([...differingVariables(c, rust)], ["table"]);
});

it("how variables are aligned is read", () => {
  const { globals } = new IrModule(
    '@a = internal global i32 3, section ".data.own", align 64\n@b = global [2 x i8] c"ab", align 2\n@c = external global i32, align 4\n',
  );
  assert.deepEqual(
    [...globals.values()].map((g) => g.align),
    [64, 2, 4],
  );
});
