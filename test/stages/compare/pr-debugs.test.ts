/** pr_debugs that one module has and the other does not: which are lost, which are too many, and which are of no harm. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { prDebugFindings } from "../../../src/stages/compare/pr-debugs.ts";
import { inspect, type InspectedObject } from "../../../src/stages/inspect/index.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";

let dir: string;
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-pr-debugs-"));
});
after(() => rm(dir, { recursive: true, force: true }));

/** A module of these functions, with a descriptor for each pair of a function and its words. */
async function module(
  functions: readonly string[],
  debugs: readonly (readonly [string, string])[],
): Promise<InspectedObject> {
  const assembly = [
    "\t.text",
    ...functions.map((f) => `\t.type ${f}, @function\n${f}:\tret\n\t.size ${f}, . - ${f}`),
    '\t.section .rodata.str1.1,"aMS",@progbits,1',
    'name:\t.asciz "ring"\nfile:\t.asciz "ring.c"',
    ...debugs.map(([f, format], k) => `f${k}:\t.asciz "${f}"\nw${k}:\t.asciz "${format}"`),
    '\t.section __dyndbg,"aw"',
    ...debugs.map((_, k) => `\t.quad name, f${k}, file, w${k}\n\t.zero 24`),
    "",
  ].join("\n");
  const { clang, llvmReadelf } = await requireTools(["clang", "llvmReadelf"]);
  await writeFile(path.join(dir, "m.s"), assembly);
  await run(clang.path, ["-c", "-o", path.join(dir, "m.ko"), path.join(dir, "m.s")]);
  return inspect(path.join(dir, "m.ko"), llvmReadelf.path);
}

const FULL = ["put", "full %d"] as const;
const EMPTY = ["put", "empty"] as const;

test("the same pr_debugs, in whatever order, and two that say the same", async () => {
  const c = await module(["put"], [FULL, EMPTY, EMPTY]);
  assert.deepEqual(prDebugFindings({ c, rust: await module(["put"], [EMPTY, FULL, EMPTY]) }), []);
  const [lost, ...more] = prDebugFindings({ c, rust: await module(["put"], [EMPTY, FULL]) });
  assert.deepEqual([lost?.severity, lost?.c, more], ["error", 'the pr_debug "empty" of `put`', []]);
});

test("one that is lost does not hide behind one that is too many", async () => {
  const c = await module(["put"], [FULL]);
  const found = prDebugFindings({ c, rust: await module(["put", "get"], [["get", "full %d"]]) });
  assert.deepEqual(
    found.map((f) => f.severity),
    ["error", "note"],
  );
});

test("too many are an error in a function that the C module has, and a note in one that it dropped", async () => {
  const rust = await module(["put", "get"], [FULL, ["get", "idle"]]);
  const severities = async (...functions: string[]): Promise<string[]> =>
    prDebugFindings({ c: await module(functions, [FULL]), rust }).map((f) => f.severity);
  assert.deepEqual(await severities("put", "get"), ["error"]);
  assert.deepEqual(await severities("put"), ["note"]);
});
