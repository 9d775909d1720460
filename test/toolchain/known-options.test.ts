/** What a compiler answers kbuild: asked once in a build of our own, and anew where something is another that the answer depends on. */
import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { run } from "../../src/machine/process.ts";
import { knownCompiler } from "../../src/stages/build/known-compiler.ts";
import { offerOptions, writeStandIn } from "../../src/stages/capture/compiler-stand-in.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { kbuildCommand } from "../../src/toolchain/kbuild.ts";
import type { Kernel } from "../../src/toolchain/kernel.ts";
import { prepareKernel } from "../../src/toolchain/kernel-packages.ts";
import { folderWithCache, put } from "./fakes.ts";

const { clang } = await requireTools(["clang"]);

/** A kernel of which nothing is there but its questions, and a clang that notes when it is started. */
interface Asked {
  dir: string;
  questions: string[][];
  env: Record<string, string>;
  kernel: Kernel;
  clang: string;
}

async function asking(t: TestContext): Promise<Asked> {
  const dir = await folderWithCache(t);
  // As kbuild adds to them; clang refuses the last.
  const flags = ["-Werror", "-O2", "-D__KERNEL__", '-DNAME="it\'s $x"'];
  const questions = [flags, [...flags, "-Wvla"], [...flags, "-fconserve-stack"]];
  const buildDir = path.join(dir, "kernel");
  const kernel: Kernel = {
    release: "6.1.0-99-made-up",
    arch: "x86_64",
    buildDir,
    readable: [buildDir, dir],
    compiler: "gcc",
  };
  const noting = path.join(dir, "clang-that-notes");
  const asked: Asked = { dir, questions, env: {}, kernel, clang: noting };
  await writeKernel(asked);
  await put(noting, `#!/bin/sh\necho >>'${dir}/log'\nexec '${clang.path}' "$@"\n`);
  await chmod(noting, 0o755);
  return asked;
}

/** Its makefile asks as kbuild does, and looks at no answer. */
async function writeKernel({ questions, kernel }: Asked): Promise<void> {
  const words = (flags: string[]): string =>
    flags.map((f) => `'${f.replaceAll("'", "'\\''").replaceAll("$", () => "$$")}'`).join(" ");
  const lines = questions.map((q) => `\t-$(CC) ${words(q)} -c -x c /dev/null -o $(M)/tmp\n`);
  await put(path.join(kernel.buildDir, "Makefile"), `modules:\n${lines.join("")}`);
}

/** How often clang was started for all questions in a module's build, and their answers. */
async function answers({ dir, questions, env, kernel, clang: noting }: Asked) {
  await using scratch = await scratchFolder(path.join(dir, "run-"));
  const [bin, notes] = [path.join(scratch.dir, "bin"), path.join(scratch.dir, "out")];
  for (const d of [bin, notes]) await mkdir(d);
  const cc = await writeStandIn(bin, {
    clang: noting,
    kernelCompiler: "gcc",
    release: kernel.release,
    prefix: dir,
    notes,
  });
  await offerOptions(bin, noting, kernel, "gcc");
  await writeFile(path.join(dir, "log"), "");
  const said: (number | undefined)[] = [];
  for (const [i, flags] of questions.entries()) {
    const object = path.join(notes, `tmp_${i}`);
    const r = await run(cc, [...flags, "-c", "-x", "c", "/dev/null", "-o", object], {
      cwd: dir,
      env,
      allowFailure: true,
    });
    said.push(r.exitCode);
    const there = await readFile(object).then(
      () => 0,
      () => 1,
    );
    assert.equal(there, r.exitCode, "there is an object where it says so");
  }
  return { started: (await readFile(path.join(dir, "log"), "utf8")).length, said };
}

test("what was answered in a build of our own is not asked again, and the answers are the same", async (t) => {
  const asked = await asking(t);
  assert.deepEqual(await answers(asked), { started: 0, said: [0, 0, 0] });
  asked.questions.push([...(asked.questions[0] as string[]), "-Wshadow"]);
  assert.deepEqual(await answers(asked), { started: 1, said: [0, 0, 0, 0] }, "what is new is asked");
  assert.deepEqual(await answers(asked), { started: 1, said: [0, 0, 0, 0] }, "and nothing is kept of a module's build");
  asked.questions = [["-fconserve-stack", "-Wall"]];
  assert.deepEqual(await answers(asked), { started: 1, said: [0] }, "it is known what clang refuses");
});

test("no is no answer that is kept", async (t) => {
  const asked = await asking(t);
  asked.questions = [["-Werror", "-std=no-such"]];
  await writeKernel(asked);
  const first = await answers(asked);
  assert.deepEqual(first.said, [1]);
  assert.ok(first.started > 0);
});

/** Each is something that an answer may depend on. */
const FAULTS: Record<string, (a: Asked) => Promise<unknown> | void> = {
  "a flag": (a) => void (a.questions[0] as string[]).push("-g"),
  "the order of flags": (a) => void (a.questions[0] as string[]).reverse(),
  "where one flag ends": (a) => void (a.questions[0] as string[]).splice(0, 2, "-Werror -O2"),
  "a variable that clang reads": (a) => void (a.env = { CPATH: "/usr" }),
};

describe("clang is asked in the module's build for a change of", () => {
  for (const [what, change] of Object.entries(FAULTS))
    test(what, async (t) => {
      const asked = await asking(t);
      asked.questions.splice(1);
      assert.equal((await answers(asked)).started, 0, "the control");
      await change(asked);
      assert.ok((await answers(asked)).started > 0);
    });
});

/** Each is another key: clang is asked anew, in a build of our own. */
const KEYS: Record<string, (a: Asked) => Promise<unknown>> = {
  // A run takes a program to be what it was when it began: this one lies elsewhere.
  "clang, by its contents": async (a) => {
    a.clang = path.join(a.dir, "another", "clang-that-notes");
    await put(a.clang, `#!/bin/sh\ncase " $* " in *" -Wvla "*) exit 1 ;; esac\nexec '${clang.path}' "$@"\n`);
    await chmod(a.clang, 0o755);
  },
  "the kernel's configuration": async (a) => {
    await put(path.join(a.kernel.buildDir, ".config"), "CONFIG_X=y\n");
    await put(path.join(a.kernel.buildDir, "Makefile"), "modules:\n\ttrue\n");
  },
};

describe("what was answered before does not hold for another", () => {
  for (const [what, change] of Object.entries(KEYS))
    test(what, async (t) => {
      const asked = await asking(t);
      asked.questions = asked.questions.slice(1, 2);
      assert.deepEqual(await answers(asked), { started: 0, said: [0] }, "the control");
      await change(asked);
      const now = await answers(asked);
      assert.ok(now.started > 0 || now.said[0] === 1, "the old answer is given");
    });
});

describe("no answer is kept", () => {
  const open: Record<string, string[]> = {
    "of what names a file": ["-include", "one.h"],
    "of what names a folder": ["-Ione"],
    "of what writes another": ["-Wp,-MD,one.d"],
    "of what is in a file": ["@flags"],
  };
  for (const [what, words] of Object.entries(open))
    test(what, async (t) => {
      const asked = await asking(t);
      for (const at of [asked.dir, asked.kernel.buildDir]) {
        await put(path.join(at, "one.h"));
        await put(path.join(at, "flags"), "-O1");
      }
      asked.questions = [["-O2", ...words]];
      await writeKernel(asked);
      const { started, said } = await answers(asked);
      assert.deepEqual(said, [0]);
      assert.ok(started > 0);
    });
});

test("the kernel's own compiler answers as it does itself", async () => {
  const kernel = await prepareKernel("6.1");
  const known = await knownCompiler(kernel);
  assert.ok(known, "nothing is known of the compiler of 6.1");
  const { compiler, flags } = await kbuildCommand(kernel);
  const question = (more: string): string[] => [more, "-c", "-x", "c", "/dev/null", "-o", "/dev/null"];
  for (const more of ["-Wvla", "-fno-such-option", ...flags.filter((f) => f.startsWith("-f"))]) {
    const said = async (program: string): Promise<unknown[]> => {
      const { exitCode, stderr } = await run(program, question(more), { cwd: "/tmp", allowFailure: true });
      return [exitCode, stderr];
    };
    assert.deepEqual(await said(known.path), await said(compiler), more);
  }
});
