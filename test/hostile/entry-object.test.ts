/** Objects that no linker made: what a makefile can put in the place of its module. Each is a finding of the module's, never a defect of kport. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { StageError, UserError } from "../../src/machine/errors.ts";
import { readModuleFile } from "../../src/stages/boot/module-file.ts";
import { inspect, type InspectedObject } from "../../src/stages/inspect/index.ts";
import { type Elf, type ElfSection, type ElfSymbol, readElf, toolsBeside } from "../../src/stages/inspect/elf.ts";
import { byName } from "../../src/machine/by-name.ts";
import { CHECKS } from "../../src/stages/compare/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { putProgram, temporaryFolder } from "../toolchain/fakes.ts";

let whole: Buffer;
let readelf: string;

before(async (t) => {
  const { clang, llvmReadelf } = await requireTools(["clang", "llvmReadelf"]);
  readelf = llvmReadelf.path;
  const dir = await temporaryFolder(t as TestContext);
  await writeFile(
    path.join(dir, "m.c"),
    'int other(const char *);\nstatic int (*table[])(const char *) = { other };\n__attribute__((section(".modinfo"), used)) static const char name[] = "name=m";\n__attribute__((section(".gnu.linkonce.this_module"), used)) static int this_module[4];\nint init_module(void) { return table[0]("said"); }\nvoid cleanup_module(void) { other("gone"); }\n',
  );
  execFileSync(clang.path, ["-c", "-g", "-O1", "-mcmodel=kernel", "-fno-pic", "-o", "m.ko", "m.c"], { cwd: dir });
  whole = await readFile(path.join(dir, "m.ko"));
});

/** Bytes of the header (elf(5)). */
const [SECTIONS_AT, SECTION_SIZE, SECTION_COUNT, NAMES] = [40, 58, 60, 62];
const [TYPE, OFFSET, SIZE, LINK, INFO, ENTRY] = [4, 24, 32, 40, 44, 56];

/** A change of a field of every section's header that has the type; 0 is any. */
const sections =
  (type: number, change: (header: Buffer, object: Buffer) => void) =>
  (object: Buffer): void => {
    const at = Number(object.readBigUInt64LE(SECTIONS_AT));
    for (let i = 1; i < object.readUInt16LE(SECTION_COUNT); i++) {
      const header = object.subarray(at + i * 64, at + (i + 1) * 64);
      if (type === 0 || header.readUInt32LE(TYPE) === type) change(header, object);
    }
  };
const [SYMTAB, STRTAB, RELA] = [2, 3, 4];
const HUGE = 2n ** 63n - 1n;

const FORGED: readonly [string, (object: Buffer) => Buffer | void][] = [
  ["is empty", () => Buffer.alloc(0)],
  ["is text", () => Buffer.from("#!/bin/sh\nid\n")],
  ["is cut behind its header", (o) => o.subarray(0, 64)],
  ["is cut in the middle", (o) => o.subarray(0, o.length >> 1)],
  ["says that its sections lie behind its end", (o) => void o.writeBigUInt64LE(HUGE, SECTIONS_AT)],
  ["says that it has 65,279 sections", (o) => void o.writeUInt16LE(0xfeff, SECTION_COUNT)],
  ["has headers of another size", (o) => void o.writeUInt16LE(1, SECTION_SIZE)],
  ["has its names in no section", (o) => void o.writeUInt16LE(0xfffe, NAMES)],
  ["has sections that end nowhere", sections(0, (h) => void h.writeBigUInt64LE(HUGE, SIZE))],
  ["has sections that overlap", sections(0, (h) => void h.writeBigUInt64LE(64n, OFFSET))],
  ["has symbols behind its end", sections(SYMTAB, (h) => void h.writeBigUInt64LE(HUGE, OFFSET))],
  ["has symbols without number", sections(SYMTAB, (h) => void h.writeBigUInt64LE(0xffff_fff0n, SIZE))],
  ["has symbols of another size", sections(SYMTAB, (h) => void h.writeBigUInt64LE(1n, ENTRY))],
  ["has symbols whose names lie in no section", sections(SYMTAB, (h) => void h.writeUInt32LE(0xffff_ffff, LINK))],
  [
    "has symbols of sections that are not there",
    sections(SYMTAB, (h, o) => {
      const at = Number(h.readBigUInt64LE(OFFSET));
      for (let i = at; i < at + Number(h.readBigUInt64LE(SIZE)); i += 24) o.writeUInt16LE(0x7fff, i + 6);
    }),
  ],
  [
    "has names without end",
    sections(
      STRTAB,
      (h, o) =>
        void o.fill(
          0x41,
          Number(h.readBigUInt64LE(OFFSET)),
          Number(h.readBigUInt64LE(OFFSET)) + Number(h.readBigUInt64LE(SIZE)),
        ),
    ),
  ],
  [
    "has names that end a line",
    sections(
      STRTAB,
      (h, o) =>
        void o.fill(
          0x0a,
          Number(h.readBigUInt64LE(OFFSET)),
          Number(h.readBigUInt64LE(OFFSET)) + Number(h.readBigUInt64LE(SIZE)) - 1,
        ),
    ),
  ],
  [
    "has names that are no UTF-8 and end JSON",
    sections(
      STRTAB,
      (h, o) =>
        void o.fill(
          Buffer.from('\xff"}],'),
          Number(h.readBigUInt64LE(OFFSET)) + 1,
          Number(h.readBigUInt64LE(OFFSET)) + Number(h.readBigUInt64LE(SIZE)) - 1,
        ),
    ),
  ],
  ["has relocations of a section that is not there", sections(RELA, (h) => void h.writeUInt32LE(0xffff_ffff, INFO))],
  [
    "has relocations of symbols that are not there",
    sections(RELA, (h, o) => {
      const at = Number(h.readBigUInt64LE(OFFSET));
      for (let i = at; i < at + Number(h.readBigUInt64LE(SIZE)); i += 24) o.writeUInt32LE(0xffff_ffff, i + 12);
    }),
  ],
  [
    "has relocations behind their section's end",
    sections(RELA, (h, o) => {
      const at = Number(h.readBigUInt64LE(OFFSET));
      for (let i = at; i < at + Number(h.readBigUInt64LE(SIZE)); i += 24) o.writeBigUInt64LE(HUGE, i);
    }),
  ],
];

/** A finding or a module; anything else is kport's own fault. */
async function honest(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    assert.ok(
      error instanceof StageError || error instanceof UserError,
      `${what}: ${error instanceof Error ? error.stack : String(error)}`,
    );
  }
}

describe("an object that", () => {
  it("is whole is read: the control", async (t) => {
    const file = path.join(await temporaryFolder(t), "m.ko");
    await writeFile(file, whole);
    assert.ok((await inspect(file, readelf)).text > 0);
    assert.equal((await readModuleFile(file)).name, "m");
  });

  for (const [what, forge] of FORGED) {
    it(what, { timeout: 60_000 }, async (t) => {
      const object = Buffer.from(whole);
      const file = path.join(await temporaryFolder(t), "m.ko");
      await writeFile(file, forge(object) ?? object);
      await honest("inspect", () => inspect(file, readelf));
      await honest("boot", () => readModuleFile(file));
    });
  }

  it("has a reader that tells of it in no form", async (t) => {
    const dir = await temporaryFolder(t);
    await writeFile(path.join(dir, "m.ko"), whole);
    for (const said of ["", "[", "{}", "[{}]", "[[1]]"]) {
      await putProgram(path.join(dir, "bin/readelf"), `printf '%s' '${said}'`);
      await assert.rejects(
        readElf(path.join(dir, "m.ko"), { ...toolsBeside(readelf), readelf: path.join(dir, "bin/readelf") }),
        (e) => e instanceof StageError && e.check === "object",
        said,
      );
    }
  });

  it("has any one byte changed", { timeout: 300_000 }, async (t) => {
    const dir = await temporaryFolder(t);
    // The same places in every run.
    let seed = 1;
    const next = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let i = 0; i < 40; i++) {
      const object = Buffer.from(whole);
      const at =
        i % 2 === 0
          ? next(object.length)
          : Number(object.readBigUInt64LE(SECTIONS_AT)) + next(object.readUInt16LE(SECTION_COUNT) * 64);
      object[at] = next(256);
      const file = path.join(dir, `m${i}.ko`);
      await writeFile(file, object);
      await honest(`byte ${at} is ${object[at]}: inspect`, () => inspect(file, readelf));
      await honest(`byte ${at} is ${object[at]}: boot`, () => readModuleFile(file));
    }
  });
});

it("names that plain objects have are names like others, of sections and in .modinfo", async (t) => {
  const dir = await temporaryFolder(t);
  const { clang } = await requireTools(["clang"]);
  await writeFile(
    path.join(dir, "m.c"),
    '__attribute__((section("constructor"), used)) static int a = 1;\n__attribute__((section("__proto__"), used)) static int b[2] = { 1 };\n__attribute__((section(".modinfo"), used)) static const char info[] = "__proto__=x\\0constructor=y";\n',
  );
  execFileSync(clang.path, ["-c", "-o", "m.ko", "m.c"], { cwd: dir });
  const { sections: found, modinfo } = await inspect(path.join(dir, "m.ko"), readelf);
  assert.deepEqual([found["constructor"], found["__proto__"]], [{ size: 4 }, { size: 8 }]);
  assert.deepEqual(Object.entries(modinfo), [
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

it("sections that are all called as the whole file are named in time", { timeout: 600_000 }, async (t) => {
  const count = 0xfeff;
  const [headers, names] = [Buffer.alloc(count * 64), Buffer.alloc(4 * 1024 * 1024, "a")];
  const object = Buffer.concat([whole.subarray(0, 64), headers, names]);
  object.writeBigUInt64LE(64n, SECTIONS_AT);
  object.writeUInt16LE(count, SECTION_COUNT);
  object.writeUInt16LE(0, NAMES);
  object.writeBigUInt64LE(BigInt(64 + headers.length), 64 + OFFSET);
  object.writeBigUInt64LE(BigInt(names.length), 64 + SIZE);
  const file = path.join(await temporaryFolder(t), "m.ko");
  await writeFile(file, object);
  const started = performance.now();
  await assert.rejects(readModuleFile(file), UserError);
  assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
});

/** Of so many functions, each with an entry in every table. */
function full(count: number): InspectedObject {
  const section = (index: number, name: string, bytes: number): ElfSection => ({
    index,
    name,
    type: "SHT_PROGBITS",
    allocated: true,
    writable: false,
    executable: name === ".text",
    retained: false,
    align: 1,
    size: bytes * count,
    bytes: Buffer.alloc(bytes * count),
    relocations: [],
  });
  const text = section(1, ".text", 16);
  const symbols = Array.from(
    { length: count },
    (_, i): ElfSymbol => ({
      name: `f${i}`,
      section: text,
      undefined: false,
      value: i * 16,
      size: 16,
      binding: "Global",
      type: "Function",
    }),
  );
  symbols.push({ ...(symbols[0] as ElfSymbol), name: "__pfx_f0" });
  symbols.push({ ...(symbols[0] as ElfSymbol), name: "", type: "Section", value: 0, size: 0 });
  const tables = [
    section(2, "__param", 40),
    section(3, "__bug_table", 12),
    section(4, "__jump_table", 16),
    section(5, "__mcount_loc", 8),
  ];
  for (const table of tables) {
    const bytes = table.size / count;
    for (let i = 0; i < count; i++)
      for (let at = 0; at + 8 <= bytes; at += 8)
        table.relocations.push({ offset: i * bytes + at, symbol: symbols.length - 1, addend: i * 16 });
  }
  const elf: Elf = { sections: [text, ...tables], symbols };
  return {
    bytes: 0,
    text: 0,
    data: 0,
    bss: 0,
    modinfo: byName(),
    imports: [],
    exports: [],
    sections: byName(),
    elf,
    code: symbols.map((s) => ({ name: s.name, symbol: s.name, section: ".text", instructions: [] })),
  };
}

it("tables without end are looked through once", { timeout: 900_000 }, () => {
  const [c, rust] = [full(15_000), full(15_000)];
  const started = performance.now();
  for (const check of CHECKS)
    check.run({
      c,
      rust,
      config: new Map(["X86_KERNEL_IBT", "FRAME_POINTER", "DYNAMIC_FTRACE"].map((name) => [`CONFIG_${name}`, "y"])),
      constants: new Set(),
      constructs: [],
      functions: [],
      warnings: { c: [], rust: [] },
    });
  assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
});
