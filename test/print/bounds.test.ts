import assert from "node:assert/strict";
import { test } from "node:test";
import { MacroBook } from "../../src/stages/print/macro-book.ts";
import { readCrateFile } from "../../src/stages/print/crate-file.ts";
import { withMemberBounds } from "../../src/stages/print/items/member-bounds.ts";
import { UnitPrinter } from "../../src/stages/print/unit.ts";
import { factsOf } from "../facts/facts-of.ts";
import { flat, printed } from "./print.ts";

const INT = "::core::ffi::c_int";

test("a variable's array is as long as its declaration says", async () => {
  const c = `#define N 6
#define TWICE(x) ((x) * 2)
enum { SLOTS = 3 };
static int table[SLOTS][N] = { { 1 } };
static unsigned char plain[6];
static unsigned char expanded[TWICE(N)];
void g(unsigned char *p);
int f(void) { unsigned char mac[N]; int sums[N + 1] = { 0 }; unsigned char five[5]; g(mac); g(five); return table[1][2] + sums[0] + plain[0] + expanded[0]; }`;
  const { bodies, variables, macros } = await printed(
    c,
    `pub const SLOTS: ::core::ffi::c_uint = 3;
static mut table: [[${INT}; 6]; 3] = [[0; 6]; 3];
static mut plain: [u8; 6] = [0; 6];
static mut expanded: [u8; 12] = [0; 12];
unsafe extern "C" fn g(p: *mut u8) {}
unsafe extern "C" fn f() -> ${INT} {}
`,
    { names: ["N"] },
  );
  assert.match(variables.get("table") ?? "", /: \[\[c_int; N\]; SLOTS as usize\] =/);
  // What C shows as a number is one, and so is what only a macro's own text would say.
  assert.match(variables.get("plain") ?? "", /: \[u8; 6\] = \[0; 6\]/);
  assert.match(variables.get("expanded") ?? "", /: \[u8; 12\] = \[0; 12\]/);
  assert.match(bodies.get("f") ?? "", /let mut mac = \[0_u8; N\];/);
  assert.match(bodies.get("f") ?? "", /let sums: \[c_int; N \+ 1\] = \[0; N \+ 1\];/);
  assert.match(bodies.get("f") ?? "", /let mut five = \[0_u8; 5\];/);
  assert.match(macros, /const N: usize = 6;/);
});

test("a member's array is as long as the structure says, in those without a name too", async () => {
  const c = `#define N 6
#define ROWS 2
#define TWICE(x) ((x) * 2)
struct s { unsigned char mac[N]; unsigned char six[6]; int rows[ROWS][N + 1]; unsigned char type[N]; union { unsigned char raw[N]; long l; }; struct { char name[TWICE(N)]; char other[N]; } in[ROWS]; };
long use(struct s *p) { return p->l; }`;
  const { facts } = await factsOf(c);
  const crate = `#[repr(C)]
pub struct s { pub mac: [u8; 6], pub six: [u8; 6], pub rows: [[${INT}; 7]; 2], pub r#type: [u8; 6], pub c2rust_unnamed: C2RustUnnamed_0, pub in_0: [C2RustUnnamed; 2] }
#[repr(C)]
pub union C2RustUnnamed_0 { pub raw: [u8; 6], pub l: i64 }
#[repr(C)]
pub struct C2RustUnnamed { pub name: [i8; 12], pub other: [i8; 6] }
`;
  const book = new MacroBook();
  const unit = new UnitPrinter(
    {
      rust: 'unsafe extern "C" fn use_0(p: *mut s) -> i64 {}',
      facts,
      moved: [],
      renamed: new Map(),
      source: () => Buffer.from(c),
    },
    readCrateFile(crate).environment,
  );
  unit.bounds(book);
  book.settleConstants();
  book.settle();
  const made = unit.bounds(book);
  const out = flat(withMemberBounds(new Map([["src/bindings.rs", crate]]), [made]).get("src/bindings.rs") ?? "");
  assert.match(out, /^use crate::macros::\*;/);
  assert.match(
    out,
    /mac: \[u8; N\], pub six: \[u8; 6\], pub rows: \[\[::core::ffi::c_int; N \+ 1\]; ROWS\], pub r#type: \[u8; N\], .* in_0: \[C2RustUnnamed; ROWS\]/,
  );
  assert.match(out, /raw: \[u8; N\], pub l/);
  assert.match(out, /name: \[i8; 12\], pub other: \[i8; N\]/);
});
