/** What a module's makefile leaves behind for the host to trip over: each is real, and ends the run with its name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { StageError } from "../../src/machine/errors.ts";
import { captureScene, scene } from "./entry.ts";

interface Attack {
  what: string;
  after: readonly string[];
  files?: Readonly<Record<string, string>>;
  /** What the run ends with. */
  says: RegExp;
}

const PLUGIN = "gcc -shared -fPIC -o plugin.so plugin.c";
const withFlags = (flags: string): Record<string, string> => ({
  Kbuild: `obj-m := hostile.o\nccflags-y := ${flags}\n`,
  "plugin.c": "int nothing;\n",
  options: "-DX\n",
});
/** A makefile that prepares, then builds by Kbuild. */
const prepared = (recipe: string): Record<string, string> => ({
  Makefile: `all:\n\t${recipe}\n\t$(MAKE) -C $(KDIR) M=$(CURDIR) modules\n`,
});

const ATTACKS: readonly Attack[] = [
  {
    what: "the module is a link to a file of the user's",
    after: ["rm hostile.ko && ln -s $(VICTIM)/secret hostile.ko"],
    says: /"hostile\.ko" is a symbolic link that leads out/,
  },
  {
    what: "another file is a link to the user's folder",
    after: ["ln -s $(VICTIM) elsewhere"],
    says: /"elsewhere" is a symbolic link that leads out/,
  },
  {
    what: "an object that the list names is a link",
    after: ["ln -s $(VICTIM)/secret.o secret.o", "echo $(CURDIR)/secret.o >>hostile.mod"],
    says: /"secret\.o" is a symbolic link that leads out/,
  },
  {
    what: "the list names an object of the user's",
    after: ["echo $(VICTIM)/secret.o >>hostile.mod"],
    says: /names an object outside of its folders/,
  },
  {
    what: "the list names an object by ../",
    after: ["echo ../../../../secret.o >>hostile.mod"],
    says: /names an object outside of its folders/,
  },
  {
    what: "the list is a link",
    after: ["rm hostile.mod && ln -s $(VICTIM)/secret hostile.mod"],
    says: /hostile\.mod" is a symbolic link that leads out/,
  },
  {
    what: "the list is without end",
    after: ["truncate -s 1G hostile.mod"],
    says: /"hostile\.mod" has 1073741824 bytes/,
  },
  {
    what: "the list names objects without end",
    after: ["seq -f %g.o 20000 >>hostile.mod"],
    says: /names 20001 objects, and it may name 10000/,
  },
  {
    what: "the list names an object that no path has room for",
    after: ["head -c 100000 /dev/zero | sed 's,\\x00,../,g' >>hostile.mod", "echo x.o >>hostile.mod"],
    says: /names one by 300003 characters, and a path has 4096 at most/,
  },
  {
    what: "the module is without end",
    after: ["truncate -s 1G hostile.ko"],
    says: /"hostile\.ko" has 1073741824 bytes/,
  },
  {
    what: "the source became a link",
    after: ["rm hostile.c && ln -s $(VICTIM)/secret hostile.c"],
    says: /"hostile\.c" is a symbolic link that leads out/,
  },
  {
    what: "the module's name runs a shell",
    after: ["mv hostile.ko 'h$$(id>x).ko' && mv hostile.mod 'h$$(id>x).mod'"],
    says: /was built: a module's name holds letters/,
  },
  {
    what: "the module's name is a command of make",
    after: ["mv hostile.ko '`id`.ko' && mv hostile.mod '`id`.mod'"],
    says: /was built: a module's name holds letters/,
  },
  {
    what: "the module's name leads up",
    after: ["mv hostile.ko ...ko && mv hostile.mod ...mod"],
    says: /"\.\.\.ko" was built: a module's name/,
  },
  {
    what: "the module's name is an option",
    after: ["mv hostile.ko ./-rf.ko && mv hostile.mod ./-rf.mod"],
    says: /"-rf\.ko" was built: a module's name/,
  },
  {
    what: "the module's name is longer than a kernel's",
    after: [`mv hostile.ko ${"h".repeat(56)}.ko && mv hostile.mod ${"h".repeat(56)}.mod`],
    says: /was built: a module's name/,
  },
  {
    what: "an object's name is of a shell",
    after: ["cp hostile.o '$$(id).o' && echo '$(CURDIR)/$$(id).o' >>hostile.mod"],
    says: /the name of an object, "\$\(id\)\.o", will not do/,
  },
  {
    what: "an object's name is an option",
    after: ["echo '$(CURDIR)/-o.o' >>hostile.mod"],
    says: /the name of an object, "-o\.o", will not do/,
  },
  {
    what: "two modules have one name",
    after: ["mkdir a && cp hostile.ko hostile.mod a/"],
    says: /two modules are named hostile/,
  },
  {
    what: "a plugin in the flags",
    after: [],
    files: { ...prepared(PLUGIN), ...withFlags("-fplugin=$(src)/plugin.so") },
    says: /compiler flag "-fplugin=[^"]*plugin\.so"/,
  },
  {
    what: "a plugin of the second kind in the flags",
    after: [],
    files: { ...prepared(PLUGIN), ...withFlags("-Xclang -load -Xclang $(src)/plugin.so") },
    says: /compiler flag "-Xclang"/,
  },
  {
    what: "flags out of a file",
    after: [],
    files: withFlags("@$(src)/options"),
    says: /compiler flag "@[^"]*options"/,
  },
  { what: "where the compiler's programs are", after: [], files: withFlags("-B$(src)"), says: /compiler flag "-B/ },
  {
    what: "a list of what was done",
    after: [],
    files: withFlags("-fproc-stat-report=$(src)/report"),
    says: /compiler flag "-fproc-stat-report/,
  },
  {
    what: "an option of the code generator's that writes",
    after: [],
    files: withFlags("-mllvm -info-output-file=$(src)/info"),
    says: /compiler flag "-mllvm -info-output-file/,
  },
];

for (const { what, after, files, says } of ATTACKS) {
  test(what, async () => {
    await using s = await scene({ after, ...(files ? { files } : {}) });
    await assert.rejects(captureScene(s), (e: Error) => {
      assert.ok(e instanceof StageError, String(e.stack));
      assert.match(e.message, says);
      return true;
    });
    assert.deepEqual(await s.harm(), []);
  });
}

test("a link within the module's folders, and one to the kernel's, are none of these", async () => {
  await using s = await scene({
    after: ["ln -s hostile.ko again && ln -s . loop && ln -s $(KDIR)/include headers && ln -s nowhere dangling"],
  });
  const captured = await captureScene(s);
  assert.deepEqual(
    captured.modules.map((m) => m.name),
    ["hostile"],
  );
});
