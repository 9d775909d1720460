/** The lowered C, with its helpers linked in again, against the C that it was made of. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { run } from "../../../src/machine/process.ts";
import type { LoweredUnit } from "../../../src/stages/lower/index.ts";
import { compareSides } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { writtenSides } from "../../../src/stages/prove/written.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

let clang: string;
let opt: string;
before(async () => {
  const tools = await requireTools(["clang", "rustc"]);
  const provers = await findProvers(tools.rustc);
  assert.ok(typeof provers !== "string");
  [clang, opt] = [tools.clang.path, provers.opt.path];
});

const HEADER = "static inline int twice(int n) { return 2 * n; }\n";
const C = `${HEADER}
#define SWAPPED(n) ({ int made; asm volatile("bswap %0" : "=r"(made) : "0"(n) : "memory"); made; })
static int seen;
static int hidden(int n) { return n ^ ++seen; }
int swaps(int n) { return SWAPPED(n) + 1; }
int calls(int n) { return twice(n) + hidden(n); }
`;
/** Of which helpers need `hidden` as well: it has got a symbol. */
const LOWERED = `extern int kport_u_swapped(int), kport_u_twice(int);
static int seen;
int hidden(int n) __asm__("kport_u_hidden");
int hidden(int n) { return n ^ ++seen; }
int swaps(int n) { return kport_u_swapped(n) + 1; }
int calls(int n) { return kport_u_twice(n) + hidden(n); }
`;
const HELPERS = `${HEADER}
int kport_u_swapped(int n) { return ({ int made; asm volatile("bswap %0" : "=r"(made) : "0"(n) : "memory"); made; }); }
int kport_u_twice(int n) { return twice(n); }
`;

async function ir(c: string): Promise<string> {
  return (
    await run(
      clang,
      [
        "-xc",
        "-",
        "-O2",
        "-g0",
        "-fno-discard-value-names",
        "-Xclang",
        "-disable-llvm-passes",
        "-emit-llvm",
        "-S",
        "-o",
        "-",
        "-Wno-everything",
      ],
      { input: c },
    )
  ).stdout;
}

async function same(lowered: string, helpers: string): Promise<string[]> {
  const unit = {
    renamed: new Map(),
    elsewhere: new Map(),
    definitions: [{ name: "hidden", symbol: "kport_u_hidden" }],
  } as unknown as LoweredUnit;
  const sides = writtenSides(
    [unit],
    ["u"],
    [new IrModule(await ir(lowered))],
    [{ unit: await ir(C), helpers: await ir(helpers) }],
  );
  const keys = ["swaps", "calls", "u::hidden"];
  assert.ok(
    keys.every((k) => sides.written.has(k) && sides.lowered.has(k)),
    "both call them alike",
  );
  const outcomes = await compareSides(sides.written, sides.lowered, keys, { opt, sandbox: { writable: [] } });
  return keys.filter((k) => outcomes.get(k)?.same === true);
}

test("helpers are what they stand for, and a function that was given a symbol is the one of the C", async () => {
  assert.deepEqual(await same(LOWERED, HELPERS), ["swaps", "calls", "u::hidden"]);
});

const MISTAKES: [what: string, lowered: string, helpers: string, left: string[]][] = [
  ["other assembly", LOWERED, HELPERS.replace("bswap", "notl"), ["calls", "u::hidden"]],
  ["other clobbers", LOWERED, HELPERS.replace('"memory"', '"cc"'), ["calls", "u::hidden"]],
  ["assembly that may be left out", LOWERED, HELPERS.replace("asm volatile", "asm"), ["calls", "u::hidden"]],
  ["another inline function in a helper", LOWERED, HELPERS.replace("2 * n", "3 * n"), ["swaps", "u::hidden"]],
  ["another computation in the lowered C", LOWERED.replace("n ^ ++seen", "n ^ seen++"), HELPERS, ["swaps", "calls"]],
  [
    "a helper that is not there",
    LOWERED,
    HELPERS.replace("int kport_u_twice", "int kport_u_other"),
    ["swaps", "u::hidden"],
  ],
];
for (const [what, lowered, helpers, left] of MISTAKES)
  test(`not of ${what}`, async () => assert.deepEqual(await same(lowered, helpers), left));
