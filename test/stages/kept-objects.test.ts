/** Objects of units that did not change: taken where nothing that their compilation reads is another, and compiled again for each thing that is. */
import assert from "node:assert/strict";
import { appendFile, cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { run } from "../../src/machine/process.ts";
import { contentsOf } from "../../src/machine/seen-files.ts";
import { takesOther } from "../../src/stages/capture/takes-other.ts";
import { isPlainMakefile } from "../../src/stages/capture/plain-makefiles.ts";
import { writeStandIn } from "../../src/stages/capture/compiler-stand-in.ts";
import { KeptObjects, keepUnits } from "../../src/stages/capture/kept-objects.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { buildPlugin } from "../../src/toolchain/facts-plugin.ts";
import { folderWithCache, put } from "../toolchain/fakes.ts";

const tools = await requireTools(["clang", "llvmConfig"]);
const plugin = await buildPlugin(tools);

interface Build {
  flags: string[];
  env: Record<string, string>;
  around: string;
}

/** A module of two units whose headers a test can change; its cache is its own. */
class Module {
  readonly dir: string;
  readonly build: Build = { flags: [], env: {}, around: "around" };
  constructor(dir: string) {
    this.dir = dir;
  }

  static async of(t: TestContext): Promise<Module> {
    const module = new Module(await folderWithCache(t));
    await module.put("a.c", '#include "one.h"\nint a(void) { int unused; return VALUE; }\n');
    await module.put("Makefile", "obj-m := m.o\nm-y := a.o b.o\n");
    await module.put("b.c", "int b(void) { return 1; }\n");
    await module.put("one.h", "#include <two.h>\n");
    await module.put("later/two.h", "#define VALUE 3\n");
    await module.put("earlier/.keep", "");
    await module.put("Makefile.inc", "\n");
    return module;
  }

  put(name: string, text: string): Promise<void> {
    return put(path.join(this.dir, "m", name), text);
  }

  /** Compiles both as kbuild does. Which of them clang compiled; what they are, and what was said. */
  async compiled(): Promise<{ compiled: string[]; files: Buffer[]; said: string }> {
    await using scratch = await scratchFolder(path.join(this.dir, "run-"));
    const [root, bin, notes] = ["c/m", "bin", "out"].map((d) => path.join(scratch.dir, d)) as [string, string, string];
    await mkdir(notes);
    await cp(path.join(this.dir, "m"), root, { recursive: true, verbatimSymlinks: true });
    const folders = { kept: path.join(bin, "objects"), made: path.join(notes, "objects"), workDir: scratch.dir };
    await writeStandIn(bin, {
      clang: tools.clang.path,
      kernelCompiler: "gcc",
      release: "6.1.0-99-made-up",
      prefix: root,
      notes,
      plugin,
      objects: folders,
    });
    const request = { root, folders, fixed: [bin, "/usr"], parts: [this.build.around] };
    const objects = await KeptObjects.of(request, await contentsOf(root));
    await objects?.offer();
    let said = "";
    for (const unit of ["a", "b"]) {
      const args = [`-Wp,-MMD,${root}/.${unit}.o.d`, "-Wall", "-g", "-Iearlier", "-Ilater", ...this.build.flags];
      const r = await run(path.join(bin, "clang"), [...args, "-c", "-o", `${unit}.o`, `${unit}.c`], {
        cwd: root,
        env: this.build.env,
      });
      said += r.stderr.replaceAll(scratch.dir, "");
    }
    const compiled: string[] = [];
    for (const digest of await readdir(folders.made).catch(() => [])) {
      const words = path.join(folders.made, digest, "arguments");
      if (existsSync(words)) compiled.push((await readFile(words, "utf8")).trimEnd().slice(-3));
    }
    await objects?.keep();
    const files = await Promise.all(
      ["a.o", "a.o.facts", ".a.o.d", "b.o"].map(async (f) => {
        const bytes = await readFile(path.join(root, f)).catch(() => Buffer.alloc(0));
        return Buffer.from(bytes.toString("latin1").replaceAll(scratch.dir, ""), "latin1");
      }),
    );
    return { compiled: compiled.sort(), files, said };
  }
}

test("a unit that did not change is as it was, with all that is said of it", async (t) => {
  const module = await Module.of(t);
  const first = await module.compiled();
  assert.deepEqual(first.compiled, ["a.c", "b.c"]);
  assert.match(first.said, /unused variable/);
  await module.put("b.c", "int b(void) { return 2; }\n");
  const second = await module.compiled();
  assert.deepEqual(second.compiled, ["b.c"]);
  assert.equal(second.said, first.said);
  for (const i of [0, 1, 2]) assert.deepEqual(second.files[i], first.files[i]);
  assert.notDeepEqual(second.files[3], first.files[3]);
});

/** Each with the units that are to be compiled again. */
const FAULTS: Record<string, [again: string[], (m: Module) => Promise<unknown> | void]> = {
  "its own text": [["a.c"], (m) => m.put("a.c", '#include "one.h"\nint a(void) { return VALUE + 1; }\n')],
  "a header two includes deep": [["a.c", "b.c"], (m) => m.put("later/two.h", "#define VALUE 4\n")],
  "a header earlier on the include path": [["a.c", "b.c"], (m) => m.put("earlier/two.h", "#define VALUE 3\n")],
  "a header that is a link": [["a.c", "b.c"], (m) => symlink("later/two.h", path.join(m.dir, "m/linked.h"))],
  "a flag": [["a.c", "b.c"], (m) => void m.build.flags.push("-DX")],
  "the makefile": [["a.c", "b.c"], (m) => m.put("Makefile", "obj-m := m.o\nm-y := b.o a.o\n")],
  "the tools and the kernel": [["a.c", "b.c"], (m) => void (m.build.around = "other")],
};

describe("units are compiled again for a change of", () => {
  for (const [what, [again, change]] of Object.entries(FAULTS))
    test(what, async (t) => {
      const module = await Module.of(t);
      await module.compiled();
      assert.deepEqual((await module.compiled()).compiled, [], "the control");
      await change(module);
      assert.deepEqual((await module.compiled()).compiled, again);
    });
});

/** No literal of it begins with a directive. */
const OTHERWISE =
  '#define S(x) #x\nasm(S(.pushsection .rodata) "\\n" S(.inc) S(bin) " \\"b.c\\"\\n" S(.popsection));\n';

/** Where a compilation may read more than the digest holds. */
const OPEN: Record<string, (m: Module) => Promise<unknown> | void> = {
  "a unit that takes another along": (m) => m.put("one.h", '#include "b.c"\n#define VALUE 3\n'),
  "a file that assembly takes along": (m) => appendFile(path.join(m.dir, "m/one.h"), '\n// .incbin "b.c"\n'),
  "assembly that spells it otherwise": (m) => m.put("a.c", `${OTHERWISE}int a(void) { return 3; }\n`),
  "another unit, by a directive in two lines": (m) => m.put("one.h", '#inc\\ \nlude "b.c"\n#define VALUE 3\n'),
  "another unit, by one behind a comment": (m) => m.put("one.h", '#/*\n" < */ include "b.c"\n#define VALUE 3\n'),
  "another unit, in no list of what was read": (m) =>
    m.put("one.h", '#pragma GCC system_header\n#/* */include "b.c"\n#define VALUE 3\n'),
  "a folder of /tmp": (m) => void m.build.flags.push("-I/tmp/somewhere"),
  "a folder above the module's": (m) => void m.build.flags.push("-I../../out"),
  "folders that a variable names": (m) => void (m.build.env = { CPATH: "/tmp" }),
  "what a flag includes, and is no header": (m) => void m.build.flags.push("-include", "Makefile.inc"),
  "what a program of the module's makes": (m) => m.put("Makefile", "obj-m := m.o\nhostprogs := gen\n"),
  "no list of what was read": (m) => void m.build.flags.push("-Wp,-MD,x.d"),
};

describe("nothing is kept where a compilation may read", () => {
  test("the control: both are kept where it may not", async (t) => {
    const module = await Module.of(t);
    await module.compiled();
    assert.equal((await offered(module)).length, 2);
  });
  test("in an action: neither is one kept, nor one of before taken", async (t) => {
    t.after(() => keepUnits(true));
    const module = await Module.of(t);
    keepUnits(false);
    await module.compiled();
    keepUnits(true);
    assert.deepEqual(await offered(module), []);
    await module.compiled();
    keepUnits(false);
    assert.deepEqual(await offered(module), []);
  });
  for (const [what, change] of Object.entries(OPEN))
    test(what, async (t) => {
      const module = await Module.of(t);
      await change(module);
      const { files } = await module.compiled();
      assert.ok(files[0] !== undefined && files[0].length > 0, "it compiles all the same");
      assert.deepEqual(await offered(module), []);
    });
});

/** What is offered to the next build. */
async function offered(module: Module): Promise<string[]> {
  // Of the same length as the name of a run's own.
  const workDir = path.join(module.dir, "run-123456");
  const folders = { kept: path.join(workDir, "kept"), made: path.join(workDir, "made"), workDir };
  const root = path.join(workDir, "c/m");
  await cp(path.join(module.dir, "m"), root, { recursive: true, verbatimSymlinks: true });
  const objects = await KeptObjects.of(
    { root, folders, fixed: [], parts: [module.build.around] },
    await contentsOf(root),
  );
  await objects?.offer();
  return readdir(folders.kept).catch(() => []);
}

test("a word for assembler is none where it is a folder's", () => {
  for (const text of [
    "#include <asm/io.h>\n",
    "#include <asm-generic/x.h>\nasmlinkage long f(void);\n#define S(x) #x\n",
  ])
    assert.equal(takesOther(text), false, text);
  for (const text of ["P(as, m)(T)\n#define P(a, b) a ## b\n", "__asm__ (T);\n", "alternative(A, B, X);\n"])
    assert.equal(takesOther(text), true, text);
});

test("assembler that a kernel's macro makes of a text is one too, and so is a header that is another file", () => {
  for (const text of [
    'MODULE_AUTHOR("A. Man <a@b.com>");\nstatic struct s t = { .a = "x", .b = 1 };\npr_info("a.b %s.\\n", v);\n',
    '#include "own.h"\nstatic const char n[] = "drivers/a.c: 1.0";\n',
    // A line of signs alone comes to an end.
    `${"#".repeat(50_000)}\n`,
  ])
    assert.equal(takesOther(text), false, text);
  for (const text of [
    'void f(void) { _BUG_FLAGS("nop\\n.macro q a b\\n.\\\\a\\\\b \\"y.c\\"\\n.endm\\nq inc bin"); }\n',
    '__raw_cmpxchg(p, o, n, 4, "; " "." "inc" "bin \'y.c\'; lock");\n',
    '#define L "\\12\\x2emacro q"\n',
    '__EXPORT_SYMBOL(f, "", "\\t.inst");\n',
    'F(R"(\n.macro)");\n',
    '#pragma include_alias("a.h", "y.c")\n#include "a.h"\n',
    '#if __has_include("y.o")\n#endif\n',
  ])
    assert.equal(takesOther(text), true, text);
});

const KBUILD = "\n\t$(MAKE) -C $(KDIR) M=$(PWD) ";

test("a plain makefile runs kbuild and nothing else", () => {
  const plain = [
    "obj-m := m.o\nm-y := a.o \\\n\tb.o # both\nccflags-y += -I$(src)/include -DX=1\n",
    "obj-$(CONFIG_X) += m.o\nm-objs := a.o\nCFLAGS_a.o := -DY\n",
    "KDIR ?= /lib/modules/$(shell uname -r)/build\nPWD := $(shell pwd)\nall:\n\t$(MAKE) -C $(KDIR) M=$(PWD) modules\nclean:\n\t@$(MAKE) -C $(KDIR) M=$(PWD) clean\n",
    "ifneq ($(KERNELRELEASE),)\nobj-m := m.o\nelse\n.PHONY: all\nall: modules\nmodules:\n\t$(MAKE) -C $(KDIR) M=$(CURDIR) $@\nendif\n",
    'ccflags-y += -DNAME=\\"x-1.0\\" -Wall -Wno-unused -O2 -std=gnu11 -include $(src)/all.h -fno-common\nEXTRA_CFLAGS += $(MINE) -g\n',
    "SRC := $(CURDIR)\nall:\n\t@${MAKE} -C ${KDIR} M=$(SRC) V=1 W=1 -j4 modules\n# why \\\n and how\n",
    "ifneq ($(KERNELRELEASE),) # $(shell why)\nobj-m := m.o # $(and how)\nendif\nKDIR := /lib/$(shell uname -r) # $(X\n",
  ];
  for (const text of plain) assert.equal(isPlainMakefile(text), true, text);
  const others = [
    "X := $(shell ./a.c)\n",
    "X = `sh a.c`\n",
    "X != sh a.c\n",
    "hostprogs := gen\n",
    "hostprogs-y := gen\n",
    "CC = ./a.c\n",
    "SHELL := ./a.c\n",
    "HOSTCC := ./a.c\n",
    "always-y := a.h\n",
    "include other.make\n",
    "-include a.c\n",
    "a.h: a.c\n\tsh a.c > a.h\n",
    "all:\n\t$(MAKE) -C $(KDIR) M=$(PWD) modules; sh a.c\n",
    "all: ; sh a.c\n",
    "$(eval $(file < a.c))\n",
    "X := $(call run,a.c)\n",
    "define run\nsh a.c\nendef\n",
    "cmd_cc_o_c = sh a.c\n",
    // Whatever two kinds of flags each word is: it has to come to an end.
    `ccflags-y := ${"-Wno-unused ".repeat(60)}'-DX'\n`,
    // Two backslashes end a comment.
    "# why \\\\\nX := $(shell sh a.c)\n",
    "X := modules; sh a.c\nall:\n\t$(MAKE) -C $(KDIR) $(X)\n",
    "X := modules | sh\n",
    "all:\n\t$(MAKE) -f a.c\n",
    "all:\n\t$(MAKE) -C $(KDIR) M=$(PWD) LD=$(PWD)/a.c modules\n",
    "all:\n\t$(MAKE) -C $(KDIR) M=$(PWD) SHELL=$(PWD)/a.c modules\n",
    "CROSS_COMPILE := ./mine-\n",
    "LLVM := ./mine/\n",
    "PAHOLE := ./a.c\n",
    "srctree := .\n",
    ".RECIPEPREFIX := s\n",
    "ccflags-y := -fplugin=$(src)/p.so\n",
    "X := -fplu\nccflags-y := $(X)gin=$(src)/p.so\n",
    "ccflags-y := $(X:x=-fplugin=$(src)/p.so)\n",
    "ccflags-y := -B$(src) -no-integrated-as\n",
    "ccflags-y := @$(src)/flags\n",
    "ldflags-y := --oformat=binary\n",
    // A flag that is put together has no end of its own.
    "P := -Wp\nCFLAGS_z.o := $(P),-load,$(src)/p.c\n",
    "HOME := $(PWD)\n",
    // Within a reference nothing begins a comment.
    "ifeq ($(if #,$(shell sh a.c)),x)\nendif\n",
    "ifeq (${if #,${shell sh a.c}},)\nendif\n",
    "ifeq (a) $(KDIR) $(shell pwd) $(or #,$(shell sh a.c))\nendif\n",
    "ifdef $(if \\\n#,$(eval $(file < a.c)))\nendif\n",
    // In a recipe make expands a comment too, and no backslash carries it on.
    "all:\n\t# $(shell sh a.c)\n",
    `all:${KBUILD}modules # $(shell sh a.c)\n`,
    "all:\n\t# gcc -o gen \\\n\t  gen.c && ./gen\n",
    // What stands in a recipe is a variable's words.
    `ARGS := CC=$(PWD)/a.c\nall:${KBUILD}$(ARGS) modules\n`,
    "X := -fcommon\nY := .c\nall:\n\t$(MAKE) $(X)$(Y)\n",
    "D := . -fcommon\nall:\n\t$(MAKE) -C $(D)\n",
    "D := $(E)\nE := . CC=a.c\nall:\n\t$(MAKE) -C $(D)\n",
    "D := .\nD += CC=a.c\nall:\n\t$(MAKE) -C $(D)\n",
    "all: -fa.c\n-fa.c:\n\t$(MAKE) $@\n",
    // clang, bash and others are told by their environment what to start.
    "export CCC_OVERRIDE_OPTIONS := +-fplugin=$(PWD)/p.c\n",
    `all:${KBUILD}CCC_OVERRIDE_OPTIONS=+-fplugin=$(PWD)/p.c modules\n`,
    "export BASH_ENV := $(PWD)/a.c\n",
  ];
  for (const text of others) assert.equal(isPlainMakefile(text), false, text);
});
