import assert from "node:assert/strict";
import { test } from "node:test";
import { edited } from "../../src/rust/lexer.ts";
import { unsafeBlocks } from "../../src/stages/print/items/unsafe-blocks.ts";

/** A text whose unsafe operations are in guillemets. */
function blocks(marked: string, whole: readonly string[] = [], declaring: readonly string[] = []): string {
  const operations: { from: number; to: number }[] = [];
  let text = "";
  let from = 0;
  for (const piece of marked.split(/([«»])/)) {
    if (piece === "«") from = text.length;
    else if (piece === "»") operations.push({ from, to: text.length });
    else text += piece;
  }
  return edited(text, unsafeBlocks(text, operations, new Set(whole), new Set(declaring)));
}
const body = (lines: string): string => `unsafe fn f(p: *mut u32) -> u32 {\n${lines}\n}\n`;

test("one or two plain statements are a block each, of no more than what is unsafe in them", () => {
  assert.equal(blocks(body("    «*p»")), body("    unsafe { *p }"));
  assert.equal(
    blocks(body("    let a = «g(p)»;\n    b = a;\n    c = «g(p)» + 1;\n    b")),
    body("    let a = unsafe { g(p) };\n    b = a;\n    c = unsafe { g(p) + 1 };\n    b"),
  );
  assert.equal(
    blocks(body("    «*p» = 1;\n    return «g(p)»;")),
    body("    unsafe { *p = 1 };\n    return unsafe { g(p) };"),
  );
  assert.equal(blocks(body("    «m!(p)»;\n    0")), body("    unsafe { m!(p) };\n    0"));
});

test("of more, the statements from the first to the last are one block", () => {
  assert.equal(
    blocks(
      body("    let mut r = 0;\n\n    // why\n    «*p» = 1;\n    r += 1;\n    «*p» = 2;\n    «*p» = 3; // so\n    r"),
    ),
    body(
      "    let mut r = 0;\n\n    unsafe {\n// why\n    «*p» = 1;\n    r += 1;\n    «*p» = 2;\n    «*p» = 3; // so\n}\n    r".replaceAll(
        /[«»]/g,
        "",
      ),
    ),
  );
});

test("what a block declares is used in it", () => {
  assert.equal(
    blocks(body("    let a = «g(p)»;\n    «*p» = 2;\n    «*p» = 3;\n    b();\n    a")),
    body("    unsafe {\nlet a = g(p);\n    *p = 2;\n    *p = 3;\n    b();\n    a\n}"),
  );
});

test("what a macro declares is used in its block as well; of another macro, what it is given is not", () => {
  const lines = "    «m!(a)»;\n    b();\n    g(a)";
  assert.equal(blocks(body(lines), [], ["m"]), body("    unsafe {\nm!(a);\n    b();\n    g(a)\n}"));
  assert.equal(blocks(body(lines), [], []), body("    unsafe { m!(a) };\n    b();\n    g(a)"));
});

test("where all lies in one block of a statement, only that has one", () => {
  assert.equal(
    blocks(body("    while i < 3 {\n        «*p» += 1;\n        i += 1;\n    }\n    0")),
    body("    while i < 3 {\n        unsafe { *p += 1 };\n        i += 1;\n    }\n    0"),
  );
  assert.equal(
    blocks(body("    if «*p» > 3 {\n        «*p» += 1;\n    }\n    0")),
    body("    unsafe {\nif *p > 3 {\n        *p += 1;\n    }\n}\n    0"),
  );
  assert.equal(
    blocks(body("    each!(c, {\n        «*p» += 1;\n    });\n    0")),
    body("    unsafe {\neach!(c, {\n        *p += 1;\n    });\n}\n    0"),
  );
});

test("without anything unsafe nothing changes", () => {
  assert.equal(blocks(body("    let a = 1;\n    a")), body("    let a = 1;\n    a"));
});

test("a function that is told to has one block around all that it does, and none where nothing is unsafe", () => {
  const text = body("    let mut r = 0;\n    «*p» = 1;\n    r");
  assert.equal(blocks(text, ["f"]), body("    unsafe {\nlet mut r = 0;\n    *p = 1;\n    r\n}"));
  assert.equal(blocks(text, ["g"]), body("    let mut r = 0;\n    unsafe { *p = 1 };\n    r"));
  assert.equal(blocks(body("    0"), ["f"]), body("    0"));
});
