/** What clang is said to have written down of a unit, forged: a file of the right form that says what no compiler says. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { readFacts } from "../../src/facts/read.ts";
import type { Facts } from "../../src/facts/schema.ts";
import { StageError } from "../../src/machine/errors.ts";
import { readCrateFile } from "../../src/stages/print/crate-file.ts";
import { BOLD } from "../../src/stages/print/form.ts";
import { withFileMacros } from "../../src/stages/print/items/file-macros.ts";
import { MacroBook } from "../../src/stages/print/macro-book.ts";
import { UnitPrinter } from "../../src/stages/print/unit.ts";
import { factsOf } from "../facts/facts-of.ts";

const C =
  "struct s { int a; struct s *next; };\nenum e { ONE = 1 };\n#define TWICE(x) ((x) * 2)\n/* c */\nint f(struct s *p) { int q = TWICE(ONE); /* c */ return p->a + q; }\nstatic int v = TWICE(3);\n";
const RUST =
  '#[repr(C)]\npub struct s { pub a: c_int, pub next: *mut s }\npub const ONE: c_uint = 1;\n#[no_mangle]\npub unsafe extern "C" fn f(mut p: *mut s) -> c_int { return (*p).a; }\nstatic mut v: c_int = 6;\n';

let dir: string;
let good: Facts;
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-forged-"));
  good = (await factsOf(C)).facts;
});
after(() => rm(dir, { recursive: true, force: true }));

async function read(facts: unknown): Promise<Facts> {
  const file = path.join(dir, "facts.json");
  await writeFile(file, JSON.stringify(facts));
  return readFacts(file, "/somewhere/unit.c");
}

async function refused(change: (f: Facts) => void, why: RegExp): Promise<void> {
  const forged = structuredClone(good);
  change(forged);
  await assert.rejects(
    read(forged),
    (e: unknown) => e instanceof StageError && e.check === "facts" && why.test(e.message),
  );
}

/** As the print stage does it, with the sources that a file of any length may have. */
function print(facts: Facts): void {
  const book = new MacroBook();
  const unit = new UnitPrinter(
    { rust: RUST, facts, moved: [], renamed: new Map(), source: () => Buffer.from(C) },
    readCrateFile("").environment,
  );
  unit.print(book, BOLD);
  book.settle();
  unit.print(book, BOLD);
  withFileMacros(
    new Map([
      ["src/u.rs", RUST],
      ["src/macros.rs", ""],
    ]),
    [{ file: "src/u.rs", main: 0, facts: unit.unit, source: () => Buffer.from(C) }],
  );
}

describe("forged facts", () => {
  it("have names that are none of C's", async () => {
    const names = [
      "x() {} fn evil",
      "(a+)+$",
      "a\nb",
      "a\u202eb",
      "a\ue000b",
      "\u3164",
      "a\u115f",
      "a\u{e0100}",
      "../a",
      "1a",
      "a b",
      "#[path]",
      "\0",
    ];
    for (const name of names) {
      await refused(
        (f) => ((f.declarations.find((d) => d.k === "function") as { name: string }).name = name),
        /declarations\.\d+\.name/,
      );
      await refused((f) => ((f.macros[0] as { name: string }).name = name), /macros\.0\.name/);
      await refused(
        (f) => ((f.macros.find((m) => m.parameters) as { parameters: string[] }).parameters = [name]),
        /parameters/,
      );
      await refused(
        (f) =>
          ((f.declarations.find((d) => d.k === "record" && d.fields) as { fields: { name: string }[] }).fields[0] = {
            ...(f.declarations.find((d) => d.k === "record" && d.fields) as never as { fields: object[] }).fields[0],
            name,
          } as never),
        /fields\.0\.name/,
      );
    }
    // The control: what C can be written with is taken.
    for (const name of ["größe", "a$b", "__proto__", "constructor", "变量"])
      await read({ ...good, macros: [{ ...good.macros[0], name }, ...good.macros.slice(1)] });
  });

  it("have nodes, types and paths that are a billion when they are spelled out", { timeout: 60_000 }, async () => {
    await refused((f) => {
      const [sum] = f.nodes.flatMap((n) => (n.k === "binary" ? [n] : []));
      for (let i = 0; i < 60; i++)
        f.nodes.push({ ...(sum as object), left: f.nodes.length - 1, right: f.nodes.length - 1 } as never);
      (f.declarations.find((d) => d.k === "function") as { body: number }).body = f.nodes.length - 1;
    }, /stand in one another too often/);
    await refused((f) => {
      for (let i = 0; i < 40; i++)
        f.types.push({ k: "function", result: f.types.length - 1, parameters: [f.types.length - 1] });
    }, /more than 20000 parts/);
    await refused((f) => {
      for (let i = 0; i < 50_000; i++) f.paths.push({ up: f.paths.length, x: 0 });
    }, /too deep/);
    await refused((f) => {
      const [x] = f.expansions;
      for (let i = 0; i < 10_000; i++)
        f.expansions.push({ ...(x as object), arguments: [{ f: 0, b: 0, e: 1_000_000, l: 1 }] } as never);
    }, /too long/);
  });

  it("are printed or refused, whatever numbers and words stand in them", { timeout: 120_000 }, async () => {
    const words = [
      "",
      "a",
      "constructor",
      "__proto__",
      "*/",
      "// \\\nfn evil() {}",
      "/*",
      "\ue000{\ue001",
      "\u202e",
      "$1",
      "'",
      '"',
      "0x",
      "-1",
    ];
    const places: { at: (string | number)[]; value: unknown }[] = [];
    const collect = (value: unknown, at: (string | number)[]): void => {
      if (typeof value === "object" && value !== null)
        for (const [k, v] of Object.entries(value)) collect(v, [...at, Array.isArray(value) ? Number(k) : k]);
      else places.push({ at, value });
    };
    collect(good, []);
    const change = fc.record({
      place: fc.integer({ min: 0, max: places.length - 1 }),
      number: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(1e6, 2 ** 31, 2 ** 52)),
      word: fc.constantFrom(...words),
    });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const forged = structuredClone(good) as never as Record<string, never>;
        for (const { place, number, word } of changes) {
          const { at, value } = places[place] as (typeof places)[number];
          const holder = at.slice(0, -1).reduce<Record<string | number, never>>((o, k) => o[k] as never, forged);
          holder[at.at(-1) as string] = (
            typeof value === "number" ? number : typeof value === "string" ? word : value
          ) as never;
        }
        let facts: Facts;
        try {
          facts = await read(forged);
        } catch (error) {
          assert.ok(error instanceof StageError, String(error));
          return;
        }
        taken++;
        print(facts);
      }),
      { numRuns: 1500 },
    );
    assert.ok(taken > 100, `${taken} of them were of the form`);
  });
});
