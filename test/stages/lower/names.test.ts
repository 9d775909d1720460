/** Names that Rust cannot have, or that something of ours has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameForRust, sourceNames } from "../../../src/stages/lower/names.ts";
import { helperStems } from "../../../src/check/translate-units.ts";
import { rustOf } from "../../rust/rust.ts";

const none = new Set<string>();
const named = (c: string, also = none, constants = none): string => nameForRust(c, also, constants).text;

test("a word of Rust's is another name everywhere, an attribute's name and a string stay", () => {
  assert.equal(
    named(
      'struct await { int gen; } __attribute__((pure, cleanup(loop))); int pure(struct await *loop) { goto yield; yield: return loop->gen + f((pure)) + "gen"[0]; }',
    ),
    'struct await_0 { int gen_0; } __attribute__((pure, cleanup(loop_0))); int pure_0(struct await_0 *loop_0) { goto yield_0; yield_0: return loop_0->gen_0 + f((pure_0)) + "gen"[0]; }',
  );
});

test("a new name is nobody's, and one that c2rust makes is not made to look like it", () => {
  assert.equal(named("int await, await_0, c2rust_fresh1, _;"), "int await_1, await_0, own_c2rust_fresh1_0, __0;");
});

test("what the lowering made up keeps its name, and the module's own of that name does not", () => {
  const { text, renamed } = nameForRust("int kport$value = kport_value + a$b + a_b;", none, none);
  assert.equal(text, "int kport_value = kport_value_0 + a_b_0 + a_b;");
  assert.equal(renamed.get("kport_value"), "kport_value_0");
});

test("a tag that a constant has the name of gets another, and nothing else of the name does", () => {
  assert.equal(
    named("struct __attribute__((packed)) t { int t; }; struct t *const t = (struct t *)0;", none, new Set(["t"])),
    "struct __attribute__((packed)) t_0 { int t; }; struct t_0 *const t = (struct t_0 *)0;",
  );
});

test("without that c2rust writes what Rust does not read", async () => {
  const c = (name: string) => `int ${name}(int a) { return a; } int other(int a) { return ${name}(a); }`;
  assert.match((await rustOf(c("await"))).map((i) => i.name).join(), /await_0,other/);
});

test("what a symbol was called in C is known, not guessed from its end", () => {
  const unit = {
    renamed: new Map([["loop", "loop_0"]]),
    definitions: [],
    elsewhere: new Map([
      ["free_list", "kport_u_free_list"],
      ["loop_0", "kport_u_loop"],
    ]),
  };
  assert.deepEqual(
    [...sourceNames([unit])],
    [
      ["loop_0", "loop"],
      ["kport_u_free_list", "free_list"],
      ["kport_u_loop", "loop"],
    ],
  );
});

test("no unit's helpers can be taken for another's", () => {
  const stems = helperStems(["u", "u_free", "u_free_more", "v"]);
  for (const [i, a] of stems.entries())
    for (const [j, b] of stems.entries()) assert.ok(i === j || !`${a}_`.startsWith(`${b}_`), `${a} ${b}`);
  assert.deepEqual(helperStems(["a", "b"]), ["a", "b"]);
});
