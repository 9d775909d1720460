import assert from "node:assert/strict";
import { test } from "node:test";
import { Rewriter } from "../../src/c/rewriter.ts";

test("edits are made in the text's order, whichever came first", () => {
  const r = new Rewriter("abcdef");
  r.replace(4, 5, "E");
  r.replace(1, 2, "B");
  assert.equal(r.render(), "aBcdEf");
});

test("a part of the original carries the edits inside of it along", () => {
  const r = new Rewriter("f(a, g(b))");
  r.replace(5, 9, "G(", { start: 7, end: 8 }, ")");
  r.replace(7, 8, "B");
  r.replace(0, 10, "F{", { start: 5, end: 9 }, ", ", { start: 2, end: 3 }, "}");
  assert.equal(r.render(), "F{G(B), a}");
});

test("what an outer edit leaves out takes its inner edits along", () => {
  const r = new Rewriter("drop(inner) keep");
  r.replace(0, 11, "gone");
  r.replace(5, 10, "never seen");
  assert.equal(r.render(), "gone keep");
});

test("of two edits on one stretch the first is the outer one", () => {
  const r = new Rewriter("x");
  r.replace(0, 1, "(", { start: 0, end: 1 }, ")");
  r.replace(0, 1, "y");
  assert.equal(r.render(), "(y)");
});

test("insertions at one place keep their order, and precede a replacement that starts there", () => {
  const r = new Rewriter("int x;");
  r.replace(0, 0, "A ");
  r.replace(0, 0, "B ");
  assert.equal(r.render(), "A B int x;");
});

test("an insertion goes before what is replaced from there on, and before what ends there and after", () => {
  const r = new Rewriter("static int f;");
  r.replace(0, 6, "");
  r.replace(0, 0, "int helper(void);\n");
  r.replace(12, 12, " = 1");
  assert.equal(r.render(), "int helper(void);\n int f = 1;");
});

test("a stretch of the text can be rendered alone", () => {
  const r = new Rewriter("one two three");
  r.replace(4, 7, "2");
  r.replace(0, 3, "1");
  assert.equal(r.render(4, 13), "2 three");
});

test("with() leaves the original alone, and its edits are the outer ones", () => {
  const r = new Rewriter("struct s { int a; } x;");
  r.replace(11, 14, "long");
  assert.equal(r.with([{ start: 0, end: 19, text: "struct s { char p[4]; }" }]).render(), "struct s { char p[4]; } x;");
  assert.equal(r.render(), "struct s { long a; } x;");
});
