/** Inline functions of the kernel's headers: printed as the module's own are, and never at the cost of those. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withKernelFunctions } from "../../src/stages/print/items/kernel-functions.ts";
import { flat, printed } from "./print.ts";

const INT = " -> ::core::ffi::c_int";
const fn = (name: string, parameters: string, result = ""): string =>
  `#[inline]\nunsafe extern "C" fn ${name}(${parameters})${result} {}\n`;

test("a header's inline function that is reached is printed, with its macros by their names", async () => {
  const headers = {
    "h.h": `#define once(x) (*(volatile typeof(x) *)&(x))
static inline _Bool checked(int *p, int size) { return 1; }
static inline void access(int *p) { }
static inline int get(int *p) { checked(p, sizeof(*p)); access(p); return once(*p); }
static inline int unreached(int *p) { return *p; }
`,
  };
  const crate =
    fn("f", "p: *mut ::core::ffi::c_int", INT) +
    fn("get", "p: *mut ::core::ffi::c_int", INT) +
    fn("checked", "p: *mut ::core::ffi::c_int, size: ::core::ffi::c_int", " -> bool") +
    fn("access", "p: *mut ::core::ffi::c_int") +
    fn("unreached", "p: *mut ::core::ffi::c_int", INT);
  const { bodies, texts } = await printed('#include "h.h"\nint f(int *p) { return get(p); }\n', crate, { headers });
  assert.equal(bodies.get("f"), "get(p)");
  assert.equal(bodies.get("get"), "checked(p, sizeof!(type c_int) as c_int); access(p); once!(*p)");
  // What does nothing in this configuration reads as that.
  assert.equal(
    flat(texts.get("checked") ?? ""),
    "#[inline] unsafe fn checked(_p: *mut c_int, _size: c_int) -> bool { true }",
  );
  assert.equal(flat(texts.get("access") ?? ""), "#[inline] unsafe fn access(_p: *mut c_int) { }");
  // Nothing says what it is made of: c2rust's text stays.
  assert.equal(texts.has("unreached"), false);
});

test("one that holds assembly is told of without its body, and so is what only it reaches", async () => {
  const headers = {
    "h.h":
      'static inline int deep(int x) { return x + 1; }\nstatic inline int wait(int x) { if (x) { asm volatile("pause"); } return deep(x); }\n',
  };
  const { bodies } = await printed(
    '#include "h.h"\nint f(int x) { return wait(x); }\n',
    fn("f", "x: ::core::ffi::c_int", INT) +
      fn("wait", "x: ::core::ffi::c_int", INT) +
      fn("deep", "x: ::core::ffi::c_int", INT),
    { headers },
  );
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
  const crate =
    fn("f", "x: u32", " -> u32") +
    fn("a", "p: *mut ::core::ffi::c_long", " -> ::core::ffi::c_long") +
    fn("small", "x: u8", " -> u8") +
    fn("g", "x: u32", " -> u32") +
    fn("h", "p: *mut ::core::ffi::c_long", " -> ::core::ffi::c_long");
  const c =
    '#include "h.h"\nunsigned f(unsigned x) { return twice(x); }\nlong h(long *p) { return a(p) + small(1); }\nunsigned g(unsigned x) { return x > LIMIT ? x : LIMIT; }\n';
  const { bodies, macros } = await printed(c, crate, { headers, names: ["twice", "LIMIT"] });
  assert.equal(bodies.get("f"), "twice!(x)");
  assert.match(macros, /macro_rules! twice \{ \(\$x:expr\) => \{ \$x\.wrapping_add\(\$x\) \}; \}/);
  // A value that the header had before is said as the number it is; the module's constant stays one.
  assert.match(macros, /const LIMIT: u32 = 9;/);
  assert.equal(bodies.get("g"), "if x > LIMIT { x } else { LIMIT }");
  assert.equal(bodies.get("small"), "(if x > 7 { 7 } else { c_int::from(x) }) as u8");
});

test("a macro that is given pointers goes together with its uses for numbers", async () => {
  const headers = {
    "h.h":
      "#define put(x, val) do { *(volatile typeof(x) *)&(x) = (val); } while (0)\nstatic inline void link(int **p, int *v) { put(*p, v); }\n",
  };
  const { bodies } = await printed(
    '#include "h.h"\nvoid f(int *p, int **q) { put(*p, 3); link(q, p); }\n',
    fn("f", "p: *mut ::core::ffi::c_int, q: *mut *mut ::core::ffi::c_int") +
      fn("link", "p: *mut *mut ::core::ffi::c_int, v: *mut ::core::ffi::c_int"),
    { headers },
  );
  assert.deepEqual([bodies.get("f"), bodies.get("link")], ["put!(*p, 3); link(q, p);", "put!(*p, v);"]);
});

const UNIT = (rest: string): string => `use crate::bindings::*;
use crate::macros::*;
use core::ffi::{c_char, c_int, c_long};
use core::ptr::null_mut;

${rest}`;
const inline = (name: string, body: string): string => `#[inline]\nunsafe fn ${name}(x: c_int) {\n    ${body}\n}\n\n`;
const OWN = new Map([
  ["src/a.rs", new Set(["f"])],
  ["src/b.rs", new Set(["g"])],
]);
const MACROS =
  "macro_rules! outer {\n    ($x:expr) => {\n        inner!($x) as c_int\n    };\n}\nmacro_rules! inner {\n    ($x:expr) => {\n        $x as c_long\n    };\n}\n";

test("inline functions that units have in common stand in kernel.rs, with what they and their macros name in sight", () => {
  const common = inline("same", "g(null_mut(), outer!(x))");
  const out = withKernelFunctions(
    new Map([
      ["src/macros.rs", MACROS],
      ["src/a.rs", UNIT(`${common}unsafe fn f() {\n    same(1);\n}\n`)],
      ["src/b.rs", UNIT(common)],
    ]),
    OWN,
    [],
  );
  assert.equal(
    flat(out.get("src/kernel.rs") ?? "").split("use crate::macros::*; ")[1],
    "use core::ffi::{c_int, c_long}; use core::ptr::null_mut; #[inline] pub(crate) unsafe fn same(x: c_int) { g(null_mut(), outer!(x)) }",
  );
  for (const file of ["src/a.rs", "src/b.rs"]) assert.doesNotMatch(out.get(file) ?? "", /fn same/);
  assert.match(out.get("src/a.rs") ?? "", /use crate::kernel::\*;[^]*fn f\(\)/);
});

test("one that reads otherwise in another unit, that names what a unit has for itself, or that is a symbol stays where it is", () => {
  const files = new Map([
    ["src/macros.rs", ""],
    [
      "src/a.rs",
      UNIT(
        `${inline("differs", "h(1)")}${inline("calls", "differs(x)")}${inline("counts", "COUNT += x")}static mut COUNT: c_int = 0;\n${inline("symbol", "h(x)")}${inline("grown", "h(2)")}${inline("free", "h(3)")}`,
      ),
    ],
    ["src/b.rs", UNIT(`${inline("differs", "h(2)")}${inline("calls", "differs(x)")}${inline("grown", "h(2)")}`)],
  ]);
  const out = withKernelFunctions(files, OWN, ["_RNvNtCs1_4ring1a6symbol", "_RNvNtCs1_4ring6kernel5grown"]);
  const names = (file: string): string[] => [...(out.get(file) ?? "").matchAll(/fn (\w+)/g)].map((m) => m[1] as string);
  // a.rs has the first "differs", which is taken, and what calls it.
  assert.deepEqual(names("src/kernel.rs").sort(), ["calls", "differs", "free"]);
  assert.deepEqual(names("src/a.rs").sort(), ["counts", "grown", "symbol"]);
  assert.deepEqual(names("src/b.rs").sort(), ["calls", "differs", "grown"]);
});
