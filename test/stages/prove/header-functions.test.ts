/** Functions of the module's own headers: each unit's in C, once in the crate. What calls them is compared with what calls its unit's. */
import assert from "node:assert/strict";
import { before, it } from "node:test";
import { compareSides, type ProofTools } from "../../../src/stages/prove/compared.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { crateOfRust, Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

let tools: ProofTools;
before(async () => {
  const provers = await findProvers((await requireTools(["rustc"])).rustc);
  assert.ok(typeof provers !== "string", String(provers));
  tools = { opt: provers.opt.path, sandbox: { writable: [] } };
});

/** Too large to be a part of its callers where it is compared by itself. */
const count = (linkage: string, symbol: string, by: number): string => {
  const stores = Array.from({ length: 70 }, () => "  store volatile i32 %n, ptr @counter, align 4");
  return `define ${linkage}i32 @${symbol}(i32 %n) {\n${stores.join("\n")}\n  %r = add i32 %n, ${by}\n  ret i32 %r\n}\n`;
};
const caller = (linkage: string, symbol: string, callee: string): string =>
  `define ${linkage}i32 @${symbol}(i32 %n) {\n  %r = call i32 @${callee}(i32 %n)\n  %s = mul i32 %r, 3\n  ret i32 %s\n}\n`;
const COUNTER = "@counter = external global i32\n";
const [IN_HEADERS, IN_A] = ["_RNvNtC3mod7headers5count", "_RNvNtC3mod1a5count"];

/** Two units that include one header, of which each has its own `count`. */
const c = (by: number): Side =>
  new Side(
    "c",
    ["a", "b"].map((unit) =>
      unitOfC(
        new IrModule(
          `${COUNTER}${count("internal ", "count", by)}${caller("internal ", "from", "count")}${caller("", `${unit}_all`, "count")}`,
        ),
        unit,
      ),
    ),
  );
const crate = (text: string): Side => new Side("rust", [crateOfRust(new IrModule(`${COUNTER}${text}`), "mod")]);
const from = (callee: string): string =>
  ["a", "b"].map((unit) => caller("internal ", `_RNvNtC3mod1${unit}4from`, callee)).join("");

async function proved(inC: Side, inRust: Side, keys: readonly string[]): Promise<string[]> {
  const outcomes = await compareSides(inC, inRust, keys, tools);
  return keys.filter((k) => outcomes.get(k)?.same === true);
}

it("what calls one calls its unit's", async () => {
  const keys = ["a::count", "b::count", "a::from", "b::from"];
  assert.deepEqual(await proved(c(2), crate(count("internal ", IN_HEADERS, 2) + from(IN_HEADERS)), keys), keys);
});

it("one that does something else is not proved, and what calls something else is not either", async () => {
  const keys = ["a::count", "b::count", "a::from", "b::from"];
  // Its callers do the same as long as it does.
  const wrong = crate(count("internal ", IN_HEADERS, 3) + from(IN_HEADERS));
  assert.deepEqual(await proved(c(2), wrong, keys), ["a::from", "b::from"]);
  const other = crate(
    count("internal ", IN_HEADERS, 2) +
      count("internal ", "_RNvNtC3mod7headers7recount", 2) +
      from("_RNvNtC3mod7headers7recount"),
  );
  assert.deepEqual(await proved(c(2), other, keys), ["a::count", "b::count"]);
});

it("where the unit has one of its own in the crate, that of the headers is another one", async () => {
  const both = count("internal ", IN_HEADERS, 3) + count("internal ", IN_A, 2);
  const keys = ["a::count", "a::from"];
  assert.deepEqual(await proved(c(2), crate(both + from(IN_HEADERS)), keys), ["a::count"]);
  assert.deepEqual(await proved(c(2), crate(both + from(IN_A)), keys), keys);
});

it("a function that is no unit's own calls the only one there is, and of two neither", async () => {
  const all = count("internal ", IN_HEADERS, 2) + caller("", "a_all", IN_HEADERS);
  assert.deepEqual(await proved(c(2), crate(all), ["a::count", "a_all"]), ["a::count", "a_all"]);
  const keys = ["a::count", "b::count", "a_all"];
  assert.deepEqual(await proved(c(2), crate(all), keys), ["a::count", "b::count"]);
});
