import assert from "node:assert/strict";
import { test } from "node:test";
import { printItem, splitItems } from "../../src/rust/items.ts";
import { linkElsewhere } from "../../src/rust/link-names.ts";
import { settleWeakSymbols } from "../../src/rust/weak-symbols.ts";

const WEAK =
  '#[no_mangle]\n#[linkage = "weak"]\npub unsafe extern "C" fn answer(\n    mut x: *mut ::core::ffi::c_int,\n    mut y: ::core::ffi::c_int,\n) -> ::core::ffi::c_int {\n    return y;\n}\n#[no_mangle]\n#[linkage = "weak"]\npub static mut level: ::core::ffi::c_int = 1 as ::core::ffi::c_int;\n';
const STRONG =
  '#[no_mangle]\npub unsafe extern "C" fn answer(mut x: *mut ::core::ffi::c_int, mut y: ::core::ffi::c_int) -> ::core::ffi::c_int {\n    return 2;\n}\n#[export_name = "level"]\npub static mut level_0: ::core::ffi::c_int = 2 as ::core::ffi::c_int;\n';
const settled = (sources: string[], references: string[] = []): string[] =>
  settleWeakSymbols(
    sources.map(splitItems),
    sources.map(() => new Set(references)),
  ).map((items) => items.map(printItem).join("\n"));

test("a strong definition displaces a weak one, which becomes a declaration", () => {
  for (const sources of [
    [WEAK, STRONG],
    [STRONG, WEAK],
  ]) {
    const out = settled(sources);
    const weak = out[sources.indexOf(WEAK)] as string;
    assert.equal(out[sources.indexOf(STRONG)], STRONG.trimEnd());
    assert.equal(
      weak.replace(/\s+/g, " "),
      'extern "C" { pub fn answer( x: *mut ::core::ffi::c_int, y: ::core::ffi::c_int, ) -> ::core::ffi::c_int; } extern "C" { pub static mut level: ::core::ffi::c_int; }',
    );
  }
});

test("of weak definitions alone the first stays weak", () => {
  const [first, second] = settled([WEAK, WEAK]);
  assert.equal(first, WEAK.trimEnd());
  assert.doesNotMatch(second as string, /return y/);
});

test("a symbol that may be missing is weak, unless the port defines it", () => {
  assert.match(settled(["pub type a = u8;"], ["absent"])[0] as string, /global_asm!\("\.weak absent"\);/);
  assert.doesNotMatch(settled([STRONG], ["answer"])[0] as string, /\.weak/);
});

test("what helpers define under another symbol is linked by it", () => {
  const [block] = linkElsewhere(
    splitItems('extern "C" {\n    pub static mut table: [u8; 2];\n    pub fn label(a: u8);\n    pub fn other();\n}'),
    new Map([
      ["table", "kport_u_table"],
      ["label", "kport_u_label"],
      ["other", "other"],
    ]),
  );
  assert.equal(
    block?.text,
    'extern "C" {\n    #[link_name = "kport_u_table"]\n    pub static mut table: [u8; 2];\n    #[link_name = "kport_u_label"]\n    pub fn label(a: u8);\n    pub fn other();\n}',
  );
});
