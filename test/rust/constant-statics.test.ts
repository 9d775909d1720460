import assert from "node:assert/strict";
import { test } from "node:test";
import { restoreConstants } from "../../src/rust/constant-statics.ts";
import { printItem, type RustItem } from "../../src/rust/items.ts";
import type { DefinitionFacts } from "../../src/stages/lower/definitions.ts";
import { ALLOW, runRust, rustOf } from "./rust.ts";

const C = `
typedef struct { int (*get)(int); const char *name; } ops_t;
struct number { int n; };
static int twice(int x) { return 2 * x; }
const ops_t ops[2] = { { twice, "first" }, { 0, "names[1]" } };
const struct number one = { 1 };
const char letters[] = "abc";
const char *const names[2] = { "ada", "bob" };
int *const nothing = 0;
const char *changing = "x";
int total(int i) { const char *p = names[1]; return ops[0].get(one.n + letters[1]) + p[0] + names[0][i] + (nothing == 0) + changing[0] + sizeof(names); }
`;
const constant = (name: string): DefinitionFacts => ({
  name,
  kind: "variable",
  weak: false,
  noinline: false,
  constant: true,
});

test("what C declares constant is no `static mut`, and is used as before", async () => {
  const items = restoreConstants(await rustOf(C), ["ops", "one", "letters", "names", "nothing"].map(constant));
  const text = (name: string): string => printItem(items.find((i) => i.name === name) as RustItem);
  for (const name of ["ops", "one", "letters", "names", "nothing"])
    assert.match(text(name), new RegExp(`static ${name}:`));
  assert.match(text("changing"), /static mut changing:/);
  const program = items
    .filter((i) => i.kind !== "use")
    .map(printItem)
    .join("\n");
  const r = await runRust(`${ALLOW}${program}\nfn main() { unsafe { println!("{}", total(1)); } }\n`);
  assert.equal(r.stdout, `${2 * (1 + 98) + 98 + 100 + 1 + 120 + 16}\n`, r.stderr);
});

test("without a constant nothing changes", async () => {
  const items = await rustOf("int x = 1;\n");
  assert.deepEqual(restoreConstants(items, []), items);
});

test("so is what a function has for itself, and no variable of its name elsewhere", async () => {
  const c = `
struct number { int n; };
int used(int i) { static const struct number plain = { 3 }; static const int rates[2] = { 8, 9 }; static struct number own = { 4 };
  own.n += i; const struct number *p = &plain; return p->n + rates[i] + own.n; }
int other(void) { static int count; return ++count; }
`;
  const rust = await rustOf(c);
  const text = (items: readonly RustItem[], name: string): string =>
    printItem(items.find((i) => i.name === name) as RustItem);
  const local = (name: string): DefinitionFacts => ({ ...constant(name), within: "used" });
  const items = restoreConstants(rust, ["plain", "rates"].map(local));
  assert.match(text(items, "used"), /static plain: [^]*static rates: [^]*static mut own: /);
  assert.match(text(items, "other"), /static mut count: /);
  // A constant of the file's says nothing of what a function calls the same.
  assert.equal(text(restoreConstants(rust, [constant("count")]), "other"), text(rust, "other"));
  const program = items
    .filter((i) => i.kind !== "use")
    .map(printItem)
    .join("\n");
  const r = await runRust(`${ALLOW}${program}\nfn main() { unsafe { println!("{}", used(1) + other()); } }\n`);
  assert.equal(r.stdout, `${3 + 9 + 5 + 1}\n`, r.stderr);
});

test("pointers that a function has for itself are held, in that function alone, unless something else there has their name", async () => {
  const c = `
const char *name(int i) { static const char *const names[] = { "ada", "bob" }; return names[i]; }
const char **other(int i) { static const char *names[2]; names[i] = "eve"; return names; }
const char *twice(int i) { if (i) { static const char *const both = "static"; return both; } else { const char *both = "local"; return both; } }
`;
  const rust = await rustOf(c);
  const own = (within: string, name: string): DefinitionFacts => ({ ...constant(name), within, shared: true });
  const items = restoreConstants(rust, [own("name", "names"), own("twice", "both")]);
  const text = (name: string): string => printItem(items.find((i) => i.name === name) as RustItem);
  assert.match(text("name"), /static names: kport_constant<\[[^]*names\.0/);
  assert.match(text("other"), /static mut names: \[/);
  const program = items
    .filter((i) => i.kind !== "use")
    .map(printItem)
    .join("\n");
  const main = 'print!("{} {} {} ", *name(1), **other(1).offset(1), *twice(1)); println!("{}", *twice(0))';
  const r = await runRust(`${ALLOW}${program}\nfn main() { unsafe { ${main}; } }\n`);
  assert.equal(r.stdout, "98 101 115 108\n", r.stderr);
});
