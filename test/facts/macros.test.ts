import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf, type UnitTree } from "./facts-of.ts";

/** The path of each whole number in `f`, in order: `value path`. */
const integers = (t: UnitTree): string[] => t.all("f", "integer").map((n) => `${n.v} ${t.steps(n)}`.trimEnd());

describe("paths through macros", () => {
  it("are empty for what stands in the file, and name an object-like macro", async () => {
    const t = await factsOf("#define N 7\nint f(void) { return N + 1; }\n");
    assert.deepEqual(integers(t), ["7 N", "1"]);
    const sum = t.only("f", "binary");
    assert.equal(t.steps(sum), "", "it begins in N and ends in the file");
    assert.equal(t.written(sum), "N + 1");
  });

  it("go over to an argument's text, and into invocations in it", async () => {
    const t = await factsOf("#define N 7\n#define ADD(a, b) ((a) + (b) + 3)\nint f(void) { return ADD(N, 2); }\n");
    assert.deepEqual(integers(t), ["7 ADD/#0/N", "2 ADD/#1", "3 ADD"]);
    for (const sum of t.all("f", "binary")) assert.equal(t.steps(sum), "ADD");
    assert.equal(t.written(t.all("f", "integer")[1]!), "ADD(N, 2)", "the place is that of the outermost invocation");
  });

  it("name invocations in a macro's text, and argument through argument", async () => {
    const t = await factsOf(
      "#define INNER(x) ((x) * 5)\n#define OUTER(y) INNER((y) + 2)\nint f(int v) { return OUTER(v); }\n",
    );
    assert.deepEqual(integers(t), ["2 OUTER/INNER/#0", "5 OUTER/INNER"]);
    const [v] = t.all("f", "reference");
    assert.equal(t.steps(v!), "OUTER/INNER/#0/#0");
    const steps = t.path(v!.p);
    assert.equal(steps[2]!.expansion, steps[1]!.expansion, "the first argument is INNER's");
    assert.equal(steps[3]!.expansion, steps[0]!.expansion, "the second is OUTER's");
  });

  it("tell an invocation in its own argument from the outer one", async () => {
    const t = await factsOf(
      "#define MAX(a, b) ((a) > (b) ? (a) : (b))\nint f(int x, int y, int z) { return MAX(MAX(x, y), z); }\n",
    );
    const conditionals = t.all("f", "conditional").map((n) => t.steps(n));
    assert.deepEqual(conditionals, ["MAX", "MAX/#0/MAX", "MAX/#0/MAX"], "the argument is used twice");
    const paths = t.all("f", "reference").map((n) => t.steps(n));
    assert.equal(paths.filter((p) => p === "MAX/#1").length, 2);
    assert.equal(paths.filter((p) => p === "MAX/#0/MAX/#0").length, 4);
  });

  it("count __VA_ARGS__ as the last parameter", async () => {
    const t = await factsOf(
      "int g(int, ...);\n#define CALL(n, ...) g(n, ##__VA_ARGS__)\nint f(void) { CALL(1); return CALL(2, 30, 40); }\n",
    );
    assert.deepEqual(integers(t), ["1 CALL/#0", "2 CALL/#0", "30 CALL/#1", "40 CALL/#1"]);
    const macro = t.facts.macros.find((m) => m.name === "CALL");
    assert.deepEqual([macro?.parameters, macro?.variadic], [["n", "__VA_ARGS__"], true]);
  });

  it("hold what is pasted or made a string for a part of the macro's text", async () => {
    const t = await factsOf(
      "#define UL(x) x##UL\n#define TEXT(x) #x\n#define LIMIT UL(64)\nconst char *g(const char *);\nunsigned long f(void) { g(TEXT(a + b)); return LIMIT; }\n",
    );
    assert.deepEqual(integers(t), ["64 LIMIT/UL"]);
    assert.equal(t.only("f", "integer").spelling, "64UL");
    const text = t.only("f", "string");
    assert.deepEqual([t.steps(text), Buffer.from(text.bytes, "hex").toString()], ["TEXT", "a + b"]);
  });

  it("see a statement's head that a macro ends in", async () => {
    const t = await factsOf(
      "#define FOR_EACH(i, n) for (int i = 0; i < (n); i++)\nint f(int n) { int s = 0; FOR_EACH(k, n) { s += k; } return s; }\n",
    );
    const loop = t.only("f", "for");
    assert.equal(t.steps(loop), "", "its body stands in the file");
    assert.equal(t.written(loop), "FOR_EACH(k, n) { s += k; }");
    assert.equal(t.steps(t.node(loop.condition!)), "FOR_EACH");
    assert.equal(t.steps(t.node(loop.body)), "");
    const limit = t.all("f", "reference").find((n) => t.steps(n) === "FOR_EACH/#1");
    assert.equal(limit && t.declared(limit.decl, "variable").name, "n");
  });

  it("go into builtin macros, and through #undef and a new definition", async () => {
    const t = await factsOf("#define N 1\nint a = N;\n#undef N\n#define N 2\nint f(void) { return N + __LINE__; }\n");
    assert.deepEqual(integers(t), ["2 N", "5 __LINE__"]);
    assert.deepEqual(
      t.facts.macros.filter((m) => m.name === "N").map((m) => m.body),
      ["1", "2"],
    );
  });
});

describe("invocations", () => {
  it("have their arguments' places, and are there where they expand to nothing", async () => {
    const text = "#define NOTHING(a, b)\n#define N 7\nint f(void) { NOTHING(x + y, ); return N; }\n#if N > 3\n#endif\n";
    const t = await factsOf(text);
    const of = (name: string) => t.facts.expansions.filter((x) => t.facts.macros[x.macro]?.name === name);
    const [nothing] = of("NOTHING");
    assert.equal(t.written(nothing!), "NOTHING(x + y, )");
    assert.deepEqual(
      nothing!.arguments?.map((p) => t.written({ place: p })),
      ["x + y", ""],
    );
    assert.equal(of("N").length, 1, "a directive's condition is no part of the program");
  });

  it("of a header's macro are told, but not those in headers", async () => {
    const t = await factsOf('#include "h.h"\nint f(void) { return OUT + 1; }\n', {
      "h.h": "#define IN 3\n#define OUT (IN)\n#define UNUSED 9\nstatic inline int g(void) { return UNUSED; }\n",
    });
    assert.deepEqual(integers(t), ["3 OUT/IN", "1"]);
    assert.deepEqual(t.facts.macros.map((m) => m.name).sort(), ["IN", "OUT"]);
    assert.equal(
      t.facts.declarations.some((d) => d.k === "function" && d.name === "g"),
      false,
      "nobody reaches g",
    );
  });
});
