import assert from "node:assert/strict";
import { test } from "node:test";
import { splitItems } from "../../../src/rust/items.ts";
import { shareItems, type SharedItems } from "../../../src/stages/assemble/share.ts";

const share = (...units: string[]): SharedItems => shareItems(units.map(splitItems));
const names = (s: SharedItems): string[] => [...s.types, ...s.externs].map((i) => i.name).sort();

test("what units agree on stands once, public, and leaves them", () => {
  const unit = 'extern "C" {\n    fn printk(a: i32) -> i32;\n}\npub struct S {\n    pub a: i32,\n}\npub type T = S;\n';
  const s = share(`${unit}fn f() {}\n`, `${unit}fn g() {}\n`);
  assert.deepEqual(names(s), ["S", "T", "printk"]);
  assert.deepEqual(
    s.externs.map((e) => e.text),
    ["pub fn printk(a: i32) -> i32;"],
  );
  assert.deepEqual(
    s.rest.map((r) => [...r.items, ...r.externs].map((i) => i.name)),
    [["f"], ["g"]],
  );
});

test("what one unit alone has is shared too: it cannot disagree", () => {
  assert.deepEqual(names(share("pub struct A {\n    pub a: i32,\n}\n", "pub struct B {\n    pub b: i32,\n}\n")), [
    "A",
    "B",
  ]);
});

test("what units disagree on stays in each, with all that names it", () => {
  const unit = (type: string) =>
    `pub struct S {\n    pub a: ${type},\n}\npub struct User {\n    pub s: *mut S,\n}\npub struct Free {\n    pub f: i8,\n}\nextern "C" {\n    fn take(u: *mut User);\n    fn other(f: *mut Free);\n}\n`;
  const s = share(unit("i32"), unit("i64"));
  assert.deepEqual(names(s), ["Free", "other"]);
  for (const r of s.rest) assert.deepEqual([...r.items, ...r.externs].map((i) => i.name).sort(), ["S", "User", "take"]);
});

test("an opaque type in one unit is the definition of the other", () => {
  const s = share('extern "C" {\n    pub type S;\n}\nfn f() {}\n', "pub struct S {\n    pub a: i32,\n}\n");
  assert.deepEqual([s.types.map((t) => t.text), s.externs], [["pub struct S {\n    pub a: i32,\n}"], []]);
  assert.deepEqual(s.rest[0]?.externs, []);
});

test("what one unit defines is no extern of the others' shared part", () => {
  const s = share(
    'extern "C" {\n    fn f() -> i32;\n}\nfn g() {}\n',
    '#[no_mangle]\npub unsafe extern "C" fn f() -> i32 {\n    0\n}\n',
  );
  assert.deepEqual(names(s), []);
  assert.deepEqual(
    s.rest[0]?.externs.map((e) => e.name),
    ["f"],
  );
});

test("functions and variables stay where they are, methods go with their type", () => {
  const s = share(
    "pub struct S {\n    pub a: i32,\n}\nimpl S {\n    pub fn m(&self) {}\n}\npub static mut v: i32 = 1;\nfn f() {}\n",
  );
  assert.deepEqual(
    s.types.map((t) => `${t.kind} ${t.name}`),
    ["struct S", "impl S"],
  );
  assert.deepEqual(
    s.rest[0]?.items.map((i) => i.name),
    ["v", "f"],
  );
});
