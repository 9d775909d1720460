/** What is done to the text of a port as a whole, each rewrite on a few lines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withAlignedTypes } from "../../src/stages/print/items/aligned-types.ts";
import { withAccessorTables } from "../../src/stages/print/items/bitfield-accessors.ts";
import { composed } from "../../src/stages/print/items/compose.ts";
import { inOrder } from "../../src/stages/print/items/enumerators.ts";
import { withHeaderFunctions, withKernelFunctions } from "../../src/stages/print/items/kernel-functions.ts";
import { withHelperNames } from "../../src/stages/print/items/helper-names.ts";
import { withIntConstants } from "../../src/stages/print/items/int-constants.ts";
import { withNeighbours } from "../../src/stages/print/items/neighbours.ts";
import { withGivenNames } from "../../src/stages/print/items/given-names.ts";
import { withOpaque } from "../../src/stages/print/items/opaque.ts";
import { withoutRepeatedAssertions } from "../../src/stages/print/items/repeated-assertions.ts";
import { withPlainNames } from "../../src/stages/print/items/plain-names.ts";
import { withoutUnused } from "../../src/stages/print/items/unused.ts";
import { BITFIELD_MODULE, expandBitfields } from "../../src/rust/bitfields.ts";
import { flat } from "./print.ts";

const files = (texts: Record<string, string>): Map<string, string> =>
  new Map(Object.entries(texts).map(([name, text]) => [`src/${name}.rs`, text]));
const [BINDINGS, UNIT] = ["src/bindings.rs", "src/unit.rs"];

test("what nothing names goes, with what only it named and what is said of it; what the linker sees stays", () => {
  const out = withoutUnused(
    files({
      bindings:
        'extern "C" {\n    pub type hidden;\n    pub fn called(p: *mut seen);\n    pub fn idle(p: *mut hidden);\n}\n\n#[repr(C)]\npub struct seen { pub a: alias }\npub type alias = u32;\n#[repr(C)]\npub struct lost { pub b: gone }\npub type gone = u8;\nunsafe impl Sync for lost {}\n',
      layouts:
        "use crate::bindings::*;\nconst _: () = assert!(::core::mem::size_of::<seen>() == 4);\nconst _: () = assert!(::core::mem::size_of::<lost>() == 1);\n",
      unit: 'use crate::bindings::*;\n\nunsafe fn dead() { idle(core::ptr::null_mut()) }\n\n#[no_mangle]\npub unsafe extern "C" fn entry(p: *mut seen) { called(p) }\n\n#[used(compiler)]\nstatic KEPT: u8 = 1;\n',
    }),
  );
  assert.match(out.get(BINDINGS) ?? "", /called.*seen[^]*struct seen[^]*type alias/);
  assert.doesNotMatch(out.get(BINDINGS) ?? "", /hidden|idle|lost|gone/);
  assert.doesNotMatch(out.get("src/layouts.rs") ?? "", /lost/);
  assert.match(out.get("src/layouts.rs") ?? "", /^use[^]*size_of::<seen>/);
  assert.match(out.get(UNIT) ?? "", /entry[^]*KEPT/);
  assert.doesNotMatch(out.get(UNIT) ?? "", /dead/);
});

test("a helper is called as its function and macro, where nothing else is, and linked by its symbol", () => {
  const out = withHelperNames(
    files({
      bindings:
        'unsafe extern "C" {\n    pub fn kport_a_probe_get_user(p: *mut u32);\n    pub fn kport_b_probe_get_user(p: *mut u32);\n    pub fn kport_a_taken_warn();\n    #[link_name = "_copy_to_user"]\n    pub fn kport_a_read_copy_to_user();\n    pub fn kport_a_open_warn();\n}\n',
      unit: 'unsafe fn open() { kport_a_probe_get_user(p); kport_a_open_warn(); kport_a_read_copy_to_user(); let taken_warn = kport_a_taken_warn(); say("kport_a_open_warn") }\n',
    }),
    [
      { symbol: "kport_a_probe_get_user", plain: "probe_get_user" },
      { symbol: "kport_b_probe_get_user", plain: "probe_get_user" },
      { symbol: "kport_a_taken_warn", plain: "taken_warn" },
      { symbol: "kport_a_read_copy_to_user", plain: "read_copy_to_user" },
      { symbol: "kport_a_open_warn", plain: "open_warn" },
      { symbol: "kport_a_open_warn", plain: "open_warn" },
    ],
  );
  assert.equal(
    flat(out.get(UNIT) ?? ""),
    'unsafe fn open() { kport_a_probe_get_user(p); open_warn(); read_copy_to_user(); let taken_warn = kport_a_taken_warn(); say("kport_a_open_warn") }',
  );
  assert.equal(
    flat(out.get(BINDINGS) ?? ""),
    'unsafe extern "C" { pub fn kport_a_probe_get_user(p: *mut u32); pub fn kport_b_probe_get_user(p: *mut u32); pub fn kport_a_taken_warn(); #[link_name = "_copy_to_user"] pub fn read_copy_to_user(); #[link_name = "kport_a_open_warn"] pub fn open_warn(); }',
  );
});

test("an assertion goes where the function behind it says it, all or none of them", () => {
  const assertion = (text: string): string => `const _: () = assert!(\n    (1) != 0,\n    "${text}"\n);\n\n`;
  const both = `${assertion("BUG_ON(a)")}${assertion("BUG_ON(b)")}`;
  const of = (unit: string): string => withoutRepeatedAssertions(files({ unit })).get(UNIT) ?? "";
  assert.equal(
    of(`${both}fn f() {\n    BUG_ON!(a);\n    BUG_ON!(b);\n}\n`),
    "fn f() {\n    BUG_ON!(a);\n    BUG_ON!(b);\n}\n",
  );
  const some = [
    `${both}fn f() {\n    BUG_ON!(a);\n}\n`,
    `${both}fn f() {}\n\nfn g() {\n    BUG_ON!(a);\n    BUG_ON!(b);\n}\n`,
    `${assertion("a is one")}fn f() {\n    BUG_ON!(a);\n}\n`,
    `const _: () = { "BUG_ON(a)"; };\n\nfn f() {\n    BUG_ON!(a);\n}\n`,
  ];
  for (const text of some) assert.equal(of(text), text);
});

test("a function does not hide the type of its name", () => {
  const out = withoutUnused(
    files({
      bindings: "#[repr(C)]\npub struct pair { pub a: u32 }\n",
      unit: "use crate::bindings::*;\n\n#[no_mangle]\nfn pair(p: *mut pair) {}\n",
    }),
  );
  assert.match(out.get(BINDINGS) ?? "", /struct pair/);
});

test("an extern block of which nothing is left goes as well", () => {
  assert.equal(
    withoutUnused(files({ unit: 'use crate::x;\n\nextern "C" {\n    fn idle();\n}\n\n#[no_mangle]\nfn f() {}\n' })).get(
      UNIT,
    ),
    "use crate::x;\n\n#[no_mangle]\nfn f() {}\n",
  );
});

test("names of C's integers are Rust's own; members, functions and what the module calls so keep theirs", () => {
  const out = withPlainNames(
    files({
      bindings:
        "pub type __u32 = ::core::ffi::c_uint;\npub type u32_0 = __u32;\npub type size_t = __kernel_size_t;\npub type __kernel_size_t = ::core::ffi::c_ulong;\n#[repr(C)]\npub struct s { pub u32_0: u32_0, pub n: size_t, pub p: *mut ::core::ffi::c_void }\n",
      unit: "use crate::bindings::*;\n\nunsafe fn f(x: u32_0) -> ::core::ffi::c_int {\n    (x as __u32).wrapping_add(u32_0::BITS) as ::core::ffi::c_int\n}\n",
    }),
  );
  assert.match(out.get(BINDINGS) ?? "", /pub struct s \{ pub u32_0: u32, pub n: size_t, pub p: \*mut c_void \}/);
  assert.match(out.get(BINDINGS) ?? "", /pub type size_t = c_ulong;/);
  assert.match(out.get(BINDINGS) ?? "", /^use core::ffi::\{c_ulong, c_void\};/m);
  assert.match(out.get(UNIT) ?? "", /^use core::ffi::c_int;$/m);
  assert.match(out.get(UNIT) ?? "", /fn f\(x: u32\) -> c_int \{\n {4}\(x as u32\)\.wrapping_add\(u32::BITS\) as c_int/);
  const taken = files({ bindings: "#[repr(C)]\npub struct c_int { pub a: ::core::ffi::c_uint }\n" });
  assert.deepEqual(withPlainNames(taken), taken);
});

test("a type is opaque where it is only pointed to and nothing looks into it", () => {
  const bindings =
    'extern "C" {\n    pub type module;\n    pub fn f(m: *mut module, d: *const dir, h: *mut held, l: *mut looked);\n}\n\n#[repr(C)]\npub struct dir { pub kport_entry: u8 }\n#[repr(C)]\npub struct held { pub only: u8 }\n#[repr(C)]\npub struct looked { pub into: u8 }\n#[repr(C)]\npub struct nobodys { pub one: u8 }\n';
  const out = withOpaque(
    files({
      bindings,
      layouts:
        "const _: () = assert!(::core::mem::size_of::<dir>() == 1);\nconst _: () = assert!(::core::mem::size_of::<held>() == 1);\n",
      unit: "static mut H: held = held { only: 1 };\nunsafe fn g(l: *mut looked) -> u8 { (*l).into }\n",
    }),
  );
  assert.match(out.get(BINDINGS) ?? "", /opaque! \{\n {4}dir module\n\}/);
  assert.match(out.get(BINDINGS) ?? "", /struct held[^]*struct looked/);
  assert.doesNotMatch(out.get(BINDINGS) ?? "", /struct dir|pub type module|nobodys/);
  assert.doesNotMatch(out.get("src/layouts.rs") ?? "", /dir/);
});

test("the accessors of plain bit-fields are a table; those that read as volatile are not", () => {
  const struct = {
    kind: "struct" as const,
    name: "s",
    attributes: ["#[derive(Copy, Clone, BitfieldStruct)]"],
    text: 'pub struct s {\n    #[bitfield(name = "mode", ty = "u32", bits = "0..=2")]\n    #[bitfield(name = "on", ty = "bool_0", bits = "3..=3")]\n    pub mode_on: [u8; 1],\n}',
  };
  const text = (volatile: boolean): string =>
    expandBitfields(struct, new Set(volatile ? ["s"] : []))
      .map((i) => i.text)
      .join("\n");
  const table = withAccessorTables(files({ bitfield: BITFIELD_MODULE, bindings: text(false) })).get(BINDINGS) ?? "";
  assert.match(
    table,
    /crate::bitfield::accessors! \{\n {4}s\.mode_on \{\n {8}mode set_mode: u32 = 0, 3;\n {8}on set_on: bool_0 = 3, 1;\n {4}\}\n\}/,
  );
  assert.doesNotMatch(
    withAccessorTables(files({ bitfield: BITFIELD_MODULE, bindings: text(true) })).get(BINDINGS) ?? "",
    /accessors!/,
  );
});

test("enumerators come in the order of C, each enumeration by itself", () => {
  const text =
    "pub type a = u32;\npub(crate) const A2: a = 2;\npub(crate) const A1: a = 1;\npub type b = i32;\npub(crate) const B1: b = 1;\npub(crate) const B0: b = 0;\npub(crate) const B_1: b = -1;\npub(crate) const ALONE: u32 = 3;\n";
  assert.equal(
    inOrder(files({ unit: text })).get(UNIT),
    "pub type a = u32;\npub(crate) const A1: a = 1;\npub(crate) const A2: a = 2;\npub type b = i32;\npub(crate) const B_1: b = -1;\npub(crate) const B0: b = 0;\npub(crate) const B1: b = 1;\npub(crate) const ALONE: u32 = 3;\n",
  );
});

test("what another unit defines is used from there; what only this unit declares stays", () => {
  const out = withNeighbours(
    files({
      other:
        '#[no_mangle]\npub(crate) unsafe extern "C" fn theirs() {}\n#[no_mangle]\npub(crate) static mut shared: u32 = 0;\nunsafe fn hidden() {}\n',
      unit: 'use crate::bindings::*;\n\nextern "C" {\n    fn theirs();\n    static mut shared: u32;\n    fn hidden();\n}\n\nfn f() {}\n',
    }),
  );
  assert.equal(
    out.get(UNIT),
    'use crate::bindings::*;\nuse crate::other::{shared, theirs};\n\nextern "C" {\n    fn hidden();\n}\n\nfn f() {}\n',
  );
});

test("the kernel's inline functions stand once, whatever their variables are numbered; those that are symbols stay", () => {
  const inline = (name: string, n: number): string =>
    `#[inline]\nunsafe extern "C" fn ${name}(mut a: u32) -> u32 {\n    let fresh${n} = a;\n    return fresh${n};\n}\n\n`;
  const unit = (n: number): string =>
    `use crate::bindings::*;\n\n${inline("kernels", n)}${inline("own", n)}${inline("emitted", n)}fn f() {}\n`;
  const own = new Map([
    ["src/a.rs", new Set(["own"])],
    ["src/b.rs", new Set(["own"])],
  ]);
  const out = withKernelFunctions(files({ a: unit(0), b: unit(4), macros: "", bindings: "" }), own, [
    "_RNvNtCs1_1k1a7emitted",
    "_RNvNtCs1_1k1b7emitted",
  ]);
  assert.equal(
    [...(out.get("src/kernel.rs") ?? "").matchAll(/pub\(crate\) unsafe extern "C" fn (\w+)/g)].map((m) => m[1]).join(),
    "kernels",
  );
  for (const u of ["src/a.rs", "src/b.rs"]) {
    assert.match(out.get(u) ?? "", /^use crate::kernel::\*;$/m);
    assert.doesNotMatch(out.get(u) ?? "", /kernels/);
    assert.match(out.get(u) ?? "", /fn own[^]*fn emitted/);
  }
});

test("inline functions of the module's own headers stand once, in headers.rs; those that are symbols stay", () => {
  const inline = (name: string): string => `#[inline]\nunsafe fn ${name}() -> u32 {\n    1\n}\n\n`;
  const unit = `use crate::bindings::*;\n\n${inline("shared")}${inline("emitted")}${inline("kernels")}fn f() {}\n`;
  const own = new Map([
    ["src/a.rs", new Set(["shared", "emitted"])],
    ["src/b.rs", new Set(["shared", "emitted"])],
  ]);
  const out = withHeaderFunctions(files({ a: unit, b: unit, macros: "", bindings: "" }), own, [
    "_RNvNtCs1_1k1a7emitted",
  ]);
  assert.deepEqual(
    [...(out.get("src/headers.rs") ?? "").matchAll(/pub\(crate\) unsafe fn (\w+)/g)].map((m) => m[1]),
    ["shared", "emitted"],
  );
  assert.match(out.get("src/a.rs") ?? "", /use crate::headers::\*;\n[^]*fn emitted[^]*fn kernels/);
  assert.doesNotMatch(out.get("src/b.rs") ?? "", /shared|emitted/);
});

test("pieces stand in the order of C, with its comments and blank lines, none twice", () => {
  const source =
    "/* head */\n\n/* of a */\nint a; /* behind */\nint b;\n\n/* alone */\n\n/** says\n * what */\nint c;\n/* last */\n";
  const at = (text: string): { b: number; e: number } => ({
    b: source.indexOf(text),
    e: source.indexOf(text) + text.length,
  });
  const comments = [...source.matchAll(/\/\*[^]*?\*\//g)].map((m) => ({
    place: { f: 0, b: m.index, e: m.index + m[0].length, l: 1 },
    text: m[0],
    ...(m[0].includes("behind") ? { trailing: true as const } : {}),
  }));
  const pieces = [
    { ...at("int c"), text: "static C: i32 = 0;" },
    { ...at("int a"), text: "/* of a */\nstatic A: i32 = 0;" },
    { ...at("int b"), text: "static B: i32 = 0;" },
  ];
  assert.equal(
    composed(pieces, { comments, source: Buffer.from(source) }, "// head\n"),
    "/* of a */\nstatic A: i32 = 0; /* behind */\nstatic B: i32 = 0;\n\n/* alone */\n\n/// says\n/// what\nstatic C: i32 = 0;\n/* last */",
  );
  assert.equal(flat(composed([], { comments: [], source: undefined }, "")), "");
});

test("what a function's text has not kept of its comments stands above it", () => {
  const source = "int f(void)\n{\n\t/* kept */\n\t/* lost: why\n\t * so */\n\t/* kep */\n\treturn 0; // behind\n}\n";
  const comments = [...source.matchAll(/\/\*[^]*?\*\/|\/\/.*/g)].map((m) => ({
    place: { f: 0, b: m.index, e: m.index + m[0].length, l: 1 },
    text: m[0],
  }));
  const piece = { b: 0, e: source.length - 1, text: 'fn f() {\n    /* kept */\n    g(c"lost: why so");\n    0\n}' };
  assert.equal(
    composed([piece], { comments, source: Buffer.from(source) }, ""),
    `/* lost: why\n * so */\n/* kep */\n// behind\n${piece.text}`,
  );
});

test("what a function's own comment says comes first, then what stands among its parameters", () => {
  const source = "/* does */\nint f(int a /* first */, int b /* second */);\n";
  const b = source.indexOf("int f");
  const comments = [...source.matchAll(/\/\*[^]*?\*\//g)].map((m) => ({
    place: { f: 0, b: m.index, e: m.index + m[0].length, l: 1 },
    text: m[0],
  }));
  assert.equal(
    composed(
      [{ b, e: source.length, text: "/* does */\nfn f(a: i32, b: i32) {}" }],
      { comments, source: Buffer.from(source) },
      "",
    ),
    "/* does */\n/* first */\n/* second */\nfn f(a: i32, b: i32) {}",
  );
});

test("what stands above an invocation that makes several items is said once", () => {
  const source = "/* makes both */\nBOTH(x);\n/* another */\nint y;\n";
  const comments = [...source.matchAll(/\/\*[^]*?\*\//g)].map((m) => ({
    place: { f: 0, b: m.index, e: m.index + m[0].length, l: 1 },
    text: m[0],
  }));
  const at = source.indexOf("BOTH");
  const made = (name: string): { b: number; e: number; text: string } => ({
    b: at,
    e: at + 7,
    text: `/* makes both */\nstatic ${name}: i32 = 0;`,
  });
  const y = { b: source.indexOf("int y"), e: source.length - 2, text: "/* another */\nstatic y: i32 = 0;" };
  assert.equal(
    composed([made("x"), made("x_group"), y], { comments, source: Buffer.from(source) }, ""),
    "/* makes both */\nstatic x: i32 = 0;\nstatic x_group: i32 = 0;\n/* another */\nstatic y: i32 = 0;",
  );
});

test("what has no name in C, and a word of Rust's that is one, are called as bindgen calls them; what the linker sees keeps its name", () => {
  const out = withGivenNames(
    files({
      bindings:
        "pub struct s { pub type_0: u32, pub c2rust_unnamed: C2RustUnnamed_3 }\npub struct C2RustUnnamed_3 { pub a_0: u32 }\npub struct t { pub ref_0: u32, pub ref_: u32 }\n",
      unit: "macro_rules! m { ($type_:ty) => { 0 } }\nfn f(p: *mut s) -> u32 { unsafe { (*p).type_0 + (*p).c2rust_unnamed.a_0 } }\n#[no_mangle] pub static priv_0: u32 = 1;\nfn g(p: *mut t) -> u32 { (*p).ref_0 }\n",
    }),
  );
  assert.match(out.get(BINDINGS) ?? "", /pub type_: u32, pub anon: Anon_3 \}\npub struct Anon_3 \{ pub a_0/);
  assert.match(out.get(UNIT) ?? "", /\(\*p\)\.type_ \+ \(\*p\)\.anon\.a_0[^]*static priv_0[^]*\.ref_0/);
});

test("members without a name are counted in their own structure, where the number means one of them", () => {
  const out = withGivenNames(
    files({
      bindings:
        "pub struct a { pub c2rust_unnamed_7: u32, pub c2rust_unnamed_9: u8 }\npub struct b { pub c2rust_unnamed_8: u32 }\npub struct c { pub c2rust_unnamed_4: u32, pub c2rust_unnamed_5: u32 }\n",
      unit: "pub struct d { pub c2rust_unnamed_5: u32 }\nfn f(p: *mut a, q: *mut b, _type_0: u32) -> u32 { (*p).c2rust_unnamed_9 + (*q).c2rust_unnamed_8 }\n",
    }),
  );
  assert.match(
    out.get(BINDINGS) ?? "",
    /a \{ pub anon: u32, pub anon_1: u8 \}[^]*b \{ pub anon: u32 \}[^]*c \{ pub anon_4: u32, pub anon_5: u32 \}/,
  );
  assert.match(
    out.get(UNIT) ?? "",
    /d \{ pub anon_5: u32 \}[^]*_type: u32\) -> u32 \{ \(\*p\)\.anon_1 \+ \(\*q\)\.anon /,
  );
});

test("a structure with an alignment is one, where what else is parted in two is told apart by its members", () => {
  const texts = {
    bindings:
      "#[derive(Copy, Clone)]\n#[repr(C, align(64))]\npub struct dev {\n    pub inner: dev_Inner,\n}\n#[derive(Copy, Clone)]\n#[repr(C)]\npub struct dev_Inner {\n    pub flags: u32,\n    pub inner_flags: u32,\n}\nimpl dev_Inner { pub const fn up(&self) -> u32 { self.flags } }\n",
    layouts: "const _: () = assert!(size_of::<dev>() == 64 && offset_of!(dev, inner.flags) == 0);\n",
    unit: "fn f(p: *mut dev) -> u32 { unsafe { (*p).inner.flags + (*p).inner.inner_flags + (*p).inner.up() } }\nstatic D: dev = dev { inner: dev_Inner { flags: 1, ..zeroed() } };\n",
  };
  const out = withAlignedTypes(files(texts));
  assert.equal(
    flat(out.get(BINDINGS) ?? ""),
    "#[derive(Copy, Clone)] #[repr(C, align(64))] pub struct dev { pub flags: u32, pub inner_flags: u32, } impl dev { pub const fn up(&self) -> u32 { self.flags } }",
  );
  assert.match(out.get("src/layouts.rs") ?? "", /offset_of!\(dev, flags\)/);
  assert.match(out.get(UNIT) ?? "", /\(\*p\)\.flags \+ \(\*p\)\.inner_flags \+ \(\*p\)\.up\(\)/);
  assert.match(out.get(UNIT) ?? "", /= dev \{ flags: 1, \.\.zeroed\(\) \} ?;/);
  const other = (member: string): Map<string, string> =>
    files({
      ...texts,
      more: `pub struct other { pub inner: other_Inner }\n#[repr(C, packed)]\npub struct other_Inner { pub ${member}: u32 }\nfn g(o: other) -> u32 { o.inner.${member} }\n`,
    });
  assert.match(withAlignedTypes(other("own")).get("src/more.rs") ?? "", /o\.inner\.own/);
  assert.match(withAlignedTypes(other("own")).get(UNIT) ?? "", /\(\*p\)\.flags/);
  assert.deepEqual(withAlignedTypes(other("flags")), other("flags"));
  const packed = files({ ...texts, bindings: texts.bindings.replace("#[repr(C)]", "#[repr(C, packed)]") });
  assert.deepEqual(withAlignedTypes(packed), packed);
});

test("enumerators that each use converts are int, unless something is of their type", () => {
  const crate = (more: string): Map<string, string> =>
    files({
      bindings:
        "pub type e_type = u32;\npub const A: e_type = 0;\npub const B: e_type = 1;\npub const C: u32 = 3000000000;\n",
      unit: `fn f(x: c_int) -> u8 { g((A as c_int) << 2, h(B as c_int)); C as c_int; A as u8 }\n${more}`,
    });
  const out = withIntConstants(crate(""));
  assert.match(out.get(BINDINGS) ?? "", /const A: c_int = 0;\npub const B: c_int = 1;\npub const C: u32/);
  assert.match(out.get(UNIT) ?? "", /g\(A << 2, h\(B\)\); C as c_int; A as u8/);
  for (const more of ["static mut S: e_type = 0;\n", "fn k(x: u32) -> bool { x == B }\n"])
    assert.deepEqual(withIntConstants(crate(more)), crate(more));
});
