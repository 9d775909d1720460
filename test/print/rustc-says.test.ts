import assert from "node:assert/strict";
import { test } from "node:test";
import { lintRewrites } from "../../src/stages/print/items/rustc-says.ts";
import type { Warning } from "../../src/stages/gate/warnings.ts";

function applied(text: string, warnings: readonly { lint: string; word: string; fix?: string }[]): string | undefined {
  const bytes = (word: string): { file: string; from: number; to: number } => {
    const from = Buffer.byteLength(text.slice(0, text.indexOf(word)));
    return { file: "src/a.rs", from, to: from + Buffer.byteLength(word) };
  };
  const all = warnings.map(
    (w): Warning => ({
      lint: w.lint,
      places: [bytes(w.word)],
      fixes: w.fix === undefined ? [] : [{ ...bytes(w.fix), text: "" }],
    }),
  );
  let files: ReadonlyMap<string, string> = new Map([
    ["src/a.rs", text],
    ["src/b.rs", "fn b() {}\n"],
  ]);
  for (const r of lintRewrites(all)) files = r.apply(files, []);
  assert.equal(files.get("src/b.rs"), "fn b() {}\n");
  return files.get("src/a.rs");
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

test("what no lint names stays, and other lints are not heeded", () => {
  assert.equal(applied("unsafe fn f() {}\n", [{ lint: "dead_code", word: "f" }]), "unsafe fn f() {}\n");
});
