import assert from "node:assert/strict";
import { test } from "node:test";
import { Rewriter } from "../../../src/c/rewriter.ts";
import { isHeaderInline } from "../../../src/stages/lower/reduce.ts";
import {
  cuttableStructures,
  memberUse,
  type MemberUse,
  shrinkStructures,
  withShrunkStructures,
} from "../../../src/stages/lower/shrink.ts";
import { runC } from "../../rust/rust.ts";
import { reducedUnit } from "./unit.ts";

const HEADER = `
struct list { struct list *next, *prev; };
struct line { char c; } __attribute__((aligned(64)));
struct task {
	char state;
	struct line line;
	long unused[7];
	int pid;
	struct list children;
	union { int first; long second; };
	unsigned flag : 1, other : 3;
	void (*handler)(struct task *);
	char name[16];
	short tail;
};
struct tight { char a; int wanted; long rest; } __attribute__((packed));
struct given { int a, b, c; };
struct whole { int both, needed; };
`;

async function shrunk(
  own: string,
  use?: MemberUse,
  header = HEADER,
): Promise<{ structures: Map<string, string>; text: string }> {
  await using u = await reducedUnit(header, own);
  const structures = shrinkStructures(
    cuttableStructures(u.reduced, u.tree, u.answers),
    use ?? memberUse(u.reduced, u.tree, isHeaderInline),
  );
  const text = new Rewriter(u.reduced.text).with(structures.flatMap((s) => s.edits)).render();
  const r = await u.compiler.runOnPreprocessed(text, ["-fsyntax-only"]);
  assert.equal(r.exitCode, 0, `${r.stderr}${text}`);
  return { structures: new Map(structures.map((s) => [s.name, s.edits.map((e) => e.text).join("\n")])), text };
}

test("members that nobody names become padding, the others stay where they were", async () => {
  const own = "int f(struct task *t) { return t->pid + t->name[3] + (t->children.next != 0) + (t->handler != 0); }\n";
  const { structures, text } = await shrunk(own);
  for (const gone of ["unused", "state", "line", "tail", "flag"])
    assert.doesNotMatch(structures.get("task") ?? "none", new RegExp(`\\b${gone}\\b`));
  const print = ["pid", "children", "handler", "name"].map((m) => `__builtin_offsetof(struct task, ${m})`).join(", ");
  const program = (unit: string) =>
    runC(
      `int printf(const char *, ...);\n${unit}\nint main(void) { printf("%zu %zu %zu %zu %zu %zu\\n", sizeof(struct task), _Alignof(struct task), ${print}); }\n`,
    );
  assert.equal((await program(text)).stdout, (await program(HEADER + own)).stdout);
});

test("a structure stays whole where a bit-field or an unnamed member is used, where all is, and where it is packed", async () => {
  assert.equal((await shrunk("int f(struct task *t) { return t->flag; }\n")).structures.get("task"), undefined);
  assert.equal((await shrunk("int f(struct task *t) { return t->first; }\n")).structures.get("task"), undefined);
  assert.equal(
    (await shrunk("int f(struct whole *t) { return t->both + t->needed; }\n")).structures.get("whole"),
    undefined,
  );
  assert.equal((await shrunk("int f(struct tight *t) { return t->wanted; }\n")).structures.get("tight"), undefined);
});

test("a structure with an initialiser list stays whole: a value may go by its position", async () => {
  assert.equal(
    (await shrunk("int f(void) { struct given g = { 1, 2 }; return g.a; }\n")).structures.get("given"),
    undefined,
  );
  assert.ok((await shrunk("int f(struct given *g) { return g->a; }\n")).structures.has("given"));
});

test("what another unit of the module names stays too", async () => {
  const { structures } = await shrunk("int f(struct given *g) { return g->a; }\n", {
    mentioned: new Set(["a", "c"]),
    initialised: new Set(),
  });
  assert.match(structures.get("given") ?? "", /int a;.*kport\$pad_0\[4\];.*int c;/);
});

test("the module's own structures are never cut", async () => {
  assert.deepEqual(
    [...(await shrunk("struct mine { int a, b; };\nint f(struct mine *m) { return m->a; }\n")).structures.keys()],
    [],
  );
});

test("one with members that are packed, or aligned by their names, is cut as well, and lies as before", async () => {
  const header = `typedef unsigned long __attribute__((aligned(4))) loose;
typedef unsigned char __attribute__((aligned(8))) wide;
struct two { short a; int b __attribute__((packed, aligned(2))); char c; long d; short e; int f __attribute__((packed)); };
struct both { char a; loose b; wide c; char d; loose e[2]; };
`;
  const own = "int f(struct two *t, struct both *b) { return t->b + t->f + b->b + b->c + (b->e[1] != 0); }\n";
  const { structures, text } = await shrunk(own, undefined, header);
  assert.match(structures.get("two") ?? "", /^struct __attribute__\(\(packed, aligned\(8\)\)\) two/);
  assert.match(structures.get("both") ?? "", /^struct __attribute__\(\(packed, aligned\(8\)\)\) both/);
  const print = ["two, b", "two, f", "both, b", "both, c", "both, e"].map((m) => `__builtin_offsetof(struct ${m})`);
  const program = (unit: string) =>
    runC(
      `int printf(const char *, ...);\n${unit}\nint main(void) { printf("%zu %zu %zu %zu %zu, %zu %zu\\n", ${print.join(", ")}, sizeof(struct two), sizeof(struct both)); }\n`,
    );
  assert.equal((await program(text)).stdout, (await program(header + own)).stdout);
});

/** The text with its structures cut down to `mentioned`, as far as clang takes it. */
async function kept(own: string, mentioned: readonly string[], before = ""): Promise<string> {
  const header = `${HEADER}struct holder { struct inner { int a; } in; long unused_too; int b; };\n`;
  await using u = await reducedUnit(header, own);
  const use = { mentioned: new Set(mentioned), initialised: new Set<string>() };
  const text = new Rewriter(u.reduced.text);
  text.replace(0, 0, before);
  return await withShrunkStructures(
    shrinkStructures(cuttableStructures(u.reduced, u.tree, u.answers), use),
    text,
    u.compiler,
  );
}

test("of structures that were cut, the one that an error names stays whole, and no other", async () => {
  const own = "int f(struct task *t, struct holder *h) { return t->pid + h->b; }\n";
  const cut = await kept(own, ["pid", "b"]);
  assert.doesNotMatch(cut, /unused|unused_too/);
  const without = await kept(own, ["b"]);
  assert.match(without, /unused\[7\]/);
  assert.doesNotMatch(without, /unused_too/);
});

test("all stay whole where the error names none of them; one that is there without any cut is a failure", async () => {
  const own = "int f(struct task *t, struct holder *h, struct inner *i) { return t->pid + h->b + i->a; }\n";
  const whole = await kept(own, ["pid", "a", "b"]);
  assert.match(whole, /unused\[7\]/);
  assert.match(whole, /unused_too/);
  await assert.rejects(
    kept(own, ["pid", "a", "b"], "int broken = ;\n"),
    /the lowered unit does not compile\n[^]*expected/,
  );
});
