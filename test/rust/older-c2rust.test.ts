import assert from "node:assert/strict";
import { it } from "node:test";
import { asNewer } from "../../src/rust/older-c2rust.ts";

const older = `libc::memset(p as *mut core::ffi::c_void, 0, ::core::mem::size_of::<a>() as libc::size_t);\n({ f(); compile_error!("Function call expression is not supposed to be used") });\n({ g(); compile_error!("__builtin_memset not used") });\n({ h(); compile_error!("used by nobody") });\n`;
const newer = `::libc::memset(p as *mut ::core::ffi::c_void, 0, ::core::mem::size_of::<a>() as ::libc::size_t);\n({ f(); () });\n({ g(); () });\n({ h(); compile_error!("used by nobody") });\n`;

it("what c2rust 0.21 prints is read as 0.22 prints it", () => assert.equal(asNewer(older, "0.21.0"), newer));
it("and what 0.22 prints is left as it is", () => {
  assert.equal(asNewer(older, "0.22.1"), older);
  assert.equal(asNewer(newer, "0.21.0"), newer);
});
