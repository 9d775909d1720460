import assert from "node:assert/strict";
import { test } from "node:test";
import { withFileMacros } from "../../src/stages/print/items/file-macros.ts";
import { inOrderOfC } from "../../src/stages/print/items/order-of-c.ts";
import { UnitFacts } from "../../src/stages/print/unit-facts.ts";
import { factsOf } from "../facts/facts-of.ts";
import { flat } from "./print.ts";

const TABLE =
  "#define TABLE(type, name) extern typeof(name) __mod_##type##__##name##_table __attribute__((unused, alias(#name)))\nstruct id { int a; };\n";

/** As definitions.ts writes it. */
const alias = (name: string, target: string): string =>
  `::core::arch::global_asm!(\n    ".globl ${name}",\n    ".set ${name}, {target}",\n    target = sym ${target},\n);\n`;
const ids = (name: string): string => `static ${name}: [id; 1] = [id { a: 1 }];\n`;

async function made(c: string, rust: string): Promise<Map<string, string>> {
  const { facts } = await factsOf(`${TABLE}${c}`);
  const unit = [
    { file: "src/unit.rs", main: 0, facts: new UnitFacts(facts), source: () => Buffer.from(`${TABLE}${c}`) },
  ];
  const crate = { "src/bindings.rs": "", "src/macros.rs": "", "src/unit.rs": `use crate::bindings::*;\n\n${rust}` };
  return withFileMacros(inOrderOfC(new Map(Object.entries(crate)), unit), unit);
}

test("another symbol of a table stands where the C has it, by the macro's name", async () => {
  const out = await made(
    "static const struct id usb_ids[1] = {{1}};\nTABLE(usb, usb_ids);\nstatic const struct id b[1] = {{1}};\nTABLE(of, b);\n",
    `${alias("__mod_usb__usb_ids_table", "usb_ids")}\n${alias("__mod_of__b_table", "b")}\n${ids("usb_ids")}\n${ids("b")}`,
  );
  assert.equal(
    flat(out.get("src/unit.rs") ?? ""),
    flat(`use crate::bindings::*; ${ids("usb_ids")} TABLE!(usb, usb_ids); ${ids("b")} TABLE!(of, b);`),
  );
  assert.equal(
    flat(out.get("src/macros.rs") ?? ""),
    'macro_rules! TABLE { ($ty:ident, $name:ident) => { ::core::arch::global_asm!( concat!(".globl __mod_", stringify!($ty), "__", stringify!($name), "_table"), concat!(".set __mod_", stringify!($ty), "__", stringify!($name), "_table, {target}"), target = sym $name, ); }; } pub(crate) use {TABLE};',
  );
});

test("one that is not seen to be made of the arguments is written out, in its place", async () => {
  const text = alias("__mod_a__a_table", "a");
  const out = await made("static const struct id a[1] = {{1}};\nTABLE(a, a);\n", `${text}\n${ids("a")}`);
  assert.equal(flat(out.get("src/unit.rs") ?? ""), flat(`use crate::bindings::*; ${ids("a")} ${text}`));
  assert.equal(out.get("src/macros.rs"), "");
});
