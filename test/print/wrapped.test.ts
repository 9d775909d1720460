import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapped } from "../../src/stages/print/wrapped.ts";

const long = "x".repeat(100);

test("an invocation with a string in pieces that is too long for a line is an argument a line", () => {
  assert.equal(
    wrapped(`fn f() {\n    printk!(LEVEL "${long} %d\\n", g(a, b), "(,");\n}\n`),
    `fn f() {\n    printk!(\n        LEVEL "${long} %d\\n",\n        g(a, b),\n        "(,"\n    );\n}\n`,
  );
});

test("what fits, what rustfmt can read, and what has lines already is left", () => {
  for (const text of [
    'fn f() {\n    printk!(LEVEL "up\\n");\n}\n',
    `fn f() {\n    printk!("${long} %d, %d, %d\\n", a, b, c);\n}\n`,
    `fn f() {\n    printk!(\n        LEVEL "${long} and more than fits\\n",\n        a\n    );\n}\n`,
    `fn f() {\n    g(h, "LEVEL \\" ${long} and more than fits\\n");\n}\n`,
  ])
    assert.equal(wrapped(text), text);
});
