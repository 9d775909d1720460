import assert from "node:assert/strict";
import { test } from "node:test";
import { recordLayouts } from "../../../src/c/layouts.ts";
import { tagsForUnnamed } from "../../../src/c/unnamed-records.ts";
import { layoutAsserts } from "../../../src/rust/layout-asserts.ts";
import { printItem } from "../../../src/rust/items.ts";
import { packRecords } from "../../../src/rust/packed-records.ts";
import { nameUnnamedTypes, takeTags } from "../../../src/rust/unnamed-types.ts";
import { nameInitialised } from "../../../src/stages/lower/aligned-members.ts";
import { Alignments } from "../../../src/stages/lower/alignment-of.ts";
import { sayLowAlignments } from "../../../src/stages/lower/low-alignments.ts";
import { RecordTypes } from "../../../src/stages/lower/record-types.ts";
import { parsed, unitOf } from "../../c/unit.ts";
import { ALLOW, runRust, rustOf } from "../../rust/rust.ts";
import { type RuleInput, sameResult } from "./rule.ts";

function rule(x: RuleInput): void {
  const types = new RecordTypes(x.tree, x.source);
  for (const t of tagsForUnnamed(x.tree, x.source, "kport$unnamed_u").values())
    x.text.replace(t.at, t.at, `${t.name} `);
  const alignments = new Alignments(x.tree, types, { kept: [] });
  const { added } = sayLowAlignments(x.tree, x.source, alignments, types, new Set(), x.text);
  nameInitialised(x.tree, x.source, types, [added], new Set(), x.text);
}

const TYPES = `typedef unsigned long low __attribute__((aligned(4)));
struct simple { unsigned a; low b[2]; };
struct mixed { unsigned a; low b; unsigned long c; };
struct one { char a; int b __attribute__((packed)); short c; };
struct ends { unsigned n; low rest[]; };
union either { low a; unsigned b; };
struct holds { char a; union { low b; char c; }; struct { unsigned d; low e; } parts; };
struct simple first = { 1, { 2, 3 } };
struct mixed second = { 4, 5, 6 };
struct one third = { 7, 8, 9 };
static struct { unsigned a; low b; } alone = { 1, 2 };
union either fourth = { 10 };
struct holds fifth = { 11, { 12 }, { 13, 14 } };
unsigned long last(struct ends *e) { return e->rest[e->n] + fourth.b + fifth.b + fifth.parts.e; }
unsigned long sum(void) { struct own { unsigned a; low b; } own = { 1, 2 }; return first.b[1] + second.b + third.b + alone.b + own.b; }
`;

/** The Rust of a text with the assertions of what clang says of it. */
async function asserted(text: string): Promise<{ asserts: string; stderr: string; exitCode: number | undefined }> {
  await using u = await unitOf("");
  const { tree, answers } = await parsed(u.compiler, TYPES);
  const tags = tagsForUnnamed(tree, TYPES, "kport_unnamed_u");
  const layouts = recordLayouts(answers, tree, tags);
  const items = nameUnnamedTypes(packRecords(takeTags(await rustOf(text))));
  const asserts = layoutAsserts(items, layouts).join("\n");
  const r = await runRust(`${ALLOW}${items.map(printItem).join("\n")}\n${asserts}\nfn main() {}\n`);
  return { asserts, stderr: r.stderr, exitCode: r.exitCode ?? undefined };
}

test("what is aligned low by a name, or packed alone, lies in Rust as in C; without the rule it does not", async () => {
  const main = `int main(void) { printf("%lu %d %d\\n", sum(), first.a, third.c); }\n`;
  const text = await sameResult(`${TYPES}${main}`, rule);
  const types = text.slice(text.indexOf("typedef unsigned long low"), text.indexOf("int main"));
  // All that has a name is packed as a whole, but for what is of two alignments.
  assert.match(types, /struct mixed \{ unsigned a; struct \{ low b; unsigned char kport\$packed\$4_\d+\[0\];\s+\};/);
  assert.match(types, /struct one \{ char a; struct __attribute__\(\(packed\)\) \{ int b/);
  const right = await asserted(types);
  assert.equal(right.exitCode, 0, right.stderr);
  for (const name of ["simple", "mixed", "one", "ends", "either", "holds", "holds_parts", "alone_type", "own"])
    assert.match(right.asserts, new RegExp(`size_of::<${name}>`));
  const wrong = await asserted(TYPES);
  for (const name of ["simple", "mixed", "one", "ends", "either", "own"])
    assert.match(wrong.stderr, new RegExp(`size_of::<${name}>`));
});

test("the member that packs goes from types and values, and no other does", () => {
  const packed = (text: string, attributes: string[] = []): string =>
    packRecords([{ kind: text.startsWith("pub struct") ? "struct" : "other", name: "s", attributes, text }])
      .map(printItem)
      .join("");
  assert.equal(
    packed("pub struct s {\n    pub a: u64,\n    pub kport_packed_4_0: [u8; 0],\n}", ["#[repr(C)]", "#[allow(x)]"]),
    "#[repr(C, packed(4))]\n#[allow(x)]\npub struct s {\n    pub a: u64,\n    \n}",
  );
  assert.equal(packed("s { kport_packed_4_0: [0; 0], a: f(1, 2), kport_packed_2_1: [] }"), "s {  a: f(1, 2),  }");
  assert.equal(packed("s { kport_packed: 1 }"), "s { kport_packed: 1 }");
});
