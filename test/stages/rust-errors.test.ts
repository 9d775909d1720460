import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { run } from "../../src/machine/process.ts";
import { usefulLines } from "../../src/machine/tool-failure.ts";
import { describeRustError, forPeople, lineOfC, rustErrors } from "../../src/stages/build/rust-errors.ts";
import { requireTools } from "../../src/toolchain/discover.ts";

const RUST = `pub unsafe extern "C" fn first() -> core::ffi::c_int {
    0
}
pub unsafe extern "C" fn second(mut size: core::ffi::c_int, mut limit: core::ffi::c_int) -> core::ffi::c_int {
    let mut left: core::ffi::c_int = 0;
    left = limit - size;
    left = "left";
    left
}
`;
const FUNCTIONS = [
  {
    name: "first",
    file: "a.c",
    line: 3,
    c: "int first(void)\n{\n\treturn 0;\n}",
    rust: RUST.split("\n").slice(0, 3).join("\n"),
  },
  {
    name: "second",
    file: "../common/b.c",
    line: 20,
    c: 'int second(int size, int limit)\n{\n\tint left = limit - size;\n\n\tif (size)\n\t\tleft = "left";\n\treturn left;\n}',
    rust: RUST.split("\n").slice(3, 9).join("\n"),
  },
];

/** What rustc itself says of it, in both forms. */
async function compiled(rust: string): Promise<{ json: string; people: string }> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-test-"));
  try {
    const { rustc } = await requireTools(["rustc"]);
    await writeFile(path.join(dir, "x.rs"), rust);
    const call = (...more: string[]) =>
      run(
        rustc.path,
        [
          "--crate-type=lib",
          "--emit=metadata",
          "--cap-lints=allow",
          `--remap-path-prefix=${dir}=src`,
          ...more,
          path.join(dir, "x.rs"),
        ],
        { cwd: dir, allowFailure: true },
      );
    return { json: (await call("--error-format=json")).all, people: (await call("--color=never")).all };
  } finally {
    await rm(dir, { recursive: true });
  }
}

test("an error has its place in the Rust, the line, and the line of C it was made of", async () => {
  const { json } = await compiled(RUST);
  const [error] = rustErrors(`RUSTC x.o\n${json}\nmake: *** [x] Error 1`);
  assert.ok(error);
  assert.deepEqual([error.file, error.line, error.code, error.text], ["src/x.rs", 7, "E0308", 'left = "left";']);
  const c = lineOfC(RUST, 7, FUNCTIONS);
  assert.deepEqual(c, { name: "second", file: "../common/b.c", line: 25, text: 'left = "left";' });
  assert.equal(
    describeRustError(error, c).split("\n")[0],
    "the port does not build: src/x.rs:7: mismatched types [E0308]",
  );
  assert.match(
    describeRustError(error, c),
    /\n {2}\| Rust, src\/x\.rs:7: left = "left";\n {2}\| C, \.\.\/common\/b\.c:25, in second: left = "left";$/,
  );
});

test("a line of C is that with most of its names; a line outside of all functions has none", () => {
  assert.equal(lineOfC(RUST, 2, FUNCTIONS)?.line, 5);
  assert.equal(lineOfC(RUST, 6, FUNCTIONS)?.line, 22);
  assert.equal(lineOfC(RUST, 100, FUNCTIONS), undefined);
  assert.equal(lineOfC("static X: i32 = 0;\n", 1, FUNCTIONS), undefined);
});

test("for people it is what rustc prints for them, and other lines stay", async () => {
  const { json, people } = await compiled(RUST);
  const shown = (text: string): string[] =>
    text
      .split("\n")
      .map((l) => l.trimEnd())
      .filter((l) => l !== "" && !/^For more information/.test(l));
  assert.deepEqual(shown(forPeople(`a\n${json}\n{"$message_type" no json`)), [
    "a",
    ...shown(people),
    '{"$message_type" no json',
  ]);
  assert.deepEqual(rustErrors('error: something\n{"$message_type":"artifact"}'), []);
});

test("what a tool complains of stands behind its first errors", async () => {
  const { people } = await compiled(RUST);
  const lines = usefulLines(`before\n${people}`).split("\n");
  assert.match(lines[0] ?? "", /error\[E0308\]: mismatched types/);
  assert.match(lines[1] ?? "", /--> src\/x\.rs:7:12/);
  assert.ok(lines.some((l) => l.includes('left = "left";')));
  assert.equal(usefulLines("a: error: x\nb\n"), "  | a: error: x");
  assert.equal(
    usefulLines("x.c:3:2: error: no member\n    3 | a->b;\n      |    ^\nmake: *** [x] Error 1"),
    "  | x.c:3:2: error: no member\n  |     3 | a->b;\n  |       |    ^",
  );
});
