import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { run, type RunResult } from "../../src/machine/process.ts";
import { writeStandIn } from "../../src/stages/capture/compiler-stand-in.ts";
import { requireTools } from "../../src/toolchain/discover.ts";

let dir: string;
let cc: string;
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-stand-in-"));
  const { clang } = await requireTools(["clang"]);
  cc = await writeStandIn(path.join(dir, "bin"), {
    clang: clang.path,
    kernelCompiler: "gcc",
    release: "6.1.0-99-made-up",
    prefix: path.join(dir, "secret-place"),
    notes: dir,
  });
  await writeFile(
    path.join(dir, "a.c"),
    "int unused_result(void) { int x; return 1; }\nconst char *where = __FILE__;\n",
  );
});
after(() => rm(dir, { recursive: true, force: true }));

const compile = (...args: string[]): Promise<RunResult> =>
  run(cc, [...args, "-c", "-o", path.join(dir, "a.o"), path.join(dir, "a.c")], {
    cwd: dir,
    allowFailure: true,
    env: { PATH: `${path.join(dir, "bin")}:${process.env["PATH"]}` },
  });

test("flags of gcc's that clang refuses are dropped, the others kept", async () => {
  const r = await compile(
    "-fconserve-stack",
    "-mrecord-mcount",
    "-fno-allow-store-data-races",
    "-mindirect-branch=thunk-extern",
    "-mindirect-branch-register",
    "-mfunction-return=thunk-extern",
    "-fzero-init-padding-bits=all",
    "-fsanitize=bounds-strict",
    "-Wall",
    "-O2",
  );
  assert.equal(r.exitCode, 0, r.stderr);
  assert.match(r.stderr, /unused variable 'x'/);
});

test("clang itself refuses them", async () => {
  const { clang } = await requireTools(["clang"]);
  const r = await run(
    clang.path,
    ["-fconserve-stack", "-mrecord-mcount", "-c", "-o", path.join(dir, "b.o"), path.join(dir, "a.c")],
    { allowFailure: true },
  );
  assert.notEqual(r.exitCode, 0);
});

test("warnings stay warnings", async () => {
  const r = await compile("-Wall", "-Werror", "-Werror=unused-variable");
  assert.equal(r.exitCode, 0, r.stderr);
});

test("an error in the C is still one, with its place", async () => {
  await writeFile(path.join(dir, "bad.c"), "int f(void) { return x; }\n");
  const r = await run(cc, ["-c", "-o", path.join(dir, "bad.o"), path.join(dir, "bad.c")], {
    allowFailure: true,
    env: { PATH: `${path.join(dir, "bin")}:${process.env["PATH"]}` },
  });
  assert.notEqual(r.exitCode, 0);
  assert.match(r.stderr, /bad\.c:1:22: error:/);
});

test("what genksyms reads is said by the kernel's own compiler, whatever it is asked", async () => {
  await writeFile(
    path.join(dir, "types.c"),
    "#if __has_attribute(__designated_init__)\nstruct s { int a; } __attribute__((__designated_init__));\n#endif\n#ifdef __clang__\nint by_clang;\n#endif\n",
  );
  const preprocess = (...args: string[]) =>
    run(cc, ["-E", ...args, path.join(dir, "types.c")], {
      allowFailure: true,
      env: { PATH: `${path.join(dir, "bin")}:${process.env["PATH"]}` },
    });
  const versions = await preprocess(
    "-D__GENKSYMS__",
    "-fconserve-stack",
    "--param=allow-store-data-races=0",
    "-mretpoline-external-thunk",
    "-Werror=unknown-warning-option",
  );
  assert.match(versions.stdout, /__designated_init__/, versions.stderr);
  assert.doesNotMatch(versions.stdout, /by_clang/);
  assert.match((await preprocess("-fconserve-stack")).stdout, /by_clang/);
});

test("assembly writes to a cast, as gcc has it; clang alone refuses", async () => {
  const text = 'int low(void) { int x = 0; __asm__("movl $3, %0" : "=r"((unsigned)x)); return x; }\n';
  await writeFile(path.join(dir, "cast.c"), text);
  const env = { PATH: `${path.join(dir, "bin")}:${process.env["PATH"]}` };
  const args = ["-c", "-o", path.join(dir, "cast.o"), path.join(dir, "cast.c")];
  assert.equal((await run(cc, args, { allowFailure: true, env })).exitCode, 0);
  const { clang } = await requireTools(["clang"]);
  assert.match(
    (await run(clang.path, args, { allowFailure: true })).stderr,
    /invalid use of a cast in a inline asm context/,
  );
});

test("an argument with blanks and quotes arrives whole", async () => {
  const r = await compile(`-DTEXT="a b 'c' $HOME"`, "-fconserve-stack");
  assert.equal(r.exitCode, 0, r.stderr);
});

test("uname names the kernel that is built for, and else tells the truth", async () => {
  const uname = path.join(dir, "bin", "uname");
  assert.equal((await run(uname, ["-r"])).stdout, "6.1.0-99-made-up\n");
  assert.equal((await run(uname, ["-m"])).stdout, (await run("uname", ["-m"])).stdout);
});

test("headers read what is so of clang in place of what the configuration says of gcc", async () => {
  const headers = path.join(dir, "include", "linux");
  await mkdir(headers, { recursive: true });
  await writeFile(path.join(headers, "kconfig.h"), "#define CONFIG_CC_HAS_NAMED_AS 1\n#define CONFIG_SMP 1\n");
  await writeFile(
    path.join(headers, "compiler_types.h"),
    "#ifdef CONFIG_CC_HAS_NAMED_AS\n#error gcc's\n#endif\n#ifndef CONFIG_SMP\n#error lost\n#endif\n",
  );
  const asKbuildDoes = [
    "-include",
    path.join(headers, "kconfig.h"),
    "-include",
    path.join(headers, "compiler_types.h"),
  ];
  const r = await compile(...asKbuildDoes, "-fconserve-stack");
  assert.equal(r.exitCode, 0, r.stderr);
  const { clang } = await requireTools(["clang"]);
  const bare = await run(clang.path, [...asKbuildDoes, "-c", "-o", path.join(dir, "b.o"), path.join(dir, "a.c")], {
    allowFailure: true,
  });
  assert.match(bare.stderr, /gcc's/);
});

test("which flags clang refuses is asked once for all units that have the same", async () => {
  const { clang } = await requireTools(["clang"]);
  const [log, noting] = [path.join(dir, "asked"), path.join(dir, "clang-that-notes")];
  await writeFile(noting, `#!/bin/sh\ncase $1 in -###) echo "$*" >>'${log}' ;; esac\nexec '${clang.path}' "$@"\n`);
  await chmod(noting, 0o755);
  const notes = path.join(dir, "notes");
  await mkdir(notes);
  const once = await writeStandIn(path.join(dir, "once"), {
    clang: noting,
    kernelCompiler: "gcc",
    release: "6.1.0-99-made-up",
    prefix: path.join(dir, "secret-place"),
    notes,
  });
  const asked = async (name: string, ...args: string[]): Promise<number> => {
    await writeFile(path.join(dir, name), name.endsWith(".c") ? "int x;\n" : "");
    await writeFile(log, "");
    const r = await run(once, [...args, "-c", "-o", `${name.replace(/\.[cS]$/, "")}.o`, name], {
      cwd: dir,
      allowFailure: true,
      env: { PATH: `${path.join(dir, "once")}:${process.env["PATH"]}` },
    });
    assert.equal(r.exitCode, 0, r.stderr);
    return (await readFile(log, "utf8")).split("\n").length - 1;
  };
  const unit = (name: string): string[] => [`-Wp,-MMD,.${name}.d`, `-DKBUILD_BASENAME="${name}"`, "-fconserve-stack"];
  // One is refused, the others are not.
  assert.equal(await asked("one.c", ...unit("one")), 2);
  assert.equal(await asked("two.c", ...unit("two")), 0);
  assert.equal(await asked("three.c", ...unit("three"), "-mrecord-mcount"), 1);
  assert.equal(await asked("three.c", ...unit("three"), "-mrecord-mcount"), 0);
  // Another kind of file, what is no one word, and what stands in a file are asked about.
  assert.equal(await asked("four.S", ...unit("four")), 1);
  assert.equal(await asked("five.c", ...unit("five"), "-DTEXT=a b"), 1);
  assert.equal(await asked("five.c", ...unit("five"), "-DTEXT=a b"), 1);
  await writeFile(path.join(dir, "more"), "-DTEXT=1");
  assert.equal(await asked("six.c", ...unit("six"), "@more"), 1);
  assert.equal(await asked("six.c", ...unit("six"), "@more"), 1);
});
