/** Where a printed function becomes other machine code, the lowered C has the last word. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import pLimit from "p-limit";
import type { LoweredUnit } from "../../../src/stages/lower/index.ts";
import { candidateProver } from "../../../src/stages/prove/candidates.ts";
import type { CandidateProver } from "../../../src/stages/gate/proved.ts";
import { UnitIr } from "../../../src/stages/prove/unit-ir.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { prepareKernel } from "../../../src/toolchain/kernel-packages.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";
import { type Functions, ownCache, settled } from "./crate.ts";

const C = `
typedef unsigned int u32;
u32 outside(u32 x);
u32 constant(u32 a) { return a + 40; }
static inline u32 small(u32 a) { return a * 3; }
u32 first(u32 a) { return outside(small(a)); }
u32 reads(volatile u32 *p) { return *p + *p; }
`;

/** As they would be of another C: what reads as the C is other machine code. */
const FUNCTIONS: Functions = {
  constant:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn constant(mut a: u32) -> u32 {\n    return a.wrapping_add(39 as u32);\n}',
  small: '#[inline(always)]\nunsafe extern "C" fn small(mut a: u32) -> u32 {\n    return a.wrapping_mul(5 as u32);\n}',
  first: '#[unsafe(no_mangle)]\npub unsafe extern "C" fn first(mut a: u32) -> u32 {\n    return outside(small(a));\n}',
  reads:
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn reads(mut p: *mut u32) -> u32 {\n    return p.read_volatile().wrapping_mul(2);\n}',
};

const READABLE: Record<string, readonly string[]> = {
  constant: ['#[unsafe(no_mangle)]\npub extern "C" fn constant(a: u32) -> u32 {\n    a.wrapping_add(40)\n}'],
  small: ['#[inline(always)]\nunsafe extern "C" fn small(a: u32) -> u32 {\n    a.wrapping_mul(3)\n}'],
  first: ['#[unsafe(no_mangle)]\npub unsafe extern "C" fn first(a: u32) -> u32 {\n    outside(small(a))\n}'],
  reads: [
    '#[unsafe(no_mangle)]\npub unsafe extern "C" fn reads(p: *mut u32) -> u32 {\n    p.read_volatile().wrapping_add(p.read_volatile())\n}',
  ],
};

let cache: AsyncDisposable;
let scratch: string;
let prover: CandidateProver;
before(async () => {
  const [{ clang, rustc }, kernel] = [await requireTools(["clang", "rustc"]), await prepareKernel("6.1")];
  cache = await ownCache();
  scratch = await mkdtemp(path.join(os.tmpdir(), "kport-gate-proofs-"));
  const provers = await findProvers(rustc);
  assert.ok(typeof provers !== "string", String(provers));
  const unit = {
    text: C,
    symbols: new Map(),
    elsewhere: new Map(),
    definitions: [],
    command: {
      file: path.join(scratch, "unit.c"),
      directory: scratch,
      arguments: ["clang", "-O2", "-fno-strict-aliasing", "-fwrapv", "-fno-delete-null-pointer-checks", "-c", "unit.c"],
    },
  } as unknown as LoweredUnit;
  prover = candidateProver({
    module: "unit",
    kernel,
    rustc,
    scratch,
    ...provers,
    clang,
    ir: new UnitIr({ clang: clang.path, sandbox: { writable: [scratch] }, workDir: scratch }),
    units: [unit],
    names: ["unit"],
    limit: pLimit(2),
    workDir: scratch,
  });
});
after(async () => {
  await rm(scratch, { recursive: true, force: true });
  await cache[Symbol.asyncDispose]();
});

async function outcome(
  changed: Record<string, readonly string[]>,
  ask: CandidateProver | "nobody" = prover,
): Promise<Record<string, unknown>> {
  const { settled: all } = await settled(
    FUNCTIONS,
    { ...READABLE, ...changed },
    "",
    ask === "nobody" ? {} : { prover: ask },
  );
  return Object.fromEntries([...all].map(([key, s]) => [key.split(" ")[1], "form" in s ? [s.form, s.by] : s.reason]));
}

test("what does as the C does is taken whatever it is compiled to, and what it is a part of stays as it is", async () => {
  assert.deepEqual(await outcome({}), {
    constant: [0, "same-code"],
    small: [0, "same-code"],
    first: [0, "same-code"],
    reads: [0, "same-code"],
  });
});

test("without a proof machine code decides", async () => {
  const { constant, small, first } = await outcome({}, "nobody");
  assert.deepEqual([constant, small, first], ["other machine code", "other machine code", [0, "same-machine-code"]]);
});

test("what does otherwise than the C is not taken: another number, a dropped volatile access, a call more", async () => {
  const wrong = {
    constant: [READABLE["constant"]![0]!.replace("40", "41")],
    reads: [READABLE["reads"]![0]!.replace("p.read_volatile()", "(*p)")],
    first: [READABLE["first"]![0]!.replace("outside(small(a))", "outside(outside(small(a)))")],
  };
  const { constant, reads, first, small } = await outcome(wrong);
  assert.deepEqual([constant, first, small], ["other machine code", "other machine code", [0, "same-code"]]);
  assert.equal(reads, "other machine code");
});

test("the first form that is proved is taken, before one of the same machine code", async () => {
  const right = READABLE["constant"]![0] as string;
  assert.deepEqual(
    (await outcome({ constant: [right.replace("40", "41"), right, right.replace("40", "39")] }))["constant"],
    [1, "same-code"],
  );
  assert.deepEqual((await outcome({ constant: [right.replace("40", "41"), right.replace("40", "39")] }))["constant"], [
    1,
    "same-machine-code",
  ]);
});

test("a proof is asked for only where something differs", async () => {
  let asked = 0;
  const same = Object.fromEntries(Object.entries(FUNCTIONS).map(([name, text]) => [name, [text]]));
  const counting: CandidateProver = {
    key: "counting",
    prove: (dir, keys) => {
      asked++;
      return prover.prove(dir, keys);
    },
  };
  await outcome(same, counting);
  assert.equal(asked, 0);
});
