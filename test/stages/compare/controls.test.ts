import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { CHECKS, compareObjects, type Pair } from "../../../src/stages/compare/index.ts";
import { inspect, type InspectedObject } from "../../../src/stages/inspect/index.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { CONTROLS, HARMLESS, MODULE } from "./controls.ts";

const CONFIG = new Map(
  [
    "RETPOLINE",
    "RETHUNK",
    "SLS",
    "X86_KERNEL_IBT",
    "FRAME_POINTER",
    "STACKPROTECTOR",
    "STACKPROTECTOR_STRONG",
    "DYNAMIC_FTRACE",
  ].map((s) => [`CONFIG_${s}`, "y"]),
);

describe("fidelity checks", () => {
  let dir: string;
  let c: InspectedObject;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "kport-controls-"));
    c = await object(MODULE);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function object(assembly: string): Promise<InspectedObject> {
    const { clang, llvmReadelf } = await requireTools(["clang", "llvmReadelf"]);
    await writeFile(path.join(dir, "module.s"), assembly);
    await run(clang.path, ["-c", "-o", path.join(dir, "module.ko"), path.join(dir, "module.s")]);
    return inspect(path.join(dir, "module.ko"), llvmReadelf.path);
  }
  const pair = (
    rust: InspectedObject,
    warnings: Pair["warnings"] = { c: [], rust: [] },
    constructs: Pair["constructs"] = [],
    reference = c,
  ): Pair => ({
    c: reference,
    rust,
    constants: new Set(["ring_ops", "twice"]),
    ownConstants: [
      { within: "ring_put", name: "names", as: "names" },
      { within: "ring_put", name: "ends", as: "kport_ring_put_ends_0" },
    ],
    alignments: new Map([
      ["table", [64]],
      ["slots", [128]],
      ["lines", [32, 1]],
    ]),
    constructs,
    functions: [],
    config: CONFIG,
    warnings,
  });

  test("a module and itself show nothing", () => assert.deepEqual(compareObjects(pair(c)), []));

  for (const { check, what, c: other, rust } of HARMLESS) {
    test(`${check} finds nothing in a module ${what}`, async () => {
      const reference = other === undefined ? c : await object(other);
      assert.deepEqual(
        CHECKS.find((x) => x.name === check)?.run(pair(await object(rust), undefined, undefined, reference)),
        [],
      );
    });
  }

  test("every check has its controls, and every control a check", () => {
    assert.deepEqual(Object.keys(CONTROLS).sort(), CHECKS.map((x) => x.name).sort());
    for (const [name, controls] of Object.entries(CONTROLS)) assert.ok(controls.length > 0, name);
  });

  for (const check of CHECKS) {
    for (const { fault, c: other, doctor, warnings, constructs, finds } of CONTROLS[check.name] ?? []) {
      test(`${check.name} finds a module ${fault}`, async () => {
        const doctored = doctor(MODULE);
        assert.ok(doctored !== MODULE || warnings !== undefined || constructs !== undefined, "the fault is one");
        const found = check.run(
          pair(await object(doctored), warnings, constructs, other === undefined ? c : await object(other)),
        );
        const expected = check.name === "panics" ? /error|warning/ : new RegExp(check.severity);
        assert.ok(
          found.some((f) => f.check === check.name && expected.test(f.severity) && finds.test(f.message)),
          JSON.stringify(found),
        );
      });
    }
  }
});
