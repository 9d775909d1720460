/** Structures passed as values are passed member by member, and inline definitions are their unit's own. */
import assert from "node:assert/strict";
import { before, it } from "node:test";
import { compareSides, type ProofTools } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { solve } from "../../../src/stages/prove/solver.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

let tools: ProofTools;
before(async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string", String(provers));
  const [sandbox, z3] = [{ writable: [] }, provers.z3?.path];
  assert.ok(z3 !== undefined, "z3 is there");
  tools = { opt: provers.opt.path, sandbox, solver: (task) => solve(task, { path: z3, sandbox }) };
});

const side = (tag: "c" | "rust", ...texts: string[]): Side =>
  new Side(
    tag,
    texts.map((text, n) => unitOfC(new IrModule(text), `unit${n}`)),
  );

async function proved(c: Side, rust: Side, keys: readonly string[]): Promise<string[]> {
  const outcomes = await compareSides(c, rust, keys, tools, new Set(keys));
  return keys.filter((k) => outcomes.get(k)?.same === true);
}

/** As clang passes sixteen bytes, and as rustc does. */
const MEMBERS = `define i64 @taken(ptr %p, i64 %a.0, i64 %a.1) {
  %s = sub i64 %a.0, %a.1
  store i64 %s, ptr %p
  ret i64 %s
}
define i64 @gives(ptr %p, i64 %x) {
  %y = add i64 %x, 1
  %r = call i64 @taken(ptr %p, i64 %x, i64 %y)
  ret i64 %r
}
`;
const whole = (first: number, type = "i64"): string => `define i64 @taken(ptr %p, { ${type}, i64 } %a) {
  %a.0 = extractvalue { ${type}, i64 } %a, ${first}
  %a.1 = extractvalue { ${type}, i64 } %a, ${1 - first}
  %s = sub i64 %a.0, %a.1
  store i64 %s, ptr %p
  ret i64 %s
}
define i64 @gives(ptr %p, i64 %x) {
  %y = add i64 %x, 1
  %a = insertvalue { i64, i64 } poison, i64 %x, ${first}
  %b = insertvalue { i64, i64 } %a, i64 %y, ${1 - first}
  %r = call i64 @taken(ptr %p, { i64, i64 } %b)
  ret i64 %r
}
`;

it("a structure passed as a value is its members", async () => {
  const keys = ["taken", "gives"];
  assert.deepEqual(await proved(side("c", MEMBERS), side("rust", whole(0)), keys), keys);
});

it("in their order", async () =>
  assert.deepEqual(await proved(side("c", MEMBERS), side("rust", whole(1)), ["taken", "gives"]), []));

it("and as many", async () => {
  const more = whole(0).replaceAll("{ i64, i64 }", "{ i64, i64, i64 }");
  assert.deepEqual(await proved(side("c", MEMBERS), side("rust", more), ["taken", "gives"]), []);
});

/** Two units, each with an inline definition of one name. */
const inline = (by: number, unit: number): string => `define available_externally i32 @half(i32 %n) {
  %r = lshr i32 %n, ${by}
  ret i32 %r
}
define i32 @calls${unit}(i32 %n) {
  %r = call i32 @half(i32 %n)
  ret i32 %r
}
`;
it("an inline definition is a part of what calls it in its own unit", async () => {
  const keys = ["calls0", "calls1"];
  const both = (other: number): Side => side("c", inline(1, 0), inline(other, 1));
  assert.deepEqual(await proved(both(1), side("rust", inline(1, 0), inline(1, 1)), keys), keys);
  assert.deepEqual(await proved(both(2), side("rust", inline(1, 0), inline(1, 1)), keys), ["calls0"]);
});

/** Of an address and a byte, C passes the byte and rustc the eight bytes that it stands in. */
const byteOf = (look: string): string => `declare i32 @somebody(i64, i8)
define i32 @looks(i64 %a.0, i8 %a.1) {
  ${look}
}
`;
const eightOf = (look: string): string => `declare i32 @somebody({ i64, i64 })
define i32 @looks({ i64, i64 } %a) {
  %w = extractvalue { i64, i64 } %a, 1
  ${look}
}
`;
const BYTE = byteOf("%z = icmp eq i8 %a.1, 0\n%r = zext i1 %z to i32\nret i32 %r");
it("a byte of a structure is the lower part of the word that it is passed in", async () => {
  const right = eightOf("%b = trunc i64 %w to i8\n%z = icmp eq i8 %b, 0\n%r = zext i1 %z to i32\nret i32 %r");
  assert.deepEqual(await proved(side("c", BYTE), side("rust", right), ["looks"]), ["looks"]);
});

it("and nothing is known of what is above it", async () => {
  for (const wrong of [
    "%z = icmp eq i64 %w, 0\n%r = zext i1 %z to i32\nret i32 %r",
    "%h = lshr i64 %w, 8\n%b = trunc i64 %h to i8\n%z = icmp eq i8 %b, 0\n%r = zext i1 %z to i32\nret i32 %r",
    "%b = trunc i64 %w to i16\n%z = icmp eq i16 %b, 0\n%r = zext i1 %z to i32\nret i32 %r",
  ])
    assert.deepEqual(await proved(side("c", BYTE), side("rust", eightOf(wrong)), ["looks"]), [], wrong);
});

it("a byte that its caller has to widen is no part of a word", async () => {
  const widened = BYTE.replace("@looks(i64 %a.0, i8 %a.1)", "@looks(i64 %a.0, i8 zeroext %a.1)");
  const right = eightOf("%b = trunc i64 %w to i8\n%z = icmp eq i8 %b, 0\n%r = zext i1 %z to i32\nret i32 %r");
  assert.deepEqual(await proved(side("c", widened), side("rust", right), ["looks"]), []);
});

it("whoever is given such a structure looks at the byte alone", async () => {
  const inC = byteOf("%r = call i32 @somebody(i64 %a.0, i8 %a.1)\nret i32 %r");
  const called = (of: string): string =>
    eightOf(
      `%f = extractvalue { i64, i64 } %a, 0\n${of}\n%s = insertvalue { i64, i64 } poison, i64 %f, 0\n%t = insertvalue { i64, i64 } %s, i64 %g, 1\n%r = call i32 @somebody({ i64, i64 } %t)\nret i32 %r`,
    );
  const given = async (of: string): Promise<string[]> => proved(side("c", inC), side("rust", called(of)), ["looks"]);
  assert.deepEqual(await given("%g = xor i64 %w, 256"), ["looks"]);
  assert.deepEqual(await given("%g = xor i64 %w, 1"), []);
});
