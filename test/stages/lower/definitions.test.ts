import assert from "node:assert/strict";
import { test } from "node:test";
import { Rewriter } from "../../../src/c/rewriter.ts";
import { StageError } from "../../../src/machine/errors.ts";
import { definitionFacts, lowerDefinitions } from "../../../src/stages/lower/definitions.ts";
import { rustOf } from "../../rust/rust.ts";
import { reducedUnit } from "./unit.ts";

const HEADER = `
#define __init __attribute__((__section__(".init.text")))
#define module_init(fn) int init_module(void) __attribute__((alias(#fn)));
#define module_exit(fn) void cleanup_module(void) __attribute__((alias(#fn)));
register unsigned long stack_pointer asm("rsp");
static inline unsigned long here(void) { return stack_pointer; }
`;

async function lowered(
  own: string,
  externals: Map<string, string> = new Map(),
  elsewhere: Map<string, string> = new Map(),
) {
  await using u = await reducedUnit(HEADER, own);
  const facts = definitionFacts(u.reduced, u.tree);
  const text = new Rewriter(u.reduced.text);
  lowerDefinitions(u.reduced, u.tree, facts, externals, elsewhere, text, new Set(facts.map((f) => f.name)));
  const r = await u.compiler.runOnPreprocessed(text.render(), ["-fsyntax-only"]);
  assert.equal(r.exitCode, 0, r.stderr);
  return { facts, text: text.render() };
}

const INIT =
  "static int __init start(void) { return 5; }\nstatic void stop(void) { }\nmodule_init(start)\nmodule_exit(stop)\n";

test("module_init's alias becomes a definition that calls the module's own init", async () => {
  const { text, facts } = await lowered(INIT);
  assert.match(text, /int init_module\(void\)[^;]*\{ return start\(\); \}/);
  assert.match(text, /void cleanup_module\(void\)[^;]*\{ stop\(\); \}/);
  assert.equal(facts.find((f) => f.name === "init_module")?.section, ".init.text");
});

test("without that c2rust drops init, and the module would do nothing", async () => {
  await using u = await reducedUnit(HEADER, INIT);
  assert.ok(!(await rustOf(u.reduced.text)).some((i) => i.name === "init_module" || i.name === "start"));
  const names = (await rustOf((await lowered(INIT)).text)).map((i) => i.name);
  assert.ok(names.includes("init_module") && names.includes("start") && names.includes("cleanup_module"));
});

test("an alias with parameters passes them on", async () => {
  const { text } = await lowered(
    'static long real(int a, const char *b) { return a + b[0]; }\nlong other(int a, const char *b) __attribute__((alias("real")));\n',
  );
  assert.match(text, /other\(int a, const char \*b\)[^;]*\{ return real\(a, b\); \}/);
});

test("an alias passes on what its prototype has no name for", async () => {
  const { text } = await lowered(
    'static void real(int a, int (*f)(int), const char *b[2], int c) { f(a + c + b[0][0]); }\nextern void other(int, int (*)(int), const char *[2], int c) __attribute__((alias("real")));\n',
  );
  assert.match(
    text,
    /other\(int \S+0, int \(\* (\S+1)\)\(int\), const char \* (\S+2)\[2\], int c\)[^;]*\{ real\(\S+0, \1, \2, c\); \}/,
  );
});

test("an alias of a function whose arguments vary is refused: they would be lost", async () => {
  await assert.rejects(
    lowered(
      'static int real(const char *f, ...) { return f[0]; }\nint other(const char *f, ...) __attribute__((alias("real")));\n',
    ),
    /other is another name of real, whose arguments vary/,
  );
});

test("an alias of a variable stays declared where the unit uses it", async () => {
  const { text } = await lowered(
    'static int real = 3;\nextern int other __attribute__((alias("real")));\nint get(void) { return other + real; }\n',
  );
  assert.match(text, /extern int other\s*;/);
});

test("an alias of a variable is left to the Rust, its target is kept", async () => {
  const { text, facts } = await lowered(
    'static const int ids[2] = { 1, 2 };\nextern const int table[2] __attribute__((unused, alias("ids")));\n',
  );
  assert.match(text, /__attribute__\(\(used\)\) static const int ids/);
  assert.doesNotMatch(text, /table/);
  assert.deepEqual(
    facts.find((f) => f.kind === "alias"),
    { name: "table", kind: "alias", weak: false, noinline: false, constant: true, target: "ids" },
  );
});

test("sections, weakness, constness are told of own definitions, also where a prototype says them", async () => {
  const { facts } = await lowered(
    'void __init early(void);\nvoid early(void) { }\nint __attribute__((weak)) hook(void) { return 0; }\n__attribute__((noinline)) int slow(void) { return 1; }\nstatic const char text[] __attribute__((used, section(".mod" "info"))) = "a=b";\nconst char *pointer = text;\n',
  );
  const of = (name: string) => facts.find((f) => f.name === name && (f.kind !== "function" || true));
  assert.equal(of("early")?.section, ".init.text");
  assert.equal(of("hook")?.weak, true);
  assert.equal(of("slow")?.noinline, true);
  assert.deepEqual([of("text")?.section, of("text")?.constant], [".modinfo", true]);
  assert.equal(of("pointer")?.constant, false);
});

test("a function that stays C is external in each of its declarations, or its symbol comes behind a use", async () => {
  const source = "static int early(int);\nint run(void) { return early(1); }\nint early(int a);\n";
  const elsewhere = new Map([["early", "kport_unit_early"]]);
  const { text } = await lowered(source, new Map(), elsewhere);
  assert.match(text, /^\s*int early\(int\);/m);
  const compiled = async (c: string) => {
    await using u = await reducedUnit("", source);
    return u.compiler.runOnPreprocessed(`#pragma redefine_extname early kport_unit_early\n${c}`, ["-fsyntax-only"]);
  };
  assert.equal((await compiled(text)).exitCode, 0);
  assert.match((await compiled((await lowered(source)).text)).stderr, /cannot apply asm label/);
});

test("statics that helpers name lose static and get a symbol of the unit's own", async () => {
  const { text, facts } = await lowered(
    "static int counter = 3, other;\nstatic int bump(void) { static int calls; return ++calls + counter + other; }\nint run(void) { return bump(); }\n",
    new Map([
      ["counter", "kport_unit_counter"],
      ["bump", "kport_unit_bump"],
    ]),
  );
  assert.match(text, /^\s*int counter = 3/m);
  assert.match(text, /^\s*int bump\(void\) \{ static int calls;/m);
  assert.equal(facts.find((f) => f.name === "bump")?.symbol, "kport_unit_bump");
});

test("a register is no variable of the unit", async () => {
  const { text } = await lowered(
    "unsigned long run(void) { return sizeof(stack_pointer); }\n".replace("sizeof(stack_pointer)", "here()"),
  );
  assert.doesNotMatch(text, /register/);
});

test("a constructor is refused with its place: c2rust would drop it without a word", async () => {
  await using u = await reducedUnit(HEADER, "\nstatic void __attribute__((constructor)) early(void) { }\n");
  assert.throws(
    () => definitionFacts(u.reduced, u.tree),
    (e) =>
      e instanceof StageError &&
      /`early` is a constructor/.test(e.message) &&
      e.line === 3 &&
      e.file?.endsWith("unit.c") === true,
  );
});

test("an inline function that other files may call is a function like any other; others stay their file's own", async () => {
  const gnu = "inline __attribute__((__gnu_inline__))";
  const c = `${gnu} int seen(int);\n${gnu} int seen(int a) { return a; }\nstatic ${gnu} int own(int a) { return a + 1; }\nextern ${gnu} int copy(int a) { return a + 2; }\nint f(int a) { return seen(a) + own(a) + copy(a); }\n`;
  const { text } = await lowered(c);
  assert.doesNotMatch(text, /(?<!static |extern |_)inline/);
  const exported = async (unit: string) =>
    (await rustOf(unit)).filter((i) => i.attributes.includes("#[no_mangle]")).map((i) => i.name);
  assert.deepEqual(await exported(text), ["seen", "f"]);
  assert.deepEqual(await exported(c), ["f"]);
});
