/** Which functions an object takes the address of. Nothing else of its own can reach the others but by a direct branch, which needs no `endbr64`. */
import type { CodeOf } from "./code.ts";
import type { Elf, ElfSection, ElfSymbol } from "./elf.ts";
import { TABLES } from "./tables.ts";

/** @returns whether an instruction that is no direct branch, or data, refers to the function's first byte */
export function addressesTaken({ elf, code }: { elf: Elf; code: readonly CodeOf[] }): (f: ElfSymbol) => boolean {
  const taken = new Set<string>();
  // Within a section the assembler needs no relocation.
  const loaded = new Set(
    code.flatMap((f) =>
      f.instructions.flatMap((i) => (i.op.startsWith("lea") && i.target !== undefined ? [i.target] : [])),
    ),
  );
  for (const s of elf.sections) {
    // Those tables list places in code; what they list of whole functions are exports, which are global.
    if (!s.allocated || s.name in TABLES) continue;
    for (const r of s.relocations) {
      const to = elf.symbols[r.symbol];
      if (to?.section === undefined || (s.executable && isBranch(s.bytes, r.offset))) continue;
      // What an instruction says relative to itself is counted from behind the four bytes of it.
      for (const at of s.executable ? [r.addend, r.addend + 4] : [r.addend])
        taken.add(place(to.section, to.value + at));
    }
  }
  return (f) => loaded.has(f.name) || (f.section !== undefined && taken.has(place(f.section, f.value)));
}

const place = (section: ElfSection, offset: number): string => `${section.index}:${offset}`;

/** Whether a relocation is the target of `call`, `jmp` or `jcc`. */
function isBranch(code: Buffer, at: number): boolean {
  const [before, op] = [code[at - 2], code[at - 1] ?? 0];
  return op === 0xe8 || op === 0xe9 || (before === 0x0f && op >= 0x80 && op <= 0x8f);
}
