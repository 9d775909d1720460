/** Faults: each thing that a result depends on is changed, one at a time. A result of before would be a wrong one then. */
import assert from "node:assert/strict";
import { appendFile, chmod, cp, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { bootsKey } from "../../src/check/kept-boots.ts";
import { translationKey } from "../../src/check/kept-translation.ts";
import { ModuleBoots } from "../../src/check/module-boots.ts";
import type { Work } from "../../src/check/work.ts";
import { seenBesides } from "../../src/check/seen-besides.ts";
import { scratchFolder } from "../../src/machine/cache.ts";
import { useKeptResults } from "../../src/machine/result-store.ts";
import { contentsOf, lookAgain } from "../../src/machine/seen-files.ts";
import { capture, type Captured } from "../../src/stages/capture/index.ts";
import type { CapturedModule } from "../../src/stages/capture/captured-modules.ts";
import { KeptUnits } from "../../src/stages/lower/kept-units.ts";
import type { LoweredUnit, LoweringContext } from "../../src/stages/lower/index.ts";
import { transpile } from "../../src/stages/transpile/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import type { Kernel } from "../../src/toolchain/kernel.ts";
import { put, putProgram, temporaryFolder } from "../toolchain/fakes.ts";

/** A folder that builds a module by a script, and a machine whose kernel, plugin and tools lie where a test can change them. */
class Scene {
  readonly dir: string;
  make = "./build.sh -DFLAG=1";
  constructor(dir: string) {
    this.dir = dir;
  }

  static async of(t: TestContext): Promise<Scene> {
    const scene = new Scene(await temporaryFolder(t));
    await scene.put("module/m.c", '#include "one.h"\nint answer(void) { return VALUE; }\n');
    await scene.put("module/one.h", '#include "two.h"\n');
    await scene.put("module/two.h", "#include <three.h>\n");
    await scene.put("module/later/three.h", "#define VALUE 3\n");
    await scene.put("module/earlier/.keep", "");
    // As kbuild leaves a module: an object, a list of what it is linked of, and the .ko.
    await putProgram(
      scene.file("module/build.sh"),
      'flag=$1; for a do case $a in CC=*) cc=${a#CC=} ;; esac; done\n"$cc" "$flag" -Iearlier -Ilater -c -o "$PWD/m.o" "$PWD/m.c" && cp m.o m.ko && echo "$PWD/m.o" >m.mod && echo "$TZ" >zone',
    );
    await scene.put("kernel/.config", "CONFIG_X=y\n");
    await scene.put("kernel/include/linux/types.h", "typedef int x;\n");
    await scene.put("plugin.so", "plugin 1");
    await putProgram(scene.file("tools/c2rust/bin/c2rust"), "echo c2rust 0.22.1");
    await putProgram(scene.file("tools/rust/bin/rustc"), "echo rustc 1.96.0");
    return scene;
  }

  file(name: string): string {
    return path.join(this.dir, name);
  }

  put(name: string, text: string): Promise<void> {
    return put(this.file(name), text);
  }

  get kernel(): Kernel {
    return {
      release: "6.1.0-test",
      arch: "x86_64",
      buildDir: this.file("kernel"),
      readable: [this.file("kernel")],
      compiler: "gcc",
    };
  }

  async around(): Promise<string | undefined> {
    lookAgain(this.dir);
    const { clang } = await requireTools(["clang"]);
    const rustc = {
      path: this.file("tools/rust/bin/rustc"),
      version: "1.96.0",
      sysroot: this.file("tools/rust"),
      libraryDir: this.file("tools/rust/library"),
    };
    return seenBesides(
      { clang, rustc, c2rust: { path: this.file("tools/c2rust/bin/c2rust"), version: "0.22.1" } },
      this.kernel,
      this.file("plugin.so"),
    );
  }

  /** Whether the C was built, or put back. */
  async build(from = "module"): Promise<{ reused: boolean; captured: Captured } & AsyncDisposable> {
    const scratch = await scratchFolder(path.join(this.dir, "run-"));
    const around = await this.around();
    assert.ok(around !== undefined, "this machine can tell what a sandbox shows");
    const { clang, bear } = await requireTools(["clang", "bear"]);
    const captured = await capture({
      dir: this.file(from),
      root: this.file(from),
      kernel: this.kernel,
      workDir: scratch.dir,
      clang: clang.path,
      kernelCompiler: "gcc",
      bear: bear.path,
      make: this.make,
      jobs: 1,
      around,
    });
    return { reused: captured.at !== undefined, captured, [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose]() };
  }

  async isReused(from?: string): Promise<boolean> {
    await using built = await this.build(from);
    return built.reused;
  }
}

/** Other bytes of the same number, with the times of before: only what no program can set tells. */
async function swapBytes(file: string): Promise<void> {
  const [{ atime, mtime }, text] = [await stat(file), await readFile(file, "latin1")];
  await writeFile(
    file,
    text.replace(/.$/s, (c) => (c === "#" ? "!" : "#")),
    "latin1",
  );
  await utimes(file, atime, mtime);
}

let environment: NodeJS.ProcessEnv;
before(() => (environment = { ...process.env }));
after(() => {
  process.env = environment;
});

async function ownCache(t: TestContext): Promise<void> {
  process.env["KPORT_CACHE_DIR"] = path.join(await temporaryFolder(t), "cache");
  t.after(() =>
    environment["KPORT_CACHE_DIR"] === undefined
      ? delete process.env["KPORT_CACHE_DIR"]
      : (process.env["KPORT_CACHE_DIR"] = environment["KPORT_CACHE_DIR"]),
  );
}

test("a C build is put back where nothing changed, from another folder too, and is then the same", async (t) => {
  await ownCache(t);
  const scene = await Scene.of(t);
  await using first = await scene.build();
  assert.equal(first.reused, false);
  await cp(scene.file("module"), scene.file("elsewhere/module"), { recursive: true });
  await using second = await scene.build("elsewhere/module");
  assert.equal(second.reused, true);
  assert.equal(second.captured.id, first.captured.id);
  const told = async ({ captured }: typeof first): Promise<unknown> => ({
    files: await contentsOf(captured.copy.root),
    modules: captured.modules,
    warnings: captured.warnings,
  });
  const named = (value: unknown, { captured }: typeof first): string =>
    JSON.stringify(value).replaceAll(path.dirname(path.dirname(captured.copy.root)), "WORK");
  const [one, two] = [named(await told(first), first), named(await told(second), second)];
  assert.ok(one.includes("WORK/c/module/m.c") && one.includes('"m.ko"'));
  // Objects name the folder that they were made in; here that is the one they lie in.
  assert.equal(two.replace(/"content":"\w*"/g, ""), one.replace(/"content":"\w*"/g, ""));
  useKeptResults(false);
  t.after(() => useKeptResults(true));
  assert.equal(await scene.isReused(), false, "--no-cache");
});

const FAULTS: Record<string, (scene: Scene) => Promise<void> | void> = {
  "a header three includes deep": (s) => s.put("module/later/three.h", "#define VALUE 4\n"),
  "a header that appears earlier on the include path": (s) => s.put("module/earlier/three.h", "#define VALUE 3\n"),
  "a flag": (s) => void (s.make = "./build.sh -DFLAG=2"),
  "the script that builds": (s) => appendFile(s.file("module/build.sh"), "# another\n"),
  "the right to run a file": (s) => chmod(s.file("module/one.h"), 0o755),
  "a file's name": (s) => rename(s.file("module/earlier/.keep"), s.file("module/earlier/.kept")),
  "a variable that the makefile reads": () => void (process.env["TZ"] = "Asia/Tokyo"),
  "the kernel's configuration": (s) => s.put("kernel/.config", "CONFIG_X=m\n"),
  "a header of the kernel": (s) => s.put("kernel/include/linux/types.h", "typedef long x;\n"),
  "a header that the kernel did not have": (s) => s.put("kernel/include/asm/types.h", ""),
  "the plugin": (s) => s.put("plugin.so", "plugin 2"),
  "a tool's binary under the same version, size and date": (s) => swapBytes(s.file("tools/c2rust/bin/c2rust")),
  "a library of a tool": (s) => s.put("tools/rust/lib/librustc_driver.so", "new"),
};

describe("a C build is done again after a change of", () => {
  for (const [what, change] of Object.entries(FAULTS)) {
    test(what, async (t) => {
      await ownCache(t);
      t.after(
        () =>
          void (environment["TZ"] === undefined ? delete process.env["TZ"] : (process.env["TZ"] = environment["TZ"])),
      );
      const scene = await Scene.of(t);
      assert.equal(await scene.isReused(), false);
      assert.equal(await scene.isReused(), true, "the control: it is reused when nothing changed");
      await change(scene);
      assert.equal(await scene.isReused(), false);
    });
  }
});

describe("a lowered unit", () => {
  /** Two units of one folder, one of which has been lowered; whether that is known after a change. */
  const known = async (
    t: TestContext,
    change: (dir: string) => Promise<unknown>,
    told: Partial<LoweringContext> = {},
    around = "around",
    header = "int h;\n",
  ): Promise<boolean> => {
    await ownCache(t);
    const dir = await temporaryFolder(t);
    await put(path.join(dir, "copy/a.c"), '#include "a.h"\nint a;\n');
    await put(path.join(dir, "copy/b.c"), "int b;\n");
    await put(path.join(dir, "copy/a.h"), header);
    await put(path.join(dir, "copy/a.o"), "object 1");
    const root = path.join(dir, "copy");
    const unit = async (cx: Partial<LoweringContext>, seen: string) => {
      const commands = ["a.c", "b.c"].map((f) => ({
        file: path.join(root, f),
        directory: root,
        arguments: ["clang", "-c", f],
        output: path.join(root, f.replace(/c$/, "o")),
      }));
      const context = {
        headers: "helpers",
        clang: "clang",
        plugin: "/kept/1/kport.so",
        readelf: "readelf",
        kernel: { release: "6.1", buildDir: "/k" },
        kbuild: { compiler: "gcc", flags: ["-O2"] },
        keepInC: new Map(),
        importable: new Set(["printk"]),
        ...cx,
      } as unknown as LoweringContext;
      return (
        await KeptUnits.of({ root, files: await contentsOf(root), workDir: dir, around: seen }, commands, context)
      ).unit(commands[0] as (typeof commands)[number], ["a"]);
    };
    await (await unit({}, "around")).keepUse({
      use: { mentioned: new Set(["x"]), initialised: new Set() },
      asked: { mentioned: new Set(), initialised: new Set() },
    });
    assert.equal((await (await unit({}, "around")).use())?.use.mentioned.has("x"), true, "the control");
    await change(root);
    return (await (await unit(told, around)).use()) !== undefined;
  };
  const edit = (file: string, text: string) => (root: string) => writeFile(path.join(root, file), text);
  const nothing = async (): Promise<void> => {};

  test("is taken as it was when another unit, or what was built, is another", async (t) => {
    assert.equal(await known(t, edit("b.c", "int c;\n")), true);
    assert.equal(await known(t, edit("a.o", "object 2")), true);
  });
  test("is lowered again when its own file, a header or a new file is another", async (t) => {
    assert.equal(await known(t, edit("a.c", '#include "a.h"\nlong a;\n')), false);
    assert.equal(await known(t, edit("a.h", "long h;\n")), false);
    assert.equal(await known(t, edit("types.h", "")), false);
  });
  test("is lowered again for another unit's text where it may include that", async (t) => {
    for (const header of ['#include "b.c"\n', "#include MACRO\n", '#  include "b.inc"\n'])
      assert.equal(await known(t, edit("b.c", "int c;\n"), {}, "around", header), false, header);
    assert.equal(
      await known(t, edit("b.c", "int c;\n"), {}, "around", '#include "other.h"\n#include <linux/module.h>\n'),
      true,
    );
  });
  test("is lowered again for other tools, kernels, flags, verdicts and symbols", async (t) => {
    assert.equal(await known(t, nothing, {}, "other"), false);
    assert.equal(await known(t, nothing, { headers: "translate" }), false);
    assert.equal(await known(t, nothing, { plugin: "/kept/2/kport.so" }), false);
    assert.equal(await known(t, nothing, { kbuild: { compiler: "gcc", flags: ["-O3"] } }), false);
    assert.equal(await known(t, nothing, { keepInC: new Map([["f", "why"]]) }), false);
    assert.equal(await known(t, nothing, { importable: new Set(["printk", "kfree"]) }), false);
  });
});

describe("a translation and its boots", () => {
  const work = {
    around: "around",
    kernel: { release: "6.1", buildDir: "/k" },
    request: { headers: "helpers" },
    tools: { clang: { path: "/clang", version: "19" } },
    provers: { opt: { path: "/opt", version: "22" } },
    versions: {},
    kbuild: {},
  } as unknown as Work;
  const captured = { id: "built" } as Captured;

  test("are of one C build, one set of tools, one way to take headers", () => {
    const key = translationKey(work, captured, "m");
    assert.equal(translationKey({ ...work }, captured, "m"), key);
    const others = [
      translationKey(work, { ...captured, id: "built again" }, "m"),
      translationKey({ ...work, around: "other" }, captured, "m"),
      translationKey({ ...work, request: { ...work.request, headers: "translate" } }, captured, "m"),
      // What is proved may be printed otherwise than c2rust's machine code has it.
      translationKey({ ...work, provers: "no LLVM of rustc's version" }, captured, "m"),
      translationKey(work, captured, "n"),
    ];
    assert.ok(!others.includes(key));
    assert.equal(translationKey({ ...work, doctor: {} }, captured, "m"), undefined, "mistakes on purpose are not kept");
    assert.equal(translationKey(work, { modules: [] as CapturedModule[] } as Captured, "m"), undefined);
  });

  test("are booted again with another exercise, and where a module holds something else", async (t) => {
    const dir = await temporaryFolder(t);
    const [own, other, sibling] = ["m/m.ko", "made/m.ko", "m/n.ko"].map((n) => path.join(dir, "run-1", n)) as [
      string,
      string,
      string,
    ];
    for (const ko of [own, other, sibling]) await put(ko, `${path.basename(ko)} of ${dir}/run-1/m, ${"0".repeat(64)}`);
    await put(path.join(dir, "m/m.c"));
    await put(path.join(dir, "m/exercise/run.sh"), "echo 1\n");
    const keyIn = async (run: string, seen: Partial<Work> = {}): Promise<string | undefined> => {
      const modules = ["m/m.ko", "m/n.ko"].map((n) => ({ ko: path.join(dir, run, n) }) as CapturedModule);
      const boots = await ModuleBoots.of(
        modules[0] as CapturedModule,
        modules,
        work.kernel,
        [path.join(dir, "m"), path.join(dir, "m")],
        dir,
        await temporaryFolder(t),
      );
      return bootsKey(
        { ...work, workDir: path.join(dir, run), ...seen },
        boots.files(path.join(dir, run, "made/m.ko")),
        await boots.exerciseKey(),
      );
    };
    const first = await keyIn("run-1");
    assert.ok(first !== undefined);
    assert.equal(await keyIn("run-1"), first);
    await cp(path.join(dir, "run-1"), path.join(dir, "run-2"), { recursive: true });
    for (const n of ["m/m.ko", "made/m.ko", "m/n.ko"])
      await writeFile(
        path.join(dir, "run-2", n),
        (await readFile(path.join(dir, "run-2", n), "latin1")).replace("run-1", "run-2"),
      );
    assert.equal(await keyIn("run-2"), first, "the folder of a run is none of what is booted");
    assert.notEqual(await keyIn("run-1", { around: "other" }), first);
    assert.equal(await keyIn("run-1", { doctor: {} }), undefined, "mistakes on purpose are not kept");
    for (const ko of [own, other, sibling]) {
      const before = await readFile(ko, "latin1");
      await swapBytes(ko);
      assert.notEqual(await keyIn("run-1"), first, ko);
      await writeFile(ko, before, "latin1");
      assert.equal(await keyIn("run-1"), first);
    }
    await put(path.join(dir, "m/exercise/run.sh"), "echo 2\n");
    assert.notEqual(await keyIn("run-1"), first);
  });
});

test("what c2rust made is taken where its own file and the text are the same, wherever it lies; comments are no other text", async (t) => {
  await ownCache(t);
  const dir = await temporaryFolder(t);
  const unit = (text: string, flags: readonly string[] = []): LoweredUnit =>
    ({
      command: { file: "/m/a.c", directory: "/m", arguments: ["clang", ...flags, "-c", "a.c"], output: "/m/a.o" },
      text,
      renamed: new Map(),
    }) as unknown as LoweredUnit;
  const made = async (place: string, script: string, u: LoweredUnit): Promise<boolean> => {
    const file = path.join(dir, place, "bin/c2rust");
    await putProgram(file, script);
    return (await transpile(u, "a", { path: file, version: "0.22.1" })).cached;
  };
  const script = "echo 'pub fn f() {}' > a.rs";
  assert.equal(await made("one", script, unit("int /* b */ a;")), false);
  assert.equal(await made("two", script, unit("int /* b */ a;")), true);
  assert.equal(await made("two", script, unit("int /* a */ a;")), true);
  assert.equal(await made("two", script, unit("int b;")), false);
  assert.equal(await made("two", script, unit("int /* b */ a;", ["-fshort-enums"])), false);
  assert.equal(
    await made("three", `${script}; :`, unit("int /* b */ a;")),
    false,
    "another program of the same version",
  );
});
