/** A crate's file as items. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsOf } from "../../src/stages/print/items/crate.ts";

const TEXT = `use core::ffi::*;
#[derive(Copy)] // of one
#[repr(align(8))]
pub struct one { pub a: two /* three */ }
#[link(name = "{")]
unsafe extern "C" {
    #[link_name = "six"]
    pub fn five(x: *mut one) -> four;
    static seven: [u8; 8];
}
pub fn last() { "eight"; nine!({ ten }) }
`;

test("items of extern blocks are items, each with all that it and its attributes name, where it stands", () => {
  const items = itemsOf("src/a.rs", TEXT);
  assert.deepEqual(
    items.map((i) => [i.kind, i.name, i.foreign, [...i.names].join(" ")]),
    [
      ["use", "core", false, "use core ffi"],
      ["struct", "one", false, "derive Copy repr align pub struct one a two"],
      ["fn", "five", true, "link_name pub fn five x mut one four"],
      ["static", "seven", true, "static seven u8"],
      ["fn", "last", false, "pub fn last nine ten"],
    ],
  );
  for (const i of items) assert.ok(TEXT.slice(i.start, i.end).endsWith(i.text), i.text);
  assert.equal(items[2]?.start, TEXT.indexOf("#[link_name"));
});

test("another text of the same file, and the same text of another file, have their own", () => {
  const names = (file: string, text: string): string[] => itemsOf(file, text).map((i) => `${i.file} ${i.name}`);
  assert.deepEqual(names("src/a.rs", "fn a() {}"), ["src/a.rs a"]);
  assert.deepEqual(names("src/a.rs", "fn b() {}"), ["src/a.rs b"]);
  assert.deepEqual(names("src/b.rs", "fn b() {}"), ["src/b.rs b"]);
  assert.deepEqual(names("src/a.rs", "fn a() {}"), ["src/a.rs a"]);
});
