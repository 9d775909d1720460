import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { forOtherKernel, gccErrors, nameAt } from "../../src/stages/capture/other-kernel.ts";
import { headersSay } from "../../src/stages/capture/kernel-names.ts";
import { definedIn, membersIn } from "../../src/stages/capture/own-names.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");

/** What is said of a module of one unit with these lines. */
async function said(...lines: string[]): Promise<{ message?: string; line?: number } | undefined> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-test-"));
  try {
    await mkdir(path.join(dir, "m"));
    await writeFile(path.join(dir, "m", "Kbuild"), "obj-m := old.o\n");
    await writeFile(
      path.join(dir, "m", "old.c"),
      [
        "#include <linux/module.h>",
        "#include <linux/fs.h>",
        ...lines,
        'MODULE_LICENSE("GPL");',
        'MODULE_DESCRIPTION("x");',
        "",
      ].join("\n"),
    );
    const words = ["make", "-C", kernel.buildDir, `M=${path.join(dir, "m")}`, "CC=/none/clang", "modules"];
    const found = await forOtherKernel(words, kernel, dir, { cwd: path.join(dir, "m") });
    return (
      found && {
        message: found.message.replace(kernel.release, "K"),
        ...(found.line === undefined ? {} : { line: found.line }),
      }
    );
  } finally {
    await rm(dir, { recursive: true });
  }
}

test("what the kernel lacks is named: a header, a member, a function, another name; with its line", async () => {
  const header = await said("#include <linux/kport_no_kernel_has_this.h>");
  assert.deepEqual(header, {
    message:
      "not C for kernel K: it includes `linux/kport_no_kernel_has_this.h`, which is neither there nor in the module's folder; `kport kernels` lists the kernels to try",
    line: 3,
  });
  const member = await said(
    "long f(struct inode *i);",
    "long f(struct inode *i)",
    "{",
    "\tif (i)",
    "\t\treturn /* ä */ i->i_no_such;",
    "\treturn 0;",
    "}",
  );
  assert.match(member?.message ?? "", /^not C for kernel K: the member `i_no_such` is not there \(gcc: /);
  assert.match(
    (await said("static int __init start(void) { return kport_no_such(3); }", "module_init(start);"))?.message ?? "",
    /: the function `kport_no_such` is not there/,
  );
  assert.match((await said("static int x = KPORT_NO_SUCH;"))?.message ?? "", /: the name `KPORT_NO_SUCH` is not there/);
});

test("what is missing within a macro is named, and not the macro", async () => {
  const start = (value: string): string[] => [
    "#define TWICE(x) (2 * kport_in_body(x))",
    "static int __init start(void)",
    "{",
    '\tpr_info("%d\\n",',
    `\t\t${value});`,
    "\treturn 0;",
    "}",
    "module_init(start);",
  ];
  for (const [value, what] of [
    ["kport_no_such(3)", "the function `kport_no_such` is not there"],
    ["THIS_MODULE->kport_none", "the member `kport_none` is not there"],
    ["TWICE(3)", "the name `kport_in_body` is not there"],
    ["(int)virt_to_phys(NULL)", "the function `virt_to_phys` is in a header that is not included"],
  ] as const) {
    const message = (await said(...start(value)))?.message ?? "";
    assert.ok(message.startsWith(`not C for kernel K: ${what} (gcc: `), message);
  }
});

test("a member of the kernel's of another type is its; one of the module's own is a mistake", async () => {
  const seek = "static int seek(struct file *f) { return 0; }";
  assert.match(
    (await said(seek, "struct file_operations ops = { .llseek = seek };"))?.message ?? "",
    /^not C for kernel K: the member `llseek` is of another type \(gcc: /,
  );
  assert.match(
    (await said(seek, "void f(struct file_operations *o);", "void f(struct file_operations *o) { o->llseek = seek; }"))
      ?.message ?? "",
    /^not C for kernel K: the member `llseek` is of another type \(gcc: /,
  );
  assert.match(
    (await said("struct file_operations ops;", "void f(void);", "void f(void) { (void)iget_locked(&ops, 1); }"))
      ?.message ?? "",
    /^not C for kernel K: the function `iget_locked` is another one \(gcc: /,
  );
  assert.match(
    (await said("static int g(int *p) { return *p; }", "int f(long *p);", "int f(long *p) { return g(p); }"))
      ?.message ?? "",
    /^the C does not compile/,
  );
  assert.match(
    (await said(seek, "struct own { int (*seek_by)(long by); } own = { .seek_by = seek };"))?.message ?? "",
    /^the C does not compile/,
  );
});

test("a mistake is not called another kernel's C: every kernel would refuse it", async () => {
  const plain = /^the C does not compile, with the kernel's own compiler neither \(gcc: /;
  const own = ["struct item { int name; };"];
  for (const [what, ...lines] of [
    ["a word misspelt", 'static int __init start(void) { prinkt("x"); return 0; }', "module_init(start);"],
    ["a member of an own structure", ...own, "int f(struct item *i);", "int f(struct item *i) { return i->length; }"],
    [
      "a variable that is not declared",
      "int f(void);",
      "int f(void)",
      "{",
      "\tfor (i = 0; i < 3; i++)",
      "\t\t;",
      "\treturn 0;",
      "}",
    ],
    ["a semicolon left out", "int f(int x);", "int f(int x)", "{", "\treturn x", "}"],
    [
      "an own function with other arguments",
      "static int g(int a) { return a; }",
      "int f(void);",
      "int f(void) { return g(1, 2); }",
    ],
    [
      "an own function before its definition",
      "int f(void);",
      "int f(void) { return later_on(1); }",
      "int later_on(int x) { return x; }",
    ],
    ["an own header", '#include "not_here.h"'],
  ] as const)
    assert.match((await said(...lines))?.message ?? "", plain, what);
});

test("a function of the kernel's that is another one is its", async () => {
  const found = await said("static int __init start(void) { iget_locked(3); return 0; }", "module_init(start);");
  assert.match(
    found?.message ?? "",
    /^not C for kernel K: the function `iget_locked` is another one \(gcc: too few arguments/,
  );
});

test("what another kernel's headers say is that kernel's", async () => {
  assert.ok(await headersSay(kernel, "iget_locked"));
  assert.ok(!(await headersSay(kernel, "iget_locke")));
});

test("the members of a source's structures are found without preprocessing it", () => {
  const found = membersIn("struct s { int in; union { char c; } u; } v; int f(struct s *p) { return p->out; }");
  assert.deepEqual(
    ["c", "in", "u", "p", "out", "v"].map((name) => found.includes(name)),
    [true, true, true, false, false, false],
  );
});

test("what a source defines is found without preprocessing it", () => {
  assert.deepEqual(
    definedIn(
      "#define ONE(x) x\nstruct s { int in; } v; union u *p; static int f(int a)\n{ if (a) { g(a); } return ONE(a); }\nint h(void);",
    ).sort(),
    ["ONE", "f", "s"],
  );
});

test("C that the kernel's own compiler takes is C for this kernel", async () => {
  assert.equal(await said("static int __init start(void) { return 0; }", "module_init(start);"), undefined);
});

test("names are told by what stands around them", () => {
  assert.deepEqual(nameAt('\t#  include "a/b.h" // x', 3), { kind: "header", name: "a/b.h" });
  assert.deepEqual(nameAt("\t.iterate = go,", 3), { kind: "member", name: "iterate" });
  assert.deepEqual(nameAt("\treturn a->b (1);", 12), { kind: "member", name: "b" });
  assert.deepEqual(nameAt("\treturn a->b;", 10), { kind: "member", name: "b" });
  assert.deepEqual(nameAt("go (1);", 1), { kind: "function", name: "go" });
  assert.equal(nameAt("x = 3;", 5), undefined);
});

test("lines that are no JSON of gcc's, or warn only, are none of its errors", () => {
  assert.deepEqual(
    gccErrors('[{"kind": "warning", "message": "m", "locations": []}]\n[{ nothing\n[{"other": 1}]\nx.c:1:1: error: y'),
    [],
  );
});
