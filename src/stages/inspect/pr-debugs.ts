/** The descriptors of pr_debug() and its kin, by what they say of themselves. */
import { type Elf, type ElfSection, sectionsNamed, targetAt, targetString } from "./elf.ts";
import { TABLES } from "./tables.ts";

/** Where `struct _ddebug` has its references to strings (include/linux/dynamic_debug.h). */
const [FUNCTION, FORMAT] = [8, 24];

/** A descriptor, where it begins in its section, and of which function it says to be, with which words. Several may say the same. */
export interface Descriptor {
  section: ElfSection;
  start: number;
  size: number;
  function: string;
  format: string;
  /** Both, as one. */
  says: string;
}

/** All of a module. */
export function descriptorsOf(elf: Elf): Descriptor[] {
  return sectionsNamed(elf, "__dyndbg").flatMap((section) => {
    const count = TABLES["__dyndbg"]?.entries(section) ?? 0;
    const size = count === 0 ? 0 : section.size / count;
    const text = (at: number): string => {
      const target = targetAt(elf, section, at);
      return (target && targetString(target)) ?? "";
    };
    return Array.from({ length: count }, (_, k) => {
      const start = k * size;
      const [inFunction, format] = [text(start + FUNCTION), text(start + FORMAT)];
      return { section, start, size, function: inFunction, format, says: `${inFunction}\0${format}` };
    });
  });
}
