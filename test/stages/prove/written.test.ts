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

const HEADER = `static inline int twice(int n) { return 2 * n; }
extern int key, other;
static inline int keyed(void) {
  asm goto("1: nop; .quad %c0, %l1" : : "i"(&key) : : yes);
  return 0;
yes:
  return 1;
}
`;
const ONCE = "({ static int told; int first = !told; told = 1; first; })";
const C = `${HEADER}
#define SWAPPED(n) ({ int made; asm volatile("bswap %0" : "=r"(made) : "0"(n) : "memory"); made; })
static int seen;
static int hidden(int n) { return n ^ ++seen; }
int swaps(int n) { return SWAPPED(n) + 1; }
int calls(int n) { return twice(n) + hidden(n); }
int jumps(int n) { return keyed() ? n : 2 * n; }
struct pair { int n, m; };
int empty(struct pair *p) { return &p->m == 0 ? 7 : p->n; }
int once(int n) { return ${ONCE} ? n : ${ONCE} ? 2 : 3; }
`;
/** Of which helpers need `hidden` as well: it has got a symbol. */
const LOWERED = `extern int kport_u_swapped(int), kport_u_twice(int), kport_u_keyed(void), kport_u_once_1(void), kport_u_once_2(void);
static int seen;
int hidden(int n) __asm__("kport_u_hidden");
int hidden(int n) { return n ^ ++seen; }
int swaps(int n) { return kport_u_swapped(n) + 1; }
int calls(int n) { return kport_u_twice(n) + hidden(n); }
int jumps(int n) { return kport_u_keyed() ? n : 2 * n; }
struct pair { int n, m; };
static inline const void *kport_address(const void *object) { __asm__("" : "+r"(object)); return object; }
int empty(struct pair *p) { return kport_address(&p->m) == 0 ? 7 : p->n; }
int once(int n) { return kport_u_once_1() ? n : kport_u_once_2() ? 2 : 3; }
`;
const HELPERS = `${HEADER}
int kport_u_swapped(int n) { return ({ int made; asm volatile("bswap %0" : "=r"(made) : "0"(n) : "memory"); made; }); }
int kport_u_twice(int n) { return twice(n); }
int kport_u_keyed(void) { return keyed(); }
int kport_u_once_1(void) { return ${ONCE}; }
int kport_u_once_2(void) { return ${ONCE}; }
`;
const MOVED = ["swapped", "twice", "keyed", "once_1", "once_2"].map((name) => ({
  symbol: `kport_u_${name}`,
  text: "",
}));

const KEYS = ["swaps", "calls", "u::hidden", "jumps", "empty", "once"];
const but = (...lost: string[]): string[] => KEYS.filter((k) => !lost.includes(k));

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

async function same(lowered: string, helpers: string, written = C, keys = KEYS): Promise<string[]> {
  const unit = {
    renamed: new Map(),
    elsewhere: new Map(),
    definitions: [{ name: "hidden", symbol: "kport_u_hidden" }],
    helpers: { preamble: "", wrappers: [], moved: MOVED },
  } as unknown as LoweredUnit;
  const sides = writtenSides(
    [unit],
    ["u"],
    [new IrModule(await ir(lowered))],
    [{ unit: await ir(written), helpers: await ir(helpers) }],
  );
  assert.ok(
    keys.every((k) => sides.written.has(k) && sides.lowered.has(k)),
    "both call them alike",
  );
  const outcomes = await compareSides(sides.written, sides.lowered, keys, { opt, sandbox: { writable: [] } });
  return keys.filter((k) => outcomes.get(k)?.same === true);
}

test("helpers are what they stand for, with their statics and jumps, and a function that was given a symbol is the one of the C", async () => {
  assert.deepEqual(await same(LOWERED, HELPERS), KEYS);
});

test("a static that the preprocessor has counted otherwise in a helper is the same one", async () => {
  const numbered = (text: string, from: number): string => {
    let next = from;
    return text.replaceAll(ONCE, () => ONCE.replaceAll("told", `__UNIQUE_ID_told${next++}`));
  };
  assert.deepEqual(await same(LOWERED, numbered(HELPERS, 9), numbered(C, 41)), KEYS);
  const wrong = numbered(HELPERS, 9).replace("__UNIQUE_ID_told10;", "__UNIQUE_ID_told10 = 1;");
  assert.deepEqual(await same(LOWERED, wrong, numbered(C, 41)), but("once"));
});

test("a helper does not know how large its caller's array is, of which FORTIFY_SOURCE would ask", async () => {
  const size =
    "static inline __attribute__((always_inline)) unsigned long size(char *p) { return __builtin_object_size(p, 0); }\n";
  const functions = (array: string, pointer: string): string => `void fill(char *);
unsigned long of_array(void) { char local[24]; fill(local); return ${array}; }
unsigned long of_pointer(char *p) { fill(p); return ${pointer}; }
`;
  const lowered = `extern unsigned long kport_u_array(char (*)[24]), kport_u_pointer(char *);\n${functions("kport_u_array(&local)", "kport_u_pointer(p)")}`;
  const helpers = `${size}unsigned long kport_u_array(char (*local)[24]) { return size(*local); }
unsigned long kport_u_pointer(char *p) { return size(p); }
`;
  const written = `${size}${functions("size(local)", "size(p)")}`;
  const keys = ["of_array", "of_pointer"];
  assert.deepEqual(await same(LOWERED + lowered, HELPERS + helpers, C + written, keys), ["of_pointer"]);
  // What is not asked of a helper is known, and so is what a helper's own variable is.
  const kept = `${size}${functions("size(local)", "kport_u_pointer(p)")}`;
  assert.deepEqual(
    await same(
      `extern unsigned long kport_u_pointer(char *);\n${LOWERED}${kept}`,
      HELPERS + helpers,
      C + written,
      keys,
    ),
    keys,
  );
});

const MISTAKES: [what: string, lowered: string, helpers: string, left: string[]][] = [
  ["other assembly", LOWERED, HELPERS.replace("bswap", "notl"), but("swaps")],
  ["other clobbers", LOWERED, HELPERS.replace('"memory"', '"cc"'), but("swaps")],
  ["assembly that may be left out", LOWERED, HELPERS.replace("asm volatile", "asm"), but("swaps")],
  ["another inline function in a helper", LOWERED, HELPERS.replace("2 * n", "3 * n"), but("calls")],
  ["another computation in the lowered C", LOWERED.replace("n ^ ++seen", "n ^ seen++"), HELPERS, but("u::hidden")],
  ["a helper that is not there", LOWERED, HELPERS.replace("int kport_u_twice", "int kport_u_other"), but("calls")],
  ["a jump by another key", LOWERED, HELPERS.replace('"i"(&key)', '"i"(&other)'), but("jumps")],
  ["a jump of other assembly", LOWERED, HELPERS.replace("1: nop", "1: jmp %l1"), but("jumps")],
  [
    "the places of a jump the wrong way round",
    LOWERED,
    HELPERS.replace("return keyed()", "return !keyed()"),
    but("jumps"),
  ],
  ["a static that holds something else at first", LOWERED, HELPERS.replace("int told;", "int told = 1;"), but("once")],
  ["a null check of another address", LOWERED.replace("&p->m", "&p->n"), HELPERS, but("empty")],
  ["a null check without its answer", LOWERED.replace("== 0 ? 7", "== 0 ? 8"), HELPERS, but("empty")],
  ["one static for two", LOWERED.replace("kport_u_once_2() ?", "kport_u_once_1() ?"), HELPERS, but("once")],
  [
    "one static for two functions",
    LOWERED.replace("kport_u_twice(n) +", "kport_u_once_1() +"),
    HELPERS,
    but("calls", "once"),
  ],
];
for (const [what, lowered, helpers, left] of MISTAKES)
  test(`not of ${what}`, async () => assert.deepEqual(await same(lowered, helpers), left));
