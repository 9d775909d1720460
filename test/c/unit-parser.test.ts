/** What clang says of a text that does not compile, and a clang or a plugin that fails. */
import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { UnitParser } from "../../src/c/unit-parser.ts";
import { StageError } from "../../src/machine/errors.ts";
import { run } from "../../src/machine/process.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { buildPlugin } from "../../src/toolchain/facts-plugin.ts";
import { unitOf } from "./unit.ts";

async function errorsOf(text: string) {
  await using unit = await unitOf("");
  const refused = await unit.compiler.check(text);
  assert.ok(refused);
  // Whoever asks for the tree hears the same.
  assert.deepEqual((await unit.compiler.parse(text)).refused, refused);
  const names = (records: { tag: string; name: string }[]): string => records.map((r) => `${r.tag} ${r.name}`).join();
  return {
    count: refused.errors.count,
    incomplete: names(refused.errors.incomplete),
    named: names(refused.errors.named),
    complaint: refused.complaint,
  };
}

test("what does not parse says why", async () => {
  const { complaint, incomplete, named } = await errorsOf("int f( {");
  assert.match(complaint, /expected/);
  assert.deepEqual([incomplete, named], ["", ""]);
});

for (const [what, body] of [
  ["a member", "p->x;"],
  ["a variable", "struct s v;"],
  ["its size", "sizeof(struct s);"],
  ["an element", "p[1];"],
  ["a step", "p + 1;"],
  ["an offset", "__builtin_offsetof(struct s, x);"],
  ["an array of arrays", "extern struct s a[2][3];"],
  ["a copy", "*p = *p;"],
  ["a result", "given();"],
  ["an argument", "takes(*p);"],
  ["by a typedef", "named *n = 0; n->x;"],
] as const)
  test(`a structure without a body is told where one is asked for: ${what}`, async () => {
    const { incomplete } = await errorsOf(
      `typedef struct s named; struct s given(void); void takes(struct s); void f(struct s *p) { ${body} }\n`,
    );
    assert.equal(incomplete, "struct s");
  });

test("a tentative definition, a member and a union are told as well", async () => {
  assert.equal((await errorsOf("struct s late;\n")).incomplete, "struct s");
  assert.equal((await errorsOf("union u; struct s { union u u; };\n")).incomplete, "union u");
});

test("one that an error names by the way is not asked for; and an error's words decide nothing", async () => {
  const { incomplete, named, count } = await errorsOf(
    "struct opaque; struct has { int a; }; void f(struct opaque *o, struct has h) { h = o; h.incomplete_type; }\n_Static_assert(0, \"incomplete type 'struct opaque'\");\n",
  );
  assert.deepEqual([incomplete, named, count], ["", "struct has,struct opaque", 3]);
});

test("the tree is what clang prints of it, in one line: of deep trees most is indentation", async () => {
  // Masks of the kernel's rt2x00 drivers are thirty conditions deep, hundreds of times.
  const deep = `${"(1 ? ".repeat(200)}0${" : 1)".repeat(200)}`;
  const text = `const char *s = "  two\\n  lines  ";\nint f(void) { return ${deep}; }\n`;
  await using unit = await unitOf("");
  const { clang, llvmConfig } = await requireTools(["clang", "llvmConfig"]);
  const source = path.join(unit.dir, "deep.c");
  await writeFile(source, text);
  const ask = (...flags: string[]) => run(clang.path, ["-fsyntax-only", ...flags, source], { output: 1 << 27 });
  const plugin = await buildPlugin({ clang, llvmConfig });
  const own = "kport-answers";
  const dense = await ask(
    `-fplugin=${plugin}`,
    ...["-add-plugin", own, `-plugin-arg-${own}`, "tree"].flatMap((x) => ["-Xclang", x]),
  );
  const plain = await ask("-Xclang", "-ast-dump=json");
  const [tree, answers, ...more] = dense.stdout.split("\n");
  assert.deepEqual([more, answers?.startsWith('{"version":1')], [[""], true]);
  // Each process has ids of its own.
  const withoutIds = (json: string): unknown => JSON.parse(json, (k, v) => (/id$/i.test(k) ? undefined : v));
  assert.deepEqual(withoutIds(tree ?? ""), withoutIds(plain.stdout));
  assert.ok(plain.stdout.length > 4 * (tree ?? "").length, `${plain.stdout.length} ${tree?.length}`);
});

/** A clang that does something to what the real one prints. */
async function withClang(
  text: string,
  sh: (real: string) => string,
  ask: (parser: UnitParser) => Promise<unknown> = (parser) => parser.parse(text),
): Promise<StageError> {
  await using unit = await unitOf("");
  const tools = await requireTools(["clang", "llvmConfig"]);
  const clang = path.join(unit.dir, "clang");
  await writeFile(clang, `#!/bin/sh\n${sh(`${tools.clang.path} "$@"`)}\n`);
  await chmod(clang, 0o755);
  const parser = new UnitParser(clang, await buildPlugin(tools), unit.compiler.command);
  try {
    await ask(parser);
  } catch (error) {
    assert.ok(error instanceof StageError);
    assert.deepEqual([error.check, error.file], ["tool", unit.file]);
    return error;
  }
  assert.fail("it was believed");
}

const TEXT = "struct s { int a; };\nint f(struct s *p) { return p->a + sizeof(*p); }\n";

for (const [what, sh, why] of [
  ["a plugin that crashes", () => "cat >/dev/null; kill -SEGV $$", /it was ended/],
  [
    "one that clang's driver sees crash",
    () => "cat >/dev/null; echo 'clang: error: unable to execute command' >&2; exit 139",
    /its end is not there\n.*unable to execute/,
  ],
  ["a library that is not there", (real: string) => `${real} -fplugin=/nowhere.so`, /its end is not there\n.*nowhere/],
  ["nothing", () => "cat >/dev/null", /its end is not there/],
  ["half", (real: string) => `${real} | head -c 3000`, /its end is not there/],
  ["half of the answers", (real: string) => `${real} | sed '$s/,"queries.*/}/'`, /it is no JSON|not what is asked/],
  ["answers without the tree", (real: string) => `${real} | tail -n 1`, /it holds no tree/],
  ["half of the tree", (real: string) => `${real} | sed '1s/^.\\{900\\}//'`, /its tree is no JSON/],
  ["the tree without answers", (real: string) => `${real} | sed '$d'`, /version is not of the form/],
  [
    "an offset that is none",
    (real: string) => `${real} | sed '$s/"first":0/"first":-8/'`,
    /records\.0\.fields\.0\.first is not of the form/,
  ],
  [
    "more than it is known to say",
    (real: string) => `${real} | sed '$s/"version"/"more":1,"version"/'`,
    /the whole is/,
  ],
  ["a name that is none of C's", (real: string) => `${real} | sed '$s/"name":"s"/"name":"s; }"/'`, /0\.name is not/],
  [
    "a structure within itself",
    (real: string) =>
      `${real} | sed '$s/{"id":"\\(0x[0-9a-f]*\\)",\\(.*\\)"bare":4/{"id":"\\1",\\2"bare":4,"record":"\\1"/'`,
    /stand in one another without end/,
  ],
  [
    "a structure that is not there",
    (real: string) => `${real} | sed '$s/"bare":4/"bare":4,"record":"0x1"/'`,
    /is not there/,
  ],
  ["an error that clang has not", (real: string) => `${real} | sed '$s/"count":0/"count":1/'`, /1 error is told/],
  ["another exit status", (real: string) => `${real}; exit 1`, /0 errors are told, and its exit status is 1/],
] as const)
  test(`is not believed: ${what}`, async () => {
    assert.match((await withClang(TEXT, sh)).message, why);
  });

test("nor where no tree is asked for", async () => {
  const check = (parser: UnitParser) => parser.check(TEXT);
  for (const [sh, why] of [
    [() => "cat >/dev/null; kill -SEGV $$", /it was ended/],
    [(real: string) => `${real} | head -c 30`, /its end is not there/],
    [(real: string) => `${real} | sed '$s/"named"/"other"/'`, /errors\.named is not of the form/],
    [(real: string) => `${real}; exit 2`, /0 errors are told, and its exit status is 2/],
  ] as const)
    assert.match((await withClang(TEXT, sh, check)).message, why);
  // The control: the script alone changes nothing.
  await assert.rejects(
    withClang(TEXT, (real) => real, check),
    /it was believed/,
  );
});

test("the library does nothing that it is not asked for", async () => {
  await using unit = await unitOf("");
  const tools = await requireTools(["clang", "llvmConfig"]);
  const library = `-fplugin=${await buildPlugin(tools)}`;
  const r = await unit.compiler.runOnPreprocessed(TEXT, ["-fsyntax-only", library]);
  assert.deepEqual([r.exitCode, r.stdout, r.stderr], [0, "", ""]);
});
