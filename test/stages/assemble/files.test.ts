import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { StageError } from "../../../src/machine/errors.ts";
import { run } from "../../../src/machine/process.ts";
import { notice } from "../../../src/stages/assemble/crate.ts";
import { kbuildFile, kbuildHead, makefile } from "../../../src/stages/assemble/kbuild-files.ts";
import { callLibc, libcModule } from "../../../src/stages/assemble/libc.ts";
import { temporaryFolder } from "../../toolchain/fakes.ts";

test("the notice of a C file, in each of the usual forms", () => {
  assert.equal(
    notice(
      "// SPDX-License-Identifier: GPL-2.0-only\n/*\n * A driver\n *\n * Copyright (C) 2020 Somebody <s@x>\n * Author: Somebody\n */\n#include <x.h>\n",
    ),
    "// SPDX-License-Identifier: GPL-2.0-only\n// A driver\n//\n// Copyright (C) 2020 Somebody <s@x>\n// Author: Somebody",
  );
  assert.equal(
    notice("/* SPDX-License-Identifier: GPL-2.0+ OR MIT */\n/* what it does */\nint a;\n"),
    "// SPDX-License-Identifier: GPL-2.0+ OR MIT",
  );
  assert.equal(
    notice("// SPDX-License-Identifier: GPL-2.0\n// Copyright (C) 2026 a person\n// says nothing else\n"),
    "// SPDX-License-Identifier: GPL-2.0\n// Copyright (C) 2026 a person",
  );
  assert.equal(notice("int a;\n"), "");
});

test("the port's Kbuild names its objects in link order, and flags of single ones quoted for make and the shell", () => {
  const text = kbuildFile({
    module: "my-mod",
    sources: ["src/lib.rs"],
    objects: ["helpers/a.o", "asm/x.o"],
    flags: [
      { object: "helpers/a.o", flags: ['-DNAME="a b"', "-I$(src)/x", "-DPLAIN"] },
      { object: "helpers/b.o", flags: [] },
    ],
  });
  assert.match(text, /^my-mod-y := my-mod_rust\.o helpers\/a\.o asm\/x\.o$/m);
  assert.match(text, /^CFLAGS_helpers\/a\.o := '-DNAME="a b"' '-I\$\$\(src\)\/x' -DPLAIN$/m);
  assert.doesNotMatch(text, /CFLAGS_helpers\/b\.o/);
  assert.match(text, /--crate-name=my_mod /);
  assert.match(makefile("my-mod"), /\$\(MAKE\) -C \$\(KDIR\) M=\$\(CURDIR\) \$@/);
});

test("of libc what the kernel has, and no guess for the rest", () => {
  const text = libcModule(new Set(["memcpy", "size_t"]));
  assert.match(text, /pub fn memcpy\(/);
  assert.doesNotMatch(text, /memset/);
  assert.throws(
    () => libcModule(new Set(["malloc"])),
    (e) => e instanceof StageError && /malloc/.test(e.message),
  );
});

test("libc is the port's own wherever a path to it begins, and another module's stays", () => {
  const { text, used } = callLibc("(::libc::memcmp(a, b, 3) < 0) as c_int + own::libc::memset(p) + -::libc::strlen(s)");
  assert.equal(text, "(crate::libc::memcmp(a, b, 3) < 0) as c_int + own::libc::memset(p) + -crate::libc::strlen(s)");
  assert.deepEqual([...used], ["memcmp", "strlen"]);
});

test("make and the shell behind it give the compiler each flag as it was, whatever is in it", async (t) => {
  const flags = [
    "-DPLAIN=1",
    '-DTEXT="a b"',
    "-DHASH=a#b",
    "-DESCAPED=a\\#b",
    "-DTWO=\\\\#",
    "-DDOLLAR=$(shell id)$x$$",
    "-DBACK=`id`",
    "-DQUOTE='",
    "-DSEMI=;id",
    "-DEND=\\",
    "-DPERCENT=%",
    "-DCOMMA=a,b",
    "-I$(src)/x y",
  ];
  const line = kbuildHead(
    { module: "m", objects: ["helpers/a.o"], flags: [{ object: "helpers/a.o", flags }] },
    "x.o",
    "",
  )
    .split("\n")
    .find((l) => l.startsWith("CFLAGS_helpers/a.o := "));
  const dir = await temporaryFolder(t);
  await writeFile(path.join(dir, "Makefile"), `${line}\nall:\n\t@printf '%s\\n' $(CFLAGS_helpers/a.o)\n`);
  const r = await run("make", ["-s", "-C", dir, "--no-print-directory"]);
  assert.deepEqual(r.stdout.trimEnd().split("\n"), flags);
});
