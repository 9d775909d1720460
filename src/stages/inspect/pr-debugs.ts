/** The descriptors of pr_debug() and its kin, by what they say of themselves. */
import { type Elf, type ElfSection, sectionsNamed, targetAt, targetString } from "./elf.ts";
import { TABLES } from "./tables.ts";

/** Where `struct _ddebug` has its references to strings (include/linux/dynamic_debug.h). */
const [FUNCTION, FORMAT] = [8, 24];

/** Which of them an entry is: of which function, with which words. Several may be alike. */
function descriptorAt(elf: Elf, section: ElfSection, start: number): string {
  return [FUNCTION, FORMAT]
    .map((field) => {
      const target = targetAt(elf, section, start + field);
      return (target && targetString(target)) ?? "";
    })
    .join("\0");
}

/** All of a module, with where each begins in its section. */
export function descriptorsOf(elf: Elf): { section: ElfSection; start: number; size: number; says: string }[] {
  return sectionsNamed(elf, "__dyndbg").flatMap((section) => {
    const count = TABLES["__dyndbg"]?.entries(section) ?? 0;
    const size = count === 0 ? 0 : section.size / count;
    return Array.from({ length: count }, (_, k) => ({
      section,
      start: k * size,
      size,
      says: descriptorAt(elf, section, k * size),
    }));
  });
}
