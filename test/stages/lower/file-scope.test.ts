import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { UnitCompiler } from "../../../src/c/compile-command.ts";
import { StageError } from "../../../src/machine/errors.ts";
import { functionsWithBtfId } from "../../../src/stages/lower/btf-ids.ts";
import { staysWhole } from "../../../src/stages/lower/file-scope.ts";
import { helperParts, joinHelpers } from "../../../src/stages/lower/helper-source.ts";
import { preprocess } from "../../../src/stages/lower/preprocess.ts";
import { isHeaderInline, reduce } from "../../../src/stages/lower/reduce.ts";
import { unitOf } from "../../c/unit.ts";
import { reducedUnit } from "./unit.ts";

const HEADER =
  '#define MARK(name) extern int name; int name = 1; asm(".globl mark_" #name)\n#define READER(t) static inline int t##_read(void) { return 1; } typedef int t##_t;\n';
const none = new Set<string>();

test("file-scope assembly stays with the whole of the macro invocation that made it", async () => {
  await using u = await reducedUnit(
    HEADER,
    'static int other;\nMARK(here);\nasm(".set a, 1");\nint *f(void) { return &other; }\n',
  );
  const whole = await staysWhole(u.unit, new Map(), none);
  assert.deepEqual(
    whole.map((w) => [w.name, w.text, w.declarations.length, w.line, w.reason]),
    [
      ["MARK", "MARK(here);", 3, 3, "file-scope assembly"],
      ["asm", 'asm(".set a, 1");', 1, 4, "file-scope assembly"],
    ],
  );
});

test("a macro that only begins a function is not taken for what made it", async () => {
  await using u = await reducedUnit(
    "#define KFUNC __attribute__((used, noinline))\n",
    "KFUNC int f(int n) { return n; }\n",
  );
  assert.deepEqual(
    (await staysWhole(u.unit, new Map([["f", "because"]]), none)).map((w) => w.text),
    ["KFUNC int f(int n) { return n; }"],
  );
});

test("functions with a BTF id stay C: the kernel looks for their types where Rust's are not", async () => {
  const header = `#define ID(kind, name) asm(".local __BTF_ID__" #kind "__" #name "__" "17" "; \\n__BTF_ID__" #kind "__" #name "__" "17" ": .zero 4")\n`;
  await using u = await reducedUnit(
    header,
    "int a_1(void) { return 1; }\nint b(void) { return 2; }\nstruct s { int m; };\nID(func, a_1);\nID(func, elsewhere);\nID(struct, s);\nID(struct, b);\n",
  );
  assert.deepEqual([...functionsWithBtfId(u.unit).keys()], ["a_1"]);
});

test("labels of assembly that C code refers to and that no other file could are told", async () => {
  await using u = await reducedUnit(
    "",
    'asm(".globl seen\\nseen: ret\\n" "local: ret\\n.set same, local\\nunused: ret");\nint seen(void), local(void);\nextern int same;\nint defined(void) { return local(); }\nint elsewhere(void);\n',
  );
  assert.deepEqual(
    (await staysWhole(u.unit, new Map(), new Set())).map((k) => k.labels),
    [["local", "same"]],
  );
  await using pasted = await reducedUnit(
    '#define LIST(n, s) asm("." #s " " #n "; \\n" #n ":; .zero 8")\n',
    "LIST(mine, local);\nLIST(all, globl);\nextern struct list { int a[2]; } mine, all;\nint *f(void) { return mine.a + all.a[0]; }\n",
  );
  assert.deepEqual(
    (await staysWhole(pasted.unit, new Map(), new Set())).map((k) => k.labels),
    [["mine"], []],
  );
});

test("a function stays as its author wrote it, or as the preprocessor left it where that does not compile", async () => {
  await using u = await reducedUnit(
    "#define TWICE(x) ((x) * 2)\n",
    "static int g(int);\nstatic int f(int n)\n{\n\t/* here */\n\treturn TWICE(g(n));\n}\nstatic int g(int n) { return f(n); }\n",
  );
  const why = new Map([["f", "no Rust"]]);
  assert.match(
    (await staysWhole(u.unit, why, none))[0]?.text ?? "",
    /^static int f\(int n\)\n\{\n\t\/\* here \*\/\n\treturn TWICE\(g\(n\)\);\n\}$/,
  );
  assert.match((await staysWhole(u.unit, why, new Set(["f"])))[0]?.text ?? "", /return +\(\(g\(n\)\) \* 2\)/);
});

test("in the reduced unit it is a mere declaration, and what it uses stays", async () => {
  await using u = await reducedUnit(
    "",
    'static int table[] = { 1, 2 };\nstatic inline int helps(void) { return table[0]; }\nint f(int n) { char a[n]; a[0] = helps(); return a[0]; }\nint g(void) { return f(1); }\nint module(void) __attribute__((alias("g")));\n',
  );
  const whole = await staysWhole(
    u.unit,
    new Map([
      ["f", "an array"],
      ["g", "because"],
    ]),
    none,
  );
  const inWhole = new Set(whole.flatMap((w) => w.declarations));
  const { reduced } = await reduce(u.unit, u.compiler, (d) => inWhole.has(d) || isHeaderInline(d));
  assert.match(reduced.text, /helps\(void\) \{/);
  assert.doesNotMatch(reduced.text, /a\[n\]/);
  // The alias names its target in a string.
  assert.match(reduced.text, /int g ?\( ?void ?\) ;/);
  assert.deepEqual([...reduced.declaredOnly], ["g"]);
});

test("in the helpers it stands in its place, statics of both sides under symbols of their own, and its errors are told apart", async () => {
  await using u = await reducedUnit(
    HEADER,
    'static char text[] = "abc";\nstatic int later(int);\nstatic int f(int n) { return later(n) + sizeof(text); }\nstatic int later(int n) { return n; }\nint g(void) { return f(1); }\nasm("call later");\n',
  );
  const whole = await staysWhole(u.unit, new Map([["f", "no Rust"]]), none);
  const externals = new Map([
    ["text", "kport_u_text"],
    ["later", "kport_u_later"],
  ]);
  const parts = helperParts(
    {
      unit: u.unit,
      source: u.compiler.command.file,
      ownFile: () => false,
      wrappers: [],
      moved: [],
      whole,
      externals,
      objects: new Map(),
      elsewhere: new Map([["f", "kport_u_f"]]),
      lengths: new Map([["text", "4"]]),
    },
    false,
  );
  const at = [
    'text [4 ] __asm__("kport_u_text")',
    'later ( int ) __asm__("kport_u_later")',
    "static int f(int n)",
    'kport_u_f __copy(f) __attribute__((alias("f")))',
    ".set later, kport_u_later",
    'asm("call later")',
  ].map((t) => parts.preamble.indexOf(t));
  assert.deepEqual(
    at,
    at.toSorted((a, b) => a - b),
    parts.preamble,
  );
  assert.ok(!at.includes(-1), parts.preamble);
  const joined = joinHelpers(parts);
  assert.match(joined.text.split("\n")[(joined.lines.get("f")?.first ?? 0) - 1] ?? "", /static int f/);
});

test("a constructor is refused, though it were to stay C", async () => {
  await using u = await reducedUnit("", "__attribute__((constructor)) static void f(int n) { char a[n]; a[0] = 1; }\n");
  await assert.rejects(
    staysWhole(u.unit, new Map([["f", "an array"]]), none),
    (e) => e instanceof StageError && /`f` is a constructor/.test(e.message),
  );
});

test("a header of the module's that a kernel header reads back is the kernel's to read; one that is read once is not", async () => {
  await using made = await unitOf('#include "events.h"\n#include "once.h"\n', []);
  const file = (name: string): string => path.join(made.dir, name);
  await writeFile(
    file("events.h"),
    '#if !defined(EVENTS) || defined(AGAIN)\n#define EVENTS\n#include "types.h"\nint event;\n#endif\n#include <define.h>\n',
  );
  await writeFile(file("types.h"), "#ifndef TYPES\n#define TYPES\nstruct s { int a; };\n#endif\n");
  await writeFile(file("once.h"), "int once;\n");
  await writeFile(file("define.h"), '#ifndef AGAIN\n#define AGAIN\n#include "events.h"\n#undef AGAIN\n#endif\n');
  made.compiler.command.arguments.splice(1, 0, "-isystem", made.dir);
  const compiler = new UnitCompiler(made.compiler.command.arguments[0] as string, made.compiler.command);
  const unit = await preprocess(compiler, (f) => f !== file("define.h") && f.startsWith(made.dir), made.dir);
  assert.deepEqual([...unit.readBack].map((f) => path.basename(f)).toSorted(), ["events.h", "types.h"]);
  assert.deepEqual(
    unit.declarations.filter((d) => d.own).flatMap((d) => d.names),
    ["once"],
  );
});

test("what #line says to be no file of the module's is refused; a number, or a header's own line, is not", async () => {
  const unit = async (text: string, header = "") => {
    await using made = await unitOf(`#include <elsewhere.h>\n${text}int after;\n`, []);
    await writeFile(path.join(made.dir, "elsewhere.h"), header);
    made.compiler.command.arguments.splice(1, 0, "-isystem", made.dir);
    const compiler = new UnitCompiler(made.compiler.command.arguments[0] as string, made.compiler.command);
    const { declarations } = await preprocess(compiler, (f) => f === made.file, made.dir);
    return declarations.filter((d) => d.own).flatMap((d) => d.names);
  };
  await assert.rejects(
    unit('#line 7 "grammar.y"\n'),
    /says by #line that it goes on in "grammar\.y".* leave the #line out/,
  );
  assert.deepEqual(await unit("int before;\n#line 700\n"), ["before", "after"]);
  assert.deepEqual(await unit("", 'int kernel;\n#line 7 "grammar.y"\nint more;\n'), ["after"]);
});
