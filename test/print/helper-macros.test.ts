import assert from "node:assert/strict";
import { test } from "node:test";
import type { MovedInvocation } from "../../src/stages/lower/moved-invocations.ts";
import { printed } from "./print.ts";

const INT = "::core::ffi::c_int";
const HEAD = `#define BIT_NR 3
#define TAG "tag"
#define SAY(dev, fmt, ...) do { static const char *said = fmt; asm("" : : "r"(said)); note((dev), ##__VA_ARGS__); } while (0)
#define SET(nr, addr) ({ asm("" : : "r"(nr), "r"(addr)); 0; })
struct dev { int id; long flags[2]; };
void note(int dev, ...);
int always(long nr, long *p);
`;
const CRATE = `#[repr(C)]
pub struct dev { pub id: ${INT}, pub flags: [i64; 2] }
`;

interface Moved {
  func: string;
  at: string;
  /** Which of those. */
  nth?: number;
  name: string;
  symbol: string;
  arguments: MovedInvocation["arguments"];
}

function movedIn(c: string, all: readonly Moved[]): MovedInvocation[] {
  return all.map(({ func, at, nth = 0, name, symbol, arguments: given }) => {
    let offset = c.indexOf(at);
    for (let k = 0; k < nth; k++) offset = c.indexOf(at, offset + 1);
    const line = c.slice(0, offset).split("\n").length;
    const what = name === "always" ? { callee: name } : { macro: name };
    return {
      func,
      file: "unit.c",
      line,
      offset,
      ...what,
      symbol,
      plain: `${func}_${name}`,
      arguments: given,
      lvalue: false,
    };
  });
}

const foreign = (...functions: string[]): string =>
  `extern "C" {\n${functions.map((f) => `    fn ${f};`).join("\n")}\n}\n`;

test("what moved to a helper is written as in C, whatever the helper is told", async () => {
  const c = `${HEAD}int f(struct dev *d, int size) { SAY(d->id, "size " "%d\\n", __func__, size + 1); return SET(BIT_NR, &d->flags[1]); }\n`;
  const crate = `${CRATE}${foreign(`u_say(d: *mut dev, size: ${INT})`, `u_set(d: *mut dev) -> ${INT}`)}unsafe extern "C" fn f(d: *mut dev, size: ${INT}) -> ${INT} {}\n`;
  const moved = movedIn(c, [
    {
      func: "f",
      at: "SAY(d->",
      name: "SAY",
      symbol: "u_say",
      arguments: [
        { local: "d", address: false },
        { local: "size", address: false },
      ],
    },
    { func: "f", at: "SET(BIT", name: "SET", symbol: "u_set", arguments: [{ local: "d", address: false }] },
  ]);
  const { bodies, macros } = await printed(c, crate, { moved, names: ["SAY", "SET", "BIT_NR"] });
  assert.equal(
    bodies.get("f"),
    'SAY!((*d).id, "size %d\\n", __func__, size + 1); SET!(BIT_NR, &raw mut (*d).flags[1])',
  );
  assert.match(
    macros,
    /macro_rules! SAY \{ \(\(\*\$d:ident\)\.id, "size %d\\n", __func__, \$size:ident \+ 1\) => \{ u_say\(\$d, \$size\) \}; \}/,
  );
  // The helper is compiled with the constant.
  assert.match(
    macros,
    /macro_rules! SET \{ \(BIT_NR, &raw mut \(\*\$d:ident\)\.flags\[1\]\) => \{ \{ const \{ assert!\(BIT_NR == 3\) \}; u_set\(\$d\) \} \}; \}/,
  );
});

test("two helpers of the same words are told apart by their functions, and one of a call keeps what it is given", async () => {
  const c = `${HEAD}void f(struct dev *d) { SAY(d->id, TAG); }
void g(struct dev *d) { SAY(d->id, TAG); }
void e(struct dev *other) { SAY(other->id, TAG); SAY(other->id, TAG); }
int h(long *p) { return always(BIT_NR, p + 1); }
int k(long *p, int n) { return always(n, p + 1); }
`;
  const crate = `${CRATE}${foreign("u_f(d: *mut dev)", "u_g(d: *mut dev)", "u_e(d: *mut dev)", "u_e_2(d: *mut dev)", `u_h(p: *mut i64) -> ${INT}`, `always(nr: i64, p: *mut i64) -> ${INT}`)}unsafe extern "C" fn f(d: *mut dev) {}
unsafe extern "C" fn g(d: *mut dev) {}
unsafe extern "C" fn e(other: *mut dev) {}
unsafe extern "C" fn h(p: *mut i64) -> ${INT} {}
unsafe extern "C" fn k(p: *mut i64, n: ${INT}) -> ${INT} {}
`;
  const d = [{ local: "d", address: false }];
  const moved = movedIn(c, [
    { func: "f", at: "SAY(d->", name: "SAY", symbol: "u_f", arguments: d },
    { func: "g", at: "SAY(d->", nth: 1, name: "SAY", symbol: "u_g", arguments: d },
    { func: "e", at: "SAY(other", name: "SAY", symbol: "u_e", arguments: [{ local: "other", address: false }] },
    {
      func: "e",
      at: "SAY(other",
      nth: 1,
      name: "SAY",
      symbol: "u_e_2",
      arguments: [{ local: "other", address: false }],
    },
    { func: "h", at: "always(BIT", name: "always", symbol: "u_h", arguments: [{ argument: 1 }] },
  ]);
  const { bodies, macros } = await printed(c, crate, { moved, names: ["SAY", "always", "BIT_NR"] });
  assert.equal(bodies.get("f"), "SAY!((*d).id, TAG);");
  assert.equal(bodies.get("g"), "SAY!((*d).id, TAG, in g);");
  // Another word for the same place is the same to rustc.
  assert.equal(bodies.get("e"), "SAY!((*other).id, TAG, in e); SAY!((*other).id, TAG, in e 2);");
  assert.equal(bodies.get("h"), "always!(BIT_NR, p.add(1))");
  assert.equal(bodies.get("k"), "always(i64::from(n), p.add(1))");
  assert.match(
    macros,
    /\(\(\*\$d:ident\)\.id, TAG\) => \{ u_f\(\$d\) \}; \/\/ The same words in other places: each helper knows its line\. \(\(\*\$d:ident\)\.id, TAG, in g\) => \{ u_g\(\$d\) \};/,
  );
  assert.match(
    macros,
    /macro_rules! always \{ \(BIT_NR, \$a0:expr\) => \{ \{ const \{ assert!\(BIT_NR == 3\) \}; u_h\(\$a0\) \} \}; \}/,
  );
});

test("a macro that is a helper in one place and Rust in another has arms for both, the helper's first", async () => {
  const c = `${HEAD}#define BOTH(a, b) ((a) + (b))
int f(struct dev *d) { return BOTH(d->id, BIT_NR); }
int g(int x, int y) { return BOTH(x, y * 2); }
int h(struct dev *e) { return BOTH(e->id, BIT_NR); }
`;
  const crate = `${CRATE}${foreign(`u_f(d: *mut dev) -> ${INT}`)}unsafe extern "C" fn f(d: *mut dev) -> ${INT} {}
unsafe extern "C" fn g(x: ${INT}, y: ${INT}) -> ${INT} {}
unsafe extern "C" fn h(e: *mut dev) -> ${INT} {}
`;
  const moved = movedIn(c, [
    { func: "f", at: "BOTH(d->", name: "BOTH", symbol: "u_f", arguments: [{ local: "d", address: false }] },
  ]);
  const { bodies, macros } = await printed(c, crate, { moved, names: ["BOTH", "BIT_NR"] });
  assert.equal(bodies.get("f"), "BOTH!((*d).id, BIT_NR)");
  assert.equal(bodies.get("g"), "BOTH!(x, y * 2)");
  // The helper's arm would take these words: they are written out.
  assert.equal(bodies.get("h"), "(*e).id + BIT_NR");
  assert.match(
    macros,
    /macro_rules! BOTH \{ \(\(\*\$d:ident\)\.id, BIT_NR\) => \{ .*u_f\(\$d\).* \}; \(\$a:expr, \$b:expr\) => \{ \$a \+ \$b \}; \}/,
  );
});

test("what the crate has no need of is told all the same", async () => {
  const c = `${HEAD}struct far { int x; int id; };
static int inline_of(struct far *p, int n) { return p->x + n; }
int f(struct far *p) { return SET(inline_of(p, 2) + p->id, &p->x); }
`;
  const crate = `#[repr(C)]
pub struct far { pub x: ${INT} }
${foreign(`u_f(p: *mut far) -> ${INT}`)}unsafe extern "C" fn f(p: *mut far) -> ${INT} {}
`;
  const far = movedIn(c, [
    { func: "f", at: "SET(inline", name: "SET", symbol: "u_f", arguments: [{ local: "p", address: false }] },
  ]);
  const { bodies } = await printed(c, crate, { moved: far });
  assert.equal(bodies.get("f"), "SET!(inline_of(p, 2) + (*p).id, &raw mut (*p).x)");
  const compared = c.replace("inline_of(p, 2) + p->id", "p != (void *)8");
  const moved = movedIn(compared, [
    { func: "f", at: "SET(p !=", name: "SET", symbol: "u_f", arguments: [{ local: "p", address: false }] },
  ]);
  assert.match((await printed(compared, crate, { moved })).bodies.get("f") ?? "", /^SET!\(p != /);
});

test("where an argument cannot be told, or a local is in none, the helper is called", async () => {
  const c = `#define HIDDEN(x) ({ asm("" : : "r"(x), "r"(size)); 0; })
#define PARTS(x) ({ int __r = x * 2; asm("" : : "r"(__r)); __r; })
int f(int a, int size) { return HIDDEN(a); }
int g(int a) { return PARTS(a + 1); }
`;
  const crate = `${foreign(`u_f(a: ${INT}, size: ${INT}) -> ${INT}`, `u_g(a: ${INT}) -> ${INT}`)}unsafe extern "C" fn f(a: ${INT}, size: ${INT}) -> ${INT} {}
unsafe extern "C" fn g(a: ${INT}) -> ${INT} {}
`;
  const local = (name: string) => ({ local: name, address: false });
  const moved = movedIn(c, [
    { func: "f", at: "HIDDEN(a)", name: "HIDDEN", symbol: "u_f", arguments: [local("a"), local("size")] },
    { func: "g", at: "PARTS(a", name: "PARTS", symbol: "u_g", arguments: [local("a")] },
  ]);
  const { bodies } = await printed(c, crate, { moved });
  assert.equal(bodies.get("f"), "u_f(a, size)");
  assert.equal(bodies.get("g"), "u_g(a)");
});

test("the size of a local is told, and not asserted", async () => {
  const c = `${HEAD}int f(void) { char text[24]; return SET(sizeof(text), text); }\n`;
  const moved = movedIn(c, [
    { func: "f", at: "SET(sizeof", name: "SET", symbol: "u_f", arguments: [{ local: "text", address: true }] },
  ]);
  const crate = `${foreign(`u_f(text: *mut [i8; 24]) -> ${INT}`)}unsafe extern "C" fn f() -> ${INT} {}\n`;
  const { macros, bodies } = await printed(c, crate, { moved, names: ["SET"] });
  assert.match(bodies.get("f") ?? "", /SET!\(sizeof!\(text\), /);
  assert.match(macros, /macro_rules! SET \{ \(sizeof!\(\$text:ident\), .*\) => \{ u_f\(&raw mut \$text\) \}; \}/);
});

test("a constant that a helper alone computes with is used", async () => {
  const c = `${HEAD}int g(int x) { return x + BIT_NR; }\nint f(int x) { return SET(x * BIT_NR, 0L); }\n`;
  const moved = movedIn(c, [
    { func: "f", at: "SET(x", name: "SET", symbol: "u_f", arguments: [{ local: "x", address: false }] },
  ]);
  const crate = `${foreign(`u_f(x: ${INT}) -> ${INT}`)}unsafe extern "C" fn f(x: ${INT}) -> ${INT} {}\nunsafe extern "C" fn g(x: ${INT}) -> ${INT} {}\n`;
  const { macros } = await printed(c, crate, { moved, names: ["SET", "BIT_NR"] });
  assert.match(macros, /\(\$x:ident \* BIT_NR, 0\) => \{ \{ let _ = BIT_NR; u_f\(\$x\) \} \};/);
});

test("a static table that C does not write is passed by an address to read from", async () => {
  const c = `${HEAD}int f(void) { static const unsigned char table[2] = { 1, 2 }; return SET(2, table); }\n`;
  const moved = movedIn(c, [
    { func: "f", at: "SET(2", name: "SET", symbol: "u_f", arguments: [{ local: "table", address: true }] },
  ]);
  const crate = `${foreign(`u_f(table: *mut [u8; 2]) -> ${INT}`)}unsafe extern "C" fn f() -> ${INT} { static mut table: [u8; 2] = [1, 2]; }\n`;
  const { bodies, macros } = await printed(c, crate, { moved, names: ["SET"] });
  assert.match(bodies.get("f") ?? "", /static table: \[u8; 2\] = .*SET!\(2, table\)/);
  assert.match(macros, /u_f\(\(&raw const \$table\)\.cast_mut\(\)\)/);
});
