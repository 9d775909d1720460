import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lex, matching, significant } from "../../src/c/lexer.ts";

const kinds = (text: string): string[] => lex(text).map((t) => `${t.kind}:${t.text}`);

test("identifiers, numbers, strings, characters and the longest punctuators", () => {
  assert.deepEqual(kinds(`x1 += 0x1fUL->y << 1.5e-3 ... u8"a\\"b" L'\\''`), [
    "identifier:x1",
    "punctuator:+=",
    "number:0x1fUL",
    "punctuator:->",
    "identifier:y",
    "punctuator:<<",
    "number:1.5e-3",
    "punctuator:...",
    "identifier:u8",
    `string:"a\\"b"`,
    "identifier:L",
    "char:'\\''",
  ]);
});

test("a name with a dollar sign is one identifier", () => {
  assert.deepEqual(kinds("$a$b"), ["identifier:$a$b"]);
});

test("a name goes on behind a joined line, and ends at another backslash", () => {
  assert.deepEqual(kinds("ab\\\nc1 d\\ e\\\n(f"), [
    "identifier:ab\\\nc1",
    "identifier:d",
    "identifier:e\\\n",
    "punctuator:(",
    "identifier:f",
  ]);
});

test("white space of Unicode lies between tokens, its other characters are tokens", () => {
  assert.deepEqual(kinds("a\u00a0é\u2028b\ufeff"), ["identifier:a", "punctuator:é", "identifier:b"]);
  assert.equal(lex("a\u2028#x").at(-1)?.kind, "identifier");
  assert.equal(lex("a\u00a0\n#x").at(-1)?.kind, "directive");
});

test("comments hold what looks like code, and are one token each", () => {
  assert.deepEqual(kinds(`a /* "x" // */ b // c /* \\\nstill`), [
    "identifier:a",
    `comment:/* "x" // */`,
    "identifier:b",
    "comment:// c /* \\\nstill",
  ]);
});

test("a directive takes its continuation lines, and counts only at the start of a line", () => {
  assert.deepEqual(kinds("  #define A(x) \\\n  x\nint a;"), [
    "directive:#define A(x) \\\n  x",
    "identifier:int",
    "identifier:a",
    "punctuator:;",
  ]);
  assert.deepEqual(
    kinds("a # b").map((k) => k.split(":")[0]),
    ["identifier", "punctuator", "identifier"],
  );
  assert.equal(lex('/* c */ # 12 "f.c"\n').at(-1)?.kind, "directive");
});

test("offsets give the text back, and only white space lies between tokens", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("int", "x", "'a'", '"s\\n"', "12u", "->", "{", "}", "/* c */", " ", "\n", "@", "\\"), {
        maxLength: 40,
      }),
      (words) => {
        const text = words.join(" ");
        let at = 0;
        for (const t of lex(text)) {
          assert.match(text.slice(at, t.start), /^[\s\\]*$/);
          assert.equal(text.slice(t.start, t.end), t.text);
          at = t.end;
        }
        assert.match(text.slice(at), /^[\s\\]*$/);
      },
    ),
  );
});

test("any text is lexed to its end", () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void lex(text)));
});

test("brackets are matched across kinds, not inside strings", () => {
  const tokens = significant(lex(`f(a[")"], { (b) })  )`));
  assert.equal(tokens[matching(tokens, 1)]?.end, `f(a[")"], { (b) })`.length);
  assert.equal(matching(significant(lex("f(a")), 1), -1);
});
