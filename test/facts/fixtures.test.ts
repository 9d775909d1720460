/** The plugin over every fixture module: nothing in them is left without a rule. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import os from "node:os";
import { existsSync } from "node:fs";
import path from "node:path";
import { glob } from "tinyglobby";
import pLimit from "p-limit";
import { flagsOf } from "../../src/c/compile-command.ts";
import { readFacts } from "../../src/facts/read.ts";
import { scratchFolder } from "../../src/machine/cache.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run } from "../../src/machine/process.ts";
import { capture } from "../../src/stages/capture/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { kbuildCommand } from "../../src/toolchain/kbuild.ts";
import { prepareKernel } from "../../src/toolchain/kernel-packages.ts";
import { plugin, tools } from "./facts-of.ts";

const FIXTURES = path.join(projectRoot(), "test", "modules");

/**
 * What has no rule, with the reason.
 * - A builtin's name before it is called has no type in C; clang gives it one of its own.
 */
const EXPLAINED = new Set(["type <builtin fn type>"]);

let scratch: Awaited<ReturnType<typeof scratchFolder>>;
before(async () => void (scratch = await scratchFolder(path.join(os.tmpdir(), "kport-facts-fixtures-"))));
after(() => scratch[Symbol.asyncDispose]());

test("a module's C build gives the facts of its units, and every fixture's are without a node that has no rule", async () => {
  const { bear } = await requireTools(["bear"]);
  const kernel = await prepareKernel("6.1");
  const built = await capture({
    dir: path.join(FIXTURES, "two-units-same-static"),
    kernel,
    workDir: scratch.dir,
    clang: tools.clang.path,
    kernelCompiler: (await kbuildCommand(kernel)).compiler,
    bear: bear.path,
    plugin,
    jobs: 2,
  });
  const units = built.modules.flatMap((m) => m.objects).filter((o) => o.kind === "c");
  assert.equal(units.length, 2);
  for (const u of units) {
    assert.ok(u.facts !== undefined, u.command.file);
    const facts = await readFacts(u.facts, u.command.file);
    assert.deepEqual(
      facts.files
        .filter((f) => f.own)
        .map((f) => path.basename(f.path))
        .sort(),
      [path.basename(u.command.file), "two_units.h"],
    );
    assert.equal(
      u.command.arguments.some((a) => a.includes("plugin")),
      false,
      "no compile command names the plugin",
    );
  }

  // The other fixtures' units with this one's flags: kbuild would take ten times as long.
  const command = units[0]!.command;
  const sources = (await glob("*/**/*.c", { cwd: FIXTURES })).filter((f) => !f.endsWith(".mod.c"));
  const limit = pLimit(2);
  let read = 0;
  const without = new Set<string>();
  await Promise.all(
    sources.map((source) =>
      limit(async () => {
        const own = path.join(FIXTURES, source.split("/")[0] as string);
        const out = path.join(scratch.dir, `${source.replaceAll("/", "_")}.facts`);
        const args = [
          ...flagsOf(command),
          "-w",
          "-fsyntax-only",
          "-I",
          own,
          `-fplugin=${plugin}`,
          `-fplugin-arg-kport-out=${out}`,
          `-fplugin-arg-kport-own=${own}`,
          path.join(FIXTURES, source),
        ];
        const r = await run(tools.clang.path, args, { cwd: command.directory, allowFailure: true });
        assert.notEqual(r.exitCode, undefined, `${source}: clang was killed`);
        assert.equal(r.exitCode === 0, existsSync(out), `${source}: facts where it compiles, and only there\n${r.all}`);
        if (r.exitCode !== 0) {
          // Some need what their makefile says. What clang says when it breaks down is no error of the C.
          assert.doesNotMatch(r.all, /PLEASE submit a bug report/, source);
          return;
        }
        const facts = await readFacts(out, source);
        for (const n of facts.nodes)
          if (n.k === "other-expression" || n.k === "other-statement") without.add(`${n.class} in ${source}`);
        for (const t of facts.types)
          if (t.k === "other" && !EXPLAINED.has(`type ${t.name}`)) without.add(`type ${t.name} in ${source}`);
        read++;
      }),
    ),
  );
  assert.deepEqual([...without].sort(), []);
  assert.ok(read >= sources.length * 0.9, `${read} of ${sources.length}`);
});
