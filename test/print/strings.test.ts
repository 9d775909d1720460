/** String literals are data: whatever they hold comes through unchanged. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { U8 } from "../../src/stages/print/rust-type.ts";
import { rustComment } from "../../src/stages/print/comments.ts";
import { stringPointer } from "../../src/stages/print/rules/literals.ts";

/** The bytes that rustc reads in a `c"…"` or `b"…"` literal (the Rust reference, "Byte escapes"). */
function bytesOf(literal: string): Buffer {
  const inner = /^[cb]"((?:\\[^]|[^"\\])*)"/.exec(literal)?.[1];
  assert.notEqual(inner, undefined, literal);
  const out: number[] = [];
  for (const m of (inner as string).matchAll(/\\x([0-9a-f]{2})|\\([^])|([^\\])/g)) {
    const [, hex, escape, plain] = m;
    if (hex !== undefined) out.push(Number.parseInt(hex, 16));
    else if (escape !== undefined) out.push({ n: 10, t: 9, r: 13, "0": 0, "\\": 92, '"': 34 }[escape] ?? Number.NaN);
    else out.push(...Buffer.from(plain as string));
  }
  return Buffer.from(out);
}

test("random bytes come through", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const { text } = stringPointer(Buffer.from(bytes), U8);
      const end = bytes.includes(0) ? Buffer.concat([Buffer.from(bytes), Buffer.from([0])]) : Buffer.from(bytes);
      assert.deepEqual(bytesOf(text), end);
      assert.match(text, bytes.includes(0) ? /^b"/ : /^c"/);
      assert.match(text, /^[\x20-\x7e]*$/, "it is ASCII, whatever the editor");
    }),
  );
});

test("what looks like code or a comment is a string", () => {
  for (const s of ["*/ unsafe {", "// not", '"quoted\\', "\u202e bidi", "a\nb"])
    assert.deepEqual(bytesOf(stringPointer(Buffer.from(s), U8).text), Buffer.from(s));
});

test("a comment opens no other, and documents nothing", () => {
  assert.deepEqual(rustComment("/* a /* b */", false), ["//  a /* b".replace("//  ", "// ")]);
  assert.deepEqual(rustComment("/** doc */", false), ["// doc"]);
  assert.deepEqual(rustComment("/** doc */", true), ["/// doc"]);
  assert.deepEqual(rustComment("/* a\r\n * b */", false), ["/* a", " * b */"]);
});
