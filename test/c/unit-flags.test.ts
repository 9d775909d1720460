import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignFlag } from "../../src/c/unit-flags.ts";

const FOLDERS = ["/copy", "/kernel", "/usr"];
const flag = (...flags: string[]): string | undefined => foreignFlag({ file: "/copy/a.c", directory: "/kernel", output: "/copy/a.o", arguments: ["clang", ...flags, "-c", "-o", "/copy/a.o", "/copy/a.c"] }, FOLDERS);

for (const flags of [
  // What kbuild says itself, for gcc and for clang, with its sanitizers.
  ["-Wp,-MMD,/copy/.a.o.d", "-nostdinc", "-I./arch/x86/include", "-include", "./include/linux/compiler-version.h", "-D__KERNEL__", "-fmacro-prefix-map=./=", "-std=gnu11", "-mno-sse", "-mcmodel=kernel", "-O2", "-Wframe-larger-than=2048", "-g", "-gdwarf-5", "-DKBUILD_MODNAME=\"a\""],
  ["--target=x86_64-linux-gnu", "-fintegrated-as", "-Werror=unknown-warning-option", "-mretpoline-external-thunk", "-fpatchable-function-entry=16,16", "-fsanitize=kernel-address", "-mllvm", "-asan-mapping-offset=0xdffffc0000000000", "-mllvm", "-asan-globals=1", "-pg", "-mfentry", "-fzero-call-used-regs=used-gpr", "-mstack-protector-guard-symbol=__ref_stack_chk_guard", "-Qunused-arguments", "--param=allow-store-data-races=0", "--param", "asan-stack=1"],
  ["-fsanitize-ignorelist=./scripts/integer-wrap-ignore.scl", "-frandomize-layout-seed-file=./scripts/basic/randstruct.seed"],
  // What modules bring.
  ["-I/copy/include", "-I", "/nowhere/include", "-isystem", "/usr/include", "-iquote/copy", "-DTEXT=\"a b\"", "-D", "X=$(y)", "-UZ", "-include", "/copy/config.h", "-include/copy/config.h", "-Wno-unused", "-Wall", "-fno-strict-aliasing", "-fdiagnostics-color=always", "-mavx2", "-msse4.2", "-march=x86-64-v3", "-O3", "-ffile-prefix-map=/a=/b", "-Wa,--noexecstack", "-w"],
]) {
  test(`may be brought: ${flags.slice(0, 4).join(" ")} …`, () => assert.equal(flag(...flags), undefined));
}

for (const flags of [
  ["-fplugin=/copy/p.so"],
  ["-fplugin-arg-p-x=y"],
  ["-fpass-plugin=p.so"],
  ["-Xclang", "-load"],
  ["-Xassembler", "-a"],
  ["-Xpreprocessor", "-MF"],
  ["-load", "p.so"],
  ["@/copy/options"],
  ["-B/copy"],
  ["-B", "/copy"],
  ["--prefix=/copy"],
  ["-specs=/copy/specs"],
  ["--specs=/copy/specs"],
  ["-wrapper", "/copy/run"],
  ["-gcc-toolchain", "/copy"],
  ["--gcc-toolchain=/copy"],
  ["--config=/copy/c.cfg"],
  ["--sysroot=/copy"],
  ["-isysroot", "/copy"],
  ["-include", "/etc/hosts"],
  ["-include", "../home/secret.h"],
  ["-include/etc/hosts"],
  ["-imacros", "/etc/hosts"],
  ["-include-pch", "/copy/a.pch"],
  ["-fmodule-map-file=/copy/m"],
  ["-fmodules"],
  ["-fprofile-instr-generate=/x"],
  ["-fprofile-use=p"],
  ["-fdump-tree-all"],
  ["-fcrash-diagnostics-dir=/x"],
  ["-fsave-optimization-record"],
  ["-foptimization-record-file=x"],
  ["-ftime-trace=x"],
  ["-fproc-stat-report=x"],
  ["-fdiagnostics-add-output=sarif:file=x"],
  ["-fdiagnostics-format=sarif-file"],
  ["-fcallgraph-info"],
  ["-flto"],
  ["-fuse-ld=/copy/ld"],
  ["-fsanitize-ignorelist=/home/list"],
  ["-mllvm", "-info-output-file=x"],
  ["-mllvm"],
  ["-mmlir", "x"],
  ["-Wl,-T,x"],
  ["-Wa,-o,x"],
  ["-Wa,@x"],
  ["-Wa,-al=x"],
  ["-Wa,--MD,x"],
  ["-Wp,-MF,x"],
  ["-Wp,-include,/etc/hosts"],
  ["-working-directory=/"],
  ["-save-temps"],
  ["-E"],
  ["-S"],
  ["-x", "ir"],
  ["--analyze"],
  ["/copy/b.c"],
  ["-DX=1\nall:;id"],
  ["-I/copy\n"],
  ["-D", "X\r"],
  [""],
]) {
  test(`may not: ${JSON.stringify(flags.join(" "))}`, () => assert.notEqual(flag(...flags), undefined));
}
