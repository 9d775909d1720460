import assert from "node:assert/strict";
import { test } from "node:test";
import { asSafe, bodyOfText, mayBeSafe, type Surroundings } from "../../src/stages/print/safety.ts";

const around: Surroundings = {
  isSafe: (name) => name === "twice",
  isStatic: (name) => name === "counter",
  macro: (name) =>
    (
      ({ min: "{ let x = $x; if x < $y { x } else { $y } }", READ_ONCE: "(&raw const $x).read_volatile()" }) as Record<
        string,
        string
      >
    )[name],
};
const isSafe = (body: string): boolean => mayBeSafe(body, around);

test("what computes with its values is safe, through macros and functions that are", () => {
  for (const body of [
    "{ a * b }",
    "{ let p = 0 as *const u8; p.is_null() }",
    "{ min!(a, 3) }",
    "{ twice(a).wrapping_add(1) }",
    "{ if (a) == 3 { u32::from(b) } else { (2 * c) as u32 } }",
    "{ return -a; }",
  ])
    assert.ok(isSafe(body), body);
});

test("a dereference, a variable of the module's, a foreign function, a pointer's method and an unknown macro are not", () => {
  for (const body of [
    "{ *p }",
    "{ return *p; }",
    "{ a = *p * 2; }",
    "{ counter += 1; }",
    "{ printk(a) }",
    "{ p.add(1) }",
    "{ min!(*p, 3) }",
    "{ READ_ONCE!(a) }",
    '{ asm!("") }',
    "{ (f)(a) }",
  ])
    assert.ok(!isSafe(body), body);
});

test("unsafe goes where it stands before fn, and nowhere else", () => {
  const text = '/* unsafe fn */\n#[inline]\npub unsafe extern "C" fn f(g: unsafe extern "C" fn()) -> i32 { 0 }';
  assert.equal(asSafe(text), '/* unsafe fn */\n#[inline]\npub extern "C" fn f(g: unsafe extern "C" fn()) -> i32 { 0 }');
  assert.equal(asSafe("fn f() {}"), undefined);
  assert.equal(bodyOfText("fn f(a: [u8; 2]) -> i32 { 0 }"), "{ 0 }");
});
