import assert from "node:assert/strict";
import { test } from "node:test";
import { askClang } from "../../src/c/oracle.ts";
import { unitOf } from "./unit.ts";

const TEXT = `
char table[8];
void f(char *p) {
  unsigned long known = __builtin_object_size(&table[3], 0);
  unsigned long unknown = __builtin_object_size(&p[1], 0);
  unsigned long least = __builtin_dynamic_object_size(&p[7], 2);
}
`;

test("types come with their qualifiers, or without", async () => {
  const text = "void f(int n, const volatile long *l) { (*l); }";
  await using unit = await unitOf(text);
  const at = { start: text.indexOf("(*l)"), end: text.indexOf("(*l)") + 4, atFileScope: false };
  for (const [ask, type] of [
    ["type", "const volatile long"],
    ["unqualified", "long"],
  ] as const)
    assert.deepEqual(await askClang(unit.compiler, text, [{ ...at, ask }]), [type]);
});

test("a size that clang knows is a number, one that it does not know is none, whatever index stands in it", async () => {
  const questions = [...TEXT.matchAll(/__builtin_\w+\(.*?\)/g)].map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
    ask: "value" as const,
    atFileScope: false,
  }));
  await using unit = await unitOf(TEXT);
  assert.deepEqual(await askClang(unit.compiler, TEXT, questions), ["5", undefined, undefined]);
});
