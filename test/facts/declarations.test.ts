import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf } from "./facts-of.ts";

describe("declarations", () => {
  it("of functions and variables say storage, attributes, section, alias and symbol", async () => {
    const t = await factsOf(`static __attribute__((section(".init.text"), cold)) int start(void) { return 0; }
int init_module(void) __attribute__((alias("start")));
extern int far(int, ...) asm("far_away");
static inline int twice(int x) { return x * 2; }
static int table[2] __attribute__((aligned(64), section(".data.x"))) = { 1 };
void *keep[] = { table, far, twice };
int tentative;
extern int elsewhere; int *e = &elsewhere;
static __thread int local; void *l(void) { return &local; }
`);
    const start = t.named("function", "start");
    assert.deepEqual(
      [start.storage, start.section, start.defined, start.attributes?.map((a) => a.name)],
      ["static", ".init.text", true, ["section", "cold"]],
    );
    const init = t.named("function", "init_module");
    assert.deepEqual([init.alias, init.defined, init.body], ["start", undefined, undefined]);
    const far = t.named("function", "far");
    assert.deepEqual(
      [
        far.symbol,
        far.storage,
        t.type(far.type).k === "function" && (t.type(far.type) as { variadic?: true }).variadic,
      ],
      ["far_away", "extern", true],
    );
    assert.equal(t.named("function", "twice").inline, true);
    const table = t.named("variable", "table");
    assert.deepEqual([table.aligned, table.section, table.storage, table.defined], [64, ".data.x", "static", true]);
    assert.equal(t.named("variable", "tentative").defined, true);
    assert.equal(t.named("variable", "elsewhere").defined, undefined);
    assert.equal(t.named("variable", "local").tls, true);
    assert.deepEqual(
      t.facts.top.map((d) => t.declaration(d)).map((d) => "name" in d && d.name),
      ["start", "init_module", "far", "twice", "table", "keep", "tentative", "elsewhere", "e", "local", "l"],
    );
  });

  it("of arrays say how long they are where that is no bare number, in the module's own text", async () => {
    const t = await factsOf(
      `#include "h.h"
#define N 6
typedef char mac[N];
struct s { char a[N]; char b[6]; int m[2][N * 2]; mac macs[N + 1]; struct { char c[N]; } in; char flexible[]; };
int table[N]; int open[] = { 1 }; int none[][N] = { { 1 } };
int f(struct h *h, char p[N], int n) { char local[N]; char vla[n]; local[0] = n; return local[0] + h->x[0] + vla[0]; }
`,
      { "h.h": "#define M 3\nstruct h { int x[M]; };\n" },
    );
    const said = (bounds: readonly number[] | undefined): string[] =>
      (bounds ?? []).map((b) => {
        const n = t.expression(b);
        return `${t.written(n)}=${n.v}${t.steps(n) === "" ? "" : ` ${t.steps(n)}`}`;
      });
    assert.deepEqual(
      t.named("record", "s").fields?.map((x) => said(x.bounds)),
      [["N=6 N"], [], ["2=2", "N * 2=12"], ["N + 1=7"], [], []],
    );
    for (const [name, bounds] of [
      ["table", ["N=6 N"]],
      ["open", []],
      ["none", []],
      ["local", ["N=6 N"]],
      ["p", []],
      ["vla", []],
    ] as const)
      assert.deepEqual(said(t.named("variable", name).bounds), bounds, name);
    assert.deepEqual(
      t.named("record", "h").fields?.map((x) => x.bounds),
      [undefined],
    );
  });

  it("of records say their layout only where somebody looks into them", async () => {
    const t = await factsOf(
      '#include "h.h"\nint f(struct used *p, struct opaque *q, struct never *r) { return p->m.b + !q + !r; }\nstruct mine { char c; long l; } __attribute__((packed));\n',
      {
        "h.h":
          "struct inner { char a; int b; };\nstruct opaque { int x; };\nstruct never;\nstruct used { struct opaque *o; struct inner m; };\nstruct unreached { int y; };\nenum unreached_too { U };\n",
      },
    );
    const used = t.named("record", "used");
    assert.deepEqual([used.size, used.align, used.fields?.map((x) => x.offset)], [16, 8, [0, 64]]);
    assert.deepEqual(
      t.named("record", "inner").fields?.map((x) => [x.name, x.offset]),
      [
        ["a", 0],
        ["b", 32],
      ],
    );
    const opaque = t.named("record", "opaque");
    assert.deepEqual([opaque.size, opaque.fields], [4, undefined]);
    const never = t.named("record", "never");
    assert.deepEqual([never.size, never.fields], [undefined, undefined]);
    const mine = t.named("record", "mine");
    assert.deepEqual([mine.size, mine.packed, mine.fields?.[1]?.offset], [9, true, 8]);
    assert.equal(
      t.facts.declarations.some((d) => "name" in d && d.name?.startsWith("unreached")),
      false,
    );
  });

  it("of a header's functions have a body where the module reaches them, and where no assembly is in it", async () => {
    const t = await factsOf('#include "h.h"\nint f(int x) { return near(x) + waits(x); }\n', {
      "h.h":
        '#define add(a, b) ((a) + (b))\nstatic inline int far(int x) { return add(x, 2); }\nstatic inline int near(int x) { return far(x); }\nstatic inline int behind(int x) { return x; }\nstatic inline int waits(int x) { while (x) { asm volatile("pause"); } return behind(x); }\nstatic inline int unreached(int x) { return x; }\n',
    });
    const bodies = t.facts.declarations.flatMap((d) =>
      d.k === "function" && d.body !== undefined ? [[d.name, t.isOwn(d)]] : [],
    );
    assert.deepEqual(bodies, [
      ["f", true],
      ["near", false],
      ["far", false],
    ]);
    assert.deepEqual(
      [
        t.named("function", "waits").defined,
        t.facts.declarations.some((d) => "name" in d && (d.name === "behind" || d.name === "unreached")),
      ],
      [true, false],
    );
    // What a macro is given is told of an invocation in a header as of one of the module's own.
    const add = t.facts.expansions.find((x) => t.facts.macros[x.macro]?.name === "add");
    assert.equal(add?.arguments?.length, 2);
  });

  it("of enumerations and typedefs, signed and large", async () => {
    const t = await factsOf(
      "typedef enum { LOW = -3, HIGH } mode;\nenum big { TOP = 0xffffffffffffffff };\ntypedef unsigned int u32; typedef u32 field_t; typedef struct { int a; } thing;\nfield_t f(mode m, thing *p) { return m == HIGH ? (field_t)TOP : p->a; }\n",
    );
    assert.equal(t.named("enumerator", "LOW").value, "-3");
    assert.equal(t.named("enumerator", "TOP").value, "18446744073709551615");
    const mode = t.declared(t.named("enumerator", "HIGH").enum, "enum");
    assert.deepEqual([mode.name, mode.typedef, t.spelledType(mode.type!)], [undefined, "mode", "int"]);
    const f = t.type(t.named("function", "f").type);
    assert.ok(f.k === "function");
    assert.equal(t.spelledType(f.result), "field_t");
    assert.equal(
      t.underlying(f.result).k === "int" && (t.underlying(f.result) as { name: string }).name,
      "unsigned int",
    );
    const high = t.all("f", "reference").find((n) => t.declaration(n.decl).k === "enumerator");
    assert.equal(high?.v, "-2");
  });

  it("carry the macro they come out of, and its place", async () => {
    const t = await factsOf('#include "h.h"\nDEFINE(counter);\nint f(void) { return counter.n; }\n', {
      "h.h": "struct lock { int n; };\n#define DEFINE(x) struct lock x = { 3 }\n",
    });
    const counter = t.named("variable", "counter");
    assert.equal(t.written({ place: counter.place! }), "DEFINE(counter)");
    assert.equal(t.steps(counter), "DEFINE");
  });
});

describe("types", () => {
  it("are equal as C has it, through typedefs and typeof", async () => {
    const t = await factsOf(
      "typedef int number; typedef number *pn;\nint *a; pn b; const int *c; typeof(a) d; int e[3]; number g[3]; int h[4]; int (*i)(number); number (*j)(int); volatile int *k; char l; signed char m; _Atomic int n; _Bool o; float p; long double q;\n",
    );
    const type = (name: string): number => t.named("variable", name).type;
    for (const [x, y, same] of [
      ["a", "b", true],
      ["a", "d", true],
      ["a", "c", false],
      ["a", "k", false],
      ["e", "g", true],
      ["e", "h", false],
      ["i", "j", true],
      ["l", "m", false],
    ] as const)
      assert.equal(t.same(type(x), type(y)), same, `${x} ${y}`);
    assert.equal((t.type(type("l")) as { char?: true }).char, true);
    assert.deepEqual(
      ["n", "o", "p", "q"].map((n) => t.type(type(n)).k),
      ["atomic", "bool", "float", "float"],
    );
    assert.equal((t.type(type("q")) as { bits: number }).bits, 128);
  });
});

describe("comments", () => {
  it("of the module's own files, with what stands before them", async () => {
    const t = await factsOf(
      '/* first */\n#include "h.h"\n#include "own/o.h"\nint a; /* of a */ // and more\n/** doc */ /* two */\nint f(void) {\n\treturn 1; // last "text" \\\n continued\n}\nchar *s = "/* no comment */";\n#if 0\n/* gone */\n#endif\n',
      { "h.h": "/* a header's */\n", "own/o.h": "/* own header's */\n" },
    );
    assert.deepEqual(
      t.facts.comments.map((c) => [c.text, c.trailing]),
      [
        ["/* first */", undefined],
        ["/* own header's */", undefined],
        ["/* of a */", true],
        ["// and more", true],
        ["/** doc */", undefined],
        ["/* two */", undefined],
        ['// last "text" \\\n continued', true],
      ],
    );
  });

  it("may hold any byte", async () => {
    const t = await factsOf(Buffer.from("int a; /* \xff\u202e */\n", "latin1").toString("latin1"));
    assert.equal(t.facts.comments.length, 1);
  });
});
