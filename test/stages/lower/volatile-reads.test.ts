import assert from "node:assert/strict";
import { test } from "node:test";
import { bitfieldsOf } from "../../../src/stages/lower/compound-assignments.ts";
import { tagsForUnnamed } from "../../../src/c/unnamed-records.ts";
import { volatileBitfields } from "../../../src/stages/lower/volatile-bitfields.ts";
import { lowerVolatileReads, VOLATILE_READS } from "../../../src/stages/lower/volatile-reads.ts";
import { parse, unitOf } from "../../c/unit.ts";
import { rustOf } from "../../rust/rust.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput): void => {
  let found = false;
  for (const f of x.functions) found = lowerVolatileReads(f, bitfieldsOf(x.tree), x.text) || found;
  if (found) x.text.replace(0, 0, VOLATILE_READS);
};
const DEFINITIONS = ["char 1", "short 2", "int 4", "long 8"]
  .map((t) => t.split(" "))
  .map(
    ([type, n]) =>
      `unsigned ${type} kport$read_volatile_${n}(const volatile void *p) { return *(const volatile unsigned ${type} *)p; }\n`,
  )
  .join("");

test("reads of volatile objects become calls that give the same value", async () => {
  const out = await sameResult(
    'enum e { A = -1, B = 5 }; struct s { volatile signed char c; volatile short s; volatile unsigned long l; int plain; }; static struct s g = { -3, -300, 1UL << 40, 7 }; static volatile _Bool on = 1; static volatile enum e e = A; static int *volatile p; static volatile int n = 4; static volatile int a[2] = { 8, 9 };\nint main(void) { int one = 1; p = &one; n += 2; n++; volatile int *q = &n; printf("%d %d %lu %d %d %d %d %d %d %d\\n", g.c, g.s, g.l, g.plain, on, e, *p, n, *q, a[1]); }\n',
    rule,
    DEFINITIONS,
  );
  assert.match(out, /kport\$read_volatile_8\(&\(g\.l\)\)/);
  assert.doesNotMatch(out, /read_volatile_4\(&\(g\.plain\)\)/);
});

test("what is not volatile stays as it is", async () => {
  const source =
    "int g; const int c = 2; volatile int *p; int f(int a) { return a + g + c; } void w(void) { *p = 3; }\n";
  assert.equal(
    await lowered(source, (x) =>
      x.functions.slice(0, 1).forEach((f) => lowerVolatileReads(f, bitfieldsOf(x.tree), x.text)),
    ),
    source,
  );
});

test("a volatile bit-field has no address, and is left alone", async () => {
  const source =
    'volatile struct { unsigned a : 3, b : 5; } r = { 2, 3 };\nint main(void) { printf("%u\\n", r.a + r.b); }\n';
  await sameResult(source, rule, DEFINITIONS);
});

test("without the rule c2rust would read like any other object", async () => {
  const source = "volatile int flag; int f(void) { return flag; }\n";
  const f = async (c: string): Promise<string> => (await rustOf(c)).find((i) => i.name === "f")?.text ?? "";
  assert.doesNotMatch(await f(source), /volatile/);
  assert.match(await f(await lowered(source, rule)), /kport_read_volatile_4\(/);
});

test("structures are told whose bit-fields are volatile where they are used", async () => {
  await using unit = await unitOf("");
  const tree = await parse(
    unit.compiler,
    "struct plain { int a : 3; }; struct device { unsigned a : 3, b : 29; }; typedef struct { volatile int ready : 1; int x; } flags; struct whole { volatile int n; int a : 2; };\nint f(struct plain *p, volatile struct device *d, flags *g, struct whole *w) { return p->a + d->b + g->ready + w->n + w->a; }\n",
  );
  assert.deepEqual([...volatileBitfields(tree, new Map())].sort(), ["device", "flags"]);
});

test("so are those without a name: by their tags, by their typedefs, or by their bit-fields", async () => {
  const source =
    "struct outer { int x; struct { volatile unsigned a : 3; } in; struct { volatile unsigned c : 4, d : 2; int y; }; struct { int plain : 2; } not; };\nstruct { volatile unsigned z : 3; } lone;\ntypedef struct { volatile unsigned q : 7; } named;\n";
  await using unit = await unitOf("");
  const tree = await parse(unit.compiler, source);
  const tags = tagsForUnnamed(tree, source, "tag");
  const ofMember = (name: string): string =>
    [...tags.values()].find(
      (t) =>
        source.slice(t.at).includes(` ${name} : `) && !source.slice(t.at, source.indexOf(` ${name} : `)).includes("}"),
    )?.name as string;
  assert.deepEqual(volatileBitfields(tree, tags), new Set([ofMember("a"), "struct c d", ofMember("z"), "named"]));
});
