/** Variables as they are printed from C's initialisers, and invocations at file scope. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withFileMacros } from "../../src/stages/print/items/file-macros.ts";
import { inOrderOfC } from "../../src/stages/print/items/order-of-c.ts";
import { PLAIN } from "../../src/stages/print/form.ts";
import { UnitFacts } from "../../src/stages/print/unit-facts.ts";
import { factsOf } from "../facts/facts-of.ts";
import { flat, printed } from "./print.ts";

const ZEROED = "unsafe { core::mem::zeroed() }";
const variable = (name: string, type: string, mut = ""): string => `static ${mut}${name}: ${type} = 0;\n`;
const OPS =
  '#[repr(C)]\npub struct ops { pub id: u32, pub open: Option<unsafe extern "C" fn(::core::ffi::c_int) -> ::core::ffi::c_int>, pub close: Option<unsafe extern "C" fn()>, pub name: *const ::core::ffi::c_char }\n';
const C_OPS = "struct ops { unsigned id; int (*open)(int); void (*close)(void); const char *name; };\n";

test("a structure has the members that C names, and zero for the rest", async () => {
  const { variables } = await printed(
    `${C_OPS}static int opened(int x) { return x; }\nstatic const struct ops o = { .open = opened, .name = "dev" };\nstatic struct ops whole = { 1, opened, 0, (void *)0 };\nstatic struct ops nothing;\nvoid *use(void) { return opened ? (void *)&o : (void *)&whole + (nothing.id); }`,
    `${OPS}unsafe extern "C" fn opened(x: ::core::ffi::c_int) -> ::core::ffi::c_int { x }\n${variable("o", "ops")}${variable("whole", "ops", "mut ")}${variable("nothing", "ops", "mut ")}`,
  );
  assert.equal(variables.get("o"), `static o: ops = ops { open: Some(opened), name: c"dev".as_ptr(), ..${ZEROED} };`);
  assert.equal(
    variables.get("whole"),
    "static mut whole: ops = ops { id: 1, open: Some(opened), close: None, name: core::ptr::null(), };",
  );
  assert.equal(variables.get("nothing"), `static mut nothing: ops = ${ZEROED};`);
});

test("attributes and names are the crate's, comments are C's, above, inside and behind", async () => {
  const c = `${C_OPS}/* What it is. */\nstatic struct ops o = {\n\t/* first */\n\t.id = 0x10, /* behind */\n\n\t.name = 0,\n};\nvoid *use(void) { return &o; }`;
  const { variables } = await printed(
    c,
    `${OPS}#[link_section = ".x"]\n#[used(compiler)]\npub static mut o: ops = 0;\n`,
  );
  assert.equal(
    variables.get("o"),
    `/* What it is. */ #[link_section = ".x"] #[used(compiler)] pub static mut o: ops = ops { /* first */ id: 0x10, /* behind */ name: core::ptr::null(), ..${ZEROED} };`,
  );
});

test("what rustc computes is widened by a cast: no trait is const", async () => {
  const { variables, bodies } = await printed(
    `#define SMALL 3\nvoid g(unsigned char x);\nstatic const unsigned table[] = { SMALL, 5, SMALL + 1 };\nconst unsigned *f(int x) { static const unsigned own[] = { SMALL, 7 }; g(SMALL); g(SMALL); g(SMALL + 2); g(SMALL); g(SMALL); return x ? table : own; }`,
    `unsafe extern "C" fn g(x: u8) {}\nunsafe extern "C" fn f(x: ::core::ffi::c_int) -> *const u32 {\n    static own: [u32; 2] = [0; 2];\n    own.as_ptr()\n}\nstatic table: [u32; 3] = [0; 3];\n`,
  );
  assert.equal(variables.get("table"), "static table: [u32; 3] = [ SMALL as u32, 5, SMALL as u32 + 1, ];");
  assert.match(bodies.get("f") ?? "", /^static own: \[u32; 2\] = \[ SMALL as u32, 7, \];/);
});

test("arrays are as long as they are: elements in their places, strings with their zeros, one value for all", async () => {
  const crate = `${variable("a", "[::core::ffi::c_int; 4]", "mut ")}${variable("s", "[::core::ffi::c_char; 6]", "mut ")}${variable("all", "[u8; 64]", "mut ")}${variable("far", "[u32; 100]", "mut ")}${variable("empty", "[u8; 4096]", "mut ")}`;
  const { variables } = await printed(
    'int a[4] = { [1] = 7, 8 }; char s[6] = "ab"; unsigned char all[64] = { [0 ... 63] = 9 }; unsigned far[100] = { [90] = 3 }; unsigned char empty[4096];',
    crate,
  );
  assert.equal(variables.get("a"), "static mut a: [c_int; 4] = [ 0, 7, 8, 0, ];");
  assert.equal(variables.get("s"), 'static mut s: [c_char; 6] = chars_of("ab");');
  assert.equal(variables.get("all"), "static mut all: [u8; 64] = [9; 64];");
  assert.equal(
    variables.get("far"),
    "static mut far: [u32; 100] = { let mut value: [u32; 100] = [0; 100]; value[90] = 3; value };",
  );
  assert.equal(variables.get("empty"), "static mut empty: [u8; 4096] = [0; 4096];");
});

test("bit-fields are set, and what threads may share only in a holder stays in it", async () => {
  const crate = `#[repr(C)]\npub struct b { pub a: u32, pub x_y: [u8; 4] }\nimpl b {\n pub const fn x(&self) -> u32 { 0 }\n pub const fn set_x(&mut self, value: u32) {}\n pub const fn y(&self) -> u32 { 0 }\n pub const fn set_y(&mut self, value: u32) {}\n}\n${variable("bits", "b", "mut ")}static p: kport_constant<*const ::core::ffi::c_char> = kport_constant(0);\n`;
  const { variables } = await printed(
    'struct b { unsigned a; unsigned x : 3; unsigned y : 5; };\nstruct b bits = { .a = 1, .y = 2 };\nstatic const char *const p = "p";\nconst char *use(void) { return p; }',
    crate,
  );
  assert.equal(
    variables.get("bits"),
    `static mut bits: b = { let mut value: b = b { a: 1, ..${ZEROED} }; value.set_y(2); value };`,
  );
  assert.equal(variables.get("p"), 'static p: kport_constant<*const c_char> = kport_constant(c"p".as_ptr());');
});

test("what there is no rule for keeps its text, by name; the last form moves pointers as rustc computes them", async () => {
  const c =
    "int a[4]; int *far = (int *)0x100 + 4; struct v { union { int x; float f; }; }; struct v w = { .f = 1.5f };";
  const crate = `${variable("a", "[::core::ffi::c_int; 4]", "mut ")}${variable("far", "*mut ::core::ffi::c_int", "mut ")}#[repr(C)]\npub struct v { pub c2rust_unnamed: v_inner }\n#[repr(C)]\npub union v_inner { pub x: ::core::ffi::c_int, pub f: f32 }\n${variable("w", "v", "mut ")}`;
  const { variables, reasons } = await printed(c, crate, { form: { ...PLAIN, wrapping: true } });
  assert.match(variables.get("far") ?? "", /unsafe \{ .*wrapping_add\(4\) \}/);
  assert.equal(variables.has("w"), false);
  assert.equal(reasons.get("w"), "floating point");
});

const MODINFO =
  '#define INFO(tag, text) static const char __info_##tag[] __attribute__((used, section(".modinfo"))) = #tag "=" text\n#define NUMBER(name, value) static unsigned __number_##name __attribute__((used, section(".numbers"))) = value\n';

async function withMacros(c: string, rust: string, more: Record<string, string> = {}): Promise<Map<string, string>> {
  const { facts } = await factsOf(c);
  return withFileMacros(new Map(Object.entries({ "src/macros.rs": "", "src/unit.rs": rust, ...more })), [
    { file: "src/unit.rs", main: 0, facts: new UnitFacts(facts), source: () => Buffer.from(c) },
  ]);
}
const info = (tag: string, text: string): string =>
  `#[used(compiler)]\n#[link_section = ".modinfo"]\nstatic __info_${tag}: [c_char; ${tag.length + text.length + 2}] = chars_of("${tag}=${text}");\n`;

test("uses of a macro at file scope that go together are written by its name", async () => {
  const out = await withMacros(
    `${MODINFO}INFO(license, "GPL");\nINFO(author, "me \\"I\\"");\n`,
    info("license", "GPL") + info("author", 'me \\"I\\"').replace("= chars_of", "=\n    chars_of"),
  );
  assert.equal(flat(out.get("src/unit.rs") ?? ""), 'INFO!(license, "GPL"); INFO!(author, "me \\"I\\"");');
  assert.match(
    flat(out.get("src/macros.rs") ?? ""),
    /macro_rules! INFO \{ \(\$tag:ident, \$text:literal\) => \{ const _: \(\) = \{ #\[used\(compiler\)\] #\[link_section = "\.modinfo"\] static __info: \[c_char; concat!\(stringify!\(\$tag\), "=", \$text\)\.len\(\) \+ 1\] = chars_of\(concat!\(stringify!\(\$tag\), "=", \$text\)\); \};/,
  );
});

test("an argument that is bits, of names and numbers, is one argument", async () => {
  const number = (name: string, value: string): string =>
    `#[link_section = ".numbers"]\nstatic mut __number_${name}: u32 = ${value};\n`;
  const out = await withMacros(
    `#define READ 4\n#define WRITE 2\n${MODINFO}NUMBER(a, READ | WRITE);\nNUMBER(b, READ|010|WRITE);\nNUMBER(c, 1);\nNUMBER(d, READ | WRITE);\n`,
    number("a", "READ | WRITE") + number("b", "READ | 0o10 | WRITE") + number("c", "1") + number("d", "6"),
  );
  assert.equal(
    flat(out.get("src/unit.rs") ?? ""),
    `NUMBER!(a, READ | WRITE); NUMBER!(b, READ | 0o10 | WRITE); NUMBER!(c, 1); ${flat(number("d", "6"))}`,
  );
  assert.match(flat(out.get("src/macros.rs") ?? ""), /\(\$name:ident, \$value:expr\) => .*: u32 = \$value;/);
});

test("one that is another is written out, and so is what something else names", async () => {
  const number = (name: string, value: string): string =>
    `#[link_section = ".numbers"]\nstatic mut __number_${name}: u32 = ${value};\n`;
  const c = `${MODINFO}NUMBER(a, 1);\nNUMBER(b, 2);\nNUMBER(c, 3);\nNUMBER(d, 4);\nunsigned use(void) { return __number_a + __number_b + __number_c + __number_d; }\n`;
  const out = await withMacros(c, number("a", "1") + number("b", "2") + number("c", "30 + 0") + number("d", "4"), {
    "src/other.rs": "unsafe fn f() -> u32 { crate::unit::__number_d }\n",
  });
  assert.equal(
    flat(out.get("src/unit.rs") ?? ""),
    `NUMBER!(a, 1); NUMBER!(b, 2); ${flat(number("c", "30 + 0"))} ${flat(number("d", "4"))}`,
  );
});

test("what a unit declares moves to the unit, with comments of its members", async () => {
  const c =
    "/* A pair. */\nstruct pair {\n\tint a; /* first */\n\t/* second */\n\tint b;\n};\n\nenum mode {\n\tON = 1, /* on */\n\tOFF,\n};\nint use(struct pair *p, enum mode m) { return p->a + m; }\n";
  const { facts } = await factsOf(c);
  const out = inOrderOfC(
    new Map(
      Object.entries({
        "src/bindings.rs":
          "#[repr(C)]\npub struct pair {\n    pub a: i32,\n    pub b: i32,\n}\npub type mode = u32;\npub const ON: mode = 1;\npub const OFF: mode = 2;\npub type kernels = u8;\n",
        "src/macros.rs": "",
        "src/layouts.rs": "use crate::bindings::*;\nconst _: () = assert!(size_of::<pair>() == 8);\n",
        "src/unit.rs": "use crate::bindings::*;\n\nunsafe fn use_() {}\n",
      }),
    ),
    [{ file: "src/unit.rs", main: 0, facts: new UnitFacts(facts), source: () => Buffer.from(c) }],
  );
  assert.match(
    out.get("src/unit.rs") ?? "",
    /\/\* A pair\. \*\/\n#\[repr\(C\)\]\npub struct pair \{\n {4}pub a: i32, \/\* first \*\/\n {4}\/\* second \*\/\n {4}pub b: i32,\n\}\n\npub type mode = u32;\npub const ON: mode = 1; \/\* on \*\/\npub const OFF: mode = 2;/,
  );
  assert.equal(flat(out.get("src/bindings.rs") ?? ""), "pub type kernels = u8; pub(crate) use crate::headers::*;");
  assert.match(out.get("src/layouts.rs") ?? "", /^use crate::unit::pair;$/m);
});

test("a comment finds its member in the tree of the Rust: a name that is a keyword there, bits that share their bytes", async () => {
  const c =
    "struct s {\n\tint type; /* of it */\n\t/* wide: */\n\tunsigned low : 3;\n\tunsigned high : 5; /* the rest */\n\tchar a[4];\n};\nint use(struct s *p) { return p->type + p->high; }\n";
  const { facts } = await factsOf(c);
  const out = inOrderOfC(
    new Map(
      Object.entries({
        "src/bindings.rs":
          "#[repr(C)]\npub struct s {\n    pub type_0: i32,\n    pub low_high: [u8; 1],\n    pub a: [i8; 4],\n}\n",
        "src/macros.rs": "",
        "src/unit.rs": "use crate::bindings::*;\n\nunsafe fn use_() {}\n",
      }),
    ),
    [{ file: "src/unit.rs", main: 0, facts: new UnitFacts(facts), source: () => Buffer.from(c) }],
  );
  assert.match(
    out.get("src/unit.rs") ?? "",
    /pub struct s \{\n {4}pub type_0: i32, \/\* of it \*\/\n {4}\/\* wide: \*\/\n {4}pub low_high: \[u8; 1\], \/\* the rest \*\/\n {4}pub a: \[i8; 4\],\n\}/,
  );
});

test("a file that is read before the unit is a header all the same", async () => {
  const c = '#include "own/first.h"\nstruct mine { struct first f; };\nint use(struct mine *m) { return m->f.a; }\n';
  const header = "/* Read first. */\nstruct first { int a; };\n";
  const { facts } = await factsOf(c, { "own/first.h": header });
  const main = facts.files.findIndex((f) => f.path.endsWith("/unit.c"));
  assert.equal(main, 1);
  const crate = {
    "src/bindings.rs":
      "#[repr(C)]\npub struct first {\n    pub a: i32,\n}\n#[repr(C)]\npub struct mine {\n    pub f: first,\n}\n",
    "src/macros.rs": "",
    "src/unit.rs": "use crate::bindings::*;\n\nunsafe fn use_() {}\n",
  };
  const out = inOrderOfC(new Map(Object.entries(crate)), [
    {
      file: "src/unit.rs",
      main,
      facts: new UnitFacts(facts),
      source: (name) => Buffer.from(name.endsWith("first.h") ? header : c),
    },
  ]);
  assert.match(out.get("src/unit.rs") ?? "", /pub struct mine/);
  assert.match(
    out.get("src/headers.rs") ?? "",
    /\/\/ first\.h\n\/\* Read first\. \*\/\n#\[repr\(C\)\]\npub struct first/,
  );
});

test("a function of a header stands where the header has it, and imports what it needs", async () => {
  const header =
    "/* Before. */\nstruct first { int a; };\n\n/* Of it. */\nstatic inline int first_of(struct first *f) { return f->a; }\n";
  const c = '#include "own/first.h"\nint use(struct first *f) { return first_of(f); }\n';
  const { facts } = await factsOf(c, { "own/first.h": header });
  const main = facts.files.findIndex((f) => f.path.endsWith("/unit.c"));
  const crate = {
    "src/bindings.rs": "#[repr(C)]\npub struct first {\n    pub a: i32,\n}\n",
    "src/macros.rs": "",
    "src/headers.rs":
      "use crate::bindings::*;\nuse core::ptr::null;\n\n#[inline]\npub(crate) unsafe fn first_of(f: *mut first) -> i32 {\n    (*f).a\n}\n",
    "src/unit.rs": "use crate::bindings::*;\n\nunsafe fn use_() {}\n",
  };
  const out = inOrderOfC(new Map(Object.entries(crate)), [
    {
      file: "src/unit.rs",
      main,
      facts: new UnitFacts(facts),
      source: (name) => Buffer.from(name.endsWith("first.h") ? header : c),
    },
  ]);
  assert.match(
    out.get("src/headers.rs") ?? "",
    /use crate::bindings::\*;\nuse core::ptr::null;\n\n\/\/ first\.h\n\/\* Before\. \*\/\n#\[repr\(C\)\]\npub struct first \{[^}]*\}\n\n\/\* Of it\. \*\/\n#\[inline\]\npub\(crate\) unsafe fn first_of/,
  );
});

test("an initialiser that a macro writes is one by its name; what it pastes together is given as well", async () => {
  const header =
    "struct list { struct list *next, *prev; };\n#define LIST_INIT(name) { &(name), &(name) }\n#define LIST(name) struct list name = LIST_INIT(name)\nstruct lock { unsigned raw; const char *name; struct list waiting; };\n#define LOCK_INIT(lockname) { .raw = 7, .name = #lockname, .waiting = LIST_INIT(lockname.waiting) }\n#define LOCK(lockname) struct lock lockname = LOCK_INIT(lockname)\n#define OPS_INIT(_name) { .open = _name##_open, .name = #_name }\n#define OPS(_name) struct ops ops_##_name = OPS_INIT(_name)\n";
  const c = `#include "k.h"\n${C_OPS}static int one_open(int x) { return x; }\nstatic int two_open(int x) { return -x; }\nLIST(all);\nLIST(some);\nLOCK(a);\nstatic OPS(one);\nstatic OPS(two);\nvoid *use(void) { return &ops_one + (&ops_two - &ops_one); }\n`;
  const crate = `${OPS}#[repr(C)]\npub struct list { pub next: *mut list, pub prev: *mut list }\n#[repr(C)]\npub struct lock { pub raw: u32, pub name: *const ::core::ffi::c_char, pub waiting: list, pub more: u32 }\nunsafe extern "C" fn one_open(x: ::core::ffi::c_int) -> ::core::ffi::c_int { x }\nunsafe extern "C" fn two_open(x: ::core::ffi::c_int) -> ::core::ffi::c_int { x }\n${variable("all", "list", "mut ")}${variable("some", "list", "mut ")}${variable("a", "lock", "mut ")}${variable("ops_one", "ops", "mut ")}${variable("ops_two", "ops", "mut ")}`;
  const { variables, macros } = await printed(c, crate, {
    headers: { "k.h": header },
    names: ["LIST_INIT", "LOCK_INIT", "OPS_INIT"],
  });
  assert.equal(variables.get("all"), "static mut all: list = LIST_INIT!(all);");
  assert.equal(variables.get("a"), "static mut a: lock = LOCK_INIT!(a);");
  assert.equal(variables.get("ops_two"), "static mut ops_two: ops = OPS_INIT!(two, two_open);");
  assert.equal(
    macros,
    'macro_rules! LIST_INIT { ($name:expr) => { list { next: &raw mut $name, prev: &raw mut $name, } }; } macro_rules! LOCK_INIT { ($lockname:expr) => { lock { raw: 7, name: concat!(stringify!($lockname), "\\0").as_ptr().cast::<core::ffi::c_char>(), waiting: list { next: &raw mut $lockname.waiting, prev: &raw mut $lockname.waiting, }, more: 0, } }; } macro_rules! OPS_INIT { ($name:ident, $open:ident) => { ops { open: Some($open), name: concat!(stringify!($name), "\\0").as_ptr().cast::<core::ffi::c_char>(), ..core::mem::zeroed() } }; } pub(crate) use {LIST_INIT, LOCK_INIT, OPS_INIT};',
  );
});

test("an address that C makes an integer and a pointer again is a pointer: rustc computes no integer of it", async () => {
  const { variables } = await printed(
    "static int begin(void) { return 0; }\nint n;\nvoid *kept = (void *)(unsigned long)&begin;\nvoid *of = (void *)(long)(unsigned long)&n;\nlong number = 5;\nvoid *port = (void *)(unsigned long)0x3f8;",
    `unsafe extern "C" fn begin() -> ::core::ffi::c_int { 0 }\n${variable("n", "::core::ffi::c_int", "mut ")}${["kept", "of", "port"].map((name) => variable(name, "*mut ::core::ffi::c_void", "mut ")).join("")}`,
  );
  assert.equal(variables.get("kept"), "static mut kept: *mut c_void = begin as *mut c_void;");
  assert.equal(variables.get("of"), "static mut of: *mut c_void = (&raw mut n).cast();");
  assert.equal(variables.get("port"), "static mut port: *mut c_void = 0x3f8 as *mut c_void;");
});

test("a string of unsigned characters turns to be written to before the cast that what stands around it gives its type", async () => {
  const { variables } = await printed(
    'static char *label = "ring";\nchar *use(void) { return label; }',
    variable("label", "*mut u8", "mut "),
    {
      flags: ["-funsigned-char"],
    },
  );
  assert.equal(variables.get("label"), 'static mut label: *mut u8 = c"ring".as_ptr().cast_mut().cast();');
});

test("a string that a macro puts into an array is the macro's argument", async () => {
  const { variables, macros } = await printed(
    '#define MATCH(a, b) { .slot = a, .text = b }\nstruct m { int slot; char text[8]; };\nstruct m all[2] = { MATCH(1, "one"), MATCH(2, "two") };',
    `#[repr(C)] pub struct m { pub slot: ::core::ffi::c_int, pub text: [::core::ffi::c_char; 8] }\n${variable("all", "[m; 2]", "mut ")}`,
    { names: ["MATCH"] },
  );
  assert.equal(variables.get("all"), 'static mut all: [m; 2] = [ MATCH!(1, "one"), MATCH!(2, "two"), ];');
  assert.match(macros, /\(\$a:expr, \$b:literal\) => \{ m \{ slot: \$a, text: chars_of\(\$b\), \} \}/);
  assert.match(macros, /const fn chars_of<const N: usize>\(text: &str\) -> \[c_char; N\]/);
});

test("a literal that a macro writes is the macro's; what its numbers are of is said where nothing else says it", async () => {
  const { variables, macros } = await printed(
    `typedef unsigned char u8; typedef struct { u8 b[6]; } guid_t;\n#define INIT(a, b, d) ((guid_t){{ (a) & 0xff, ((a) >> 24) & 0xff, ((b) >> 8) & 0xff, (d) }})\nstatic const guid_t g[2] = { INIT(0xc33f4995, 0x3701, 0x9f), INIT(0x0cb4ddff, 0x450e, 0x20) };\nconst guid_t *use(void) { return g; }\nunsigned char u = (0xc33f4995 >> 24) & 0xff;\nunsigned char t[16] = { 1, 2, 0, 3, 4, 5 };`,
    `#[repr(C)] pub struct guid_t { pub b: [u8; 6] }\n${variable("g", "[guid_t; 2]")}${variable("u", "u8", "mut ")}${variable("t", "[u8; 16]", "mut ")}`,
    { names: ["INIT"] },
  );
  assert.equal(
    variables.get("g"),
    "static g: [guid_t; 2] = [ INIT!(0xc33f4995_u32, 0x3701, 0x9f), INIT!(0x0cb4ddff, 0x450e, 0x20), ];",
  );
  assert.match(
    macros,
    /b: \[ \(\$a & 0xff\) as u8, \(\$a >> 24\) as u8 & 0xff, \(\$b >> 8\) as u8 & 0xff, \$d as u8, 0, 0, \]/,
  );
  assert.equal(variables.get("u"), "static mut u: u8 = (0xc33f4995_u32 >> 24) as u8 & 0xff;");
  assert.equal(variables.get("t"), "static mut t: [u8; 16] = [ 1, 2, 0, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ];");
});

test("a comment within what is defined in C stands there alone, one above it is the unit's", async () => {
  const c =
    "/* Of all kinds. */\nstatic const int kinds[] = {\n\t/* the first */\n\t1,\n\t2, /* the last */\n};\n\n/* Uses them. */\nint use(int i) { return kinds[i]; /* one */ }\n";
  const { facts } = await factsOf(c);
  const unit = [{ file: "src/unit.rs", main: 0, facts: new UnitFacts(facts), source: () => Buffer.from(c) }];
  const text = (rust: string): string =>
    inOrderOfC(
      new Map(
        Object.entries({
          "src/bindings.rs": "",
          "src/macros.rs": "",
          "src/unit.rs": `use crate::bindings::*;\n\n${rust}`,
        }),
      ),
      unit,
    ).get("src/unit.rs") ?? "";
  const inC = text("unsafe fn use() {}\n");
  assert.match(inC, /\/\* Of all kinds\. \*\/[^]*\/\* Uses them\. \*\//);
  assert.doesNotMatch(inC, /the first|the last/);
  assert.match(text("static kinds: [i32; 2] = [1, 2];\n\nunsafe fn use() {}\n"), /the first[^]*the last/);
});
