import assert from "node:assert/strict";
import { test } from "node:test";
import { lintRewrites } from "../../src/stages/print/items/rustc-says.ts";
import type { Warning } from "../../src/stages/gate/warnings.ts";

function applied(
  text: string,
  warnings: readonly { lint: string; word: string; fix?: string }[],
  file = "src/a.rs",
): string | undefined {
  const bytes = (word: string): { file: string; from: number; to: number } => {
    const from = Buffer.byteLength(text.slice(0, text.indexOf(word)));
    return { file, from, to: from + Buffer.byteLength(word) };
  };
  const all = warnings.map(
    (w): Warning => ({
      lint: w.lint,
      places: [bytes(w.word)],
      fixes: w.fix === undefined ? [] : [{ ...bytes(w.fix), text: "" }],
    }),
  );
  let files: ReadonlyMap<string, string> = new Map([
    [file, text],
    ["src/b.rs", "fn b() {}\n"],
  ]);
  for (const r of lintRewrites(all)) files = r.apply(files, []);
  assert.equal(files.get("src/b.rs"), "fn b() {}\n");
  return files.get(file);
}

test("blocks, imports and features of one file, whatever its characters are long", () => {
  assert.equal(
    applied("// – é\nuse a::{b, c};\nunsafe fn f(p: *mut u8) -> u8 {\n    *p\n}\n", [
      { lint: "E0133", word: "*p" },
      { lint: "unused_imports", word: "b", fix: "b, " },
    ]),
    "// – é\nuse a::{c};\nunsafe fn f(p: *mut u8) -> u8 {\n    unsafe { *p }\n}\n",
  );
  assert.equal(
    applied("#![feature(one, two, three)]\n", [
      { lint: "unused_features", word: "one" },
      { lint: "unused_features", word: "three" },
    ]),
    "#![feature(two, )]\n",
  );
});

test("a variable that is declared in two bodies is mutable in the one that changes it", () => {
  assert.equal(
    applied(
      "fn f(a: u8) -> u8 {\n    match a {\n        1 => {\n            let mut b = a;\n            b\n        }\n    }\n}\n",
      [{ lint: "unused_mut", word: "mut b", fix: "mut " }],
    ),
    "fn f(a: u8) -> u8 {\n    match a {\n        1 => {\n            let b = a;\n            b\n        }\n    }\n}\n",
  );
});

test("what no lint names stays, and other lints are not heeded", () => {
  assert.equal(applied("unsafe fn f() {}\n", [{ lint: "dead_code", word: "f" }]), "unsafe fn f() {}\n");
});

test("what the port took along goes where nothing names it, with its comment; a member that nothing reads stays", () => {
  const text = "/// One.\nconst fn one() -> u32 {\n    1\n}\n\nstruct two {\n    three: u32,\n}\n";
  const warnings = [
    { lint: "dead_code", word: "one" },
    { lint: "dead_code", word: "three" },
  ];
  assert.equal(applied(text, warnings, "src/macros.rs"), "\n\nstruct two {\n    three: u32,\n}\n");
});

test("a macro that nothing invokes any more goes", () => {
  const text =
    "/// Of the file.\nuse core::ffi::*;\n\n/// One.\n/// And more of it.\nmacro_rules! one {\n    () => { 1 };\n}\n\nmacro_rules! two {\n    () => { 2 };\n}\n";
  assert.equal(
    applied(text, [{ lint: "unused_macros", word: "one" }], "src/macros.rs"),
    "/// Of the file.\nuse core::ffi::*;\n\n\n\nmacro_rules! two {\n    () => { 2 };\n}\n",
  );
});
