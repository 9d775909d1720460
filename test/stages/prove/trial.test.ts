/** What running both functions shows: mistakes with the inputs that show them, and nothing of what C leaves open or nobody can see. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { run } from "../../../src/machine/process.ts";
import type { Task } from "../../../src/stages/prove/obligations.ts";
import { compareSides } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { models, solve } from "../../../src/stages/prove/solver.ts";
import { counterexamples } from "../../../src/stages/prove/trial/counterexamples.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

const HEAD = `
typedef unsigned char u8; typedef unsigned u32; typedef unsigned long u64;
struct ring { u32 head, size; int users; _Bool open; u8 *bytes; struct ring *next; };
extern void lock(void *), unlock(void *), fill(void *, u64), tell(const char *, int);
extern int ask(struct ring *, int);
`;

let clang: string;
let tools: Parameters<typeof compareSides>[3];
let modelsOf: (task: Task) => ReturnType<typeof models>;
before(async () => {
  const found = await requireTools(["clang", "rustc"]);
  const provers = await findProvers(found.rustc);
  assert.ok(typeof provers !== "string" && provers.z3 !== undefined);
  const z3 = { path: provers.z3.path, sandbox: { writable: [] } };
  clang = found.clang.path;
  tools = { opt: provers.opt.path, sandbox: z3.sandbox, solver: (task) => solve(task, z3) };
  modelsOf = (task) => models(task, z3);
});

async function side(tag: "c" | "rust", c: string): Promise<Side> {
  const flags = "-O2 -Xclang -disable-llvm-passes -fno-strict-aliasing -fwrapv -emit-llvm -S -xc - -o -".split(" ");
  const { stdout } = await run(clang, [...flags, "-Wno-everything"], { input: HEAD + c });
  return new Side(tag, [unitOfC(new IrModule(stdout), "unit")]);
}

/** @returns what is seen to differ, by function; the second text stands for the Rust's */
async function seen(c: string, other: string): Promise<Map<string, string>> {
  assert.notEqual(c, other);
  const sides = [await side("c", c), await side("rust", other)] as const;
  const keys = [...sides[0].keys].filter((k) => sides[1].has(k));
  return counterexamples(sides, keys, await compareSides(...sides, keys, tools), modelsOf);
}

const RING = `
static int near(int n) { return n & 15; }
int advance(struct ring *r, int by)
{
	if (!r || by < 0) return -22;
	lock(r);
	r->head = (r->head + by) % 1024;
	if (r->users > 3 && ask(r, near(by))) r->users--;
	unlock(r);
	return r->head;
}
int rare(int n) { return n == 77777777 ? 1 : n >> 3; }
void send(int n) { u8 frame[4]; frame[0] = n; frame[1] = n >> 8; frame[2] = frame[3] = 0; fill(frame, 4); }
void walk(struct ring *r) { int i; for (i = 0; i < 3 && r; i++, r = r->next) tell("at", r->size); }
`;

describe("a run shows", () => {
  const mistakes: [what: string, from: string, to: string, inFunction: string, shown: RegExp][] = [
    ["a constant", "% 1024", "% 1020", "advance", /^for argument 2 = \d+, .*: when unlock is called, argument 1 holds/],
    ["a dropped store", "r->users--", "(void)0", "advance", /when unlock is called, argument 1 \+ 8 holds \d+ in C/],
    ["a dropped call", "lock(r);", "", "advance", /C comes to lock, Rust to/],
    ["another argument", "near(by))", "by)", "advance", /argument 2 of ask is \d+ in C, \d+ in Rust/],
    [
      "a missing check",
      "!r || by",
      "by",
      "advance",
      /argument 1 = null.*: Rust comes to (?:lock|an access near null), C does not/,
    ],
    ["a sign", "n >> 3", "(int)((u32)n >> 3)", "rare", /^for argument 1 = -\d+: C returns/],
    ["one number of four thousand million", "77777777", "77777778", "rare", /^for argument 1 = 7777777[78]: C returns/],
    ["a byte of a variable that others see", "n >> 8", "n >> 7", "send", /when fill is called/],
    ["a loop that ends early", "i < 3", "i < 2", "walk", /C comes to tell, Rust does not/],
    ["the wrong member", "r->size", "r->head", "walk", /argument 2 of tell is/],
  ];
  for (const [what, from, to, name, shown] of mistakes)
    it(what, async () => {
      const found = await seen(RING, RING.replace(from, to));
      assert.deepEqual([...found.keys()], [name]);
      assert.match(found.get(name) ?? "", shown);
    });
});

describe("a run does not blame", () => {
  const harmless: [what: string, c: string, other: string][] = [
    [
      "stores in another order",
      "void f(struct ring *r) { r->head = 1; r->size = 2; lock(r); }",
      "void f(struct ring *r) { r->size = 2; r->head = 1; lock(r); }",
    ],
    [
      "a shift by more than the width",
      "u32 f(u32 n, int by) { return n << by; }",
      "u32 f(u32 n, int by) { return by > 31 ? 7 : n << by; }",
    ],
    [
      "a _Bool that is neither true nor false",
      "int f(struct ring *r) { return r->open ? 2 : 3; }",
      "int f(struct ring *r) { return *(u8 *)&r->open != 0 ? 2 : 3; }",
    ],
    [
      "a variable that nobody has written",
      "int f(int n) { int x; if (n > 5) x = 1; return x; }",
      "int f(int n) { int x = 9; if (n > 5) x = 1; return x; }",
    ],
    [
      "where a variable lies",
      "int f(int n) { u64 a = n; u8 b[8]; fill(b, 8); return (u64)b % 4096 + a; }",
      "int f(int n) { u8 b[8]; u64 a = n; fill(b, 8); return (u64)b % 4096 + a; }",
    ],
    [
      "a variable that holds where another one lies",
      "int f(int n) { int x = n; struct { u64 n; void *p; } v = { 1, &x }; fill(&v, 16); return 0; }",
      "int f(int n) { u64 pad[3]; int x; struct { u64 n; void *p; } v; x = n; v.p = &x; v.n = 1; fill(&v, 16); return 0; }",
    ],
    [
      "a function that is a part of who calls it",
      "static int g(int n) { return ask(0, n); } int f(int n) { return g(n) + 1; }",
      "static int g(int n) { return ask(0, n); } int f(int n) { return ask(0, n) + 1; }",
    ],
    [
      "a loop that does not end",
      "int f(struct ring *r) { while (r->next != r) r = r->next; return r->users; }",
      "int f(struct ring *r) { int i; for (i = 0; i < 9000000; i++) r = r->next; return r->users; }",
    ],
  ];
  for (const [what, c, other] of harmless) it(what, async () => assert.deepEqual([...(await seen(c, other))], []));

  it("who calls a function that is wrong", async () => {
    const c = "static int g(int n) { return n * 3 + ask(0, n); } int f(int n) { return g(n) + n; }";
    // `f` is not the same code either: so it is run as well.
    const wrong = c.replace("n * 3", "n * 5").replace("g(n) + n", "n + g(n) + ask(0, 0) * 0 - 0");
    assert.ok((await seen(c, wrong)).has("unit::g"));
  });
});

describe("a run comes to an end", () => {
  const large: [what: string, c: string, from: string, to: string][] = [
    [
      "that shows a large variable at each call",
      "void f(int n) { u8 b[1 << 20]; int i; for (i = 0; i < 150; i++) fill(b, n + i); tell(0, n); }",
      "tell(0, n)",
      "tell(0, n + 1)",
    ],
    [
      "that copies blocks without end",
      "void f(struct ring *r, int n) { u64 i; for (i = 0; i < 4000; i++) __builtin_memcpy((u8 *)r + 8192 * (i + 1), r, 4096); tell(0, n); }",
      "tell(0, n)",
      "tell(0, n + 1)",
    ],
  ];
  for (const [what, c, from, to] of large)
    it(what, { timeout: 120_000 }, async () => {
      const started = performance.now();
      assert.deepEqual([...(await seen(c, c.replace(from, to)))], []);
      assert.ok(performance.now() - started < 40_000, `${performance.now() - started} ms`);
    });
});
