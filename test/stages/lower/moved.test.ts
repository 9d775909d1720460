import assert from "node:assert/strict";
import { test } from "node:test";
import { type AstNode, extent, walk } from "../../../src/c/ast.ts";
import { Rewriter } from "../../../src/c/rewriter.ts";
import { localsOf } from "../../../src/stages/lower/function-scope.ts";
import { isConstant } from "../../../src/stages/lower/constant-expressions.ts";
import { type MovedExpression, moveOut, type Obstacle } from "../../../src/stages/lower/moved.ts";
import { isSameWhole, share } from "../../../src/stages/lower/moved-expression.ts";
import { MovedNames } from "../../../src/stages/lower/moved-names.ts";
import { asksSizes, sizedArguments, sizing } from "../../../src/stages/lower/sized-arguments.ts";
import { parse, unitOf } from "../../c/unit.ts";
import { runC } from "../../rust/rust.ts";

const isAsm = (n: AstNode): boolean => n.kind === "GCCAsmStmt";
const calls =
  (name: string) =>
  (n: AstNode): boolean =>
    n.kind === "CallExpr" &&
    JSON.stringify(n.inner?.[0], (k, v: unknown) => (k === "parent" ? undefined : v)).includes(`"name":"${name}"`);

/** Move the first obstacle of function `f`; `region` is the text of the macro invocation it came from, `source` what was written. */
async function move(
  text: string,
  find: (n: AstNode) => boolean,
  scope: Obstacle["scope"] = "invocation",
  region?: { expansion: string; source: string; name: string },
  along: (n: AstNode) => AstNode[] = () => [],
): Promise<{ moved: MovedExpression | string; text: string }> {
  await using unit = await unitOf("");
  const tree = await parse(unit.compiler, text);
  const fn = tree.find((n) => n.kind === "FunctionDecl" && n.name === "f") as AstNode;
  let node: AstNode | undefined;
  walk(fn, (n) => void (node === undefined && find(n) && (node = n)));
  assert.ok(node, "the obstacle is there");
  const start = region ? text.indexOf(region.expansion, extent(fn)?.start) : 0;
  const regions = region
    ? [
        {
          name: region.name,
          source: region.source,
          file: "unit.c",
          line: 9,
          at: 4,
          start,
          end: start + region.expansion.length,
        },
      ]
    : [];
  const moved = moveOut(
    { node, reason: "inline assembly", scope, along: along(node) },
    {
      fn,
      locals: localsOf(fn),
      text,
      regions,
      names: new MovedNames("kport_u_", ["shared"]),
      ownGlobals: new Set(["shared"]),
      place: () => ({ file: "unit.c", line: 1 }),
    },
  );
  if (typeof moved === "string") return { moved, text };
  const out = new Rewriter(text);
  out.replace(moved.start, moved.end, ...moved.call);
  return { moved, text: out.render() };
}

function only(moved: MovedExpression | string): MovedExpression {
  if (typeof moved === "string") assert.fail(moved);
  return moved;
}

test("a statement expression with assembly moves with the locals it reads and writes", async () => {
  const { moved, text } = await move(
    'int f(int a, int b) { int r = 0; r += ({ int v; asm("movl %1, %0" : "=r"(v) : "r"(a)); b = v; v + 1; }); return r + b; }\n',
    isAsm,
  );
  const m = only(moved);
  assert.deepEqual(m.params, [
    { name: "a", type: "int" },
    { name: "b", type: "__typeof__(int) *" },
  ]);
  assert.equal(m.returns, "int");
  assert.match(m.expanded, /\(\*b\) = v/);
  assert.match(text, /r \+= kport_u_f_value\(a, &b\);/);
});

test("what moved computes what it computed", async () => {
  const source =
    'int f(int a, int b) { int r = 0; r += ({ int v; asm("movl %1, %0" : "=r"(v) : "r"(a)); b = v; v + 1; }); return r * 10 + b; }\n';
  const { moved, text } = await move(source, isAsm);
  const m = only(moved);
  const helper = `${m.returns} ${m.name}(${m.params.map((p) => `${p.type} ${p.name}`).join(", ")}) { return ${m.expanded}; }\n`;
  const main = 'int printf(const char *, ...); int main(void) { printf("%d\\n", f(4, 9)); }\n';
  assert.equal((await runC(helper + text + main)).stdout, (await runC(source + main)).stdout);
});

test("a macro invocation keeps its name and the source's words, with a dereference where its local is changed", async () => {
  const expansion = '({ asm("incl %0" : "+r"(n)); n; })';
  const m = only(
    (
      await move(`int f(int n) { return ${expansion} + n; }\n`, isAsm, "invocation", {
        expansion,
        source: "BUMP(n)",
        name: "BUMP",
      })
    ).moved,
  );
  assert.deepEqual([m.name, m.source, m.line], ["kport_u_f_BUMP", "BUMP((*n))", 9]);
});

test("a name that means two things in an expansion leaves only the expansion", async () => {
  const expansion = '({ struct n { int n; } s = { 1 }; asm("incl %0" : "+r"(n)); n + s.n; })';
  const m = only(
    (
      await move(`int f(int n) { return ${expansion}; }\n`, isAsm, "invocation", {
        expansion,
        source: "BUMP(n)",
        name: "BUMP",
      })
    ).moved,
  );
  assert.match(m.expanded, /\+r"\(\(\*n\)\)[^]*\(\*n\) \+ s\.n/);
  assert.equal(m.source, undefined);
});

test("own file-scope names are told, headers' are not", async () => {
  const m = only(
    (
      await move(
        'static int shared; extern int kernels;\nvoid f(void) { asm volatile("" :: "r"(shared), "r"(kernels)); }\n',
        isAsm,
      )
    ).moved,
  );
  assert.deepEqual([...m.globals], ["shared"]);
  assert.equal(m.returns, "void");
});

test("a call moves with its constants; its other arguments are computed where they were", async () => {
  const { moved, text } = await move(
    "extern void *get(unsigned long, int); extern int next(void);\nvoid *f(long n) { return get(n * next(), 4 | 8); }\n",
    calls("get"),
    "call",
  );
  assert.equal(only(moved).expanded, "get(a0, 4 | 8)");
  assert.match(text, /return kport_u_f_get\(n \* next\(\)\);/);
});

for (const [what, body] of [
  ["returns", '({ if (a) return 1; asm(""); a; })'],
  ["goto", '({ if (a) goto out; asm(""); a; })'],
  ["break", '({ if (a) break; asm(""); a; })'],
  ["continue", '({ if (a) continue; asm(""); a; })'],
] as const) {
  test(`what ${what === "returns" ? "returns from" : `has a ${what} out of`} the expression does not move as a whole`, async () => {
    const { moved } = await move(`int f(int a) { int r = 0; while (r < 3) { r += ${body}; } out: return r; }\n`, isAsm);
    if (typeof moved !== "string")
      assert.ok(!moved.expanded.includes(what === "returns" ? "return" : what), moved.expanded);
  });
}

test("constants are literals, enumerators and operators, nothing that runs", async () => {
  await using unit = await unitOf("");
  const tree = await parse(
    unit.compiler,
    "enum { E = 3 }; int v; int g(void);\nint a[] = { 1 + E * sizeof(int), -(4 << 2) };\nint f(void) { int x = v; int y = g(); int z = ({ 1; }); return x = y; }\n",
  );
  const initial = (name: string): AstNode => {
    let found: AstNode | undefined;
    for (const n of tree)
      walk(
        n,
        (x) =>
          void (
            x.kind === "VarDecl" &&
            x.name === name &&
            (found = x.inner?.find((c) => c.valueCategory !== undefined))
          ),
      );
    return found ?? assert.fail(name);
  };
  for (const value of initial("a").inner ?? []) assert.ok(isConstant(value));
  for (const name of ["x", "y", "z"]) assert.ok(!isConstant(initial(name)), name);
});

test("assembly behind which nothing runs is told, through the loops that macros put around it", async () => {
  const bug = (behind: string) =>
    `void f(int a) { if (a) do { do { asm volatile("ud2"); } while (0); ${behind} } while (0); }\n`;
  assert.equal(only((await move(bug("__builtin_unreachable();"), isAsm)).moved).deadEnd, true);
  assert.equal(only((await move(bug(""), isAsm)).moved).deadEnd, undefined);
  assert.equal(only((await move(bug("a = 1; __builtin_unreachable();"), isAsm)).moved).deadEnd, undefined);
  assert.equal(
    only(
      (await move('void f(int a) { do { asm volatile("ud2"); } while (a); __builtin_unreachable(); }\n', isAsm)).moved,
    ).deadEnd,
    undefined,
  );
});

test("the size of a local is a constant of its call, and is said by its type", async () => {
  const source =
    "struct work { char data[12]; };\nunsigned long copy(void *to, unsigned long n);\nint f(void) { struct work w; return copy(&w, sizeof(w) + sizeof(struct work) * 2); }\n";
  const { moved, text } = await move(source, calls("copy"), "call");
  assert.equal(only(moved).expanded, "copy(a0, sizeof(struct work) + sizeof(struct work) * 2)");
  assert.match(text, /return kport_u_f_copy\(&w\);/);
  const vla = await move(
    "unsigned long copy(void *to, unsigned long n);\nint f(int n) { char w[n]; return copy(w, sizeof(w)); }\n",
    calls("copy"),
    "call",
  );
  assert.equal(only(vla.moved).expanded, "copy(a0, a1)");
});

test("invocations that say the same share a helper, but for what is each one's own", async () => {
  const of = async (body: string, type = "long"): Promise<MovedExpression> => {
    const expansion = `({ ${body} asm("" : : "r"(p)); 0; })`;
    const text = `void g(const char *name);\nint f(${type} *p) { return ${expansion}; }\n`;
    return only((await move(text, isAsm, "invocation", { expansion, source: "TEST(BIT, p)", name: "TEST" })).moved);
  };
  const first = await of("");
  const second = { ...(await of("")), name: "kport_u_other", func: "h" };
  assert.equal(isSameWhole(first, second), true);
  share(second, first);
  assert.deepEqual([second.name, second.plain, second.call], [first.name, first.plain, first.call]);
  assert.equal(isSameWhole(first, await of("", "int")), false);
  assert.equal(isSameWhole(first, await of('asm("" : : "i"(277));')), false);
  // A warning that is given once, and a name, are each one's own.
  for (const body of ["static int once; once = 1;", "g(__func__);"])
    assert.equal(isSameWhole(await of(body), await of(body)), false, body);
  assert.equal(isSameWhole(first, { ...second, lvalue: true }), false);
  assert.equal(isSameWhole(first, { ...second, jumps: ["out"] }), false);
});

const sized = (n: AstNode): AstNode[] => sizedArguments(n);

test("a call moves with its arrays: members by what they are of, the function's own as arrays of a known size; the rest is computed where it was", async () => {
  const head =
    "struct s { char name[16]; char other[4][8]; }; unsigned long copy(char *, const char *, unsigned long); unsigned long next(void);\n";
  const member = await move(
    `${head}unsigned long f(struct s *s, int i) { return copy(s->name, s->other[i], next()); }\n`,
    calls("copy"),
    "call",
    undefined,
    sized,
  );
  const m = only(member.moved);
  assert.equal(m.expanded, "copy(p0->name, p0->other[p1], a2)");
  assert.deepEqual(m.params, [
    { name: "p0", type: "struct s *" },
    { name: "p1", type: "int" },
    { name: "a2", type: "unsigned long" },
  ]);
  assert.match(member.text, /return kport_u_f_copy\(s, i, next\(\)\);/);
  const local = await move(
    `${head}unsigned long f(const char *from, unsigned long n) { char own[8]; return copy(own, from, sizeof(own)); }\n`,
    calls("copy"),
    "call",
    undefined,
    sized,
  );
  assert.equal(only(local.moved).expanded, "copy((*p0), a1, sizeof(char[8]))");
  assert.match(local.text, /return kport_u_f_copy\(&own, from\);/);
  // What is told by its address is of the size that the function's own is; nobody knows of what a pointer is given to.
  assert.deepEqual(sizing({ ...only(local.moved), sized: true }), ["p0 = kport_sized(p0, sizeof(*p0));"]);
  assert.deepEqual(sizing({ ...m, sized: true }), []);
  assert.deepEqual(sizing(only(local.moved)), []);
});

test("what asks for sizes itself is found, in words and not in strings", async () => {
  const of = async (body: string): Promise<boolean> => {
    const { moved } = await move(`int g(const char *, int);\nint f(char *p) { return g(${body}); }\n`, calls("g"));
    return asksSizes(only(moved));
  };
  assert.equal(await of("p, __builtin_object_size(p, 0)"), true);
  assert.equal(await of('"__builtin_object_size", 0'), false);
});
