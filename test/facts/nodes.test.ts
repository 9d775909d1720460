import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf } from "./facts-of.ts";

describe("expressions", () => {
  it("have their kinds, types, casts and values", async () => {
    const t = await factsOf(
      "long f(int a, char *s, double d) { return (long)a * sizeof(int) + s[a] - ~a % 4 + (a ? 'x' : -1) + (long)d + (a ?: 2) + _Alignof(long); }\n",
    );
    const casts = t.all("f", "cast");
    assert.ok(casts.some((c) => c.kind === "IntegralCast" && c.explicit === true && t.typeOf(c) === "long"));
    assert.ok(casts.some((c) => c.kind === "LValueToRValue" && c.explicit === undefined));
    assert.ok(casts.some((c) => c.kind === "FloatingToIntegral" && c.explicit === true));
    assert.deepEqual(
      t.all("f", "sizeof").map((n) => [n.what, n.v, t.spelledType(n.type), n.of]),
      [
        ["size", "4", "int", undefined],
        ["align", "8", "long", undefined],
      ],
    );
    const [character] = t.all("f", "character");
    assert.deepEqual([character?.spelling, character?.v], ["'x'", "120"]);
    const [ternary, elvis] = t.all("f", "conditional");
    assert.equal(t.node(ternary!.else).k === "unary" && t.expression(ternary!.else).v, "-1");
    assert.equal(elvis?.then, undefined);
    assert.equal(t.all("f", "subscript").length, 1);
    assert.deepEqual(
      t.all("f", "unary").map((n) => n.op),
      ["~", "-"],
    );
  });

  it("say lvalues, and the value only of values", async () => {
    const t = await factsOf("int f(int a) { int *p = &a; *p = 3; a += 2; ++a; a--; return a, *p; }\n");
    const marks = t.all("f", "unary").map((n) => `${n.op}${n.lv ? " lv" : ""}`);
    assert.deepEqual(marks, ["&", "* lv", "++_", "_--", "* lv"]);
    const compound = t.all("f", "assignment").find((n) => n.op === "+=");
    assert.equal(t.spelledType(compound!.computed!), "int");
    assert.ok(t.all("f", "binary").some((n) => n.op === ","));
  });

  it("leave out what only groups or chooses", async () => {
    const t = await factsOf(
      "int f(long v) { return __builtin_choose_expr(1, (_Generic((v), long: 4, default: 5)), 6) + __extension__ (8); }\n",
    );
    assert.deepEqual(
      t.all("f", "integer").map((n) => n.v),
      ["4", "8"],
    );
    assert.deepEqual([...new Set(t.facts.nodes.map((n) => n.k))].sort(), ["binary", "block", "integer", "return"]);
    assert.equal(t.only("f", "binary").v, "12");
  });

  it("give values of any width, and none where a side effect would be lost", async () => {
    const t = await factsOf(
      "int g(void); unsigned __int128 f(void) { return ((unsigned __int128)1 << 100) + (0 && g()) + (g() && 0) + (1 ? 2 : g()); }\n",
    );
    assert.ok(t.all("f", "binary").some((n) => n.op === "<<" && n.v === (1n << 100n).toString()));
    const logical = t.all("f", "binary").filter((n) => n.op === "&&");
    assert.deepEqual(
      logical.map((n) => n.v),
      ["0", undefined],
    );
    assert.equal(t.only("f", "conditional").v, "2");
  });

  it("reach members through anonymous ones, and bits", async () => {
    const t = await factsOf(
      "struct s { int a; union { struct { int b; }; long c; }; unsigned x : 3, : 2, y : 5; };\nint f(struct s *p, struct s v) { return p->b + v.y; }\n",
    );
    const members = t.all("f", "member");
    assert.deepEqual(
      members.map((m) => m.arrow),
      [undefined, undefined, true, undefined],
    );
    const names = members.map((m) => t.declared(m.record, "record").fields?.[m.field]?.name);
    assert.deepEqual(names, ["b", undefined, undefined, "y"], "b, the structure, the union, y");
    const { fields } = t.named("record", "s");
    assert.deepEqual(
      fields?.map((x) => [x.name, x.offset, x.width]),
      [
        ["a", 0, undefined],
        [undefined, 64, undefined],
        ["x", 128, 3],
        [undefined, 131, 2],
        ["y", 133, 5],
      ],
    );
  });

  it("tell calls of builtins, offsetof, va_arg, atomics, compatible types and label addresses", async () => {
    const t = await factsOf(`struct in { int z[4]; }; struct s { char a; struct in m; };
int f(int n, ...) {
	__builtin_va_list ap; __builtin_va_start(ap, n); int v = __builtin_va_arg(ap, int); __builtin_va_end(ap);
	static int c; __c11_atomic_load((_Atomic int *)&c, 5); v += __atomic_fetch_add(&c, 1, 5);
	void *where = &&out; if (v) goto *where;
	v += __builtin_offsetof(struct s, m.z[2]) + __builtin_types_compatible_p(int, typeof(n)) + __builtin_expect(n, 1);
out:	return v;
}
`);
    const [offset] = t.all("f", "offsetof");
    assert.deepEqual([offset?.v, offset?.steps.length], ["12", 3]);
    assert.equal(t.only("f", "types-compatible").v, "1");
    assert.deepEqual(
      t.all("f", "atomic").map((n) => [n.op, n.operands.length]),
      [
        ["__c11_atomic_load", 2],
        ["__atomic_fetch_add", 3],
      ],
    );
    assert.deepEqual(
      t.all("f", "call").map((n) => n.builtin),
      ["__builtin_va_start", "__builtin_va_end", "__builtin_expect"],
    );
    assert.equal(t.spelledType(t.only("f", "va_arg").t), "int");
    assert.equal(t.only("f", "label-address").label, t.only("f", "label").label);
    assert.equal(t.all("f", "computed-goto").length, 1);
  });

  it("hold strings as bytes, whatever is in them", async () => {
    const t = await factsOf(
      'const char *f(void) { return "a\\0\\xff" "/* no */"; }\nconst char *g(void) { return __func__; }\nconst void *h(void) { return L"x"; }\n',
    );
    const text = t.only("f", "string");
    assert.deepEqual([...Buffer.from(text.bytes, "hex")], [...Buffer.from("a\0"), 0xff, ...Buffer.from("/* no */")]);
    assert.equal(t.spelledType(text.t), "char[12]");
    const name = t.only("g", "string");
    assert.deepEqual([name.predefined, Buffer.from(name.bytes, "hex").toString()], ["__func__", "g"]);
    assert.equal(t.only("h", "string").unit, 4);
  });
});

describe("initialisers", () => {
  const initialiser = async (text: string, name = "v") => {
    const t = await factsOf(text);
    const { initialiser: i } = t.named("variable", name);
    return { t, list: t.node(i!) };
  };

  it("are in the order of the record's fields, with zeros for the rest", async () => {
    const { t, list } = await initialiser(
      "struct s { int a; unsigned : 4; int b; int c[3]; };\nstatic struct s v = { .b = 5, .c[1] = 6 };\nvoid *p = &v;\n",
    );
    assert.ok(list.k === "list");
    assert.deepEqual(list.fields, [0, 2, 3]);
    assert.deepEqual(
      list.items.map((i) => t.node(i).k),
      ["zero", "integer", "list"],
    );
    const inner = t.node(list.items[2]!);
    assert.ok(inner.k === "list");
    assert.deepEqual(
      [inner.items.map((i) => `${t.node(i).k} ${t.expression(i).v}`), inner.rest !== undefined && t.node(inner.rest).k],
      [["zero 0", "integer 6"], "zero"],
    );
  });

  it("name a union's one field, and one value for a range", async () => {
    const { t, list } = await initialiser(
      "union u { int a; long b; };\nunion u v = { .b = 7 };\nint r[4] = { [1 ... 2] = 9 };\n",
    );
    assert.ok(list.k === "list");
    assert.deepEqual(list.fields, [1]);
    const range = t.node(t.named("variable", "r").initialiser!);
    assert.ok(range.k === "list");
    assert.equal(range.items[1], range.items[2], "it stands there once");
    assert.equal(t.expression(range.items[1]!).v, "9");
  });

  it("are strings for arrays of characters, in braces or not, and operands for scalars in braces", async () => {
    const { t, list } = await initialiser(
      'char v[8] = { "ab" };\nint n = { 3 };\nstruct s { char name[4]; } w = { "xyz" };\n',
    );
    assert.ok(list.k === "string");
    assert.equal(t.spelledType(list.t), "char[8]");
    assert.equal(t.node(t.named("variable", "n").initialiser!).k, "integer");
    const w = t.node(t.named("variable", "w").initialiser!);
    assert.ok(w.k === "list");
    assert.deepEqual(
      w.items.map((i) => t.node(i).k),
      ["string"],
    );
  });

  it("of compound literals", async () => {
    const t = await factsOf("struct s { int a, b; };\nstruct s f(void) { return (struct s){ .b = 1 }; }\n");
    const list = t.node(t.only("f", "compound-literal").initialiser);
    assert.ok(list.k === "list");
    assert.deepEqual(list.fields, [0, 1]);
  });
});

describe("statements", () => {
  it("have their kinds", async () => {
    const t = await factsOf(`int g(int);
int f(int n) {
	_Static_assert(sizeof(int) == 4, "int");
	int k = 0, m;
	for (;;) break;
	for (k = 0; k < n; k++) { if (k == 3) continue; else g(k); }
	while (n--) ;
	do { k--; } while (k > 0);
	switch (n) { case 1: case 2 ... 4: g(1); __attribute__((fallthrough)); default: m = ({ int z = 2; z + 1; }); }
	asm goto ("" : : "r"(k) : : out);
	asm volatile ("" : "=r"(m) : "r"(n));
	g(m);
out:
	return k;
}
`);
    const kinds = new Set<string>();
    t.walk(t.named("function", "f").body!, (n) => void kinds.add(n.k));
    for (const k of [
      "block",
      "declare",
      "for",
      "break",
      "continue",
      "if",
      "while",
      "empty",
      "do",
      "switch",
      "case",
      "default",
      "evaluate",
      "statement-expression",
      "asm",
      "label",
      "return",
    ])
      assert.ok(kinds.has(k), k);
    assert.equal(
      [...kinds].some((k) => k.startsWith("other")),
      false,
    );
    assert.deepEqual(
      t.all("f", "case").map((n) => [t.expression(n.low).v, n.high === undefined ? undefined : t.expression(n.high).v]),
      [
        ["1", undefined],
        ["2", "4"],
      ],
    );
    assert.deepEqual(
      t.all("f", "empty").map((n) => n.fallthrough),
      [undefined, true],
    );
    assert.deepEqual(
      t.all("f", "asm").map((n) => [n.goto, n.operands.length]),
      [
        [true, 1],
        [undefined, 2],
      ],
    );
    const [asserted, two] = t.all("f", "declare");
    assert.deepEqual([asserted?.decls, two?.decls.length], [[], 2], "an assertion declares nothing");
  });

  it("declare what C lets them", async () => {
    const t = await factsOf(
      "int f(void) { struct in { int a; } v = { 1 }; enum { A = 4 }; typedef struct in alias; extern int far(int); static int kept = 3; alias w = v; return w.a + A + far(kept); }\n",
    );
    const kinds = t.all("f", "declare").flatMap((n) => n.decls.map((d) => t.declaration(d).k));
    assert.deepEqual(kinds, ["record", "variable", "enum", "typedef", "function", "variable", "variable"]);
    const kept = t.named("variable", "kept");
    assert.deepEqual([kept.scope, kept.storage, t.expression(kept.initialiser!).v], ["block", "static", "3"]);
  });
});
