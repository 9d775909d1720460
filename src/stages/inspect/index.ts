/** Reads what a `.ko` says of itself: sections, symbols, modinfo, sizes, instructions. */
import { stat } from "node:fs/promises";
import { byName } from "../../machine/by-name.ts";
import type { ObjectFacts } from "../../report/schema.ts";
import { type CodeOf, readCode } from "./code.ts";
import { type Elf, readElf, sectionsNamed, toolsBeside } from "./elf.ts";
import { TABLES } from "./tables.ts";

export interface InspectedObject extends ObjectFacts {
  elf: Elf;
  code: CodeOf[];
}

/**
 * @param readelf llvm-readelf, with the other tools of its release beside it
 * @throws StageError("tool") when the file is no ELF object
 */
export async function inspect(ko: string, readelf: string): Promise<InspectedObject> {
  const [{ elf, disassembly }, bytes] = await Promise.all([readElf(ko, toolsBeside(readelf)), stat(ko)]);
  const facts: InspectedObject = {
    bytes: bytes.size,
    text: 0,
    data: 0,
    bss: 0,
    modinfo: modinfoOf(elf),
    imports: [],
    exports: [],
    sections: byName(),
    elf,
    code: readCode(disassembly),
  };
  for (const s of elf.sections) {
    if (!s.allocated) continue;
    if (s.type === "SHT_NOBITS") facts.bss += s.size;
    else if (s.writable) facts.data += s.size;
    else facts.text += s.size;
    const known = facts.sections[s.name];
    const entries = TABLES[s.name]?.entries(s);
    facts.sections[s.name] = {
      size: (known?.size ?? 0) + s.size,
      ...(entries === undefined ? {} : { entries: (known?.entries ?? 0) + entries }),
    };
  }
  facts.imports = [...new Set(elf.symbols.filter((s) => s.undefined && s.name !== "").map((s) => s.name))].sort();
  facts.exports = [
    ...new Set(elf.symbols.flatMap((s) => (s.undefined ? [] : (/^__ksymtab_(.+)$/.exec(s.name)?.[1] ?? [])))),
  ].sort();
  return facts;
}

/** The first `.modinfo`, as the kernel reads it. */
function modinfoOf(elf: Elf): Record<string, string> {
  const modinfo = byName<string>();
  for (const line of sectionsNamed(elf, ".modinfo")[0]?.bytes.toString("utf8").split("\0") ?? []) {
    const at = line.indexOf("=");
    if (at < 0) continue;
    const [key, value] = [line.slice(0, at), line.slice(at + 1)];
    modinfo[key] = modinfo[key] === undefined ? value : `${modinfo[key]}\n${value}`;
  }
  return modinfo;
}
