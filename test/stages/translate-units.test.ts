import assert from "node:assert/strict";
import { test } from "node:test";
import pLimit from "p-limit";
import { StageError } from "../../src/machine/errors.ts";
import { countCasts, countRust, eachUnit, unitNames } from "../../src/check/translate-units.ts";

test("a unit's name is its file's as an identifier, told apart from others and from the port's own", () => {
  assert.deepEqual(
    unitNames([
      "/m/x.c",
      "/m/sub/x.c",
      "/m/b-c.d.c",
      "/m/2nd.c",
      "/m/lib.c",
      "/m/core.c",
      "/m/bindings.c",
      "/m/loop.c",
      "/m/Self.c",
    ]),
    ["x", "x_unit", "b_c_d", "_2nd", "lib_unit", "core_unit", "bindings_unit", "loop_unit", "Self_unit"],
  );
  const names = unitNames(["/m/x.c", "/n/x.c", "/o/x_2.c"]);
  assert.equal(new Set(names).size, 3);
});

test("a unit that fails does not stop the others; a defect of ours does", async () => {
  const step = async (n: number): Promise<number> => {
    if (n === 2) throw new StageError("lower", "no", { file: "2" });
    return n * 10;
  };
  const outcomes = await eachUnit([1, 2, 3], String, pLimit(2), step);
  assert.deepEqual(
    outcomes.map((o) => [o.file, o.value, o.error?.message]),
    [
      ["1", 10, undefined],
      ["2", undefined, "no"],
      ["3", 30, undefined],
    ],
  );
  await assert.rejects(
    eachUnit([1], String, pLimit(1), async () => Promise.reject(new TypeError("ours"))),
    TypeError,
  );
});

test("no more units at once than there are jobs", async () => {
  let running = 0;
  let most = 0;
  await eachUnit([1, 2, 3, 4, 5], String, pLimit(2), async () => {
    most = Math.max(most, ++running);
    await new Promise((r) => setImmediate(r));
    running--;
  });
  assert.equal(most, 2);
});

test("what a unit's Rust consists of", () => {
  const rust = `pub static mut a: i32 = 1;
static b: i32 = 2;
    static mut c: i32 = 3;
#[no_mangle]
pub unsafe extern "C" fn f(p: *mut i32) -> i32 {
    let q = *p;
    if (*p).x != 0 { return 2 * 3; }
    *p.offset(1) = **r + *(p as *mut *const i32) as i32;
    let s = *b"text\0";
    return unsafe { g() };
}
unsafe fn h() {
    ::core::arch::asm!("nop");
}
::core::arch::global_asm!("");
fn safe() {}
`;
  assert.deepEqual(countRust(rust), { blocks: 1, functions: 2, rawPointerDerefs: 6, staticMut: 2, asm: 2 });
  assert.deepEqual(countRust(""), { blocks: 0, functions: 0, rawPointerDerefs: 0, staticMut: 0, asm: 0 });
});

test("casts are those of expressions, not of imports, strings and longer names", () => {
  assert.equal(
    countCasts(
      'use a::b as c;\nunsafe extern "C" fn f(as_is: u8) -> u32 {\n    // as\n    puts(" as ");\n    (as_is as u16 as u32) + m!(as_is as u32)\n}',
    ),
    3,
  );
  assert.equal(countCasts(""), 0);
});
