/** The proofs' negative control: mistakes of every kind in functions that are proved, through the same passes and the same comparison. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { compareSides, type ProofTools } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { solve } from "../../../src/stages/prove/solver.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";
import { judge } from "../../mutations/judge.ts";
import { mutantsOf, sample } from "../../mutations/mutants.ts";

/** What drivers are made of: registers, barriers, lists, locks, tables, loops over bytes, signed and unsigned numbers. */
const C = `
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long u64;
struct node { struct node *next, *prev; };
struct device { volatile u32 *registers; u32 mask; int users; u64 bytes; u8 key[16]; struct node list; unsigned mode : 3, limit : 20; int (*apply)(u8 *, u64); };
extern void lock(void *), unlock(void *), tell(int, u64);
extern int wait_for(struct device *);
static u32 rotate(u32 x, unsigned by) { return x << (by & 31) | x >> (-by & 31); }
u32 fold(const u8 *p, u64 n, u32 seed) { u64 i; for (i = 0; i < n; i++) seed = rotate(seed ^ p[i], 5) * 0x9e3779b1u; return seed; }
int start(struct device *d, u32 wanted)
{
	int tries = 3;
	if (!d->registers || wanted > 1024) return -22;
	d->registers[2] = wanted | d->mask;
	__sync_synchronize();
	d->registers[0] = 1;
	while (!(d->registers[1] & 0x80)) {
		if (--tries < 0) { d->registers[0] = 0; return -110; }
		tell(1, tries);
	}
	d->users++;
	return 0;
}
void add(struct device *d, struct node *n) { lock(d); n->next = d->list.next; n->prev = &d->list; d->list.next->prev = n; d->list.next = n; unlock(d); }
long put(struct device *d, u8 *buffer, u64 count, int block)
{
	u64 done = 0; int ret = 0;
	while (done + 16 <= count) {
		ret = d->apply(buffer + done, 16);
		if (ret && (done || !block)) break;
		if (ret) { ret = wait_for(d); if (ret) break; continue; }
		d->bytes += 16; done += 16;
	}
	return done ? (long)done : ret;
}
int average(const int *v, int n) { int i, sum = 0; for (i = 0; i < n; i++) sum += v[i] >> 1; return n ? sum / n : 0; }
u32 set_mode(struct device *d, u32 mode, u32 limit) { d->mode = mode; d->limit = limit; return d->mode * 4 + (d->limit > 100); }
int classify(u8 c) { switch (c) { case '0' ... '9': return 1; case 'a' ... 'f': return 2; case 'x': return 3; case 1: return -1; } return (signed char)c < 0 ? 4 : 0; }
u32 take(u32 *counter) { return __atomic_fetch_add(counter, 1, __ATOMIC_ACQ_REL); }
`;

describe("mistakes in functions that are proved", () => {
  let ir: string;
  let tools: ProofTools;
  before(async () => {
    const { clang, rustc } = await requireTools(["clang", "rustc"]);
    const provers = await findProvers(rustc);
    assert.ok(typeof provers !== "string", String(provers));
    const z3 = provers.z3?.path;
    assert.ok(z3 !== undefined, "z3 is there");
    const sandbox = { writable: [] };
    tools = { opt: provers.opt.path, sandbox, solver: (task) => solve(task, { path: z3, sandbox }) };
    const flags = [
      "-O2",
      "-Xclang",
      "-disable-llvm-passes",
      "-fno-strict-aliasing",
      "-fwrapv",
      "-fno-delete-null-pointer-checks",
      "-emit-llvm",
      "-S",
      "-x",
      "c",
      "-",
      "-o",
      "-",
    ];
    ir = (await run(clang.path, flags, { input: C })).stdout;
  });

  it("a program is the same as itself, and none with a mistake is", async () => {
    const [c, rust] = (["c", "rust"] as const).map((tag) => new Side(tag, [unitOfC(new IrModule(ir), "unit")])) as [
      Side,
      Side,
    ];
    const keys = [...c.keys].filter((k) => !k.startsWith("unit::"));
    const outcomes = await compareSides(c, rust, keys, tools);
    assert.deepEqual(
      keys.filter((k) => outcomes.get(k)?.same !== true),
      [],
    );
    const mutants = new Map(keys.map((k) => [k, sample(mutantsOf(rust.function(k).f), 16)]));
    const judged = await judge(c, rust, keys, mutants, tools);
    assert.deepEqual(judged.kept, []);
    // C leaves open which of two plain stores comes first, as long as nobody can look.
    assert.deepEqual(
      judged.solved.filter((k) => !k.includes(": order of stores ")),
      [],
    );
    assert.ok(judged.caught >= 100, `${judged.caught} of ${judged.mutants} were caught`);
    assert.equal(judged.caught + judged.neutral.length + judged.solved.length, judged.mutants);
    // What is run shows most of them, and none that makes no difference.
    const harmless = new Set([...judged.neutral, ...judged.solved]);
    assert.deepEqual(
      judged.shown.filter((k) => harmless.has(k)),
      [],
    );
    assert.ok(
      judged.shown.length > judged.caught / 2,
      `${judged.shown.length} of ${judged.caught} were shown by a run`,
    );
    const kinds = new Set([...mutants.values()].flat().map((m) => m.what.replace(/[: ].*/, "")));
    for (const kind of [
      "operator",
      "constant",
      "off",
      "sign",
      "width",
      "volatile",
      "store",
      "barrier",
      "call",
      "branch",
      "order",
      "ordering",
      "arguments",
      "callee",
      "index",
      "case",
    ])
      assert.ok(kinds.has(kind), `no mistake of the kind ${kind}`);
  });
});
