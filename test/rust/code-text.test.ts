import assert from "node:assert/strict";
import { test } from "node:test";
import { codeText } from "../../src/rust/code-text.ts";

const CODE = "fn f(a: u32) -> u32 {\n    // doubled\n    a << 1 /* or so */\n}\n";

test("comments, lines and indentation are nothing to rustc", () => {
  assert.equal(codeText(CODE), codeText("fn f(a: u32) -> u32 {\n\ta << 1\n    // at the end\n}"));
});

const OTHERS: Record<string, string> = {
  "a constant": CODE.replace("1", "2"),
  "an operator taken apart": CODE.replace("<<", "< <"),
  "an arrow taken apart": CODE.replace("->", "- >"),
  "names that a comment held apart": CODE.replace("fn f", "fn/**/f").replace("/**/", ""),
  "a comment that documents": CODE.replace("// doubled", "/// doubled"),
  "a comment that documents, in a block": CODE.replace("/* or so */", "/** or so */"),
  "a comment in a comment": CODE.replace("/* or so */", "/* or /* so */"),
  "what looks like a comment in a string": CODE.replace("a << 1", '{ "// doubled"; a << 1 }'),
};
for (const [what, other] of Object.entries(OTHERS))
  test(`${what} is another text`, () => assert.notEqual(codeText(other), codeText(CODE)));

test("a comment stands for white space, and the string beside it stays", () => {
  assert.equal(codeText('let/* x */a = "/* y */";'), 'let a = "/* y */";');
  assert.equal(codeText("/// one\nfn f() {}"), "/// one\n fn f() {}");
});
