import assert from "node:assert/strict";
import { test } from "node:test";
import { externItems, identifiersOf, printItem, splitItems } from "../../src/rust/items.ts";

const SOURCE = `#![allow(x)]
use ::libc;
extern "C" {
    pub type module;
    #[link_name = "y"]
    fn printk(fmt: *const i8, ...) -> i32;
    static mut jiffies: u64;
}
#[derive(Copy, Clone)]
#[repr(C)]
pub struct S {
    pub a: i32,
}
pub struct T(pub T_Inner);
pub type u8_0 = u8;
pub const LIMIT: i32 = 3;
#[no_mangle]
#[link_section = ".x"]
pub static mut table: [i32; 2] = [
    1,
    2,
];
static ops: S = S { a: 1 };
#[no_mangle]
pub unsafe extern "C" fn init(
    a: i32,
) -> i32 {
    return "}
    not a brace".len() as i32;
}
unsafe extern "C" fn exit() {}
impl S {
    pub fn f(&self) {}
}
`;

test("items with their kinds, names and attributes", () => {
  assert.deepEqual(
    splitItems(SOURCE).map((i) => `${i.kind} ${i.name} ${i.attributes.length}`),
    [
      "use  0",
      "extern  0",
      "struct S 2",
      "struct T 0",
      "type u8_0 0",
      "const LIMIT 0",
      "static table 2",
      "static ops 0",
      "fn init 1",
      "fn exit 0",
      "impl S 0",
    ],
  );
});

test("nothing is lost: the items printed are the source but for inner attributes", () => {
  assert.equal(splitItems(SOURCE).map(printItem).join("\n"), SOURCE.replace("#![allow(x)]\n", "").trimEnd());
});

test("declarations inside an extern block", () => {
  const block = splitItems(SOURCE).find((i) => i.kind === "extern");
  assert.ok(block);
  assert.deepEqual(
    externItems(block).map((i) => [i.kind, i.name, i.text, i.attributes.length]),
    [
      ["type", "module", "type module;", 0],
      ["fn", "printk", "fn printk(fmt: *const i8, ...) -> i32;", 1],
      ["static", "jiffies", "static mut jiffies: u64;", 0],
    ],
  );
});

test("identifiers inside strings are none", () => {
  const [item] = splitItems(`static s: &str = b"not_me \\" nor_me" as foo;`);
  assert.ok(item);
  const names = identifiersOf(item);
  assert.ok(names.has("foo"));
  assert.ok(!names.has("not_me") && !names.has("nor_me"));
});
