import assert from "node:assert/strict";
import { test } from "node:test";
import { BOLD } from "../../src/stages/print/form.ts";
import { printed } from "./print.ts";

const fn = (name: string, parameters: string, result = ""): string =>
  `unsafe extern "C" fn ${name}(${parameters})${result} {}\n`;
const H = fn("h", "x: ::core::ffi::c_int");
const F = fn("f", "x: ::core::ffi::c_int");
const ERRORS = "#define EPIPE 32\n#define ENOENT 2\n#define EBOTH (-EPIPE)\nvoid h(int x);\n";

test("cases that are errors are those of the negative, by their names", async () => {
  const c = `${ERRORS}void f(int x) { switch (x) { case 0: break; case -EPIPE: case -ENOENT: h(x); break; default: h(1); } }`;
  const { bodies } = await printed(c, H + F);
  assert.equal(bodies.get("f"), "match -x { 0 => { } EPIPE | ENOENT => h(x), _ => h(1), }");
  // Where that is other code, the number.
  const { bodies: other } = await printed(c, H + F, { form: { ...BOLD, negates: false } });
  assert.equal(other.get("f"), "match x { 0 => { } // -EPIPE, -ENOENT -32 | -2 => h(x), _ => h(1), }");
});

test("beside other numbers, and in a type without room for their negative, errors are numbers", async () => {
  const { bodies } = await printed(
    `${ERRORS}void f(int x) { switch (x) { case 7: h(0); break; case -EPIPE: h(1); } }
void g(signed char x) { switch (x) { case -EPIPE: h(1); } }
void k(int x) { switch (x) { case EBOTH: h(1); } }
void m(int x) { switch (x + 1) { case -ENOENT: h(1); } }`,
    H + F + fn("g", "x: ::core::ffi::c_schar") + fn("k", "x: ::core::ffi::c_int") + fn("m", "x: ::core::ffi::c_int"),
  );
  assert.equal(bodies.get("f"), "match x { 7 => h(0), // -EPIPE -32 => h(1), _ => { } }");
  assert.equal(bodies.get("g"), "match x { // -EPIPE -32 => h(1), _ => { } }");
  // A name of its own is a pattern.
  assert.equal(bodies.get("k"), "match x { EBOTH => h(1), _ => { } }");
  assert.equal(bodies.get("m"), "match -(x + 1) { ENOENT => h(1), _ => { } }");
});

test("a comment of a case stays with its case, also where nothing is done there", async () => {
  const { texts } = await printed(
    `${ERRORS}void f(int x) {
	switch (x) {
	case 0: /* well */
		break;
	/* gone: say so */
	case 1:
	case 2:
		h(1);
		/* and no more */
		break; /* done */
	case 3: /* unlinked */
		h(2);
		break;
	/* all else */
	default:
		h(3);
	}
	h(4);
}`,
    H + F,
  );
  const lines = (texts.get("f") ?? "").split("\n").map((l) => l.trim());
  assert.deepEqual(lines.slice(lines.indexOf("match x {")), [
    "match x {",
    "0 => { /* well */ }",
    "/* gone: say so */",
    "1 | 2 => {",
    "h(1);",
    "/* and no more */",
    "/* done */",
    "}",
    "3 => {",
    "/* unlinked */",
    "h(2);",
    "}",
    "/* all else */",
    "_ => h(3),",
    "}",
    "h(4);",
    "}",
  ]);
});

test("a statement that is longer than a line has a block, and its semicolon", async () => {
  const far = "f".repeat(60);
  const { bodies } = await printed(
    `void ${far}(int a); int g(int);\nvoid f(int x) { switch (x) { case 1: ${far}(1); break; case 2: ${far}(g(g(g(g(g(g(g(g(g(g(x))))))))))); break; case 3: ${far}(g(g(g(g(g(g(g(g(g(g(g(g(g(g(g(x)))))))))))))))); } }`,
    fn(far, "a: ::core::ffi::c_int") + fn("g", "x: ::core::ffi::c_int", " -> ::core::ffi::c_int") + F,
  );
  const arms = (bodies.get("f") ?? "").split(/ (?=[123_] =>)/).slice(1);
  assert.deepEqual(
    arms.map((a) =>
      a
        .replace(/\{ f|=> f/, (m) => `${m}…`)
        .replace(far.slice(1), "")
        .replace(/\((?:g\()*x\)+/, "(…)"),
    ),
    ["1 => f…(1),", "2 => f…(…),", "3 => { f…(…); }", "_ => { } }"],
  );
});

test("a case that a macro of another name computes is said with what the macro is given", async () => {
  const { bodies } = await printed(
    "#define __swap(x) ((unsigned short)(((x) & 0xff) << 8 | ((x) >> 8 & 0xff)))\n#define to_be __swap\n#define PROTO 0x0806\nint f(unsigned short x) { switch (x) { case to_be(PROTO): return 1; } return 0; }",
    'unsafe extern "C" fn f(x: u16) -> ::core::ffi::c_int {}\n',
  );
  assert.match(bodies.get("f") ?? "", /\/\/ to_be\(PROTO\) 1544 => return 1,/);
});

test("a label in one case that others jump to stands behind the match, in C's order", async () => {
  const { bodies } = await printed(
    `void h(int x);
void f(int x, int y) {
	switch (x) {
	case 0: h(0); break;
	case 1: h(1);
quiesce:	h(2); break;
	case 2: if (y) goto quiesce; h(3);
	case 3: goto last;
	default: h(4);
last:	h(5); if (y--) goto last;
	}
}`,
    H + fn("f", "mut x: ::core::ffi::c_int, mut y: ::core::ffi::c_int"),
  );
  assert.equal(
    bodies.get("f"),
    "'cases: { 'last: { 'quiesce: { match x { 0 => { h(0); break 'cases; } 1 => { h(1); break 'quiesce; } " +
      "2 => { if y != 0 { break 'quiesce; } h(3); break 'last; } 3 => break 'last, _ => { h(4); break 'last; } } } " +
      "h(2); break 'cases; } 'last: loop { h(5); if post_dec!(y) != 0 { continue 'last; } break 'last; } }",
  );
});

test("what a case runs on into is written twice where it is short, and once behind the match where that is asked for", async () => {
  const c = `${ERRORS}void f(int x) { switch (x) { case 5: h(5); default: h(0); } h(9); }`;
  const { bodies } = await printed(c, H + F);
  assert.equal(bodies.get("f"), "match x { 5 => { h(5); h(0); } _ => h(0), } h(9);");
  const { bodies: once } = await printed(c, H + F, { form: { ...BOLD, once: true } });
  assert.equal(
    once.get("f"),
    "'cases: { 'default: { match x { 5 => { h(5); break 'default; } _ => break 'default, } } h(0); } h(9);",
  );
});
