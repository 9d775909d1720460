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
