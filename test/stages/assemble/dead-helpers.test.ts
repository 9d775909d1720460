import assert from "node:assert/strict";
import { test } from "node:test";
import { deadHelpers, withoutHelpers } from "../../../src/stages/assemble/dead-helpers.ts";
import type { Elf, ElfRelocation, ElfSection, ElfSymbol } from "../../../src/stages/inspect/elf.ts";
import type { TranspiledUnit } from "../../../src/stages/transpile/index.ts";

/** Functions of 16 bytes each in .text, and who refers to whom: a function, or a section. */
function moduleOf(
  functions: readonly string[],
  references: readonly (readonly [from: string, to: string])[],
): { elf: Elf } {
  const section = (index: number, name: string): ElfSection => ({
    index,
    name,
    type: "SHT_PROGBITS",
    allocated: true,
    writable: false,
    executable: name === ".text",
    retained: false,
    align: 1,
    size: 16 * functions.length,
    bytes: Buffer.alloc(16 * functions.length),
    relocations: [],
  });
  const others = [...new Set(references.flat())].filter((n) => !functions.includes(n));
  const sections = [".text", ...others].map((name, i) => section(i + 1, name));
  const named = (name: string): ElfSection => sections.find((s) => s.name === name) as ElfSection;
  const symbols: ElfSymbol[] = [
    ...functions.map(
      (name, i): ElfSymbol => ({
        name,
        section: named(".text"),
        undefined: false,
        value: 16 * i,
        size: 16,
        binding: "Global",
        type: "Function",
      }),
    ),
    ...others.map(
      (name): ElfSymbol => ({
        name: "",
        section: named(name),
        undefined: false,
        value: 0,
        size: 0,
        binding: "Local",
        type: "Section",
      }),
    ),
  ];
  for (const [from, to] of references) {
    const at = functions.indexOf(from);
    const relocation: ElfRelocation = {
      offset: Math.max(at, 0) * 16 + 4,
      symbol: functions.includes(to) ? functions.indexOf(to) : functions.length + others.indexOf(to),
      addend: 0,
    };
    (at >= 0 ? named(".text") : named(from)).relocations.push(relocation);
  }
  return { elf: { sections, symbols } as Elf };
}

const unit = {
  unit: {
    helpers: {
      preamble: "",
      defines: false,
      wrappers: [{ symbol: "kport_w", text: "w" }],
      moved: [
        { symbol: "kport_m", text: "m" },
        { symbol: "kport_n", text: "n" },
      ],
    },
  },
} as unknown as TranspiledUnit;
const dead = (...references: (readonly [string, string])[]): string[] =>
  [...deadHelpers(moduleOf(["init", "kport_w", "kport_m", "kport_n"], references), moduleOf([], []), [unit])].sort();

/** Its `__dyndbg` with a descriptor for each text, of the function `probe`. */
function withDescriptors(made: { elf: Elf }, texts: readonly string[]): { elf: Elf } {
  const strings = {
    index: 90,
    name: ".rodata.str1.1",
    relocations: [],
    bytes: Buffer.from(`probe\0${texts.join("\0")}\0`),
  };
  const symbol =
    made.elf.symbols.push({ name: "", section: strings, value: 0, type: "Section" } as unknown as ElfSymbol) - 1;
  const found = made.elf.sections.find((s) => s.name === "__dyndbg");
  const section = found ?? ({ index: 91, name: "__dyndbg", relocations: [], allocated: true } as unknown as ElfSection);
  if (!found) made.elf.sections.push(section);
  section.size = 56 * texts.length;
  section.relocations = texts.flatMap((text, k) =>
    [0, 8, 16, 24].map((field) => ({
      offset: 56 * k + field,
      symbol,
      addend: field === 24 ? strings.bytes.indexOf(text) : 0,
    })),
  );
  return made;
}

test("one whose pr_debug the C has too stays, and what it calls; not where a living one says the same", () => {
  const rust = (...alive: (readonly [string, string])[]): { elf: Elf } =>
    withDescriptors(
      moduleOf(["init", "kport_w", "kport_m", "kport_n"], [["kport_m", "__dyndbg"], ["kport_m", "kport_w"], ...alive]),
      ["evil IPX"],
    );
  const of = (r: { elf: Elf }, ...c: string[]): string[] =>
    [...deadHelpers(r, withDescriptors(moduleOf([], []), c), [unit])].sort();
  assert.deepEqual(of(rust(["init", "kport_n"]), "evil IPX"), []);
  assert.deepEqual(
    of(rust(["init", "kport_n"]), "802"),
    ["kport_m", "kport_w"],
    "another message is lost, not this one",
  );
  assert.deepEqual(of(rust(["init", "kport_n"])), ["kport_m", "kport_w"]);
  assert.deepEqual(of(rust(["init", "kport_n"], ["init", "kport_m"]), "evil IPX"), []);
});

test("a helper with an entry in a table that nothing calls is dead, and those that only it calls", () => {
  assert.deepEqual(dead(["init", "kport_w"], ["init", "kport_n"], ["kport_m", "__dyndbg"]), ["kport_m"]);
  assert.deepEqual(dead(["init", "kport_n"], ["kport_m", "__dyndbg"], ["kport_m", "kport_w"]), ["kport_m", "kport_w"]);
  assert.deepEqual(dead(["init", "kport_w"], ["init", "kport_n"], ["__bug_table", "kport_m"]), ["kport_m"]);
});

test("one that is called, from a function or a live helper, or that data points to, lives", () => {
  assert.deepEqual(dead(["init", "kport_w"], ["kport_w", "kport_m"], ["init", "kport_n"], ["kport_m", "__dyndbg"]), []);
  assert.deepEqual(dead(["init", "kport_w"], [".rodata", "kport_m"], ["init", "kport_n"], ["kport_m", "__dyndbg"]), []);
});

test("code that is never run and in no table stays: nothing is counted wrongly for it", () => {
  assert.deepEqual(dead(["init", "kport_w"], ["init", "kport_n"]), []);
  assert.deepEqual(
    dead(["init", "kport_w"], ["init", "kport_n"], [".return_sites", "kport_m"], [".orc_unwind_ip", "kport_m"]),
    [],
  );
});

test("the others of the unit stay", () => {
  const { helpers } = withoutHelpers(unit, new Set(["kport_m", "kport_w"])).unit;
  assert.deepEqual([helpers?.wrappers, helpers?.moved.map((m) => m.symbol)], [[], ["kport_n"]]);
});
