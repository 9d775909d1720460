import assert from "node:assert/strict";
import { test } from "node:test";
import { type Part, Rewriter } from "../../src/c/rewriter.ts";
import { StageError } from "../../src/machine/errors.ts";

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

test("what is inserted at the end of a kept part comes once: inside of it, or behind the edit that ends there too", () => {
  const r = new Rewriter("abcdefgh");
  r.replace(0, 5, "(", { start: 0, end: 5 }, ")");
  r.replace(5, 5, "X");
  assert.equal(r.render(), "(abcde)Xfgh");
  const inner = new Rewriter("abcdefgh");
  inner.replace(0, 8, "(", { start: 0, end: 5 }, ")");
  inner.replace(5, 5, "X");
  assert.equal(inner.render(), "(abcdeX)");
  const between = new Rewriter("abcd");
  between.replace(0, 4, { start: 0, end: 2 }, ";", { start: 2, end: 4 });
  between.replace(2, 2, "X");
  assert.equal(between.render(), "ab;Xcd");
});

test("what an outer edit keeps twice is rewritten twice", () => {
  const r = new Rewriter("a[i] += 1");
  r.replace(0, 9, { start: 0, end: 4 }, " = ", { start: 0, end: 4 }, " + ", { start: 8, end: 9 });
  r.replace(2, 3, "j");
  assert.equal(r.render(), "a[j] = a[j] + 1");
});

for (const [how, edits] of Object.entries({
  "edits that overlap": [
    [0, 5],
    [3, 8],
  ],
  "an edit across the end of what another one keeps": [
    [0, 9, { start: 1, end: 5 }],
    [3, 7],
  ],
  "an edit across the start of what another one keeps": [
    [0, 9, { start: 4, end: 8 }],
    [3, 7],
  ],
  "an edit around what another one keeps": [
    [0, 9, { start: 4, end: 6 }],
    [3, 7],
  ],
  "an edit on the stretch that another one keeps a part of": [
    [0, 9, { start: 1, end: 8 }],
    [0, 9],
  ],
} satisfies Record<string, [number, number, ...Part[]][]>)) {
  test(`refused with their place: ${how}`, () => {
    const r = new Rewriter("one\ntwo three", (offset) => ({ file: "a.c", line: offset < 3 ? 1 : 2 }));
    for (const [start, end, ...parts] of edits as [number, number, ...Part[]][]) r.replace(start, end, ...parts, "#");
    assert.throws(
      () => r.render(),
      (e) =>
        e instanceof StageError &&
        e.file === "a.c" &&
        e.line !== undefined &&
        /rewrites `.+` and `.+`, which overlap/.test(e.message),
    );
  });
}

test("edits may touch, and what is left out may overlap", () => {
  const r = new Rewriter("abcdef");
  r.replace(0, 2, "1");
  r.replace(2, 4, "2");
  assert.equal(r.render(), "12ef");
  const gone = new Rewriter("abcdef");
  gone.replace(0, 6, "all");
  gone.replace(1, 3, "1");
  gone.replace(2, 5, "2");
  assert.equal(gone.render(), "all");
});

test("what is inserted may be kept from elsewhere, without the edit that is around it there", () => {
  const r = new Rewriter("x = ({ a(); b; });");
  r.replace(0, 0, "{ ", { start: 6, end: 11 }, " ");
  r.replace(4, 17, "b");
  r.replace(7, 8, "A");
  assert.equal(r.render(), "{  A(); x = b;");
});
