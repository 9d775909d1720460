import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { readFacts } from "../../src/facts/read.ts";
import { run, type RunResult } from "../../src/machine/process.ts";
import { factsBeside, writeStandIn } from "../../src/stages/capture/compiler-stand-in.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { buildPlugin } from "../../src/toolchain/facts-plugin.ts";

let dir: string;
const tools = await requireTools(["clang", "llvmConfig"]);
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-stand-in-facts-"));
  await mkdir(path.join(dir, "it's own"));
});
after(() => rm(dir, { recursive: true, force: true }));

/** Compile `text` by a stand-in with this plugin. */
async function compile(
  name: string,
  text: string,
  plugin: string | undefined,
): Promise<RunResult & { object: string }> {
  const bin = path.join(dir, `bin-${name}`);
  const own = path.join(dir, "it's own");
  await writeStandIn(bin, {
    clang: tools.clang.path,
    kernelCompiler: "gcc",
    release: "6.1.0-99-made-up",
    prefix: own,
    notes: dir,
    ...(plugin === undefined ? {} : { plugin }),
  });
  const source = path.join(own, `${name}.c`);
  const object = path.join(own, `${name}.o`);
  await writeFile(source, text);
  const r = await run(path.join(bin, "clang"), ["-Wall", "-c", "-o", object, source], { cwd: own, allowFailure: true });
  return { ...r, object };
}

const WARNS = "int f(void) { int unused; return 3; }\n";

test("the object is the same with the plugin, and the facts stand beside it", async () => {
  const without = await compile("without", WARNS, undefined);
  const plugin = await buildPlugin(tools);
  const r = await compile("with", WARNS, plugin);
  assert.equal(r.exitCode, 0, r.all);
  assert.match(r.stderr, /unused variable/, "warnings are still said");
  const code = async (object: string): Promise<Buffer> => {
    await run("objcopy", ["-O", "binary", "-j", ".text", object, `${object}.text`]);
    return await readFile(`${object}.text`);
  };
  assert.ok((await code(r.object)).length > 0);
  assert.deepEqual(await code(r.object), await code(without.object));
  const facts = await readFacts(factsBeside(r.object), "with.c");
  assert.deepEqual(
    facts.top.map((d) => facts.declarations[d]).map((d) => d && "name" in d && d.name),
    ["f"],
  );
  assert.equal(existsSync(factsBeside(without.object)), false);
});

test("an error in the C is said once, and leaves no facts", async () => {
  const r = await compile("bad", "int f(void) { return x; }\n", await buildPlugin(tools));
  assert.notEqual(r.exitCode, 0);
  assert.equal(r.stderr.match(/bad\.c:1:22: error:/g)?.length, 1, r.stderr);
  assert.equal(existsSync(factsBeside(r.object)), false);
});

test("a plugin that crashes, or that clang does not load, fails no compilation", async () => {
  const crashing = path.join(dir, "crashing.so");
  await run(tools.clang.path, ["-shared", "-fPIC", "-o", crashing, "-x", "c", "-"], {
    input: "__attribute__((constructor)) static void f(void) { __builtin_trap(); }\n",
  });
  const garbage = path.join(dir, "garbage.so");
  await writeFile(garbage, "no library");
  for (const [name, plugin] of [
    ["crashes", crashing],
    ["garbage", garbage],
    ["gone", path.join(dir, "gone.so")],
  ] as const) {
    const r = await compile(name, WARNS, plugin);
    assert.equal(r.exitCode, 0, `${name}: ${r.all}`);
    assert.match(r.stderr, /unused variable/);
    assert.ok((await readFile(r.object)).length > 0);
    assert.equal(existsSync(factsBeside(r.object)), false);
  }
});
