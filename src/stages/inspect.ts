/** Reads what a `.ko` says of itself: sections, symbols, modinfo, sizes. */
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { run } from "../process.ts";
import type { ObjectFacts } from "../report/schema.ts";

const named = z.object({ Name: z.string() });
/** The part of `llvm-readelf --elf-output-style=JSON -S -s` that is read here. */
const elf = z.array(
  z.object({
    Sections: z.array(
      z.object({
        Section: z.object({ Name: named, Type: named, Flags: z.object({ Flags: z.array(named) }), Offset: z.number(), Size: z.number() }),
      }),
    ),
    Symbols: z.array(z.object({ Symbol: z.object({ Name: named, Binding: named, Section: named, Type: named, Size: z.number() }) })),
  }),
);

/** Bytes of one entry on x86-64, of the tables whose entries are worth counting: struct kernel_param, and kernel_symbol with relative references. */
const ENTRY_BYTES: Record<string, number> = { __param: 40, __ksymtab: 12, __ksymtab_gpl: 12, __bug_table: 12 };

export interface InspectedObject extends ObjectFacts {
  /** Sections that must not be as they are: a second or a writable `.modinfo`, a `.init_array` that nothing runs. */
  defects: string[];
}

/** @throws StageError("tool") when the file is no ELF object */
export async function inspect(ko: string, readelf: string): Promise<InspectedObject> {
  const [printed, file, bytes] = await Promise.all([run(readelf, ["--elf-output-style=JSON", "-S", "-s", ko]), readFile(ko), stat(ko)]);
  const [object] = elf.parse(JSON.parse(printed.stdout));
  const facts: InspectedObject = { bytes: bytes.size, text: 0, data: 0, bss: 0, modinfo: {}, imports: [], exports: [], sections: {}, defects: [] };
  for (const { Section: s } of object?.Sections ?? []) {
    const flags = new Set(s.Flags.Flags.map((f) => f.Name));
    if (!flags.has("SHF_ALLOC")) continue;
    const name = s.Name.Name;
    if (s.Type.Name === "SHT_NOBITS") facts.bss += s.Size;
    else if (flags.has("SHF_WRITE")) facts.data += s.Size;
    else facts.text += s.Size;
    const entry = ENTRY_BYTES[name];
    const size = (facts.sections[name]?.size ?? 0) + s.Size;
    facts.sections[name] = { size, ...(entry === undefined ? {} : { entries: Math.round(size / entry) }) };
    if (name === ".init_array") facts.defects.push(".init_array is not empty: kernels do not run it, so an initialiser would never be applied");
    if (name !== ".modinfo") continue;
    if (flags.has("SHF_WRITE")) facts.defects.push(".modinfo is writable: it does not merge with kbuild's");
    if (Object.keys(facts.modinfo).length > 0) facts.defects.push("there are two .modinfo sections: the kernel reads the first only");
    for (const line of file.subarray(s.Offset, s.Offset + s.Size).toString("utf8").split("\0")) {
      const at = line.indexOf("=");
      if (at < 0) continue;
      const [key, value] = [line.slice(0, at), line.slice(at + 1)];
      facts.modinfo[key] = facts.modinfo[key] === undefined ? value : `${facts.modinfo[key]}\n${value}`;
    }
  }
  for (const { Symbol: s } of object?.Symbols ?? []) {
    const name = s.Name.Name;
    if (name === "") continue;
    if (s.Section.Name === "Undefined") facts.imports.push(name);
    const exported = /^__ksymtab_(.+)$/.exec(name)?.[1];
    if (exported !== undefined && s.Section.Name !== "Undefined" && !["gpl", "strings"].includes(exported)) facts.exports.push(exported);
  }
  facts.imports.sort();
  facts.exports = [...new Set(facts.exports)].sort();
  return facts;
}
