/** Where this machine writes for a stranger's module: results, exercise, core. None of it follows what the stranger put there. */
import assert from "node:assert/strict";
import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { compareWithBase } from "../../src/check/compare-ports.ts";
import { writeResults } from "../../src/check/results.ts";
import { cacheDir } from "../../src/machine/cache.ts";
import { StageError, UserError } from "../../src/machine/errors.ts";
import { sandboxWorks } from "../../src/machine/process.ts";
import { build } from "../../src/stages/build/index.ts";
import { findExercise, loadExercise } from "../../src/stages/boot/exercise.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { prepareKernel } from "../../src/toolchain/kernel-packages.ts";
import { sampleReport } from "../report/sample.ts";
import { temporaryFolder } from "../toolchain/fakes.ts";
import { checkOne, complaints } from "../pipeline/pipeline.ts";
import { contents, put, scene, SECRET } from "./entry.ts";

const SANDBOX = { skip: !(await sandboxWorks()) && "bubblewrap cannot be used here" };

describe("a results folder that a checkout brought", () => {
  async function given(t: TestContext): Promise<{ out: string; victim: string; write: () => Promise<unknown> }> {
    const base = await temporaryFolder(t);
    await put(base, {
      "victim/file": SECRET,
      "victim/provenance.json": SECRET,
      "made/rust.ko": "ko",
      "made/port/Kbuild": "obj-m := x.o\n",
    });
    const out = path.join(base, "out");
    await mkdir(out);
    return {
      out,
      victim: path.join(base, "victim"),
      write: () =>
        writeResults(sampleReport(), out, {
          port: path.join(base, "made/port"),
          rustKo: path.join(base, "made/rust.ko"),
        }),
    };
  }
  const untouched = async (victim: string): Promise<void> =>
    assert.deepEqual([...(await contents(victim))].sort(), [
      ["file", SECRET],
      ["provenance.json", SECRET],
    ]);

  for (const name of ["report.json", "report.md", "report.html"]) {
    for (const target of ["../victim/file", "../victim/new"]) {
      test(`${name} as a link to ${target} is replaced, not written through`, async (t) => {
        const { out, victim, write } = await given(t);
        await symlink(target, path.join(out, name));
        await write();
        assert.ok((await lstat(path.join(out, name))).isFile());
        await untouched(victim);
        await rm(path.join(out, name));
        await symlink(target, path.join(out, name));
        await compareWithBase([{ report: sampleReport(), dir: out }], [{ report: sampleReport(), dir: out }], "base");
        await untouched(victim);
      });
    }
  }

  test("a port that is a link is replaced; so is a module, whatever it was", async (t) => {
    const { out, victim, write } = await given(t);
    await symlink("../victim", path.join(out, "port"));
    await mkdir(path.join(out, "ko/rust"), { recursive: true });
    await symlink("../../../victim/file", path.join(out, "ko/rust/rust.ko"));
    await write();
    assert.ok((await lstat(path.join(out, "port"))).isDirectory());
    assert.equal(await readFile(path.join(out, "ko/rust/rust.ko"), "utf8"), "ko");
    await untouched(victim);
  });

  test("a port that is a link is taken away where there is none now", async (t) => {
    const { out, victim } = await given(t);
    await symlink("../victim", path.join(out, "port"));
    await writeResults(sampleReport(), out);
    assert.deepEqual(
      (await readdir(out)).filter((f) => f === "port"),
      [],
    );
    await untouched(victim);
  });

  for (const name of ["ko", "ko/rust"]) {
    test(`${name} as a link is refused`, async (t) => {
      const { out, victim, write } = await given(t);
      await mkdir(path.dirname(path.join(out, name)), { recursive: true });
      await symlink(victim, path.join(out, name));
      await assert.rejects(
        write(),
        (e) => e instanceof UserError && /is a symbolic link: name the folder itself/.test(e.message),
      );
      await untouched(victim);
    });
  }

  test("the folder itself as a link is refused, before anything is built", async (t) => {
    const { out, victim } = await given(t);
    await symlink(victim, path.join(out, "link"));
    await assert.rejects(
      checkOne(victim, path.join(out, "link")),
      (e) => e instanceof UserError && /is a symbolic link/.test(e.message),
    );
    await untouched(victim);
  });
});

describe("an exercise", () => {
  test("what its makefile links is not taken along, the parameters neither", SANDBOX, async (t) => {
    const base = await temporaryFolder(t);
    await put(base, {
      secret: SECRET,
      "exercise/run.sh": "true\n",
      "exercise/params": "a=1\n",
      "exercise/Makefile": `all:\n\tln -s ${base}/secret stolen\n\trm params && ln -s ${base}/secret params\n\techo made >made\n\t-ln -s ${base} ../../planted\n\t-echo changed >../run.sh\n`,
    });
    const exercise = await loadExercise(path.join(base, "exercise"), path.join(base, "out"));
    assert.deepEqual(Object.keys(exercise.files).sort(), ["Makefile", "made", "run.sh"]);
    assert.equal(exercise.params, undefined);
    for (const [name, text] of await contents(path.join(base, "out")))
      if (!name.startsWith(".build/")) assert.ok(!text.includes(SECRET), name);
    assert.deepEqual((await readdir(base)).sort(), ["exercise", "out", "secret"]);
    assert.equal(await readFile(exercise.files["run.sh"] as string, "utf8"), "true\n");
  });

  test("what its makefile makes without end is not copied", SANDBOX, async (t) => {
    const base = await temporaryFolder(t);
    await put(base, {
      "exercise/run.sh": "true\n",
      "exercise/Makefile": "all:\n\tseq 1001 | xargs touch\n",
    });
    await assert.rejects(
      loadExercise(path.join(base, "exercise"), path.join(base, "out")),
      (e) => e instanceof UserError && /1003 files, and it may have at most 1000/.test(e.message),
    );
    assert.deepEqual(await readdir(path.join(base, "out")), [".build"]);
    await put(base, { "exercise/Makefile": "all:\n\tseq 998 | xargs touch\n" });
    const most = await loadExercise(path.join(base, "exercise"), path.join(base, "most"));
    assert.equal(Object.keys(most.files).length, 1000);
  });

  for (const [name, line] of [
    ["params", "a=1 "],
    ["devices", "e1000\n"],
  ] as const)
    test(`its ${name} without end are no command's words`, async (t) => {
      const base = await temporaryFolder(t);
      await put(base, { "exercise/run.sh": "true\n", [`exercise/${name}`]: line.repeat(1100) });
      await assert.rejects(
        loadExercise(path.join(base, "exercise"), path.join(base, "out")),
        (e) => e instanceof UserError && e.message.endsWith(`exercise/${name}: is larger than 4096 bytes`),
      );
    });

  test("it has no more devices than a guest has room for", async (t) => {
    const base = await temporaryFolder(t);
    await put(base, { "exercise/run.sh": "true\n", "exercise/devices": "e1000\n".repeat(17) });
    await assert.rejects(
      loadExercise(path.join(base, "exercise"), path.join(base, "out")),
      (e) => e instanceof UserError && /names 17 devices, and a guest has room for 16/.test(e.message),
    );
  });

  test("as a link it is taken within the bound only", async (t) => {
    const base = await temporaryFolder(t);
    await put(base, { "keys/run.sh": SECRET, "repo/tests/run.sh": "", "repo/one/x": "", "repo/two/x": "" });
    await symlink("../../keys", path.join(base, "repo/one/exercise"));
    await symlink("../tests", path.join(base, "repo/two/exercise"));
    assert.equal(
      await findExercise(path.join(base, "repo/one"), path.join(base, "repo/one"), path.join(base, "repo")),
      undefined,
    );
    assert.equal(
      await findExercise(path.join(base, "repo/two"), path.join(base, "repo/two"), path.join(base, "repo")),
      path.join(base, "repo/two/exercise"),
    );
    assert.equal(await findExercise(path.join(base, "repo/two")), undefined);
  });
});

describe("core", () => {
  test("a port's build cannot change it, nor plant a module that is a link", SANDBOX, async (t) => {
    const base = await temporaryFolder(t);
    const [{ rustc }, kernel] = await Promise.all([requireTools(["rustc"]), prepareKernel("6.1")]);
    const before = (await readdir(path.join(cacheDir(), "core"), { recursive: true }).catch(() => [])).length;
    const recipe = (lines: string): Record<string, string> => ({ Makefile: `modules:\n${lines}` });
    await put(
      path.join(base, "port"),
      recipe(
        '\techo x >$(KPORT_CORE)/poison; echo x >>"$$(find $(KPORT_CORE) -name libcore.rlib)"; mkdir -p $(KPORT_CORE)/../0/; test ! -e $(KPORT_CORE)/poison && touch m.ko\n',
      ),
    );
    const built = await build(path.join(base, "port"), "m", kernel, rustc);
    assert.equal((await lstat(built.ko)).size, 0);
    const core = await readdir(path.join(cacheDir(), "core"), { recursive: true });
    assert.ok(!core.some((f) => f.endsWith("poison")));
    const again = await build(path.join(base, "port"), "m", kernel, rustc);
    assert.equal(again.coreCached, true, `core was there before: ${before}`);
    await put(path.join(base, "second"), recipe("\tln -s /etc/passwd m.ko\n"));
    await assert.rejects(
      build(path.join(base, "second"), "m", kernel, rustc),
      (e) => e instanceof StageError && /"m\.ko" is a symbolic link that leads out/.test(e.message),
    );
  });
});

test(
  "a makefile that plants links where this machine works comes to nothing, and the module passes",
  SANDBOX,
  async (t) => {
    const names = [
      "modules",
      "modules/hostile",
      "module-hostile",
      "port",
      "build",
      "ko",
      "bin",
      "out",
      "c",
      "exercise",
    ];
    await using s = await scene({
      after: [
        ...names.flatMap((n) => [
          `-mkdir -p $$(dirname ../../${n}) && rm -rf ../../${n} && ln -sfn $(VICTIM) ../../${n}`,
          `-ln -sfn $(VICTIM) ../${n}`,
        ]),
        "-echo '#!/bin/sh' >$$(command -v kport-cc)",
        "-rm -rf $$(dirname $(CC))",
      ],
    });
    const out = path.join(await temporaryFolder(t), "out");
    await writeFile(path.join(s.base, "beside"), SECRET);
    const report = await checkOne(s.dir, out, { boot: false });
    assert.equal(report.verdict, "pass", complaints(report));
    assert.deepEqual(await s.harm(), []);
    for (const [name, text] of await contents(out)) assert.ok(!text.includes(SECRET), name);
  },
);

for (const [what, make] of [
  ["a file of the user's", "true"],
  ["a pipe that nobody writes to", "mkfifo named"],
] as const) {
  test(`facts that name ${what} in place of the source neither show it nor wait for it`, {
    ...SANDBOX,
    timeout: 300_000,
  }, async (t) => {
    const place = make === "true" ? "$(VICTIM)/secret" : "$(CURDIR)/named";
    await using s = await scene({
      after: [
        make,
        `sed -i 's#"path":"[^"]*/hostile\\.c"#"path":"${place}"#g' hostile.o.facts`,
        `grep -q "${place}" hostile.o.facts`,
      ],
    });
    const out = path.join(await temporaryFolder(t), "out");
    const report = await checkOne(s.dir, out, { boot: false });
    assert.equal(report.verdict, "pass", complaints(report));
    for (const [name, text] of await contents(out)) assert.ok(!text.includes(SECRET.trim()), name);
  });
}
