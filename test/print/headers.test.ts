/** Inline functions of the kernel's headers: printed as the module's own are, and never at the cost of those. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ffiOfMacros } from "../../src/stages/print/headers/macro-types.ts";
import { flat, printed } from "./print.ts";

const INT = " -> ::core::ffi::c_int";
const fn = (name: string, parameters: string, result = ""): string => `#[inline]\nunsafe extern "C" fn ${name}(${parameters})${result} {}\n`;

test("a header's inline function that is reached is printed, with its macros by their names", async () => {
  const headers = {
    "h.h": `#define once(x) (*(volatile typeof(x) *)&(x))
static inline _Bool checked(int *p, int size) { return 1; }
static inline void access(int *p) { }
static inline int get(int *p) { checked(p, sizeof(*p)); access(p); return once(*p); }
static inline int unreached(int *p) { return *p; }
`,
  };
  const crate = fn("f", "p: *mut ::core::ffi::c_int", INT) + fn("get", "p: *mut ::core::ffi::c_int", INT) + fn("checked", "p: *mut ::core::ffi::c_int, size: ::core::ffi::c_int", " -> bool") + fn("access", "p: *mut ::core::ffi::c_int") + fn("unreached", "p: *mut ::core::ffi::c_int", INT);
  const { bodies, texts } = await printed('#include "h.h"\nint f(int *p) { return get(p); }\n', crate, { headers });
  assert.equal(bodies.get("f"), "get(p)");
  assert.equal(bodies.get("get"), "checked(p, sizeof!(type c_int) as c_int); access(p); once!(*p)");
  // What does nothing in this configuration reads as that.
  assert.equal(flat(texts.get("checked") ?? ""), "#[inline] unsafe fn checked(_p: *mut c_int, _size: c_int) -> bool { true }");
  assert.equal(flat(texts.get("access") ?? ""), "#[inline] unsafe fn access(_p: *mut c_int) { }");
  // Nothing says what it is made of: c2rust's text stays.
  assert.equal(texts.has("unreached"), false);
});

test("one that holds assembly is told of without its body, and so is what only it reaches", async () => {
  const headers = { "h.h": 'static inline int deep(int x) { return x + 1; }\nstatic inline int wait(int x) { if (x) { asm volatile("pause"); } return deep(x); }\n' };
  const { bodies } = await printed('#include "h.h"\nint f(int x) { return wait(x); }\n', fn("f", "x: ::core::ffi::c_int", INT) + fn("wait", "x: ::core::ffi::c_int", INT) + fn("deep", "x: ::core::ffi::c_int", INT), { headers });
  assert.deepEqual([...bodies.keys()], ["f"]);
});

test("how a macro reads is decided by the module's own uses, however many a header has", async () => {
  const headers = {
    "h.h": `#define twice(x) ((x) + (x))
#define LIMIT 7
static inline long a(long *p) { return twice(*p) + twice(p[1]); }
static inline unsigned char small(unsigned char x) { return x > LIMIT ? LIMIT : x; }
#undef LIMIT
#define LIMIT 9
`,
  };
  const crate = fn("f", "x: u32", " -> u32") + fn("a", "p: *mut ::core::ffi::c_long", " -> ::core::ffi::c_long") + fn("small", "x: u8", " -> u8") + fn("g", "x: u32", " -> u32") + fn("h", "p: *mut ::core::ffi::c_long", " -> ::core::ffi::c_long");
  const c = '#include "h.h"\nunsigned f(unsigned x) { return twice(x); }\nlong h(long *p) { return a(p) + small(1); }\nunsigned g(unsigned x) { return x > LIMIT ? x : LIMIT; }\n';
  const { bodies, macros } = await printed(c, crate, { headers, names: ["twice", "LIMIT"] });
  assert.equal(bodies.get("f"), "twice!(x)");
  assert.match(macros, /macro_rules! twice \{ \(\$x:expr\) => \{ \$x\.wrapping_add\(\$x\) \}; \}/);
  // A value that the header had before is said as the number it is; the module's constant stays one.
  assert.match(macros, /pub const LIMIT: u32 = 9;/);
  assert.equal(bodies.get("g"), "if x > LIMIT { x } else { LIMIT }");
  assert.equal(bodies.get("small"), "(if x > 7 { 7 } else { x as c_int }) as u8");
});

test("a text is given the types that macros name where it invokes them, and no others", () => {
  const macros = "macro_rules! a { ($x:expr) => { $x as c_long }; }\nmacro_rules! b { ($x:expr) => { a!($x) as c_int }; }\nmacro_rules! c { ($x:expr) => { $x as c_char }; }\n";
  assert.deepEqual(ffiOfMacros("fn f(x: u32) { b!(x); }", macros), ["c_int", "c_long"]);
  assert.deepEqual(ffiOfMacros("fn f(x: u32) { x; }", macros), []);
});
