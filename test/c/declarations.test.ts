import assert from "node:assert/strict";
import { test } from "node:test";
import type { Declaration } from "../../src/c/declarations.ts";
import { declarationsOf } from "./unit.ts";

function only(text: string): Declaration {
  const all = declarationsOf(text);
  assert.equal(all.length, 1, `${all.length} declarations in ${text}`);
  return all[0] as Declaration;
}

/** Kind and names of the one declaration a text is. */
function told(text: string): string {
  const d = only(text);
  return `${d.kind} ${d.names.join(" ")}`.trim();
}

const CASES: [string, string][] = [
  ["int a;", "variable a"],
  ["unsigned long long a, *b, c[3], (*d)(int), e : 3;", "variable a b c d e"],
  ["extern struct page *mem_map;", "variable mem_map"],
  ["static const struct file_operations fops = { .open = f, .read = g };", "variable fops"],
  ["int a[] = { [0 ... 3] = 1, }, b = (1, 2);", "variable a b"],
  ["struct s { int a; } x, *y;", "variable x y"],
  ["static struct { int a; } x = { 1 };", "variable x"],
  ["int (*handlers[4])(struct s *, int);", "variable handlers"],
  ["void (*signal_handler)(int);", "variable signal_handler"],
  ["typeof(int) t = 3;", "variable t"],
  ["__typeof__(struct s *) p;", "variable p"],
  ['register unsigned long sp asm("rsp");', "variable sp"],
  ['extern __attribute__((section(".data..percpu" ""))) __typeof__(int) cpu_number;', "variable cpu_number"],
  ["typedef unsigned int u32;", "typedef u32"],
  ["typedef struct { int counter; } atomic_t;", "typedef atomic_t"],
  ["typedef struct list { struct list *next; } list_t, *list_p;", "typedef list_t list_p"],
  ["typedef int (*initcall_t)(void);", "typedef initcall_t"],
  ["typedef enum state (*next_t)(struct s *, void *);", "typedef next_t"],
  ["static struct s (*made)(int), (table)[2];", "variable made table"],
  ["struct s { int a; } __attribute__((packed)) (*placed)(int);", "variable placed"],
  ["typedef void fn_t(int);", "typedef fn_t"],
  ["typedef int v4[4] __attribute__((aligned(16)));", "typedef v4"],
  ["typedef int (*(*two)(void))(int);", "typedef two"],
  ["typedef enum { A, B } e_t;", "typedef e_t"],
  ["typedef __builtin_va_list va_list;", "typedef va_list"],
  ["int f(void);", "prototype f"],
  ["extern int printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));", "prototype printk"],
  ["int (f)(int);", "prototype f"],
  ["int (*f(int))(int);", "prototype f"],
  ["struct s *f(struct s *a), g(int);", "prototype f g"],
  ["u32 f(u32 a);", "prototype f"],
  ["void __attribute__((noreturn)) panic(const char *, ...);", "prototype panic"],
  ['int f(void) __asm__("g");', "prototype f"],
  ["static inline __attribute__((always_inline)) int f(int a) { return a; }", "function f"],
  ['static __attribute__((section(".init.text"))) int init(void) { if (x) { y(); } return 0; }', "function init"],
  ["int (*get(int which))(int) { return table[which]; }", "function get"],
  ["struct s *alloc(void) { return 0; }", "function alloc"],
  ["struct s { int a; } f(void) { struct s x = {}; return x; }", "function f"],
  ["struct s;", "tag"],
  ["struct s { int a : 3; int : 0; struct { int b; }; union { int c; } d; } __attribute__((packed));", "tag"],
  ["struct __attribute__((packed)) s { int a; };", "tag"],
  ["enum e { A = 1, B = (2, 3), C };", "tag"],
  ['_Static_assert(sizeof(int) == 4, "x");', "static-assert"],
  ['asm(".globl x");', "asm"],
  [";", "empty"],
];

for (const [text, expected] of CASES) test(`declares: ${text}`, () => assert.equal(told(text), expected));

test("a text is cut into as many declarations as it holds", () => {
  const text = CASES.map(([t]) => t).join("\n");
  assert.deepEqual(
    declarationsOf(text).map((d) => `${d.kind} ${d.names.join(" ")}`.trim()),
    CASES.map(([, e]) => e),
  );
});

test("a definition ends at its body, whether or not an empty declaration follows", () => {
  assert.deepEqual(
    declarationsOf("int f(void) { return 0; };\nint g;").map((d) => d.kind),
    ["function", "empty", "variable"],
  );
});

test("the extent covers attributes and initialisers, up to the semicolon", () => {
  const text = "  static int a __attribute__((used)) = 1; int b;";
  const [a] = declarationsOf(text);
  assert.equal(text.slice(a?.start, a?.end), "static int a __attribute__((used)) = 1;");
});

test("tags that are defined and tags that are only named are told apart", () => {
  const d = only("struct outer { struct inner { int a; } in; struct other *o; enum mode { M_A, M_B } m; };");
  assert.deepEqual(d.defines, ["struct outer", "struct inner", "enum mode"]);
  assert.deepEqual([...d.tagMentions], ["struct outer", "struct inner", "struct other", "enum mode"]);
  assert.deepEqual(d.enumerators, ["M_A", "M_B"]);
});

test("members are no mentions, types and constants are", () => {
  const { mentions } = only("int f(u32 x) { return p->hidden + q.buried + LIMIT + (size_t)x; }");
  for (const name of ["u32", "p", "q", "LIMIT", "size_t"]) assert.ok(mentions.has(name), name);
  for (const name of ["hidden", "buried"]) assert.ok(!mentions.has(name), name);
});

test("attributes come without underscores, with their arguments", () => {
  const d = only('static int x __attribute__((__section__(".modinfo"), __used__, aligned(8))) = 1;');
  assert.deepEqual(
    d.attributes.map((a) => [a.name, a.args]),
    [
      ["section", '".modinfo"'],
      ["used", ""],
      ["aligned", "8"],
    ],
  );
});

test("attributes behind a tag are the declaration's, whether a body or a declarator follows", () => {
  for (const text of [
    "static struct s __attribute__((aligned(64))) table[2];",
    "struct s { int a; } __attribute__((aligned(64)));",
    "static enum e __attribute__((aligned(64))) (*next)(int);",
  ]) {
    assert.deepEqual(
      only(text).attributes.map((a) => [a.name, a.args]),
      [["aligned", "64"]],
      text,
    );
  }
});

test("storage and body of a function", () => {
  const d = only("static __inline__ int f(void) { return 0; }");
  assert.deepEqual([...d.storage].sort(), ["inline", "static"]);
  assert.equal(d.tokens[d.body?.open ?? 0]?.text, "{");
  assert.equal(d.tokens[d.body?.close ?? 0]?.text, "}");
});

test("an enumerator's value does not count as an enumerator", () => {
  assert.deepEqual(only("enum { A = sizeof(struct s), B = OTHER, C };").enumerators, ["A", "B", "C"]);
});
