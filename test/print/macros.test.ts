import assert from "node:assert/strict";
import { test } from "node:test";
import { saidIn } from "../../src/stages/print/constant-text.ts";
import { BOLD } from "../../src/stages/print/form.ts";
import { printed } from "./print.ts";

const fn = (name: string, parameters: string, result = ""): string =>
  `unsafe extern "C" fn ${name}(${parameters})${result} {}\n`;
const U32 = { k: "int", name: "u32", bits: 32, signed: false } as const;
const INT = " -> ::core::ffi::c_int";

test("an object-like macro is a constant of the type that its uses ask for", async () => {
  const { bodies, macros } = await printed(
    "#define LIMIT 0x10\n#define EBAD 22\nint f(unsigned a) { return a > LIMIT ? -EBAD : 0; }",
    fn("f", "a: u32", INT),
    { names: ["LIMIT", "EBAD"] },
  );
  assert.equal(bodies.get("f"), "if a > LIMIT { -EBAD } else { 0 }");
  assert.equal(macros, "pub(crate) const EBAD: c_int = 22; pub(crate) const LIMIT: u32 = 0x10;");
});

test("a constant has the type that most ask for, within sums of constants as well, and a bit is spelled as one", async () => {
  const { variables, bodies, macros } = await printed(
    `#define BIT(n) (1UL << (n))
#define HAVE_A BIT(3)
#define HAVE_B (1 << 4)
#define COUNT FOUR(4)
#define FOUR(n) (n)
unsigned flags = HAVE_A | HAVE_B;
int f(unsigned *p) { return (*p & HAVE_A) && *p != COUNT; }`,
    `static mut flags: u32 = 0;\n${fn("f", "p: *mut u32", INT)}`,
    { names: ["HAVE_A", "HAVE_B", "COUNT"] },
  );
  assert.equal(variables.get("flags"), "static mut flags: u32 = HAVE_A | HAVE_B;");
  assert.equal(bodies.get("f"), "c_int::from(*p & HAVE_A != 0 && *p != COUNT)");
  assert.equal(
    macros,
    "pub(crate) const COUNT: u32 = 4; pub(crate) const HAVE_A: u32 = 1 << 3; pub(crate) const HAVE_B: u32 = 1 << 4;",
  );
});

test("a constant of all bits is of the unsigned type that it is wanted in", async () => {
  const { variables, bodies, macros } = await printed(
    "#define ANY (~0)\n#define LEAST (-2)\nstruct id { unsigned a, b; };\nstruct id ids[2] = { { 3, ANY }, { ANY, LEAST } };\nint f(int x) { return x == ANY; }",
    `#[repr(C)] pub struct id { pub a: u32, pub b: u32 }\nstatic mut ids: [id; 2] = [];\n${fn("f", "x: ::core::ffi::c_int", INT)}`,
    { names: ["ANY", "LEAST"] },
  );
  assert.equal(variables.get("ids"), "static mut ids: [id; 2] = [ id { a: 3, b: ANY, }, id { a: ANY, b: LEAST, }, ];");
  assert.equal(bodies.get("f"), "c_int::from(x == ANY as c_int)");
  assert.equal(macros, "pub(crate) const ANY: u32 = u32::MAX; pub(crate) const LEAST: u32 = 4294967294;");
});

test("a constant is what its macro's body says of other constants, of the module's own that nothing else names as well", async () => {
  const { macros } = await printed(
    `#define SHIFT 9
#define MASK (0x03 << SHIFT)
#define BIT(n) (1U << (n))
#define ONE BIT(0)
#define TWO ((unsigned)0x2)
#define BOTH (ONE | TWO) /* at once */
#define REST (~BOTH & 0xff)
#define HELD (SHIFT - 2) * 3
#define LEAST (-40 * 1000)
#define LATE (BIT(SHIFT) | 0010)
unsigned f(unsigned a) { return (a & BOTH) + (a & REST) + (a & MASK) + (a & HELD) + (a & LATE); }
int g(int a) { return a > LEAST && a > SHIFT; }`,
    fn("f", "a: u32", " -> u32") + fn("g", "a: ::core::ffi::c_int", INT),
    { names: ["BOTH", "REST", "MASK", "SHIFT", "LEAST", "HELD", "LATE"] },
  );
  const items = macros.split(/(?<=;) /);
  assert.deepEqual(items, [
    "pub(crate) const BOTH: u32 = ONE | TWO;",
    // Of another type than what it names: the number, which is about none of its bits.
    "pub(crate) const HELD: u32 = 21;",
    "pub(crate) const LATE: u32 = (1 << SHIFT) | 0o10;",
    "pub(crate) const LEAST: c_int = -40 * 1000;",
    "pub(crate) const MASK: u32 = 0x03 << SHIFT;",
    "pub(crate) const ONE: u32 = 1 << 0;",
    "pub(crate) const REST: u32 = !BOTH & 0xff;",
    "pub(crate) const SHIFT: c_int = 9;",
    "pub(crate) const TWO: u32 = 0x2;",
  ]);
});

test("a constant whose body is another number in its own type, or no sum of numbers, is the number", async () => {
  const { macros } = await printed(
    `struct s { int a, b; };
#define SIZE (sizeof(struct s) | 0x40)
#define FAR (0x7fffffff + 1u)
#define BACK (FORTH)
#define FORTH (0 ? 1 : 0x30)
#define ROUND(x, y) ((x) * (y))
#define AREA ROUND(4, 4)
long f(long a) { return (a & SIZE) + (a & BACK) + (a & AREA); }
int g(int a) { return a == (int)FAR; }`,
    fn("f", "a: ::core::ffi::c_long", " -> ::core::ffi::c_long") + fn("g", "a: ::core::ffi::c_int", INT),
    { names: ["SIZE", "FAR", "BACK", "FORTH", "AREA"] },
  );
  assert.deepEqual(macros.split(/(?<=;) /), [
    "pub(crate) const AREA: c_long = 16;",
    "pub(crate) const BACK: c_long = 48;",
    "pub(crate) const FAR: c_int = -2147483648;",
    "pub(crate) const SIZE: c_ulong = 0x48;",
  ]);
});

test("numbers that are no i32 say their type as a macro's argument, also where several literals make one", async () => {
  const { bodies } = await printed(
    "void h(long long x);\n#define show(x) h((long long)(x))\nvoid f(int a) { show(1u << 31); show(0x80000000u); show(a); show(1 << 3); }",
    fn("h", "x: ::core::ffi::c_longlong") + fn("f", "a: ::core::ffi::c_int"),
    { names: ["show"] },
  );
  assert.equal(bodies.get("f"), "show!(1_u32 << 31); show!(0x80000000_u32); show!(a); show!(1 << 3);");
});

test("what is of literals alone says its type where nothing around it does: below a sign, in both branches, as a receiver, in a macro", async () => {
  const names = ["alone", "below", "either", "sum", "named", "constant"];
  const { bodies, macros } = await printed(
    `#define size(n) (1u << (n))
#define locks(n) ((n) < 10 ? 1 : size((n) - 10))
#define five(n) 5u
unsigned narrow(unsigned char b) { return b ? 1u << b : 7u; }
unsigned long alone(unsigned char b) { return 1u << b; }
unsigned long below(unsigned char b) { return ~(1u << b); }
unsigned long either(unsigned char b) { return b ? 1u << b : 7u; }
unsigned long sum(unsigned char b) { return (1u << b) + b; }
unsigned long named(unsigned char b) { return locks(b); }
unsigned long constant(unsigned char b) { return five(b); }`,
    fn("narrow", "b: u8", " -> u32") + names.map((n) => fn(n, "b: u8", " -> ::core::ffi::c_ulong")).join(""),
    { names: ["locks", "five"] },
  );
  assert.equal(bodies.get("narrow"), "if b != 0 { 1 << b } else { 7 }");
  assert.equal(bodies.get("alone"), "c_ulong::from(1_u32 << b)");
  assert.equal(bodies.get("below"), "c_ulong::from(!(1_u32 << b))");
  assert.equal(bodies.get("either"), "c_ulong::from(if b != 0 { 1_u32 << b } else { 7 })");
  assert.equal(bodies.get("sum"), "c_ulong::from((1_u32 << b).wrapping_add(u32::from(b)))");
  assert.equal(bodies.get("named"), "c_ulong::from(locks!(b))");
  assert.match(macros, /if \$n < 10 \{ 1_u32 \} else \{ 1 << \(\(\$n as c_int\) - 10\) \}/);
  assert.equal(bodies.get("constant"), "c_ulong::from(five!(b))");
  assert.match(macros, /=> \{ 5_u32 \}/);
});

test("a macro that no macro of Rust can be called, or one of the port's own, is written out", async () => {
  const { bodies, macros } = await printed(
    "#define self(x) ((x) * 2)\n#define at(a, i) ((a)[(i) + 1])\nint f(int *p) { return self(p[0]) + at(p, 1); }",
    fn("f", "p: *mut ::core::ffi::c_int", INT),
    { names: ["self", "at"] },
  );
  assert.equal(bodies.get("f"), "*p * 2 + *p.add(1 + 1)");
  assert.doesNotMatch(macros, /macro_rules! self/);
  assert.equal(macros.match(/macro_rules! at /g)?.length, 1, "the port's own");
});

test("a macro that has the name of one of core's is called by its path", async () => {
  const { bodies, macros } = await printed(
    "void h(int x);\n#define assert(x) do { if (!(x)) h(x); } while (0)\nvoid f(int a) { assert(a); }",
    fn("h", "x: ::core::ffi::c_int") + fn("f", "a: ::core::ffi::c_int"),
    { names: ["assert"] },
  );
  assert.equal(bodies.get("f"), "crate::macros::assert!(a);");
  assert.match(macros, /macro_rules! assert .*pub\(crate\) use \{assert\};/);
});

test("a static variable whose macro clears what it does not name has an unsafe block for it", async () => {
  const { bodies } = await printed(
    `struct inner { int a; };
struct limit { int burst; struct inner inner; int missed; };
#define LIMIT_INIT(n) { .burst = (n) }
void h(struct limit *l);
void f(void) { static struct limit l = LIMIT_INIT(3); h(&l); }`,
    "#[repr(C)] pub struct inner { pub a: i32 }\n#[repr(C)] pub struct limit { pub burst: i32, pub inner: inner, pub missed: i32 }\n" +
      fn("h", "l: *mut limit") +
      'unsafe extern "C" fn f() { static mut l: limit = limit { burst: 3, inner: inner { a: 0 }, missed: 0 }; }\n',
    { names: ["LIMIT_INIT"] },
  );
  assert.equal(bodies.get("f"), "static mut l: limit = unsafe { LIMIT_INIT!(3) }; h(&raw mut l);");
});

test("one with two values is none", async () => {
  const { bodies } = await printed(
    "#define N 1\nint f(void) { return N; }\n#undef N\n#define N 2\nint g(void) { return N; }",
    fn("f", "", INT) + fn("g", "", INT),
  );
  assert.deepEqual([bodies.get("f"), bodies.get("g")], ["1", "2"]);
});

test("a function-like macro is re-rolled from its expansion, its arguments are parameters", async () => {
  const { bodies, macros } = await printed(
    "#define pick(a, b) ({ __typeof__(a) __a = (a); __typeof__(b) __b = (b); __a < __b ? __a : __b; })\nint f(int x, int y) { return pick(x, y + 1); }\nunsigned g(unsigned x) { return pick(x, x); }",
    fn("f", "x: ::core::ffi::c_int, y: ::core::ffi::c_int", INT) + fn("g", "x: u32", " -> u32"),
    { names: ["pick"] },
  );
  assert.equal(bodies.get("f"), "pick!(x, y + 1)");
  assert.equal(bodies.get("g"), "pick!(x, x)");
  assert.match(
    macros,
    /macro_rules! pick \{ \(\$a:expr, \$b:expr\) => \{ \{ let __a = \$a; let __b = \$b; if __a < __b \{ __a \} else \{ __b \} \} \}; \}/,
  );
});

test("an object-like macro that is worked out where it stands keeps its name, as a value, a place, a statement and an initialiser", async () => {
  const { bodies, variables, macros } = await printed(
    `struct dev { int prio; unsigned regs[2]; };
struct dev *now(void); extern struct dev only;
#define current now()
#define ONLY (&only)
#define PRIO (only.prio)
#define FIRST (d->regs[0])
#define RESET do { only.prio = 0; only.regs[1] = 1; } while (0)
#define DEFAULTS { .prio = 7 }
#define OTHER current
#define NOTHING ((void *)0)
#define VAR only
struct dev mine = DEFAULTS; struct dev *where = ONLY;
int f(struct dev *d) { PRIO = 1; FIRST |= 2; RESET; VAR.prio++; return current->prio + OTHER->prio + PRIO; }
void *g(void) { return NOTHING; }`,
    `#[repr(C)] pub struct dev { pub prio: ::core::ffi::c_int, pub regs: [u32; 2] }\nextern "C" { pub static mut only: dev; fn now() -> *mut dev; }\nstatic mut mine: dev = dev { prio: 0, regs: [0; 2] };\nstatic mut where_0: *mut dev = 0 as *mut dev;\n${fn("f", "d: *mut dev", INT)}${fn("g", "", " -> *mut ::core::ffi::c_void")}`,
    { names: ["current", "ONLY", "PRIO", "FIRST", "RESET", "DEFAULTS", "OTHER", "NOTHING", "VAR"] },
  );
  assert.equal(
    bodies.get("f"),
    "PRIO!() = 1; FIRST!(d) |= 2; RESET!(); only.prio += 1; (*current!()).prio + (*OTHER!()).prio + PRIO!()",
  );
  assert.equal(bodies.get("g"), "core::ptr::null_mut()");
  assert.equal(variables.get("mine"), "static mut mine: dev = DEFAULTS!();");
  assert.doesNotMatch(macros, /NOTHING|VAR/);
  assert.match(macros, /macro_rules! FIRST \{ \(\$d:expr\) => \{ \(\*\$d\)\.regs\[0\] \}; \}/);
});

test("a macro that declares what it is given the name of keeps its name, and so does the variable", async () => {
  const { bodies, macros } = await printed(
    `struct list { struct list *next, *prev; };
#define LIST_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list name = LIST_INIT(name)
#define OWN struct list hidden = LIST_INIT(hidden)
#define BOTH(a, b) struct list a = LIST_INIT(a); struct list b = LIST_INIT(b)
void take(struct list *l);
void f(struct list *next) { LIST_HEAD(done); LIST_HEAD(prev); take(&done); take(&prev); take(done.next); }
void g(void) { OWN; take(&hidden); }
void h(void) { BOTH(one, two); take(&one); take(&two); }`,
    `#[repr(C)] pub struct list { pub next: *mut list, pub prev: *mut list }\nextern "C" { fn take(l: *mut list); }\n${fn("f", "next: *mut list")}${fn("g", "")}${fn("h", "")}`,
    { names: ["LIST_HEAD", "OWN", "BOTH"] },
  );
  assert.equal(
    bodies.get("f"),
    "LIST_HEAD!(done); LIST_HEAD!(prev); take(&raw mut done); take(&raw mut prev); take(done.next);",
  );
  assert.equal(
    macros,
    "macro_rules! LIST_HEAD { ($name:ident) => { let mut $name: list = core::mem::zeroed(); $name.next = &raw mut $name; $name.prev = &raw mut $name; }; } pub(crate) use {LIST_HEAD};",
  );
  // Nobody would see what the first declares, nor what a part of the second does.
  assert.doesNotMatch(`${bodies.get("g")}${bodies.get("h")}`, /OWN|BOTH/);
});

test("a type that is an argument is a parameter of the macro", async () => {
  const { bodies, macros } = await printed(
    "typedef unsigned int u32; typedef unsigned long size_t;\n#define as_type(type, x) ({ type __x = (type)(x); __x + 1; })\nunsigned f(int x) { return as_type(u32, x); }\nunsigned long g(int x) { return as_type(size_t, x); }",
    `pub type size_t = ::core::ffi::c_ulong;\n${fn("f", "x: ::core::ffi::c_int", " -> u32")}${fn("g", "x: ::core::ffi::c_int", " -> ::core::ffi::c_ulong")}`,
    { names: ["as_"] },
  );
  assert.equal(bodies.get("f"), "as_type!(u32, x)");
  assert.equal(bodies.get("g"), "as_type!(size_t, x)");
  assert.equal(macros, "");
});

test("a format is joined to what the macro says before it, and the rest of the arguments goes on", async () => {
  const crate = `extern "C" {\n    fn log(fmt: *const ::core::ffi::c_char, ...) -> ::core::ffi::c_int;\n}\n${fn("f", "x: ::core::ffi::c_int")}`;
  const { bodies, macros } = await printed(
    'int log(const char *fmt, ...);\n#define info(fmt, ...) log("<6>" fmt, ##__VA_ARGS__)\nvoid f(int x) { info("none\\n"); info("%d of %d\\n", x, 7); }',
    crate,
    { names: ["info"] },
  );
  assert.equal(bodies.get("f"), 'info!("none\\n"); info!("%d of %d\\n", x, 7);');
  assert.match(
    macros,
    /\(\$fmt:literal ?\$\(, \$args:expr\)\* \$\(,\)\?\) => \{ log\(concat!\("<6>", \$fmt, "\\0"\)\.as_ptr\(\)\.cast::<core::ffi::c_char>\(\) \$\(, \$args\)\*\) \}/,
  );
});

test("an array that a macro is given is a pointer to its elements, whatever the body makes of that", async () => {
  const { bodies, macros } = await printed(
    `typedef unsigned long size_t; void check(size_t s, size_t n); void *set(void *p, int c, size_t n);
#define set_of(p, c, size, of) ({ size_t s = (size_t)(size); check(s, of); set(p, c, s); })
#define fill(p, c, s) set_of(p, c, s, __builtin_object_size(p, 0))
char text[256]; void f(void) { fill(text, 0, 3); fill(text, 1, 4 * sizeof(char)); }`,
    `static mut text: [::core::ffi::c_char; 256] = [0; 256];\n${fn("check", "s: ::core::ffi::c_ulong, n: ::core::ffi::c_ulong")}${fn("set", "p: *mut ::core::ffi::c_void, c: ::core::ffi::c_int, n: ::core::ffi::c_ulong", " -> *mut ::core::ffi::c_void")}${fn("f", "")}`,
    { names: ["fill"] },
  );
  assert.equal(
    bodies.get("f"),
    "fill!((&raw mut text).cast::<c_char>(), 0, 3); fill!((&raw mut text).cast::<c_char>(), 1, 4 * sizeof!(type c_char));",
  );
  assert.match(macros, /check\(s, 256\); set\(\$p\.cast\(\), \$c, s\)/);
});

test("a macro of which a number is left, that its arguments make, is that number", async () => {
  const { bodies } = await printed(
    `#define length(x) __builtin_choose_expr(__builtin_constant_p(__builtin_strlen(x)), __builtin_strlen(x), 0ul)
#define seven() (7)
unsigned long f(void) { return length("abc"); }\nunsigned long g(void) { return length("abcd") + seven(); }`,
    fn("f", "", " -> ::core::ffi::c_ulong") + fn("g", "", " -> ::core::ffi::c_ulong"),
    { names: ["length"] },
  );
  assert.equal(bodies.get("f"), "3");
  assert.match(bodies.get("g") ?? "", /^4 \+ /);
});

test("the rest of a macro's arguments has the name that the C gives it", async () => {
  const { bodies, macros } = await printed(
    `void log(const char *fmt, ...);
#define info(fmt, arg...) log("<6>" fmt, ##arg)
void f(int a) { info("x %d", a); info("y"); }`,
    fn("log", "fmt: *const ::core::ffi::c_char, ...") + fn("f", "a: ::core::ffi::c_int"),
    { names: ["info"] },
  );
  assert.equal(bodies.get("f"), 'info!("x %d", a); info!("y");');
  assert.match(macros, /\(\$fmt:literal ?\$\(, \$arg:expr\)\* \$\(,\)\?\) => \{ log\(.* \$\(, \$arg\)\*\) \}/);
});

test("the rest of a macro's arguments goes on one by one to what takes a certain number", async () => {
  const c = `int with_one(int a); int with_two(int a, int b); void step(int x);
#define with(name, args...) for (int left = with_##name(args); left; left--)
#define first(a, args...) (with_one(args) + with_two(args, a))
void f(int a, int b) { with(one, a) step(1); with(two, a + 1, b) step(2); }
void g(int a, int b) { step(first(a, b)); }`;
  const { bodies, macros } = await printed(
    c,
    `${fn("with_one", "a: ::core::ffi::c_int", INT)}${fn("with_two", "a: ::core::ffi::c_int, b: ::core::ffi::c_int", INT)}${fn("step", "x: ::core::ffi::c_int")}${fn("f", "a: ::core::ffi::c_int, b: ::core::ffi::c_int")}${fn("g", "a: ::core::ffi::c_int, b: ::core::ffi::c_int")}`,
    { names: ["with", "first"] },
  );
  assert.equal(bodies.get("f"), "with!(one, a, { step(1); }); with!(two, a + 1, b, { step(2); });");
  assert.equal(bodies.get("g"), "step(first!(a, b));");
  assert.match(macros, /\(one, \$args:expr, \$body:block\) => \{\{ let mut left = with_one\(\$args\);/);
  assert.match(
    macros,
    /\(two, \$args:expr, \$args_2:expr, \$body:block\) => \{\{ let mut left = with_two\(\$args, \$args_2\);/,
  );
  assert.match(macros, /\(\$a:expr, \$args:expr\) => \{ with_one\(\$args\) \+ with_two\(\$args, \$a\) \};/);
});

test("what a macro does with its argument before it goes on is the macro's, not a part of the argument", async () => {
  const { bodies, macros } = await printed(
    `struct device;
void _info(struct device *d, const char *fmt, ...);
#define fmt_of(fmt) fmt
#define twice(x) ((x) + (x))
#define info_of(print, dev, fmt, ...) ({ print(dev, fmt, ##__VA_ARGS__); })
#define info(dev, fmt, ...) info_of(_info, dev, fmt_of(fmt), ##__VA_ARGS__)
#define say(dev, fmt, ...) info(dev, fmt, ##__VA_ARGS__)
void f(struct device *d, int a) { say(d, "one\\n"); say(d, "two %d\\n", twice(a)); }
int g(int a, int b) { return twice(a) * twice(b); }`,
    `${fn("_info", "d: *mut device, fmt: *const ::core::ffi::c_char, ...")}${fn("f", "d: *mut device, a: ::core::ffi::c_int")}${fn("g", "a: ::core::ffi::c_int, b: ::core::ffi::c_int", INT)}`,
    { names: ["say", "twice", "fmt_of"] },
  );
  assert.equal(bodies.get("f"), 'say!(d, "one\\n"); say!(d, "two %d\\n", twice!(a));');
  assert.doesNotMatch(macros, /one|two/);
});

test("a constant that a macro is given keeps its name, whether clang expands it before the macro or behind; one in the macro's text does not", async () => {
  const { bodies, variables, macros } = await printed(
    `void say(const char *fmt, ...);
#define PACE 32
#define UNIT 8
#define half(n) ((n) / 2)
#define counted(n) half((n) * UNIT)
#define info(fmt, ...) say(fmt, ##__VA_ARGS__)
int pace = half(PACE), count = counted(PACE);
void f(int a) { info("x", half(PACE), counted(a)); }
int g(int a) { return half(a) + counted(PACE); }`,
    `static mut pace: ::core::ffi::c_int = 0;\nstatic mut count: ::core::ffi::c_int = 0;\n${fn("say", "fmt: *const ::core::ffi::c_char, ...")}${fn("f", "a: ::core::ffi::c_int")}${fn("g", "a: ::core::ffi::c_int", INT)}`,
    { names: ["half", "counted", "info", "PACE", "UNIT"] },
  );
  assert.equal(variables.get("pace"), "static mut pace: c_int = half!(PACE);");
  assert.equal(variables.get("count"), "static mut count: c_int = counted!(PACE);");
  assert.equal(bodies.get("f"), 'info!("x", half!(PACE), counted!(a));');
  assert.equal(bodies.get("g"), "half!(a) + counted!(PACE)");
  assert.match(macros, /counted \{ \(\$n:expr\) => \{ \$n \* UNIT \/ 2 \}; \}/);
});

test("the head of a loop takes the loop's body last", async () => {
  const { bodies, macros } = await printed(
    "#define each(i, n) for ((i) = 0; (i) < (n); (i)++)\nvoid h(int i);\nvoid f(int n) { int i; each(i, n) { if (i == 3) continue; h(i); } }",
    fn("h", "i: ::core::ffi::c_int") + fn("f", "n: ::core::ffi::c_int"),
    { names: ["each"] },
  );
  assert.equal(bodies.get("f"), "let mut i: c_int; each!(i, n, { 'next: { if i == 3 { break 'next; } h(i); } });");
  assert.match(
    macros,
    /\(\$i:expr, \$n:expr, \$body:block\) => \{\{ \$i = 0; while \$i < \$n \{ \$body \$i \+= 1; \} \}\}/,
  );
});

test("a head may end with an if whose last branch it governs, and with a step that leaves: such a loop has one round", async () => {
  const crate = `${fn("lock", "n: ::core::ffi::c_int", INT)}${fn("held", "n: ::core::ffi::c_int", INT)}${fn("step", "x: ::core::ffi::c_int")}${["f", "g", "h"].map((name) => fn(name, "n: ::core::ffi::c_int")).join("")}`;
  const { bodies, macros, reasons } = await printed(
    `int lock(int n); int held(int n); void step(int x);
#define __scoped(n, label) for (int s = lock(n); held(s); ({ goto label; })) if (0) { label: break; } else
#define scoped(n) __scoped(n, done)
#define each_held(i, n) for (i = 0; i < (n); i++) if (!held(i)) {} else
void f(int n) { scoped(n) { if (n == 1) break; if (n == 2) continue; step(n); } }
void g(int n) { int i; each_held(i, n) { if (i == 3) continue; step(i); } }
void h(int n) { for (int s = lock(n); held(s); ({ goto done; })) { if (n == 4) goto done; if (0) { done: break; } else step(s); } }`,
    crate,
    { names: ["scoped", "each_held"] },
  );
  assert.equal(
    bodies.get("f"),
    "scoped!(n, { 'once: { if n == 1 { break 'once; } if n == 2 { break 'once; } step(n); } });",
  );
  assert.match(macros, /\(\$n:expr, \$body:block\) => \{\{ let s = lock\(\$n\); if held\(s\) != 0 \{ \$body \} \}\};/);
  assert.equal(
    bodies.get("g"),
    "let mut i: c_int; each_held!(i, n, { 'next: { if i == 3 { break 'next; } step(i); } });",
  );
  assert.match(macros, /while \$i < \$n \{ if held\(\$i\) == 0 \{ \} else \$body \$i \+= 1; \}/);
  // Something else jumps there.
  assert.equal(reasons.get("h"), "a jump into a block");
});

test("a local that a body names besides its arguments is given to it", async () => {
  const { bodies } = await printed(
    "int g(int a);\n#define TRY(x) ret = g(x)\nint f(int a) { int ret = 0; TRY(a); TRY(7); return ret; }",
    fn("g", "a: ::core::ffi::c_int", INT) + fn("f", "a: ::core::ffi::c_int", INT),
  );
  assert.equal(bodies.get("f"), "let mut ret = 0; TRY!(ret, a); TRY!(ret, 7); ret");
});

test("a macro that pastes an argument into a name has an arm for each", async () => {
  const { bodies, macros } = await printed(
    "int g(int a); int h(int a);\n#define CALL(which, x) which##_it(x)\nint g_it(int a); int h_it(int a);\nint f(int a) { return CALL(g, a) + CALL(g, 1) + CALL(h, a); }",
    fn("g_it", "a: ::core::ffi::c_int", INT) +
      fn("h_it", "a: ::core::ffi::c_int", INT) +
      fn("f", "a: ::core::ffi::c_int", INT),
    { names: ["CALL"] },
  );
  assert.equal(bodies.get("f"), "CALL!(g, a) + CALL!(g, 1) + CALL!(h, a)");
  assert.match(macros, /\(g, \$x:expr\) => \{ g_it\(\$x\) \}; \(h, \$x:expr\) => \{ h_it\(\$x\) \};/);
});

test("a macro whose bodies do not go together is written out where it is rarer", async () => {
  const { bodies } = await printed(
    "int four(int a); int eight(long a);\n#define TAKE(x) (sizeof(x) == 4 ? four(x) : eight(x))\nint f(int a, long b) { return TAKE(a) + TAKE(a + 1) + TAKE(b); }",
    fn("four", "a: ::core::ffi::c_int", INT) +
      fn("eight", "a: ::core::ffi::c_long", INT) +
      fn("f", "a: ::core::ffi::c_int, b: ::core::ffi::c_long", INT),
  );
  assert.equal(bodies.get("f"), "TAKE!(a) + TAKE!(a + 1) + eight(b)");
});

test("where a macro's value is of another integer, and its body another one, a use says the type", async () => {
  const { bodies, macros } = await printed(
    `#define UP(x, a) (((x) + (a) - 1) & ~((a) - 1))
long f(long a, unsigned b, int c) { return UP(a, 8L) + UP(a + 1, 8L) + UP(b, 4u) + UP(b + 1, 4u) + UP(c, 2); }`,
    fn("f", "a: ::core::ffi::c_long, b: u32, c: ::core::ffi::c_int", " -> ::core::ffi::c_long"),
    { names: ["UP"] },
  );
  // Sums of signed numbers are the same text for all of them.
  assert.equal(
    bodies.get("f"),
    "UP!(a, 8) + UP!(a + 1, 8) + c_long::from(UP!(b, 4, as u32)) + c_long::from(UP!(b + 1, 4, as u32)) + c_long::from(UP!(c, 2))",
  );
  assert.match(
    macros,
    /\(\$x:expr, \$a:expr\) => \{ \(\$x \+ \$a - 1\) & !\(\$a - 1\) \}; \(\$x:expr, \$a:expr, as u32\) => \{ \(\$x\.wrapping_add\(\$a\) - 1\)/,
  );
});

test("a macro that is another name of one is called by the name that the text says", async () => {
  const { bodies } = await printed(
    "#define __double(x) ((x) + (x))\n#define double_of __double\nint f(int a) { return double_of(a) + __double(a); }",
    fn("f", "a: ::core::ffi::c_int", INT),
  );
  assert.equal(bodies.get("f"), "double_of!(a) + __double!(a)");
});

test("one of a constant is no constant of its name", async () => {
  const { bodies, macros } = await printed(
    "#define __as_le32(x) ((unsigned)(x))\n#define as_le32 __as_le32\nvoid f(unsigned *p, unsigned a) { p[0] = as_le32(52); p[1] = as_le32(a); }\nvoid g(unsigned *p) { *p = as_le32(52); }",
    fn("f", "p: *mut u32, a: u32") + fn("g", "p: *mut u32"),
    { names: ["as_le32"] },
  );
  assert.equal(bodies.get("f"), "*p = as_le32!(52); *p.add(1) = as_le32!(a);");
  assert.equal(bodies.get("g"), "*p = as_le32!(52);");
  assert.doesNotMatch(macros, /const as_le32/);
});

test("a member of a member is a path, which a macro is given as C has it", async () => {
  const { bodies, macros } = await printed(
    `#define container_of(ptr, type, member) ({ void *__mptr = (void *)(ptr); ((type *)(__mptr - __builtin_offsetof(type, member))); })
struct inner { int a, func; }; struct outer { long x; struct inner port; int own; };
struct outer *f(int *p) { return container_of(p, struct outer, port.func); }
struct outer *g(int *p) { return container_of(p, struct outer, own); }`,
    `#[repr(C)] pub struct inner { pub a: ::core::ffi::c_int, pub func: ::core::ffi::c_int }\n#[repr(C)] pub struct outer { pub x: ::core::ffi::c_long, pub port: inner, pub own: ::core::ffi::c_int }\n${fn("f", "p: *mut ::core::ffi::c_int", " -> *mut outer")}${fn("g", "p: *mut ::core::ffi::c_int", " -> *mut outer")}`,
    { names: ["container_of"] },
  );
  assert.equal(bodies.get("f"), "container_of!(p, outer, port.func)");
  assert.equal(bodies.get("g"), "container_of!(p, outer, own)");
  assert.match(macros, /\$type_:ty, \$\(\$member:ident\)\.\+\) => .*offset_of!\(\$type_, \$\(\$member\)\.\+\)/);
});

test("the size of a member of nothing says of what type, and a macro's words for the two are its parameters", async () => {
  const { bodies, macros } = await printed(
    `struct foo { int a; unsigned short bar; struct { unsigned char in[6]; } deep; };
#define sizeof_field(TYPE, MEMBER) sizeof((((TYPE *)0)->MEMBER))
unsigned long f(void) { return sizeof_field(struct foo, bar) + sizeof_field(struct foo, a); }
unsigned long g(void) { return sizeof(((struct foo *)0)->deep.in); }
unsigned long h(void) { return sizeof(((struct foo *)0)->deep.in[0]); }`,
    `#[repr(C)] pub struct foo { pub a: ::core::ffi::c_int, pub bar: ::core::ffi::c_ushort, pub deep: inner }\n#[repr(C)] pub struct inner { pub in_0: [u8; 6] }\n${["f", "g", "h"].map((f) => fn(f, "", " -> ::core::ffi::c_ulong")).join("")}`,
    { names: ["sizeof_field"] },
  );
  assert.equal(bodies.get("f"), "sizeof_field!(foo, bar) + sizeof_field!(foo, a)");
  assert.match(macros, /\(\$TYPE:ty, \$MEMBER:ident\) => \{ sizeof!\(struct \$TYPE, \$MEMBER\) \};/);
  assert.match(bodies.get("g") ?? "", /sizeof!\(struct foo, deep\.in_0\)|sizeof!\(type \[u8; 6\]\)/);
  assert.equal(bodies.get("h"), "sizeof!(type u8)");
});

test("what C asserts when it is compiled, Rust does; not where a variable is asked about, and not within what a macro does besides", async () => {
  const { bodies, macros } = await printed(
    `#define compiletime_assert(condition, msg) do { __attribute__((noreturn)) extern void must_not(void) __attribute__((error(msg))); if (!(condition)) must_not(); } while (0)
#define BUILD_BUG_ON(condition) compiletime_assert(!(condition), "BUILD_BUG_ON failed: " #condition)
#define read(x) ({ compiletime_assert(sizeof(x) == 4, "odd"); (x) + 1; })
enum { FEW = 3 };
void g(int n);
int f(int a) { BUILD_BUG_ON(FEW > 4); BUILD_BUG_ON(sizeof(long) != 8); BUILD_BUG_ON(sizeof(a) != 4); g(1); return read(a); }`,
    `pub const FEW: ::core::ffi::c_int = 3;\n${fn("g", "n: ::core::ffi::c_int")}${fn("f", "a: ::core::ffi::c_int", INT)}`,
    { names: ["BUILD_BUG_ON", "read"] },
  );
  assert.equal(bodies.get("f"), "BUILD_BUG_ON!(FEW > 4); BUILD_BUG_ON!(sizeof!(type c_long) != 8); g(1); read!(a)");
  assert.match(macros, /BUILD_BUG_ON \{ \(\$condition:expr\) => \{\{ const \{ assert!\(!\$condition\) \}; \}\}; \}/);
  assert.doesNotMatch(macros, /read \{[^;]*assert/);
});

test("a macro that is a string is a constant, in tables as well; one that is made longer, or is several things, is none", async () => {
  const { bodies, variables, macros } = await printed(
    `#define NAME "kport"
#define LEVEL "\\001" "6"
#define TWO "one"
void say(const char *fmt); void log(const char *fmt, ...);
#define info(fmt, ...) log("<6>" fmt, ##__VA_ARGS__)
const char *name = NAME; char held[6] = NAME;
void f(int a) { say(NAME); say(LEVEL); say(NAME "!"); info(NAME ": %d", a); info("%s", NAME); }
void g(void) { say(TWO);
#undef TWO
#define TWO "two"
say(TWO); }`,
    `static mut name: *const ::core::ffi::c_char = 0 as *const _;\nstatic mut held: [::core::ffi::c_char; 6] = [0; 6];\n${fn("say", "fmt: *const ::core::ffi::c_char")}${fn("log", "fmt: *const ::core::ffi::c_char, ...")}${fn("f", "a: ::core::ffi::c_int")}${fn("g", "")}`,
    { names: ["NAME", "LEVEL", "TWO", "info"] },
  );
  assert.equal(
    bodies.get("f"),
    'say(NAME.as_ptr()); say(LEVEL.as_ptr()); say(c"kport!".as_ptr()); info!(NAME ": %d", a); info!("%s", NAME.as_ptr());',
  );
  assert.equal(bodies.get("g"), 'say(c"one".as_ptr()); say(c"two".as_ptr());');
  assert.equal(variables.get("name"), "static mut name: *const c_char = NAME.as_ptr();");
  assert.match(variables.get("held") ?? "", /= chars_of\("kport"\);/);
  assert.match(
    macros,
    /const LEVEL: &::core::ffi::CStr = c"\\x016"; pub\(crate\) const NAME: &::core::ffi::CStr = c"kport";/,
  );
  assert.doesNotMatch(macros, /const TWO/);
});

test("a macro that says its line, or an argument's own words, keeps its name", async () => {
  const c =
    "int say(const char *what, int line);\n#define MARK(x) say(#x, __LINE__)\nvoid f(int a) {\n\tMARK(a);\n\tMARK(a + 1);\n}\n";
  const { bodies, macros } = await printed(
    c,
    `${fn("say", "what: *const ::core::ffi::c_char, line: ::core::ffi::c_int", " -> ::core::ffi::c_int")}${fn("f", "a: ::core::ffi::c_int")}`,
    { names: ["MARK"] },
  );
  assert.equal(bodies.get("f"), 'MARK!(c"a", 4); MARK!(c"a + 1", 5);');
  assert.match(
    macros,
    /macro_rules! MARK \{ \(\$text:literal, \$line:literal\) => \{ say\(\$text\.as_ptr\(\), \$line\) \}; \}/,
  );
});

test("what a macro asks the truth of is given as a condition, and what the compiler is told to expect is one", async () => {
  const { bodies, macros } = await printed(
    `#define likely(x) __builtin_expect(!!(x), 1)\n#define WARN(c) ({ int ret = !!(c); if (ret) g(1); ret; })\nint g(int a);\nvoid f(int a, int *p) { if (likely(a)) g(2); if (likely(p)) g(3); if (WARN(a > 1) || WARN(!p)) g(4); }`,
    'unsafe extern "C" fn g(a: ::core::ffi::c_int) -> ::core::ffi::c_int {}\nunsafe extern "C" fn f(a: ::core::ffi::c_int, p: *mut ::core::ffi::c_int) {}\n',
    { names: ["likely", "WARN"] },
  );
  assert.equal(
    bodies.get("f"),
    "if likely!(a != 0) { g(2); } if likely!(!p.is_null()) { g(3); } if WARN!(a > 1) != 0 || WARN!(p.is_null()) != 0 { g(4); }",
  );
  assert.match(macros, /macro_rules! likely \{ \(\$x:expr\) => \{ \$x \}/);
});

test("of several bodies of a macro, that of the uses in the function's own text has the name", async () => {
  const { bodies } = await printed(
    `#define entry(ptr, type) ((type *)((char *)(ptr) - 8))\n#define first(pos, head) ((pos) = entry((head)->next, __typeof__(*pos)))\n#define second(pos, head) ((pos) = entry((head)->next, __typeof__(*pos)))\nstruct l { struct l *next; }; struct t { struct l l; };\nvoid f(struct l *h) { struct t *a, *b, *c; first(a, h); second(b, h); c = entry(h, struct t); }`,
    '#[repr(C)] struct l { pub next: *mut l }\n#[repr(C)] struct t { pub l: l }\nunsafe extern "C" fn f(h: *mut l) {}\n',
  );
  assert.equal(
    bodies.get("f"),
    "let a: *mut t = (*h).next.cast::<c_char>().sub(8).cast(); let b: *mut t = (*h).next.cast::<c_char>().sub(8).cast(); let c = entry!(h, t);",
  );
});

test("a macro that gives members of a literal keeps its name: the rest is what it makes", async () => {
  const { variables, macros } = await printed(
    `struct id { unsigned flags, vendor, product; unsigned long info; };
#define MATCH 3
#define DEVICE(vend, prod) .flags = MATCH, .vendor = (vend), .product = (prod)
#define TWICE(vend) DEVICE(vend, 1) }, { DEVICE(vend, 2)
const struct id ids[] = { { DEVICE(1, 0x10) }, { DEVICE(2, MATCH), .info = 7 }, { .vendor = 3 }, { } };
const struct id more[] = { { TWICE(5) } };`,
    `#[repr(C)] pub struct id { pub flags: u32, pub vendor: u32, pub product: u32, pub info: ::core::ffi::c_ulong }
static ids: [id; 4] = [];
static more: [id; 2] = [];`,
    { form: { ...BOLD, wrapping: true }, names: ["DEVICE", "MATCH"] },
  );
  assert.equal(
    variables.get("ids"),
    "static ids: [id; 4] = unsafe { [ DEVICE!(1, 0x10), id { info: 7, ..DEVICE!(2, MATCH) }, id { vendor: 3, ..core::mem::zeroed() }, core::mem::zeroed(), ] };",
  );
  // What goes on into the next literal is none that one could have.
  assert.match(variables.get("more") ?? "", /\[ id \{ flags: MATCH, vendor: 5, product: 1, info: 0, \}, id \{/);
  assert.equal(
    macros,
    "pub(crate) const MATCH: u32 = 3; macro_rules! DEVICE { ($vend:expr, $prod:expr) => { id { flags: MATCH, vendor: $vend as u32, product: $prod as u32, info: 0, } }; } pub(crate) use {DEVICE};",
  );
});

test("an argument that is a string in each use is given as one; where one is none, all are pointers", async () => {
  const c = `struct device; int log(const struct device *d, const char *f, ...);
#define dev_err(dev, fmt, ...) log(dev, fmt, ##__VA_ARGS__)
#define say(text) log(0, text)
void f(struct device *d, int a, const char *p) { dev_err(d, "no \\"%d\\"\\n", a); dev_err(d, "gone"); say("x"); say(p); }`;
  const { bodies, macros } = await printed(
    c,
    `pub struct device { _x: [u8; 0] }\nunsafe extern "C" { fn log(d: *const device, f: *const ::core::ffi::c_char, ...) -> ::core::ffi::c_int; }\n${fn("f", "d: *mut device, a: ::core::ffi::c_int, p: *const ::core::ffi::c_char")}`,
    { names: ["dev_err", "say"] },
  );
  assert.equal(bodies.get("f"), 'dev_err!(d, "no \\"%d\\"\\n", a); dev_err!(d, "gone"); say!(c"x".as_ptr()); say!(p);');
  assert.match(
    macros,
    /\(\$dev:expr, \$fmt:literal\$\(, \$args:expr\)\* \$\(,\)\?\) => \{ log\(\$dev, concat!\(\$fmt, "\\0"\)\.as_ptr\(\)\.cast::<core::ffi::c_char>\(\) \$\(, \$args\)\*\) \};/,
  );
});

test("what the compiler is asked to know decides at once, and a macro whose number is another helper's has an arm for each", async () => {
  const { bodies, macros } = await printed(
    `void known(int n, unsigned long *p); void first(unsigned long *p); void second(unsigned long *p); int h(void);
#define set(nr, addr) (__builtin_constant_p(nr) && (addr) != 0 && __builtin_constant_p(*(addr)) ? known(nr, addr) : pick_##nr(addr))
#define A 1
#define pick_A(p) first(p)
#define pick_B(p) second(p)
enum { B };
void f(unsigned long *p) { set(A, p); set(B, p); }
int g(int a) { return (h() && __builtin_constant_p(a)) || __builtin_constant_p(a); }`,
    fn("known", "n: ::core::ffi::c_int, p: *mut ::core::ffi::c_ulong") +
      fn("first", "p: *mut ::core::ffi::c_ulong") +
      fn("second", "p: *mut ::core::ffi::c_ulong") +
      fn("h", "", INT) +
      fn("f", "p: *mut ::core::ffi::c_ulong") +
      fn("g", "a: ::core::ffi::c_int", INT),
    { names: ["set"] },
  );
  assert.equal(bodies.get("f"), "set!(A, p); set!(B, p);");
  assert.equal(
    macros,
    "macro_rules! set { (A, $addr:expr) => { first($addr) }; (B, $addr:expr) => { second($addr) }; } pub(crate) use {set};",
  );
  // What is done all the same is not left out.
  assert.equal(bodies.get("g"), "c_int::from(h() != 0 && false)");
});

test("a constant that two types are asked of has that of those beside it", async () => {
  const c = (gap: string): string =>
    `#define REG_A 1\n#define REG_B 2\n${gap}#define REG_C 3\ntypedef unsigned char u8;\nvoid w(unsigned r); void b(u8 r);\nvoid f(void) { w(REG_A); w(REG_B); w(REG_C); b(REG_C); }`;
  const crate = fn("w", "r: u32") + fn("b", "r: u8") + fn("f", "");
  const names = ["REG_A", "REG_B", "REG_C"];
  const { macros, bodies } = await printed(c(""), crate, { names });
  assert.match(macros, /REG_C: u32 = 3;/);
  assert.equal(bodies.get("f"), "w(REG_A); w(REG_B); w(REG_C); b(REG_C as u8);");
  // Of another group: what C says.
  const { macros: apart } = await printed(c("\n"), crate, { names });
  assert.match(apart, /REG_C: c_int = 3;/);
});

test("an arm for a word that the body names as well says that word", async () => {
  const { variables, macros } = await printed(
    `struct c { int ty, header, x, y; };
#define H_ONE 3
#define H_TWO 4
#define U_ONE 8, 0
#define U_TWO 2, 1
#define ONE 1
#define TWO 2
#define DATA(type) type + 0, H_##type, U_##type
static const struct c table[] = { { DATA(ONE) }, { DATA(TWO) } };
const struct c *use(void) { return table; }`,
    "#[repr(C)] pub struct c { pub ty: ::core::ffi::c_int, pub header: ::core::ffi::c_int, pub x: ::core::ffi::c_int, pub y: ::core::ffi::c_int }\nstatic table: [c; 2] = [];",
    { names: ["DATA"] },
  );
  assert.equal(variables.get("table"), "static table: [c; 2] = [ DATA!(ONE, H_ONE), DATA!(TWO, H_TWO), ];");
  assert.match(macros, /\(\$type_:expr, H_TWO\) => \{ c \{ ty: [^,]*, header: H_TWO, x: 2, y: 1, \} \};/);
});

test("a body as deep, or a row of macros as long, as a stranger's build may make it is the number that it is", async () => {
  assert.equal(
    saidIn(`${"(".repeat(30_000)}1${")".repeat(30_000)}`, U32, () => undefined),
    undefined,
  );
  assert.deepEqual(saidIn("((1)) | 2", U32, () => undefined)?.value, 3n);
  const row = Array.from({ length: 60 }, (_, k) => `#define R${k} (R${k + 1} | 0)`).join("\n");
  const { macros } = await printed(
    `${row}\n#define R60 0x40\nunsigned f(unsigned a) { return a & R0; }`,
    fn("f", "a: u32", " -> u32"),
    { names: ["R0"] },
  );
  assert.equal(macros, "pub(crate) const R0: u32 = 0x40;");
});

test("a constant that macros make of bits is in hexadecimal, and a type that a macro is given is given, needed or not", async () => {
  const c = `#define __GENMASK(h, l) (((~0UL) << (l)) & (~0UL >> (63 - (h))))
#define GENMASK(h, l) (__GENMASK(h, l))
#define COUNT(n) ((n) * 2)
#define MODE_MASK GENMASK(6, 4)
#define WIDTH COUNT(56)
#define min_t(type, a, b) ({ type __a = (a); type __b = (b); __a < __b ? __a : __b; })
unsigned long f(unsigned long x) { return x & MODE_MASK; }
unsigned long g(unsigned long x) { return x + WIDTH; }
int h(int a, int b) { return min_t(int, a, b); }
`;
  const fn = (name: string, of: string, type: string): string => `unsafe extern "C" fn ${name}(${of}) -> ${type} {}\n`;
  const { bodies, macros } = await printed(
    c,
    fn("f", "x: ::core::ffi::c_ulong", "::core::ffi::c_ulong") +
      fn("g", "x: ::core::ffi::c_ulong", "::core::ffi::c_ulong") +
      fn("h", "a: ::core::ffi::c_int, b: ::core::ffi::c_int", "::core::ffi::c_int"),
    { names: ["MODE_MASK", "WIDTH", "min_t"] },
  );
  assert.match(macros, /MODE_MASK: c_ulong = 0x70;/);
  assert.match(macros, /WIDTH: c_ulong = 112;/);
  assert.equal(bodies.get("h"), "min_t!(c_int, a, b)");
});

test("an argument that is a negation stays one where the macro asks for the truth of it", async () => {
  const { bodies, macros } = await printed(
    "struct s { _Bool done; };\n#define unlikely(x) __builtin_expect(!!(x), 0)\nint f(struct s *d) { if (unlikely(!d->done)) return 1; return 0; }",
    `pub struct s { pub done: bool }\n${fn("f", "d: *mut s", INT)}`,
    { names: ["unlikely"] },
  );
  assert.equal(bodies.get("f"), "if unlikely!(!(*d).done) { return 1; } 0");
  assert.match(macros, /macro_rules! unlikely \{ \(\$x:expr\) => \{ .*\$x.* \}; \}/);
});

test("a string that C puts together of literals and macros is given so, and joined by the macro", async () => {
  const { bodies, macros } = await printed(
    `int _printk(const char *fmt, ...);
#define printk(fmt, ...) _printk(fmt, ##__VA_ARGS__)
#define LEVEL "\\001" "6"
#define NAME "drv"
#define PREFIX NAME ": "
void f(int a) { printk(LEVEL PREFIX "up %d" " of 2\\n", a); printk("plain\\n"); printk(LEVEL "down\\n"); }`,
    `extern "C" { fn _printk(fmt: *const ::core::ffi::c_char, ...) -> ::core::ffi::c_int; }\n${fn("f", "a: ::core::ffi::c_int")}`,
    { names: ["printk", "kport_text", "LEVEL", "PREFIX"] },
  );
  assert.match(
    bodies.get("f") ?? "",
    /^printk!\(LEVEL PREFIX "up %d of 2\\n", a\); printk!\("plain\\n"\); printk!\(LEVEL "down\\n"\);/,
  );
  assert.match(macros, /\(LEVEL\) => \{ "\\x016" \}; \(PREFIX\) => \{ "drv: " \};/);
  assert.match(macros, /\(\$part0:ident \$part1:ident \$part2:literal \$\(\$more:tt\)\*\)/);
  assert.match(macros, /concat!\(\$crate::macros::kport_text!\(\$part0\), \$part1\) \$\(\$more\)\*\)/);
});

test("and where another use is given no literal, it is pointed to", async () => {
  const { bodies, macros } = await printed(
    `int _printk(const char *fmt, ...);
#define printk(fmt, ...) _printk(fmt, ##__VA_ARGS__)
#define LEVEL "\\001" "6"
void f(const char *a) { printk(LEVEL "up\\n"); printk(a); }`,
    `extern "C" { fn _printk(fmt: *const ::core::ffi::c_char, ...) -> ::core::ffi::c_int; }\n${fn("f", "a: *const ::core::ffi::c_char")}`,
    { names: ["printk", "kport_text", "LEVEL"] },
  );
  assert.equal(bodies.get("f"), 'printk!(LEVEL "up\\n"); printk!(a);');
  assert.match(macros, /\$part1, "\\0"\)\.as_ptr\(\)\.cast::<(?:::)?core::ffi::c_char>\(\)/);
});

test("a macro's string that Rust cannot write is joined here", async () => {
  const { bodies } = await printed(
    `int _printk(const char *fmt, ...);
#define printk(fmt, ...) _printk(fmt, ##__VA_ARGS__)
#define BYTE "\\xff"
void f(void) { printk(BYTE "up\\n"); }`,
    `extern "C" { fn _printk(fmt: *const ::core::ffi::c_char, ...) -> ::core::ffi::c_int; }\n${fn("f", "")}`,
    { names: ["printk"] },
  );
  assert.doesNotMatch(bodies.get("f") ?? "", /BYTE/);
});
