import assert from "node:assert/strict";
import { test } from "node:test";
import { parser } from "@lezer/rust";
import type { Tree } from "@lezer/common";
import { parseRust } from "../../src/rust/parse.ts";

/** Where the functions of a text end, and how much of it the parser could not read. */
function functionsOf(tree: Tree): { ends: number[]; errors: number } {
  const found = { ends: [] as number[], errors: 0 };
  tree.iterate({
    enter(n) {
      if (n.type.isError) found.errors++;
      if (n.name === "FunctionItem") found.ends.push(n.to);
    },
  });
  return found;
}

test("a function whose condition is very long ends where it ends, and what follows it is there", () => {
  // As c2rust says `boot_cpu_has(X86_FEATURE_ACC_POWER)`.
  const clause = (word: number): string =>
    `3 as ::core::ffi::c_int * 32 as ::core::ffi::c_int + 19 as ::core::ffi::c_int >> 5 as ::core::ffi::c_int == ${word} as ::core::ffi::c_int && (1 as ::core::ffi::c_ulong) << (3 as ::core::ffi::c_int * 32 as ::core::ffi::c_int + 19 as ::core::ffi::c_int & 31 as ::core::ffi::c_int) & 0 as ::core::ffi::c_ulong != 0`;
  const clauses = Array.from({ length: 22 }, (_, word) => clause(word));
  const first = `fn f() { if if 1 as ::core::ffi::c_int != 0 && (${clauses.join(" || ")}) { 1 } else { g() } != 0 { h() } }`;
  const text = `${first}\nfn g() -> ::core::ffi::c_int { 0 }\n`;
  const expected = { ends: [first.length, text.length - 1], errors: 0 };
  assert.deepEqual(functionsOf(parseRust(text)), expected);
  assert.notDeepEqual(functionsOf(parser.parse(text)), expected, "the parser has no such limit any more");
});

test("a sum without end is no tree without end", () => {
  const text = `fn f() -> i32 { ${Array.from({ length: 50_000 }, (_, i) => `number_${i}`).join(" + ")} }`;
  const depth = { now: 0, most: 0 };
  parseRust(text).iterate({
    enter: () => void (depth.most = Math.max(depth.most, ++depth.now)),
    leave: () => void depth.now--,
  });
  assert.ok(depth.most > 1000 && depth.most < 5000, String(depth.most));
});
