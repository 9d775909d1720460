/** What of a stranger's C becomes Rust text: it is read by rustfmt and rustc, committed as a port, and looked at by people. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { run } from "../../src/machine/process.ts";
import { codeOf } from "../../src/rust/lexer.ts";
import { Comments, commentsAbove, rustComment } from "../../src/stages/print/comments.ts";
import { composed } from "../../src/stages/print/items/compose.ts";
import { formatted } from "../../src/stages/print/format.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { findRustfmt } from "../../src/toolchain/rustfmt.ts";
import { temporaryFolder } from "../toolchain/fakes.ts";

/** Comments as C has them, or as a forged account of them has. */
const COMMENTS = [
  "// goes on \\\nfn evil() {}",
  "// goes on \\ \n#![allow(warnings)]",
  "/\\\n/ split",
  "/\\\n* split *\\\n/",
  "/*//*/",
  "/* a //*/",
  "/*/ a */",
  "/* /* */",
  "/**/",
  "/***/",
  "/*!*/",
  "/** a */",
  "/*! a */",
  "//! a",
  "/// a",
  "//",
  "////",
  "/* a\r b */",
  "// a\rfn evil() {}",
  "// a\u2028fn evil() {}",
  "// a\u0085fn evil() {}",
  "/* \u202e } \u2066 if (root) \u2069 */",
  "// \u200f a",
  "/* a\0b */",
  "/* \u001b[2J */",
  "/* \ufffd\ufeff */",
  "/* \u{e0041} */",
  "/* a\u200b\u200d\u00ad\u2060 \u3164 \u{e0100} */",
  "fn evil() {}",
  "",
  "/",
  "/*",
  "/*/",
  "*/",
  "x */ fn evil() {} /*",
  '#[path = "/etc/passwd"] mod x;',
];
const piece = fc.constantFrom(
  "/*",
  "*/",
  "/",
  "*",
  "//",
  "\\\n",
  "\\",
  "\n",
  "\r",
  "!",
  " ",
  "x",
  "fn evil() {}",
  "\u202e",
  "\u2028",
  "\0",
  "'",
  '"',
  'r#"',
  "#!",
);
const forged = fc.oneof(
  fc.constantFrom(...COMMENTS),
  fc.array(piece, { maxLength: 12 }).map((p) => p.join("")),
  fc.array(piece, { maxLength: 12 }).map((p) => `/*${p.join("")}*/`),
  fc.array(piece, { maxLength: 12 }).map((p) => `//${p.join("")}`),
);

/** Rust in which a constant stands behind each comment, and names them all. */
function between(comments: readonly string[]): string {
  return `#![no_std]\n#![crate_type = "lib"]\n${comments.map((c, i) => `${c}\npub const K${i}: u8 = ${i % 256};`).join("\n")}\npub const ALL: [u8; ${comments.length}] = [${comments.map((_, i) => `K${i}`).join(", ")}];\n`;
}

describe("a comment of C", () => {
  it("is a comment to rustc, whatever it holds, and says nothing that cannot be seen", async (t) => {
    const dir = await temporaryFolder(t);
    const { rustc } = await requireTools(["rustc"]);
    const made = [...COMMENTS, ...fc.sample(forged, 1500)].flatMap((text) =>
      [false, true].map((documents) => rustComment(text, documents)),
    );
    for (const lines of made)
      for (const line of lines) assert.doesNotMatch(line, /[\n\r\0\u001b\u2028\u202a-\u202e\u2066-\u2069]/u);
    const file = path.join(dir, "comments.rs");
    // A comment of one line may stand behind code.
    for (const text of [
      between(made.map((l) => l.join("\n"))),
      between(
        made.map((l) =>
          l.length === 1 && !l[0]?.startsWith("///")
            ? `pub type Word${Math.random().toString(36).slice(2)} = u8; ${l[0]}`
            : "",
        ),
      ),
    ]) {
      await writeFile(file, text);
      const r = await run(
        rustc.path,
        ["--edition=2021", "--emit=metadata", `--out-dir=${dir}`, "-Adead_code", "-Anon_camel_case_types", file],
        { allowFailure: true },
      );
      assert.equal(r.exitCode, 0, r.stderr.slice(0, 2000));
    }
  });

  it("the control: what stood there before let code out, and code in", () => {
    assert.notDeepEqual(rustComment("/* a //*/", false), ["/* a //*/"]);
    assert.deepEqual(rustComment("// a \\\nfn evil() {}", false), ["// a \\", "// fn evil() {}"]);
  });

  it("is found in time among all of a unit's", { timeout: 60_000 }, () => {
    const count = 30_000;
    const place = (b: number, e: number) => ({ f: 0, b, e, l: 1 });
    const all = Array.from({ length: count }, (_, i) => ({ place: place(i * 10, i * 10 + 7), text: `/*${i % 10}.*/` }));
    const source = Buffer.from("/*1.*/ ;\n\n".repeat(count));
    const started = performance.now();
    for (let i = 1; i < count; i++) commentsAbove(all, place(i * 10 - 2, i * 10), source);
    // A function with a statement behind each comment.
    const own = new Comments(all, place(0, count * 10), source);
    own.reset(0);
    const lines = Array.from({ length: count }, (_, i) =>
      own.around({ k: "empty", place: place(i * 10 + 8, i * 10 + 9) }, () => ["x;"]),
    ).flat();
    assert.equal(own.kept, count);
    assert.ok(lines.length >= count * 2);
    assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
  });

  it("behind code does not go on behind its line", () => {
    const comment = (text: string, b: number) => ({
      place: { f: 0, b, e: b + text.length, l: 1 },
      text,
      trailing: true as const,
    });
    for (const text of ["/* x\r y */", "// x \\\nfn evil() {}"]) {
      const out = composed(
        [
          { b: 0, e: 6, text: "a();" },
          { b: 60, e: 66, text: "b();" },
        ],
        { comments: [comment(text, 8)], source: Buffer.from(`int a; ${text}`.padEnd(60, " ")) },
        "",
      );
      assert.equal(
        codeOf(out)
          .map((token) => token.text)
          .join(""),
        "a();b();",
      );
    }
  });
});

describe("rustfmt", () => {
  it("follows no `mod` and no path out of a port's text", async (t) => {
    const dir = await temporaryFolder(t);
    const victim = path.join(dir, "victim.rs");
    await writeFile(victim, "fn   kept( ) { }\n");
    const rustfmt = await findRustfmt((await requireTools(["rustc"])).rustc);
    assert.ok(rustfmt, "rustfmt is there");
    const out = await formatted(rustfmt.path, `#[path = "${victim}"]\nmod   victim;\nfn   f( ) { }\n`);
    assert.match(out, /^mod victim;\nfn f\(\) \{\}$/m);
    assert.equal(await readFile(victim, "utf8"), "fn   kept( ) { }\n");
  });

  it("leaves what it cannot read as it is", async () => {
    const rustfmt = await findRustfmt((await requireTools(["rustc"])).rustc);
    assert.equal(await formatted(rustfmt?.path as string, "fn f( { nothing\n"), "fn f( { nothing\n");
  });
});
