import assert from "node:assert/strict";
import { test } from "node:test";
import { plainChar } from "../../src/rust/plain-char.ts";

const RUST = "fn f(c: ::core::ffi::c_char, s: ::core::ffi::c_schar) -> *const ::core::ffi::c_char;";

test("plain char is unsigned where the kernel's flags say so, and what is signed by name stays", () => {
  assert.equal(
    plainChar(RUST, ["-O2", "-funsigned-char"]),
    "fn f(c: ::core::ffi::c_uchar, s: ::core::ffi::c_schar) -> *const ::core::ffi::c_uchar;",
  );
});

test("it stays Rust's where no flag says it, or a later one says the contrary", () => {
  assert.equal(plainChar(RUST, ["-O2"]), RUST);
  assert.equal(plainChar(RUST, ["-funsigned-char", "-fsigned-char"]), RUST);
});

test("a bit-field's type is one although c2rust writes it in a string; other strings stay", () => {
  const field = (type: string): string =>
    `#[bitfield(name = "plain", ty = "::core::ffi::${type}", bits = "0..=3")]\npub plain: [u8; 1],\nlet s = "::core::ffi::c_char";`;
  assert.equal(plainChar(field("c_char"), ["-funsigned-char"]), field("c_uchar"));
  assert.equal(plainChar(field("c_schar"), ["-funsigned-char"]), field("c_schar"));
});
