/** An object file as llvm-readelf tells it: sections, symbols, relocations, without what only a debugger reads. */
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { TOOL_OUTPUT } from "../../machine/bounds.ts";
import { scratchFolder } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { run } from "../../machine/process.ts";
import { LARGEST_OBJECT, readUntrusted } from "../../machine/untrusted-folder.ts";
import { filesOfProgram } from "../../toolchain/program.ts";
import { relocationAt, symbolAt } from "./places.ts";

const named = z.object({ Name: z.string(), Value: z.number() });
/** The part of `llvm-readelf --elf-output-style=JSON -S -s -r` that is read here. */
const printed = z.array(
  z.object({
    Sections: z.array(
      z.object({
        Section: z.object({
          Index: z.number(),
          Name: named,
          Type: named,
          Flags: z.object({ Flags: z.array(z.object({ Name: z.string() })) }),
          Offset: z.number(),
          Size: z.number(),
          Info: z.number(),
          AddressAlignment: z.number(),
        }),
      }),
    ),
    Symbols: z.array(
      z.object({
        Symbol: z.object({
          Name: named,
          Value: z.number(),
          Size: z.number(),
          Binding: named,
          Type: named,
          Section: named,
        }),
      }),
    ),
    Relocations: z.array(
      z.object({
        SectionIndex: z.number(),
        Relocs: z.array(z.object({ Relocation: z.object({ Offset: z.number(), Symbol: named, Addend: z.number() }) })),
      }),
    ),
  }),
);

export interface ElfSection {
  index: number;
  name: string;
  /** `SHT_NOBITS`, … */
  type: string;
  allocated: boolean;
  writable: boolean;
  executable: boolean;
  /** SHF_GNU_RETAIN, which linkers keep apart and the kernel's loader reads as SHF_RO_AFTER_INIT (include/linux/module.h). */
  retained: boolean;
  size: number;
  /** Bytes that the loader aligns it to. */
  align: number;
  /** Empty for SHT_NOBITS. */
  bytes: Buffer;
  relocations: ElfRelocation[];
}

export interface ElfRelocation {
  /** Within the section. */
  offset: number;
  /** The index in the symbol table. */
  symbol: number;
  addend: number;
}

export interface ElfSymbol {
  name: string;
  /** Its section; absent for what is undefined or absolute. */
  section?: ElfSection;
  undefined: boolean;
  value: number;
  size: number;
  binding: "Local" | "Global" | "Weak";
  /** `Function`, `Object`, `None`, `Section`, … */
  type: string;
}

export interface Elf {
  sections: ElfSection[];
  /** In the symbol table's order: relocations name them by index. */
  symbols: ElfSymbol[];
}

/** The programs that read objects; they come with clang. */
export interface BinaryTools {
  readelf: string;
  objcopy: string;
  objdump: string;
}

/** The tools beside a readelf: `llvm-readelf-19` has `llvm-objdump-19` next to it. */
export function toolsBeside(readelf: string): BinaryTools {
  const sibling = (name: string): string =>
    path.join(path.dirname(readelf), path.basename(readelf).replace("readelf", name));
  return { readelf, objcopy: sibling("objcopy"), objdump: sibling("objdump") };
}

/**
 * Read an object, and disassemble what can be executed of it.
 * @returns the object and llvm-objdump's text, with relocations
 * @throws StageError("tool") when the file is no ELF object, StageError("object") when it is a broken one
 */
export async function readElf(file: string, tools: BinaryTools): Promise<{ elf: Elf; disassembly: string }> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-elf-"));
  const plain = path.join(scratch.dir, "plain.o");
  // A module's debug information is ten times the module, and most of its relocations.
  // The object is a stranger's, and so is whatever reads it once that has gone wrong.
  const programs = [tools.objcopy, tools.readelf, tools.objdump].flatMap(filesOfProgram);
  await run(tools.objcopy, ["--strip-debug", file, plain], {
    sandbox: { writable: [scratch.dir], readable: [file, ...programs] },
  });
  const content = await readUntrusted(scratch.dir, plain, LARGEST_OBJECT);
  const reading = { sandbox: { writable: [], readable: [scratch.dir, ...programs] }, output: TOOL_OUTPUT };
  const [r, disassembled] = await Promise.all([
    run(tools.readelf, ["--elf-output-style=JSON", "-S", "-s", "-r", plain], reading),
    run(tools.objdump, ["-d", "-r", "--no-show-raw-insn", plain], reading),
  ]);
  const object = tables(file, r.stdout);
  const sections = (object?.Sections ?? []).map(({ Section: s }): ElfSection => {
    const flags = new Set(s.Flags.Flags.map((f) => f.Name));
    const bytes = s.Type.Name === "SHT_NOBITS" ? Buffer.alloc(0) : content.subarray(s.Offset, s.Offset + s.Size);
    return {
      index: s.Index,
      name: s.Name.Name,
      type: s.Type.Name,
      allocated: flags.has("SHF_ALLOC"),
      writable: flags.has("SHF_WRITE"),
      executable: flags.has("SHF_EXECINSTR"),
      retained: flags.has("SHF_GNU_RETAIN"),
      size: s.Size,
      align: Math.max(1, s.AddressAlignment),
      bytes,
      relocations: [],
    };
  });
  const bySection = new Map(sections.map((s) => [s.index, s]));
  const target = new Map((object?.Sections ?? []).map(({ Section: s }) => [s.Index, bySection.get(s.Info)]));
  for (const { SectionIndex, Relocs } of object?.Relocations ?? []) {
    for (const { Relocation: x } of Relocs)
      target.get(SectionIndex)?.relocations.push({ offset: x.Offset, symbol: x.Symbol.Value, addend: x.Addend });
  }
  const symbols = (object?.Symbols ?? []).map(({ Symbol: s }): ElfSymbol => {
    const section = bySection.get(s.Section.Value);
    const binding = s.Binding.Name === "Weak" || s.Binding.Name === "Global" ? s.Binding.Name : "Local";
    return {
      name: s.Name.Name,
      ...(section === undefined || s.Section.Value === 0 ? {} : { section }),
      undefined: s.Section.Value === 0,
      value: s.Value,
      size: s.Size,
      binding,
      type: s.Type.Name,
    };
  });
  return { elf: { sections, symbols }, disassembly: disassembled.stdout };
}

/** @throws StageError where the object is so broken that readelf's own text is */
function tables(file: string, json: string): z.infer<typeof printed>[number] | undefined {
  try {
    return printed.parse(JSON.parse(withSignedAddends(json)))[0];
  } catch {
    throw new StageError(
      "object",
      `${path.basename(file)} is no object that can be read: llvm-readelf's account of its sections, symbols and relocations is broken`,
    );
  }
}

/** readelf prints a negative addend as an unsigned 64-bit number, which JSON's reader would round. */
function withSignedAddends(json: string): string {
  return json.replace(
    /("Addend": ?)(\d{16,})/g,
    (_, key: string, addend: string) => `${key}${BigInt.asIntN(64, BigInt(addend))}`,
  );
}

/** All sections of a name: a relocatable object may hold several. */
export function sectionsNamed(elf: Elf, name: string): ElfSection[] {
  return elf.sections.filter((s) => s.name === name);
}

/** What a relocation at `offset` refers to: a symbol, or a place within a section. */
export function targetAt(
  elf: Elf,
  section: ElfSection,
  offset: number,
): { symbol: ElfSymbol; addend: number } | undefined {
  const r = relocationAt(section, offset);
  const symbol = r === undefined ? undefined : elf.symbols[r.symbol];
  return r === undefined || symbol === undefined ? undefined : { symbol, addend: r.addend };
}

/** The name of a relocation's target: the symbol's own, or that of the symbol that lies where a section's symbol and the addend point. */
export function targetName(elf: Elf, target: { symbol: ElfSymbol; addend: number }): string {
  const { symbol, addend } = target;
  if (symbol.type !== "Section") return symbol.name;
  return symbolAt(elf, symbol.section, addend)?.name ?? `${symbol.section?.name ?? ""}+${addend}`;
}

/** The string a relocation points at. */
export function targetString(target: { symbol: ElfSymbol; addend: number }): string | undefined {
  const { section, value } = target.symbol;
  if (section === undefined) return undefined;
  const from = value + target.addend;
  const end = section.bytes.indexOf(0, from);
  return end < 0 ? undefined : section.bytes.subarray(from, end).toString("utf8");
}
