/** Rust's tokens, and that no rule changes what is a string, a longer name or a number with a suffix. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { printItem } from "../../src/rust/items.ts";
import { codeOf, edited, lexRust, replaceTokens } from "../../src/rust/lexer.ts";
import { mendUnit } from "../../src/rust/mend.ts";
import { asNewer } from "../../src/rust/older-c2rust.ts";
import { plainChar } from "../../src/rust/plain-char.ts";
import { callLibc } from "../../src/stages/assemble/libc.ts";
import type { DefinitionFacts } from "../../src/stages/lower/definitions.ts";
import type { LoweredUnit } from "../../src/stages/lower/index.ts";

test("tokens of each kind, with their prefixes, suffixes and hashes", () => {
  const source = `let r#type = b"a\\"b" as *const u8; 'a: loop { x.0.1 } '\\'' b'"' c"c" r#"raw " here"# 0x1f_u8 1.5e-3 0..9 1.max(2) /* no */ // nor this`;
  assert.deepEqual(
    codeOf(source).map((t) => t.text),
    [
      "let",
      "r#type",
      "=",
      'b"a\\"b"',
      "as",
      "*",
      "const",
      "u8",
      ";",
      "'a",
      ":",
      "loop",
      "{",
      "x",
      ".",
      "0",
      ".",
      "1",
      "}",
      "'\\''",
      "b'\"'",
      'c"c"',
      'r#"raw " here"#',
      "0x1f_u8",
      "1.5e-3",
      "0",
      ".",
      ".",
      "9",
      "1",
      ".",
      "max",
      "(",
      "2",
      ")",
    ],
  );
  assert.deepEqual(
    lexRust(source)
      .filter((t) => t.kind === "comment")
      .map((t) => t.text),
    ["/* no */", "// nor this"],
  );
});

test("every character of a text is in a token or is space", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const tokens = lexRust(text);
      let at = 0;
      for (const t of tokens) {
        assert.equal(text.slice(at, t.start).trim(), "");
        assert.equal(text.slice(t.start, t.end), t.text);
        at = t.end;
      }
      assert.equal(text.slice(at).trim(), "");
    }),
  );
});

test("edits that overlap are a defect, and are not made", () => {
  assert.throws(
    () =>
      edited("abcd", [
        { start: 0, end: 3, text: "" },
        { start: 2, end: 4, text: "" },
      ]),
    /overlap/,
  );
});

/** What the rules look for, as words of a string. */
const BAIT = [
  ".0",
  ".0.x",
  ".inner",
  "unsafe {",
  ".offset(",
  ".wrapping_offset(",
  "C2RustUnnamed",
  "C2RustUnnamed_3",
  "::libc::memset",
  "libc::x",
  "core::ffi",
  "::core::ffi::c_char",
  "::core::ffi::VaListImpl",
  "table",
  "table_2",
  "names",
  "current_block = 1234567;",
  "7654321 =>",
  "unreachable!();",
  "#[used]",
  '.expect("non-null function pointer")',
  "::core::ptr::write_volatile(&mut x",
  "split(split_Inner",
  "link_section",
  "static mut x: u8 = 1;",
  "compile_error!",
  "'",
  '"',
  "\\",
  "{",
  "}",
  "(",
  ")",
  ";",
  "=",
  "// ",
  "/*",
  "*/",
  "r#",
  "\n",
  "\t",
  "\u{0}",
];
const literal = fc
  .array(fc.oneof(fc.constantFrom(...BAIT), fc.string({ maxLength: 6 })), { maxLength: 6 })
  .map((parts) => `b"${escaped(parts.join(" "))}\\0"`);
const escaped = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((b) =>
      b >= 32 && b < 127 && b !== 34 && b !== 92
        ? String.fromCharCode(b)
        : b === 34
          ? '\\"'
          : b === 92
            ? "\\\\"
            : b === 10
              ? "\\n"
              : `\\x${b.toString(16).padStart(2, "0")}`,
    )
    .join("");
/** Names that hold the names the rules know, or are numbered like them. */
const name = fc
  .tuple(
    fc.constantFrom("", "a", "my_", "x"),
    fc.constantFrom(
      "table",
      "names",
      "current_block",
      "split_",
      "used",
      "libc",
      "core",
      "c_char",
      "expect",
      "offset",
      "unreachable",
      "C2RustUnnamed",
      "inner",
      "run_static_initializers_",
      "free_list",
      "raw",
      "VaListImpl",
    ),
    fc.constantFrom("_2", "_0x", "_list", "_17", "z"),
  )
  .map((parts) => parts.join(""))
  // Those with a number and nothing before are c2rust's own.
  .filter((n) => !/^C2RustUnnamed_\d+$/.test(n));
const number = fc
  .tuple(fc.constantFrom("0x0", "0.0", "1e3", "10", "0b1"), fc.constantFrom("", "_f64", "_u8", "usize"))
  .map(([digits, suffix]) => (/[.e]/.test(digits) && !digits.startsWith("0x") ? digits : digits + suffix));

const FACTS: DefinitionFacts[] = ["table", "names"].map((n) => ({
  name: n,
  kind: "variable",
  weak: false,
  noinline: false,
  constant: true,
  section: ".rodata.x",
}));
const UNIT: Partial<LoweredUnit> = {
  elsewhere: new Map([["list", "kport_u_list"]]),
  definitions: FACTS,
  layouts: [],
  assertions: [],
};

/** A unit as c2rust writes it, in which every rule has something to do. */
const unitWith = (strings: readonly string[], names: readonly string[], numbers: readonly string[]): string => `
extern "C" {
    pub static mut list: *mut ::core::ffi::c_void;
    pub static mut free_list: *mut ::core::ffi::c_void;
}
#[derive(Copy, Clone)]
#[repr(C, align(8))]
pub struct split(pub split_Inner);
#[derive(Copy, Clone)]
#[repr(C, packed(1))]
pub struct split_Inner {
    pub x: C2RustUnnamed,
}
pub struct C2RustUnnamed {
    pub y: ::core::ffi::c_char,
}
pub static mut table: [*const ::core::ffi::c_char; 2] = [${strings[0]} as *const u8 as *const ::core::ffi::c_char, ${strings[1]} as *const u8 as *const ::core::ffi::c_char];
pub static mut table_2: ::core::ffi::c_int = 2 as ::core::ffi::c_int;
pub static mut late: *const ::core::ffi::c_char = ::core::ptr::null();
unsafe extern "C" fn run_static_initializers() {
    late = (${strings[2]} as *const u8 as *const ::core::ffi::c_char).offset(1 as ::core::ffi::c_int as isize);
}
#[used]
#[link_section = ".init_array"]
static INIT_ARRAY: [unsafe extern "C" fn(); 1] = [run_static_initializers];
pub unsafe extern "C" fn all(mut ${names[0]}: *mut split) {
    let mut current_block: u64;
    let mut ${names[1]}: split = split(split_Inner { x: C2RustUnnamed { y: '(' as i32 as ::core::ffi::c_char } });
    let mut ${names[2]} = ${numbers[0]};
    (*${names[0]}).0.x.y = (${names[1]}).0.x.y;
    ${names[1]}.0.x.y = (*table.offset(0)).offset(${numbers[1]});
    ::core::ptr::write_volatile(&mut (*${names[0]}).0.x.y as *mut ::core::ffi::c_char, (Some(callback.expect("non-null function pointer")).expect("non-null function pointer"))(${strings[3]}, ${names[2]}));
    let z = 0 as ::libc::size_t;
    ::libc::memset(${names[0]} as *mut ::core::ffi::c_void, 0, ${numbers[2]});
    match current_block {
        7654321 => { print(${strings[4]}); current_block = 7654321; }
        _ => unreachable!(),
    }
}
`;

test("strings, longer names and suffixes come through every rule as they were", () => {
  const six = fc.tuple(
    fc.array(literal, { minLength: 5, maxLength: 5 }),
    fc.uniqueArray(name, { minLength: 3, maxLength: 3 }),
    fc.array(number, { minLength: 3, maxLength: 3 }),
  );
  fc.assert(
    fc.property(
      six,
      fc.constantFrom("0.21.0", "0.22.1"),
      fc.constantFrom("-fsigned-char", "-funsigned-char"),
      ([strings, names, numbers], version, flag) => {
        const rust = unitWith(strings, names, numbers);
        const read = plainChar(asNewer(rust, version), [flag]);
        const items = mendUnit({ rust: read, unit: UNIT as LoweredUnit }, new Set());
        const text = callLibc(items.map(printItem).join("\n")).text;
        const out = codeOf(text);
        assert.deepEqual(
          out
            .filter((t) => t.text.startsWith('b"'))
            .map((t) => t.text)
            .sort(),
          [...strings].sort(),
        );
        for (const n of names)
          assert.equal(out.filter((t) => t.text === n).length, codeOf(rust).filter((t) => t.text === n).length, n);
        for (const n of numbers)
          assert.ok(
            out.some((t) => t.kind === "number" && t.text === n),
            `${n} in ${text}`,
          );
        assert.match(text, /pub static mut table_2: /);
        assert.match(text, /pub static table: kport_constant</);
        assert.doesNotMatch(
          replaceTokens(text, (t) => (t.kind === "string" ? '""' : undefined)),
          /\.0\.x|C2RustUnnamed\b|\bexpect\(|INIT_ARRAY|7654321|unreachable!|[^e]::libc/,
        );
      },
    ),
    { numRuns: 300 },
  );
});
