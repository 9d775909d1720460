import assert from "node:assert/strict";
import { test } from "node:test";
import { asEdition } from "../../src/rust/edition.ts";

test("blocks of foreign things and attributes of symbols are unsafe, wherever they stand", () => {
  assert.equal(
    asEdition('extern "C" {\n    fn f();\n    static mut v: u32;\n}\n'),
    'unsafe extern "C" {\n    fn f();\n    static mut v: u32;\n}\n',
  );
  assert.equal(
    asEdition(
      '#[no_mangle]\n#[link_section = ".init.text"]\n#[inline]\nfn f() {\n    #[link_section = ".x"]\n    static V: u8 = 0;\n    extern "C" {\n        fn g();\n    }\n}\n',
    ),
    '#[unsafe(no_mangle)]\n#[unsafe(link_section = ".init.text")]\n#[inline]\nfn f() {\n    #[unsafe(link_section = ".x")]\n    static V: u8 = 0;\n    unsafe extern "C" {\n        fn g();\n    }\n}\n',
  );
});

test("items are the crate's, members as visible as their structure", () => {
  assert.equal(
    asEdition(
      "pub use a::b;\npub type t = u8;\npub struct s {\n    pub a: t,\n}\nimpl s {\n    pub fn a(&self) {}\n}\npub static v: t = 0;\n",
    ),
    "pub(crate) use a::b;\npub(crate) type t = u8;\npub(crate) struct s {\n    pub a: t,\n}\nimpl s {\n    pub(crate) fn a(&self) {}\n}\npub(crate) static v: t = 0;\n",
  );
  assert.equal(
    asEdition('extern "C" {\n    pub type opaque;\n    pub fn f(p: *mut opaque);\n}\n'),
    'unsafe extern "C" {\n    pub(crate) type opaque;\n    pub(crate) fn f(p: *mut opaque);\n}\n',
  );
});

test("what has these forms already, and words that only look like them, stay", () => {
  for (const text of [
    'unsafe extern "C" {\n    pub(crate) fn f();\n}\n',
    "#[unsafe(no_mangle)]\npub(crate) fn f() {}\n",
    'extern "C" fn f() {}\n',
    'const A: &str = "#[no_mangle] pub extern \\"C\\" {";\n',
    "// pub fn f() {}\n",
  ])
    assert.equal(asEdition(text), text);
});
