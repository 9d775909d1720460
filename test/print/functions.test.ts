import assert from "node:assert/strict";
import { test } from "node:test";
import { BOLD, type Form, PLAIN } from "../../src/stages/print/form.ts";
import { printed } from "./print.ts";

const TYPES = "typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long size_t;\n";
const fn = (name: string, parameters: string, result = ""): string =>
  `unsafe extern "C" fn ${name}(${parameters})${result} {}\n`;

test("casts and suffixes stand only where C and Rust disagree", async () => {
  const { bodies } = await printed(
    `${TYPES}u32 f(u8 a, u32 b) { return a + b; }\nint g(u8 a) { return a == 3; }\nu8 h(int x) { return x; }`,
    fn("f", "a: u8, b: u32", " -> u32") +
      fn("g", "a: u8", " -> ::core::ffi::c_int") +
      fn("h", "x: ::core::ffi::c_int", " -> u8"),
  );
  assert.equal(bodies.get("f"), "u32::from(a).wrapping_add(b)");
  assert.equal(bodies.get("g"), "c_int::from(a == 3)");
  assert.equal(bodies.get("h"), "x as u8");
});

test("bits of what C promotes and narrows again are those of the narrow type", async () => {
  const { bodies } = await printed(
    `${TYPES}u8 f(u8 a, u8 b) { return (a & ~8) | b; }\nu8 g(u8 a, u32 b) { return a | b; }\nu8 h(u8 a) { return a & ~0x100; }`,
    fn("f", "a: u8, b: u8", " -> u8") + fn("g", "a: u8, b: u32", " -> u8") + fn("h", "a: u8", " -> u8"),
  );
  assert.equal(bodies.get("f"), "(a & !8) | b");
  assert.equal(bodies.get("g"), "(u32::from(a) | b) as u8");
  assert.equal(bodies.get("h"), "(c_int::from(a) & !0x100_i32) as u8");
});

test("what a place is given more of is computed before the place is read", async () => {
  const { bodies } = await printed(
    `${TYPES}u32 g(void);\nvoid f(u32 *p) { *p += g(); *p -= g(); *p += *p; }`,
    fn("g", "", " -> u32") + fn("f", "p: *mut u32"),
  );
  assert.equal(
    bodies.get("f"),
    "*p = g().wrapping_add(*p); { let right = g(); *p = (*p).wrapping_sub(right); } *p = (*p).wrapping_add(*p);",
  );
});

test("an assignment that a condition begins with stands before it, and one that may not be done stays in it", async () => {
  const { bodies } = await printed(
    `int g(int x); int *next(int *p); 
int f(int a) { int r; if ((r = g(a)) < 0) return r; if (a || (r = g(r))) return 1; else if ((r = g(r))) return 2; return r; }
int h(int *p) { int n = 0; while ((p = next(p))) n++; do n++; while ((n = g(n)) < 3); if (__builtin_expect(!!(!(p = next(p))), 0)) return n; return 0; }`,
    fn("g", "x: ::core::ffi::c_int", " -> ::core::ffi::c_int") +
      fn("next", "p: *mut ::core::ffi::c_int", " -> *mut ::core::ffi::c_int") +
      fn("f", "a: ::core::ffi::c_int", " -> ::core::ffi::c_int") +
      fn("h", "p: *mut ::core::ffi::c_int", " -> ::core::ffi::c_int"),
  );
  assert.equal(
    bodies.get("f"),
    "let mut r = 0; r = g(a); if r < 0 { return r; } if a != 0 || ({ r = g(r); r }) != 0 { return 1; } else { r = g(r); if r != 0 { return 2; } } r",
  );
  assert.equal(
    bodies.get("h"),
    "let mut n = 0; while { p = next(p); !p.is_null() } { n += 1; } loop { n += 1; n = g(n); if n >= 3 { break; } } p = next(p); if p.is_null() { return n; } 0",
  );
});

test("a structure without a name is found by the variable that it is the type of, and by the member", async () => {
  const crate = `#[repr(C)]
pub struct inside_0 { pub a: ::core::ffi::c_int }
#[repr(C)]
pub union fifo_inner { pub inside: inside_0, pub buf: *mut ::core::ffi::c_int }
#[repr(C)]
pub struct fifo_type { pub anon: fifo_inner, pub n: ::core::ffi::c_int }
#[repr(C)]
pub struct item_head { pub x: ::core::ffi::c_int }
#[repr(C)]
pub struct item { pub head: [item_head; 2] }
static mut fifo: fifo_type = fifo_type { anon: fifo_inner { buf: ::core::ptr::null_mut() }, n: 0 };
`.replace("pub anon", "pub inner");
  const { bodies } = await printed(
    `static struct { union { struct { int a; } inside; int *buf; }; int n; } fifo; struct item { struct { int x; } head[2]; };
int f(void) { typeof(fifo) *p = &fifo; typeof(fifo.inside) *q = &p->inside; return p->n + q->a; }
int g(struct item *i) { typeof(i->head[0]) *h = &i->head[1]; return h->x; }`,
    crate + fn("f", "", " -> ::core::ffi::c_int") + fn("g", "i: *mut item", " -> ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), "let p = &raw mut fifo; let q = &raw mut (*p).inner.inside; (*p).n + (*q).a");
  assert.equal(bodies.get("g"), "let h = &raw mut (*i).head[1]; (*h).x");
});

test("a variable is declared at its first value, without mut where nothing changes it", async () => {
  const { bodies } = await printed(
    `${TYPES}int g(u32 *p);\nint f(u32 a) { int ret; u32 x; u32 y; x = a; ret = g(&y); if (ret) return ret; return x + y; }`,
    fn("g", "p: *mut u32", " -> ::core::ffi::c_int") + fn("f", "a: u32", " -> ::core::ffi::c_int"),
  );
  assert.equal(
    bodies.get("f"),
    "let mut y: u32 = 0; let x = a; let ret = g(&raw mut y); if ret != 0 { return ret; } x.wrapping_add(y) as c_int",
  );
});

test("a goto to further down leaves a labelled block, one to further up begins a loop anew", async () => {
  const crate =
    fn("g", "", " -> ::core::ffi::c_int") + fn("h", "") + fn("f", "", " -> ::core::ffi::c_int") + fn("again", "");
  const { bodies } = await printed(
    "int g(void); void h(void);\nint f(void) { int ret = g(); if (ret) goto out; h();\nout: return ret; }\nvoid again(void) {\nretry: if (g()) goto retry; h(); }",
    crate,
  );
  assert.equal(bodies.get("f"), "let ret = g(); 'out: { if ret != 0 { break 'out; } h(); } ret");
  assert.equal(bodies.get("again"), "'retry: loop { if g() != 0 { continue 'retry; } break 'retry; } h();");
});

test("a loop that a jump back makes ends behind the last use of what it declares, and with the block where something is cleaned up", async () => {
  const crate =
    fn("g", "x: ::core::ffi::c_int", " -> ::core::ffi::c_int") +
    fn("h", "") +
    fn("end", "p: *mut ::core::ffi::c_int") +
    fn("last", "x: ::core::ffi::c_int", " -> ::core::ffi::c_int") +
    fn("scope", "x: ::core::ffi::c_int", " -> ::core::ffi::c_int");
  const { bodies } = await printed(
    `int g(int x); void h(void); void end(int *p);
int last(int x) {\nretry:; int a = g(x); if (a) goto retry; h(); x = a; h(); return x; }
int scope(int x) {\nretry:; int a __attribute__((cleanup(end))) = g(x); if (a) goto retry; h(); return x; }`,
    crate,
  );
  assert.equal(
    bodies.get("last"),
    "'retry: loop { let a = g(x); if a != 0 { continue 'retry; } h(); x = a; break 'retry; } h(); x",
  );
  assert.equal(
    bodies.get("scope"),
    "'retry: loop { let mut a = g(x); let _a_end = at_end!(a, end); if a != 0 { continue 'retry; } h(); return x; }",
  );
});

test("what an answer that is known leaves out is not looked for", async () => {
  const { bodies } = await printed(
    "extern int *gone; extern void never(void); void h(int *p);\nvoid f(int *p) { if ((__builtin_constant_p(p == gone) && p == gone) || (__builtin_constant_p(*p) && *gone)) never(); if (!__builtin_constant_p(p == gone) && p) h(p); if (__builtin_constant_p(p == gone) || p) h(p); }",
    fn("h", "p: *mut ::core::ffi::c_int") + fn("f", "p: *mut ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), "if !p.is_null() { h(p); } if !p.is_null() { h(p); }");
});

test("a variable that its own initialiser names is declared before", async () => {
  const { bodies } = await printed(
    "struct head { int first; };\nvoid start(struct head *h); int g(struct head *h);\nint f(void) { struct head h = ({ start(&h); h; }); int *p = (int *)&p; return p ? g(&h) : 0; }",
    `pub struct head { pub first: ::core::ffi::c_int }\n${fn("start", "h: *mut head")}${fn("g", "h: *mut head", " -> ::core::ffi::c_int")}${fn("f", "", " -> ::core::ffi::c_int")}`,
  );
  assert.equal(
    bodies.get("f"),
    "let mut h = head { first: 0 }; h = { start(&raw mut h); h }; let mut p: *mut c_int = core::ptr::null_mut(); p = (&raw mut p).cast(); if !p.is_null() { g(&raw mut h) } else { 0 }",
  );
});

test("what continues a loop without a second round leaves it", async () => {
  const { bodies } = await printed(
    "int g(int x); void h(void);\nvoid f(int n) { while (n--) { do { if (g(n)) continue; h(); } while (0); } }",
    fn("g", "x: ::core::ffi::c_int", " -> ::core::ffi::c_int") + fn("h", "") + fn("f", "n: ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), "while post_dec!(n) != 0 { 'once: { if g(n) != 0 { break 'once; } h(); } }");
});

test("a jump back to the function's end is that end once more", async () => {
  const crate = fn("g", "", " -> ::core::ffi::c_int") + fn("h", "") + fn("f", "", " -> ::core::ffi::c_int");
  const { bodies } = await printed(
    "int g(void); void h(void);\nint f(void) { int ret = g(); if (ret) goto failed; ret = g(); if (ret == 2) goto out; h();\nout: h(); return ret;\nfailed: h(); goto out; }",
    crate,
  );
  assert.equal(
    bodies.get("f"),
    "let mut ret = g(); 'failed: { if ret != 0 { break 'failed; } ret = g(); 'out: { if ret == 2 { break 'out; } h(); } h(); return ret; } h(); h(); ret",
  );
});

test("a place that does something is found once, in its step, its compound assignment and their values", async () => {
  const crate =
    fn("at", "", " -> *mut u32") +
    fn("step", "", " -> u32") +
    fn("add", "place: u32") +
    fn("both", "") +
    fn("give", "", " -> u32");
  const { bodies, reasons } = await printed(
    `${TYPES}u32 *at(void); u32 step(void) { (*at())++; return (*at())--; }\nvoid add(u32 place) { *at() |= place; }\nvoid both(void) { *at() += *at(); }\nu32 give(void) { u32 value = 1; return *at() = value; }`,
    crate,
  );
  assert.equal(
    bodies.get("step"),
    "{ let place = at(); *place += 1 } { let place = at(); let before = *place; *place -= 1; before }",
  );
  assert.equal(bodies.get("add"), "{ let place_ = at(); *place_ |= place }");
  assert.equal(reasons.get("both"), "a compound assignment both sides of which do something");
  assert.equal(bodies.get("give"), "let value: u32 = 1; { let value_: u32 = value; *at() = value_; value_ }");
});

test("a string that initialises an array is its characters", async () => {
  const { bodies } = await printed(
    `${TYPES}void g(u8 *p);\nvoid f(void) { u8 text[6] = "abc"; g(text); }`,
    fn("g", "p: *mut u8") + fn("f", ""),
  );
  assert.equal(bodies.get("f"), 'let mut text: [u8; 6] = const { bytes_of("abc") }; g((&raw mut text).cast());');
});

test("assembly out of a macro of which the rest is Rust is its helper's call, and a word of Rust's is found by its name in C", async () => {
  const c =
    '#define GET(x) ({ int got; asm("" : "=r"(got) : "r"(x)); got + 1; })\nint f(int priv) { return GET(priv); }\n';
  const crate =
    fn("f", "priv_0: ::core::ffi::c_int", " -> ::core::ffi::c_int") +
    'extern "C" { fn kport_u_asm_1(priv_0: ::core::ffi::c_int, got: *mut ::core::ffi::c_int); }\n';
  const moved = [
    {
      func: "f",
      file: "unit.c",
      line: 2,
      assembly: true as const,
      symbol: "kport_u_asm_1",
      plain: "asm",
      arguments: [
        { local: "priv", address: false },
        { local: "got", address: true },
      ],
      lvalue: false,
    },
  ];
  const { bodies } = await printed(c, crate, { moved, renamed: new Map([["priv", "priv_0"]]), form: PLAIN });
  assert.equal(bodies.get("f"), "return { let mut got = 0; kport_u_asm_1(priv_0, &raw mut got); got + 1 };");
  assert.equal(
    (await printed(c, crate, { moved: [...moved, ...moved], renamed: new Map([["priv", "priv_0"]]) })).reasons.get("f"),
    "kport_u_asm_1 stands for what is not found again",
  );
});

test("a jump into the last branch of an if leaves a block that the branch follows", async () => {
  const crate =
    fn("g", "", " -> ::core::ffi::c_int") +
    fn("h", "x: ::core::ffi::c_int") +
    fn("f", "", " -> ::core::ffi::c_int") +
    fn("either", "a: ::core::ffi::c_int");
  const { bodies } = await printed(
    `int g(void); void h(int x);
int f(void) { int err = g(); if (err) goto failed; err = g(); if (err) { h(1); failed: h(2); } return err; }
void either(int a) { if (a == 1) goto in; if (a) { h(1); } else { h(2); in: h(3); } h(4); }`,
    crate,
  );
  assert.equal(
    bodies.get("f"),
    "let mut err = g(); 'skip_failed: { 'failed: { if err != 0 { break 'failed; } err = g(); if err == 0 { break 'skip_failed; } h(1); } h(2); } err",
  );
  assert.equal(
    bodies.get("either"),
    "'skip_in_: { 'in_: { if a == 1 { break 'in_; } if a != 0 { h(1); break 'skip_in_; } h(2); } h(3); } h(4);",
  );
});

test("a jump into a block is refused by name", async () => {
  const { bodies, reasons } = await printed(
    "void h(void);\nvoid f(int a) { if (a) goto in; while (a--) { h();\nin: h(); } }",
    fn("h", "") + fn("f", "mut a: ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), undefined);
  assert.equal(reasons.get("f"), "a jump into a block");
});

test("a switch is a match: a short case that runs on is written twice, a break in the middle leaves it", async () => {
  const crate = fn("h", "x: ::core::ffi::c_int") + fn("f", "a: u8");
  const { bodies } = await printed(
    `${TYPES}void h(int x);\nvoid f(u8 a) { switch (a) { case 1: h(1); __attribute__((fallthrough)); case 2: case 3: if (a == 2) break; h(2); break; case 'a' ... 'z': h(3); } }`,
    crate,
  );
  assert.equal(
    bodies.get("f"),
    "'cases: {match a { 1 => { h(1); if a == 2 { break 'cases; } h(2); } 2 | 3 => { if a == 2 { break 'cases; } h(2); } b'a'..=b'z' => h(3), _ => { } }}",
  );
});

test("in the form that keeps the code, ranges of cases are compared one after the other", async () => {
  const { bodies } = await printed(
    `${TYPES}void h(void);\nvoid f(u8 a) { switch (a) { case 1 ... 9: h(); } }`,
    fn("h", "") + fn("f", "a: u8"),
    { form: PLAIN },
  );
  assert.equal(bodies.get("f"), "match case_ranges!(a; 1..=9) { 1 => h(), _ => { } }");
});

test("continue runs the step of its loop, through labelled blocks as well", async () => {
  const { bodies } = await printed(
    "int g(int i);\nvoid f(int n) { int i; for (i = 0; i < n; i += 2) { if (g(i)) continue; g(n); } }",
    fn("g", "i: ::core::ffi::c_int", " -> ::core::ffi::c_int") + fn("f", "n: ::core::ffi::c_int"),
  );
  assert.equal(
    bodies.get("f"),
    "let mut i = 0; while i < n { 'next: { if g(i) != 0 { break 'next; } g(n); } i += 2; }",
  );
});

test("a loop that does nothing but count is one over a range, of each variable of which nobody asks for more", async () => {
  const body = async (text: string): Promise<string | undefined> =>
    (
      await printed(
        `#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))\nextern int table[9]; int g(int i); void take(int *p);\nvoid f(int n) { ${text} }`,
        `${fn("g", "i: ::core::ffi::c_int", " -> ::core::ffi::c_int")}${fn("take", "p: *mut ::core::ffi::c_int")}static mut table: [::core::ffi::c_int; 9] = [0; 9];\n${fn("f", "n: ::core::ffi::c_int")}`,
        { names: ["ARRAY_SIZE"] },
      )
    ).bodies.get("f");
  const counted: [string, string][] = [
    [
      "int i; for (i = 0; i < n; i++) { if (g(i)) continue; g(n); }",
      "for i in 0..n { if g(i) != 0 { continue; } g(n); }",
    ],
    ["int i, k = n; for (i = 3; i < 2 * k - 1; ++i) g(i);", "let k = n; for i in 3..2 * k - 1 { g(i); }"],
    ["int i; for (i = n; i < 4; i++) g(i);", "for i in n..4 { g(i); }"],
    ["for (int i = 0; i < 4; i += 1) g(n);", "for _ in 0..4 { g(n); }"],
    [
      "unsigned i; for (i = 0; i < ARRAY_SIZE(table); i++) g(table[i]); for (i = 0; i < 4u; i++) g(i);",
      "for i in 0..ARRAY_SIZE!(table) as u32 { g(at!(table, i)); } for i in 0_u32..4 { g(i as c_int); }",
    ],
  ];
  for (const [c, rust] of counted) assert.equal(await body(c), rust);
  const not = [
    // Asked for behind the loop, given a value in it or elsewhere, or its place given away.
    "int i; for (i = 0; i < n; i++) g(i); g(i);",
    "int i; for (i = 0; i < n; i++) { g(i); i++; }",
    "int i; for (i = 0; i < n; i++) take(&i);",
    "volatile int i; for (i = 0; i < n; i++) g(n);",
    // Up to what the loop changes, what others may change, what is compared in another type, or what the counter never is.
    "int i; for (i = 0; i < n; i++) n = g(i);",
    "int i, k = n; take(&k); for (i = 0; i < k; i++) g(i);",
    "int i; for (i = 0; i < table[0]; i++) g(i);",
    "int i; for (i = 0; i < (unsigned)n; i++) g(i);",
    "unsigned i; for (i = n; i < sizeof(table); i++) g(i);",
    "unsigned char i; for (i = 0; i < 300; i++) if (g(n)) break;",
    // By another step, or to another end.
    "int i; for (i = 0; i < n; i += 2) g(i);",
    "int i; for (i = 0; i <= n; i++) g(i);",
    "int i; for (i = n; i > 0; i--) g(i);",
  ];
  for (const c of not) assert.match((await body(c)) ?? "", /while |loop /, c);
});

test("the complement of what is constant is taken in the type that its bits are wanted in, where that is no wider and has no sign", async () => {
  const { bodies } = await printed(
    `${TYPES}#define A 1u\n#define B 0x10u\nvoid g(u32);\nvoid f(u32 *p, u8 *b, size_t *l, int *s) { *p = A + B; *p &= ~(1 | 2); *b &= ~1; *l &= ~1; *s &= ~1; g(~3); }`,
    `unsafe extern "C" fn g(a: u32) {}\n${fn("f", "p: *mut u32, b: *mut u8, l: *mut ::core::ffi::c_ulong, s: *mut ::core::ffi::c_int")}`,
  );
  assert.equal(
    bodies.get("f"),
    "*p = A + B; *p &= !(1 | 2); *b &= !1_u8; *l &= !1_i32 as c_ulong; *s &= !1_i32; g(!3_u32);",
  );
});

test("a volatile object is read and written each time, and nothing else is", async () => {
  const { bodies } = await printed(
    `${TYPES}u32 f(volatile u32 *p, u32 *q) { *p = *q; *q = *p; return *p; }`,
    fn("f", "p: *mut u32, q: *mut u32", " -> u32"),
  );
  assert.equal(bodies.get("f"), "p.write_volatile(*q); *q = p.read_volatile(); p.read_volatile()");
});

test("bit-fields are read and written through their accessors", async () => {
  const crate = `pub struct s { pub a_b: [u8; 1] }\nimpl s {\n    #[inline(always)]\n    pub const fn a(&self) -> u32 { 0 }\n    pub const fn set_a(&mut self, value: u32) {}\n}\n${fn("f", "p: *mut s", " -> ::core::ffi::c_int")}`;
  const { bodies } = await printed(
    "struct s { unsigned a : 3; unsigned b : 5; };\nint f(struct s *p) { p->a = 2; p->a += 1; return p->a ? 1 : 0; }",
    crate,
  );
  assert.equal(bodies.get("f"), "(*p).set_a(2); (*p).set_a((*p).a() + 1); if (*p).a() != 0 { 1 } else { 0 }");
});

test("what is written to a bit-field is computed first where it is told the structure's address", async () => {
  const { bodies, reasons } = await printed(
    "struct s { unsigned a : 3; unsigned b : 5; };\nunsigned next(struct s *);\nvoid f(struct s *p) { struct s own = *p; own.a = next(&own); own.b = next(p); p->b = next(&own); p->a = own.a; }",
    `#[derive(Copy, Clone)] pub struct s { pub a_b: [u8; 1] }\nimpl s {\n    pub const fn a(&self) -> u32 { 0 }\n    pub const fn set_a(&mut self, value: u32) {}\n    pub const fn b(&self) -> u32 { 0 }\n    pub const fn set_b(&mut self, value: u32) {}\n}\nunsafe extern "C" { fn next(p: *mut s) -> u32; }\n${fn("f", "p: *mut s")}`,
  );
  assert.deepEqual([...reasons], []);
  assert.equal(
    bodies.get("f"),
    "let mut own = *p; { let right = next(&raw mut own); own.set_a(right); } own.set_b(next(p)); (*p).set_b(next(&raw mut own)); (*p).set_a(own.a());",
  );
});

test("bit-fields of an aligned structure within a packed one are reached by its address; those of the packed one, and of what need not be aligned, are not", async () => {
  const accessors = (record: string, name: string, type: string): string =>
    `impl ${record} {\n    pub const fn ${name}(&self) -> ${type} { 0 }\n    pub const fn set_${name}(&mut self, value: ${type}) {}\n}\n`;
  const crate = `#[repr(C, packed)] pub struct s { pub c: [u8; 1], pub in_: wide, pub small: narrow, pub list: [wide; 2] }\n${accessors("s", "c", "u8")}pub struct wide { pub a: [u8; 2] }\n${accessors("wide", "a", "u16")}pub struct narrow { pub b: [u8; 1] }\n${accessors("narrow", "b", "u8")}${fn("f", "p: *mut s")}${fn("g", "p: *const s", " -> ::core::ffi::c_int")}`;
  const { bodies, reasons } = await printed(
    "struct s { unsigned char c : 4; struct wide { unsigned short a : 3; } in_; struct narrow { unsigned char b : 3; } small; struct wide list[2]; } __attribute__((packed));\nvoid f(struct s *p) { p->in_.a = 2; p->small.b = 1; p->c = 3; p->list[1].a = 4; }\nint g(const struct s *p) { return p->in_.a; }",
    crate,
  );
  assert.deepEqual([...reasons], []);
  assert.equal(
    bodies.get("f"),
    "(*(&raw mut (*p).in_)).set_a(2); (*p).small.set_b(1); (*p).set_c(3); (*(&raw mut (*p).list[1])).set_a(4);",
  );
  assert.equal(bodies.get("g"), "c_int::from((*(&raw const (*p).in_)).a())");
});

test("what the crate does not have is a reason", async () => {
  const { reasons } = await printed("void gone(void);\nvoid f(void) { gone(); }", fn("f", ""));
  assert.equal(reasons.get("f"), "gone() is not in the crate");
});

test("comments and blank lines keep their places", async () => {
  const { texts } = await printed(
    "void h(void);\n/** Does\n * both. */\nvoid f(int a)\n{\n\t/* first */\n\th();\n\n\tif (a) { // why\n\t\th(); /* behind */\n\t\t/* at the end */\n\t}\n}\n",
    fn("h", "") + fn("f", "a: ::core::ffi::c_int"),
  );
  assert.equal(
    texts.get("f"),
    [
      "/// Does",
      "/// both.",
      "unsafe fn f(a: c_int) {",
      "    /* first */",
      "    h();",
      "",
      "    if a != 0 {",
      "        // why",
      "        h(); /* behind */",
      "        /* at the end */",
      "    }",
      "}",
    ].join("\n"),
  );
});

test("a call of what moved into a helper stands where the C has the macro", async () => {
  const c = '#define CHECK(x) ({ int __r = (x); asm("" : : "r"(__r)); __r; })\nint f(int a) { return CHECK(a) + 1; }\n';
  const crate = `extern "C" {\n    fn kport_u_CHECK_1(a: ::core::ffi::c_int) -> ::core::ffi::c_int;\n}\n${fn("f", "a: ::core::ffi::c_int", " -> ::core::ffi::c_int")}`;
  const moved = [
    {
      func: "f",
      file: "unit.c",
      line: 2,
      offset: c.indexOf("CHECK(a)"),
      macro: "CHECK",
      symbol: "kport_u_CHECK_1",
      plain: "CHECK",
      arguments: [{ local: "a", address: false }],
      lvalue: false,
    },
  ];
  const { bodies, macros } = await printed(c, crate, { moved, names: ["CHECK"] });
  assert.equal(bodies.get("f"), "CHECK!(a) + 1");
  assert.match(macros, /macro_rules! CHECK \{ \(\$a:ident\) => \{ kport_u_CHECK_1\(\$a\) \}; \}/);
  const plain = await printed(c, crate, { moved, form: PLAIN });
  assert.equal(plain.bodies.get("f"), "return kport_u_CHECK_1(a) + 1;");
  assert.equal((await printed(c, crate)).reasons.get("f"), "assembly");
});

test("a clean-up is called when the scope of its variable ends; one that the crate does not have is a reason", async () => {
  const c = "void end(int *p);\nvoid f(void) { __attribute__((cleanup(end))) int a = 1; (void)a; }";
  const { bodies } = await printed(c, fn("end", "p: *mut ::core::ffi::c_int") + fn("f", ""));
  assert.equal(bodies.get("f"), "let mut a = 1; let _a_end = at_end!(a, end);");
  const { reasons } = await printed(c, fn("f", ""));
  assert.equal(reasons.get("f"), "a variable with a clean-up that is not in the crate");
});

test("a variable that one body uses is declared there, where it is given its value first", async () => {
  const crate = fn("g", "", " -> ::core::ffi::c_int") + fn("f", "a: ::core::ffi::c_int", " -> ::core::ffi::c_int");
  const { bodies } = await printed(
    "int g(void);\nint f(int a) { int ret; if (a) { ret = g(); if (ret) return ret; } return 0; }",
    crate,
  );
  assert.equal(bodies.get("f"), "if a != 0 { let ret = g(); if ret != 0 { return ret; } } 0");
  const kept = await printed(
    "int g(void);\nint f(int a) { int n = 0, ret; while (g()) { if (n++) a += ret; ret = a; } return a; }",
    crate,
  );
  assert.match(kept.bodies.get("f") ?? "", /^let mut n = 0; let mut ret = 0; while/);
});

test("a variable that several bodies use is declared in each that gives it a value first, cases that run on excepted", async () => {
  const crate = `${fn("g", "", " -> ::core::ffi::c_int")}${fn("h", "a: ::core::ffi::c_int")}${fn("f", "a: ::core::ffi::c_int")}`;
  const head = "int g(void); void h(int a);\n";
  const apart = await printed(
    `${head}void f(int a) { int n; switch (a) { case 1: n = g(); h(n); break; case 2: h(2); break; default: if (a) { n = 2; n += a; h(n); } } }`,
    crate,
  );
  assert.equal(
    apart.bodies.get("f"),
    "match a { 1 => { let mut n = g(); h(n); } 2 => h(2), _ => { if a != 0 { let mut n = 2; n += a; h(n); } } }",
  );
  const branches = await printed(
    `${head}void f(int a) { int n; if (a) { n = g(); if (n) h(n); } else { n = 3; h(n); } }`,
    crate,
  );
  assert.equal(branches.bodies.get("f"), "if a != 0 { let n = g(); if n != 0 { h(n); } } else { let n = 3; h(n); }");
  const later = await printed(
    `${head}void f(int a) { int n; if (a) { n = g(); if (n) h(n); } h(a); if (g()) { n = 3; h(n); } }`,
    crate,
  );
  assert.equal(
    later.bodies.get("f"),
    "if a != 0 { let n = g(); if n != 0 { h(n); } } h(a); if g() != 0 { let n = 3; h(n); }",
  );
  for (const body of [
    // It runs on with the value; it is used behind; one body asks for the value that it had.
    "int n; switch (a) { case 1: n = g(); case 2: n = 2; h(n); }",
    "int n; if (a) n = g(); else n = 3; h(n);",
    "int n; while (g()) if (a) { n = g(); h(n); } else { h(n); }",
  ]) {
    const { bodies } = await printed(`${head}void f(int a) { ${body} }`, crate);
    assert.match(bodies.get("f") ?? "", /^let mut n = 0;/, body);
  }
});

test("elements of arrays are found without bounds, and written only where C writes them", async () => {
  const crate = "static mut table: [u32; 4] = [0; 4];\n" + fn("f", "i: ::core::ffi::c_int", " -> u32");
  const { bodies } = await printed(
    `${TYPES}static u32 table[4];\nu32 f(int i) { table[i] = 1; table[2] = 3; return table[i + 1]; }`,
    crate,
  );
  assert.equal(bodies.get("f"), "at_mut!(table, i) = 1; table[2] = 3; at!(table, i + 1)");
});

test("an object without a name whose address is taken is declared before the statement, and not where there is no such place", async () => {
  const crate = `pub struct s { pub a: u32 }\n${fn("g", "p: *mut s", " -> ::core::ffi::c_int")}${fn("f", "")}`;
  const { bodies } = await printed(
    `${TYPES}struct s { u32 a; };\nint g(struct s *p);\nvoid f(void) { g(&(struct s){ .a = 3 }); }`,
    crate,
  );
  assert.equal(bodies.get("f"), "let mut literal: s = s { a: 0 }; literal.a = 3; g(&raw mut literal);");
  const { reasons } = await printed(
    `${TYPES}struct s { u32 a; };\nint g(struct s *p);\nvoid f(void) { while (g(&(struct s){ .a = 3 })); }`,
    crate,
  );
  assert.equal(reasons.get("f"), "an object without a name where none can be declared");
});

test("a pointer that the compiler knows nothing of is asked for by its own name, of which c2rust's is another", async () => {
  const { bodies } = await printed(
    "char *g(void);\nchar *of(int x);\nint f(int a) { if (a) { char *p = g(); return !p; } char *p = g(); return !p; }\nint h(unsigned a) { return !of(a) || !of(a + 1); }",
    fn("g", "", " -> *mut ::core::ffi::c_char") +
      fn("of", "x: ::core::ffi::c_int", " -> *mut ::core::ffi::c_char") +
      'unsafe extern "C" fn h(a: u32) -> ::core::ffi::c_int { kport_address(of(a as ::core::ffi::c_int) as *const ::core::ffi::c_void); }\n' +
      'extern "C" fn kport_address(p: *const ::core::ffi::c_void) -> *const ::core::ffi::c_void { p }\n' +
      'unsafe extern "C" fn f(a: ::core::ffi::c_int) -> ::core::ffi::c_int { kport_address(p_0 as *const ::core::ffi::c_void); }\n',
  );
  assert.equal(
    bodies.get("f"),
    "if a != 0 { let p = g(); return c_int::from(p.is_null()); } let p = g(); c_int::from(is_null!(p))",
  );
  assert.equal(bodies.get("h"), "c_int::from(is_null!(of(a as c_int)) || of((a + 1) as c_int).is_null())");
});

test("a static table of numbers that C does not write is no static mut", async () => {
  const { bodies } = await printed(
    "int f(int i) { static const unsigned char t[] = { 1, 2 }; static int n = 3; return t[i] + n++; }",
    'unsafe extern "C" fn f(i: ::core::ffi::c_int) -> ::core::ffi::c_int { static mut t: [u8; 2] = [1, 2]; static mut n: ::core::ffi::c_int = 3; }\n',
  );
  assert.equal(
    bodies.get("f"),
    "static t: [u8; 2] = [ 1, 2, ]; static mut n: c_int = 3; c_int::from(at!(t, i)) + post_inc!(n)",
  );
});

test("a structure that a jump passes over is cleared where it is used, and in a form that keeps the code where C declares it", async () => {
  const c = `${TYPES}struct s { u32 a; u8 b; };\nint g(struct s *p); int h(void);
int f(void) { struct s opt; if (h()) goto out; opt.a = 1; return g(&opt);\nout: return -1; }\nint all(void) { struct s of[2]; return g(of); }`;
  const crate =
    "#[repr(C)] pub struct s { pub a: u32, pub b: u8 }\n" +
    fn("g", "p: *mut s", " -> ::core::ffi::c_int") +
    fn("h", "", " -> ::core::ffi::c_int") +
    fn("f", "", " -> ::core::ffi::c_int") +
    fn("all", "", " -> ::core::ffi::c_int");
  const cleared = await printed(c, crate, { form: { ...BOLD, merge: false, clears: true } });
  assert.equal(
    cleared.bodies.get("all"),
    "let mut of: [s; 2] = core::mem::zeroed(); (&raw mut of).write_bytes(0, 1); g((&raw mut of).cast())",
  );
  const of = async (form: Form): Promise<string | undefined> => (await printed(c, crate, { form })).bodies.get("f");
  const rest = "opt.a = 1; return g(&raw mut opt); }";
  assert.equal(await of(BOLD), `'out: { if h() != 0 { break 'out; } let mut opt = s { a: 0, b: 0 }; ${rest} -1`);
  assert.equal(
    await of({ ...BOLD, merge: false, clears: true }),
    `let mut opt = s { a: 0, b: 0 }; (&raw mut opt).write_bytes(0, 1); 'out: { if h() != 0 { break 'out; } ${rest} -1`,
  );
});

test("arithmetic on a bool is done in int", async () => {
  const { bodies } = await printed(
    "void f(_Bool *p, _Bool b) { *p ^= b; *p |= 2; *p += 1; }\nint any(int x) { _Bool found = 0; found |= x > 2; return found; }",
    fn("f", "p: *mut bool, b: bool") + fn("any", "x: ::core::ffi::c_int", " -> ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), "*p ^= b; *p |= true; *p = c_int::from(*p) + 1 != 0;");
  assert.equal(bodies.get("any"), "let mut found = false; found |= x > 2; c_int::from(found)");
});

test("a case that runs on into a long one leaves the block before it", async () => {
  const long = Array.from({ length: 9 }, (_, k) => `g(a + ${k}, a * ${k + 2});`).join(" ");
  const { bodies } = await printed(
    `void g(int a, int b);\nvoid f(int a) { switch (a) { case 1: g(1, 1); break; case 2: g(2, 2); case 3: ${long} case 4: g(4, 4); break; default: g(0, 0); } g(5, 5); }`,
    fn("g", "a: ::core::ffi::c_int, b: ::core::ffi::c_int") + fn("f", "a: ::core::ffi::c_int"),
  );
  const printedLong = Array.from({ length: 9 }, (_, k) => `g(a + ${k}, a * ${k + 2});`).join(" ");
  assert.equal(
    bodies.get("f"),
    `'cases: { 'case_3: { match a { 1 => { g(1, 1); break 'cases; } 2 => { g(2, 2); break 'case_3; } 3 => break 'case_3, 4 => { g(4, 4); break 'cases; } _ => { g(0, 0); break 'cases; } } } ${printedLong} g(4, 4); } g(5, 5);`,
  );
});

test("what a function without a value returns is only done, and the address of what is constant is no place to write", async () => {
  const { bodies } = await printed(
    `${TYPES}struct s { u8 data[2]; };\nvoid g(u8 *p);\nvoid f(const struct s *p, int a) { if (a) return g((u8 *)p->data); g(0); }`,
    `#[repr(C)] struct s { pub data: [u8; 2] }\n${fn("g", "p: *mut u8")}${fn("f", "p: *const s, a: ::core::ffi::c_int")}`,
  );
  assert.equal(
    bodies.get("f"),
    "if a != 0 { g((&raw const (*p).data).cast_mut().cast()); return; } g(core::ptr::null_mut());",
  );
});

test("a structure without a name has the one that c2rust found for it", async () => {
  const { bodies } = await printed(
    `${TYPES}void g(u32 *p);\nu32 f(void) { union { unsigned long whole; struct { u32 low; u32 high; }; } u; g(&u.low); return u.high; }`,
    `#[repr(C)] struct C2RustUnnamed_2 { pub low: u32, pub high: u32 }\n#[repr(C)] union C2RustUnnamed_1 { pub whole: u64, pub c2rust_unnamed: C2RustUnnamed_2 }\n${fn("g", "p: *mut u32")}unsafe extern "C" fn f() -> u32 { let mut u: C2RustUnnamed_1 = C2RustUnnamed_1 { whole: 0 }; }\n`,
  );
  assert.equal(
    bodies.get("f"),
    "let mut u = C2RustUnnamed_1 { whole: 0 }; g(&raw mut u.c2rust_unnamed.low); u.c2rust_unnamed.high",
  );
});

test("one that is only pointed to has it as well", async () => {
  const { bodies } = await printed(
    `${TYPES}u32 f(const void *p) { return ({ const struct { u32 x; } __attribute__((packed)) *__pptr = (typeof(__pptr))p; __pptr->x; }); }`,
    `#[repr(C, packed)] struct C2RustUnnamed_2 { pub x: u32 }\nunsafe extern "C" fn f(p: *const ::core::ffi::c_void) -> u32 { ({ let __pptr: *const C2RustUnnamed_2 = p as *const C2RustUnnamed_2; (*__pptr).x }) }\n`,
  );
  assert.equal(bodies.get("f"), "{ let __pptr: *const C2RustUnnamed_2 = p.cast(); (*__pptr).x }");
  const two = await printed(
    `${TYPES}void f(const void *p, void *q) { u32 a = ({ const struct { u32 x; } *at = (typeof(at))p; at->x; }); { struct { u8 y; } *at = (typeof(at))q; at->y = a; } }`,
    `#[repr(C)] struct C2RustUnnamed_2 { pub x: u32 }\n#[repr(C)] struct C2RustUnnamed_0 { pub y: u8 }\nunsafe extern "C" fn f(p: *const ::core::ffi::c_void, q: *mut ::core::ffi::c_void) { let a: u32 = ({ let at: *const C2RustUnnamed_2 = p as *const C2RustUnnamed_2; (*at).x }); let at: *mut C2RustUnnamed_0 = q as *mut C2RustUnnamed_0; (*at).y = a as u8; }\n`,
  );
  assert.match(
    two.bodies.get("f") ?? "",
    /let at: \*const C2RustUnnamed_2 = p\.cast\(\);.*let at: \*mut C2RustUnnamed_0 = q\.cast\(\);/,
  );
});

test("all bits are the largest number of the type that is wanted, or no bit's complement", async () => {
  const { bodies } = await printed(
    `${TYPES}u32 g(u32 seed);\nu32 f(u32 a, int b, long c) { if (a == ~0 || b == ~0 || c == ~0L) return ~0; b = ~0; return g(~0) & ~0U; }\nunsigned long wide(void) { return ~0U; }`,
    `${fn("g", "seed: u32", " -> u32")}${fn("wide", "", " -> ::core::ffi::c_ulong")}${fn("f", "a: u32, b: ::core::ffi::c_int, c: ::core::ffi::c_long", " -> u32")}`,
  );
  assert.equal(
    bodies.get("f"),
    "if a == u32::MAX || b == !0 || c == !0 { return u32::MAX; } b = !0; g(u32::MAX) & u32::MAX",
  );
  // Of 32 bits, and no more.
  assert.match(bodies.get("wide") ?? "", /^(?:c_ulong::from\(u32::MAX\)|4294967295)$/);
});

test("of several places that are given one number, none is read back; one that may not hold it is", async () => {
  const { bodies } = await printed(
    `${TYPES}struct s { u32 bit : 1; };\nvoid f(int *p, u8 *b, struct s *s, int x) { p[0] = p[1] = p[2] = 7; p[0] = b[0] = 0x1ff; p[0] = s->bit = 3; p[0] = p[1] = x; }`,
    `#[repr(C)] pub struct s { pub bit: [u8; 4] }\nimpl s { pub fn bit(&self) -> u32 { 0 } pub fn set_bit(&mut self, value: u32) {} }\n${fn("f", "p: *mut ::core::ffi::c_int, b: *mut u8, s: *mut s, x: ::core::ffi::c_int")}`,
  );
  assert.equal(
    bodies.get("f"),
    "*p.add(2) = 7; *p.add(1) = 7; *p = 7; *b = u8::MAX; *p = c_int::from(*b); (*s).set_bit(3); *p = (*s).bit() as c_int; *p.add(1) = x; *p = *p.add(1);",
  );
});

test("a case that is computed, or of another type, is the number it is with the words that C has for it", async () => {
  const { bodies } = await printed(
    `${TYPES}enum { FOUR = 4 };\n#define swap(x) ((unsigned short)((x) << 8 | (x) >> 8))\nvoid g(int a);\nvoid f(unsigned short a) { switch (a) { case swap(0x800): g(1); break; case FOUR: case 1 + 1: g(2); break; case 9: g(3); } }`,
    `type C2RustUnnamed = ::core::ffi::c_uint;\nconst FOUR: C2RustUnnamed = 4;\n${fn("g", "a: ::core::ffi::c_int")}${fn("f", "a: u16")}`,
  );
  assert.equal(
    bodies.get("f"),
    "match a { // swap(0x800) 8 => g(1), // FOUR, 1 + 1 4 | 2 => g(2), 9 => g(3), _ => { } }",
  );
});

test("a pointer that is stepped as a value is that in one word, and a shift takes its count as it is", async () => {
  const { bodies } = await printed(
    `${TYPES}u32 f(const u8 *p, u8 n) { u32 x = *p++ << n; x >>= n; return x + *p--; }`,
    fn("f", "p: *const u8, n: u8", " -> u32"),
  );
  assert.equal(
    bodies.get("f"),
    "let mut x = (c_int::from(*post_add!(p)) << n) as u32; x >>= n; x.wrapping_add(u32::from(*post_sub!(p)))",
  );
});

test("a function that a macro writes and that returns what moved into a helper is that helper's call", async () => {
  const moved = [
    { func: "a_ready", file: "unit.c", line: 2, symbol: "kport_u_1", plain: "one", arguments: [], lvalue: false },
  ];
  const { bodies, reasons } = await printed(
    "#define READY(x) int x##_ready(void) { return ({ int got = g(1); got; }); }\nint g(int a);\nREADY(a)\n",
    `${fn("g", "a: ::core::ffi::c_int", " -> ::core::ffi::c_int")}${fn("a_ready", "", " -> ::core::ffi::c_int")}extern "C" { fn kport_u_1() -> ::core::ffi::c_int; }\n`,
    { moved },
  );
  assert.deepEqual([...reasons], []);
  assert.equal(bodies.get("a_ready"), "kport_u_1()");
  const two = await printed(
    "#define READY(x) int x##_ready(void) { g(2); return ({ int got = g(1); got; }); }\nint g(int a);\nREADY(a)\n",
    `${fn("g", "a: ::core::ffi::c_int", " -> ::core::ffi::c_int")}${fn("a_ready", "", " -> ::core::ffi::c_int")}extern "C" { fn kport_u_1() -> ::core::ffi::c_int; }\n`,
    { moved },
  );
  assert.match(two.reasons.get("a_ready") ?? "", /not found again/);
});

test("the size of a union is asked by that word, as that of a structure is", async () => {
  const { bodies } = await printed(
    `${TYPES}union u { u32 a; }; struct s { u32 a; }; size_t f(void) { return sizeof(union u) + sizeof(struct s) + sizeof(u32); }`,
    `#[repr(C)] union u { pub a: u32 }\n#[repr(C)] struct s { pub a: u32 }\ntype size_t = ::core::ffi::c_ulong;\n${fn("f", "", " -> size_t")}`,
  );
  assert.match(bodies.get("f") ?? "", /^sizeof!\(union u\).*sizeof!\(struct s\).*sizeof!\(type u32\)/);
});

test("variables that one statement gives their first values are declared there, each at its own", async () => {
  const { bodies } = await printed(
    `${TYPES}void g(int a);\nvoid f(int n) { int i, k, m; for (i = 0, k = n; i < k; i++) g(i); m = k, g(m); }`,
    fn("g", "a: ::core::ffi::c_int") + fn("f", "n: ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), "let mut i = 0; let k = n; while i < k { g(i); i += 1; } let m = k; g(m);");
});

test("a loop that asks at its end asks for the opposite, and a step before its value is one word", async () => {
  const { bodies } = await printed(
    `${TYPES}void g(int a);\nvoid f(int n) { do { g(n); } while (--n > 0); if (!(n < 3 || n == 7)) g(++n); }`,
    fn("g", "a: ::core::ffi::c_int") + fn("f", "n: ::core::ffi::c_int"),
  );
  assert.equal(
    bodies.get("f"),
    "loop { g(n); if pre_dec!(n) <= 0 { break; } } if !(n < 3 || n == 7) { g(pre_inc!(n)); }",
  );
});

test("a static variable that stands before its function in the crate is named as there", async () => {
  const { bodies } = await printed(
    "struct w { struct w *next; };\nvoid g(struct w *p);\nvoid f(void) { static struct w w = { &w }; g(&w); }",
    `#[repr(C)] pub struct w { pub next: *mut w }\nstatic mut kport_f_w_0: w = w { next: &raw mut kport_f_w_0 };\n${fn("g", "p: *mut w")}${fn("f", "")}`,
  );
  assert.equal(bodies.get("f"), "g(&raw mut kport_f_w_0);");
});

test("a static variable that c2rust takes out of its function is found there, where one alone can be meant", async () => {
  const W = "#[repr(C)] pub struct w { pub n: u32 }\n";
  const one = await printed(
    `${TYPES}struct w { u32 n; };\nvoid g(const struct w *p);\nvoid f(void) { static const struct w w = { sizeof(int) }; g(&w); }`,
    `${W}static mut w_0: w = w { n: 4 };\n${fn("g", "p: *const w")}${fn("f", "")}`,
  );
  assert.equal(one.bodies.get("f"), "g(&raw const w_0);");
  const two = await printed(
    `${TYPES}struct w { u32 n; };\nvoid g(const struct w *p);\nvoid f(void) { static const struct w w = { sizeof(int) }; g(&w); }\nvoid h(void) { static const struct w w = { sizeof(long) }; g(&w); }`,
    `${W}static mut w_0: w = w { n: 4 };\nstatic mut w_1: w = w { n: 8 };\n${fn("g", "p: *const w")}${fn("f", "")}${fn("h", "")}`,
  );
  assert.match(two.reasons.get("f") ?? "", /^the static variable w is not in the crate's function$/);
});

test("of two enumerators each is converted, of two values what is chosen", async () => {
  const { bodies } = await printed(
    `${TYPES}enum { A, B };\nint f(int n) { return n ? A : B; }\nint g(int n, u8 a, u8 b) { return n ? a : b; }`,
    `type e_type = ::core::ffi::c_uint;\nconst A: e_type = 0;\nconst B: e_type = 1;\n${fn("f", "n: ::core::ffi::c_int", " -> ::core::ffi::c_int")}${fn("g", "n: ::core::ffi::c_int, a: u8, b: u8", " -> ::core::ffi::c_int")}`,
  );
  assert.equal(bodies.get("f"), "if n != 0 { A as c_int } else { B as c_int }");
  assert.equal(bodies.get("g"), "c_int::from(if n != 0 { a } else { b })");
});

test("a case that leaves the value of what it calls has none in Rust either; what has no value needs no block", async () => {
  const { bodies } = await printed(
    "int g(int); void h(int); void f(int x) { switch (x) { case 1: g(1); break; case 2: (void)g(2); break; case 3: h(3); break; case 4: x = 0; break; default: x++; } h(x); }",
    `unsafe extern "C" { fn g(x: ::core::ffi::c_int) -> ::core::ffi::c_int; fn h(x: ::core::ffi::c_int); }\nunsafe extern "C" fn f(x: ::core::ffi::c_int) {}\n`,
  );
  assert.equal(bodies.get("f"), "match x { 1 => { g(1); } 2 => { g(2); } 3 => h(3), 4 => x = 0, _ => x += 1, } h(x);");
});

test("a number that is made a pointer keeps C's sign and width", async () => {
  const { bodies } = await printed(
    "void h(void *p); void f(int n) { h((void *)-1); h((void *)16); h((void *)(1 << n)); h((void *)(1u << n)); h((void *)(long)n); }",
    `unsafe extern "C" { fn h(p: *mut ::core::ffi::c_void); }\nunsafe extern "C" fn f(n: ::core::ffi::c_int) {}\n`,
  );
  assert.equal(
    bodies.get("f"),
    "h(-1_isize as *mut c_void); h(16 as *mut c_void); h((1_i32 << n) as *mut c_void); h((1_u32 << n) as *mut c_void); h(c_long::from(n) as *mut c_void);",
  );
});

test("a block's own type is not the file's of that name", async () => {
  const { bodies } = await printed(
    "typedef int row[4]; typedef unsigned long word; row rows; unsigned long f(word w) { typedef char row; { typedef short word; w += sizeof(word); } return w + sizeof(row) + sizeof(word); }",
    `pub type row = [::core::ffi::c_int; 4];\npub type word = ::core::ffi::c_ulong;\nunsafe extern "C" fn f(w: word) -> ::core::ffi::c_ulong {}\n`,
  );
  assert.equal(bodies.get("f"), "{ w += sizeof!(type i16); } w + sizeof!(type c_char) + sizeof!(type word)");
});

test("a pointer to what has no size is made one by `as`", async () => {
  const { bodies, variables } = await printed(
    "struct hidden; struct seen { int a; };\nvoid take(struct hidden *p);\nstruct seen here; struct hidden *at[] = { (struct hidden *)&here };\nvoid f(struct seen *s, void *v) { take((struct hidden *)s); take(v); }",
    `unsafe extern "C" { pub type hidden; }\n#[repr(C)] pub struct seen { pub a: ::core::ffi::c_int }\nstatic mut here: seen = seen { a: 0 };\nstatic mut at: [*mut hidden; 1] = [0 as *mut _];\nunsafe extern "C" fn take(p: *mut hidden) {}\nunsafe extern "C" fn f(s: *mut seen, v: *mut ::core::ffi::c_void) {}\n`,
  );
  assert.equal(bodies.get("f"), "take(s as *mut hidden); take(v as *mut hidden);");
  assert.match(variables.get("at") ?? "", /&raw mut here as \*mut hidden|\(&raw mut here\) as \*mut hidden/);
});

test("an element whose number has a name says it, the first of all too", async () => {
  const { bodies } = await printed(
    `${TYPES}#define TSR 0\n#define MSR 2\nu8 f(u8 *d) { return d[TSR] | d[MSR] | d[0] | *(d + TSR); }`,
    fn("f", "d: *mut u8", " -> u8"),
  );
  assert.equal(bodies.get("f"), "*d.add(TSR) | *d.add(MSR) | *d | *d.add(TSR)");
});

test("a pointer that begins as one that can be written, and is given others later, says its type", async () => {
  const { bodies } = await printed(
    `${TYPES}u8 *mac(void);\nint f(int k) { const u8 *p = mac(), *q = mac(); if (k) p = (void *)0; return p ? *p : *q; }`,
    `unsafe extern "C" fn mac() -> *mut u8 {}\n${fn("f", "k: ::core::ffi::c_int", " -> ::core::ffi::c_int")}`,
  );
  assert.match(
    bodies.get("f") ?? "",
    /^let mut p: \*const u8 = mac\(\); let q = mac\(\); if k != 0 \{ p = core::ptr::null\(\); \}/,
  );
});

test("a narrow number is shifted in C's int, by as many bits as C allows", async () => {
  const { bodies } = await printed(
    `${TYPES}void f(u8 b, int n) { b >>= n; b >>= 4; b >>= 8; }`,
    fn("f", "b: u8, n: ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), "b = (c_int::from(b) >> n) as u8; b >>= 4; b = (c_int::from(b) >> 8) as u8;");
});

test("where C's char is unsigned, what a string points to is said where something asks, and not behind the dots", async () => {
  const { bodies } = await printed(
    `int say(const char *f, ...);
void f(int k) { say("a %s", "b"); say("%s %s", k ? "c" : "d", k ? k > 1 ? "e" : "g" : "h"); }`,
    `extern "C" { fn say(f: *const u8, ...) -> ::core::ffi::c_int; }\n${fn("f", "k: ::core::ffi::c_int")}`,
    { flags: ["-funsigned-char"] },
  );
  assert.equal(
    bodies.get("f"),
    'say(c"a %s".as_ptr().cast(), c"b".as_ptr()); say(c"%s %s".as_ptr().cast(), if k != 0 { c"c".as_ptr() } else { c"d".as_ptr() }, if k != 0 { if k > 1 { c"e".as_ptr() } else { c"g".as_ptr() } } else { c"h".as_ptr() });',
  );
});
