/** Macros of the C that have a name of core's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { macroPath, withCoreByPath } from "../../src/stages/print/macro-path.ts";

test("where the port has a macro of one of core's names, core's is called by its path", () => {
  const text = `macro_rules! assert {
    ($e:expr) => { crate::macros::assert!("assert!(1)", concat!("a", $e)) };
}
const { assert!(size_of::<u8>() == 1) };
assert(1);`;
  assert.equal(macroPath("assert"), "crate::macros::assert");
  assert.equal(
    withCoreByPath(text, ["assert", "put"]),
    text.replace("const { assert!", "const { ::core::assert!"),
    "neither its definition, nor a call of it by its path, nor a string, nor what is no macro",
  );
  assert.equal(withCoreByPath(text, ["put"]), text);
});
