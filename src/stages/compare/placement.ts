/** A section is a promise: init code and data are freed after loading, read-only data is protected, per-CPU data has a copy for each processor. */
import type { Finding } from "../../report/schema.ts";
import type { ElfSection } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { type Check, commonSymbols, definedSymbols, finding, named, type Pair } from "./check.ts";

export const placement: Check = {
  name: "placement",
  proves:
    "Every function and variable that both modules name lies where it does in C: `__init` and `__exit` in `.init.text`, `.init.data` and `.exit.text`, constants in read-only memory, `__ro_after_init`, `__read_mostly`, per-CPU and other sections of their own in those. Per-CPU variables are as large, no section that is read-only in C is writable, and none asks to be retained (the loader reads that flag as `__ro_after_init`) where C's does not",
  allows:
    "`.data` for `.bss` and the reverse; one of the pieces of `.text` and `.rodata` for another; variables that the source does not declare constant and clang finds to be",
  severity: "error",
  run: (pair: Pair) => {
    const findings: Finding[] = [];
    const moved = new Map<string, string[]>();
    for (const { name, c, rust } of commonSymbols(pair)) {
      const [was, is] = [kindOf(c.section), kindOf(rust.section)];
      // clang moves what nothing writes into .rodata as well; that is its own doing, and no promise of the source's.
      if (was === ".rodata" && is === ".data" && !pair.constants.has(name)) continue;
      if (was === is) continue;
      const names = moved.get(`${was}\n${is}`) ?? [];
      moved.set(`${was}\n${is}`, names);
      names.push(name);
    }
    for (const [sections, names] of moved) {
      const [was, is] = sections.split("\n") as [string, string];
      findings.push(
        finding(
          "placement",
          "error",
          `${named(names)} ${names.length === 1 ? "lies" : "lie"} in ${is} in the Rust module, in ${was} in C`,
          { c: was, rust: is },
        ),
      );
    }
    const writable = Object.keys(pair.c.sections).filter(
      (name) => isReadOnly(pair.c, name) && pair.rust.elf.sections.some((x) => x.name === name && x.writable),
    );
    for (const name of writable)
      findings.push(
        finding("placement", "error", `section \`${name}\` is writable in the Rust module`, {
          c: "read-only",
          rust: "writable",
        }),
      );
    const retained = pair.rust.elf.sections.filter(
      (s) => s.retained && !pair.c.elf.sections.some((x) => x.name === s.name && x.retained),
    );
    for (const { name } of retained)
      findings.push(
        finding(
          "placement",
          "error",
          `section \`${name}\` is marked SHF_GNU_RETAIN, which the kernel reads as SHF_RO_AFTER_INIT`,
          { c: "not marked", rust: "marked" },
        ),
      );
    const [was, is] = [perCpuBytes(pair.c), perCpuBytes(pair.rust)];
    if (was !== is)
      findings.push(
        finding("placement", "error", `per-CPU variables take ${is} bytes in the Rust module, ${was} in C`, {
          c: `${was} bytes`,
          rust: `${is} bytes`,
        }),
      );
    return findings;
  },
};

function isReadOnly(o: InspectedObject, name: string): boolean {
  return o.elf.sections.some((s) => s.name === name) && o.elf.sections.every((s) => s.name !== name || !s.writable);
}

/** The variables themselves: how a compiler packs them is its own affair. */
function perCpuBytes(o: InspectedObject): number {
  return definedSymbols(o)
    .filter((s) => s.section.name.startsWith(".data..percpu"))
    .reduce((n, s) => n + s.size, 0);
}

/** A section, or what it shares its meaning with. */
export function kindOf(s: ElfSection): string {
  if (/^\.rodata(?:\.|$)/.test(s.name) && !s.name.startsWith(".rodata.."))
    return s.writable ? "a writable .rodata" : ".rodata";
  if (/^\.text(?:\.|$)/.test(s.name)) return ".text";
  if (
    /^\.(?:data|bss)(?:\.(?!\.)|$)/.test(s.name) &&
    !/^\.data\.(?:once|read_mostly|unlikely|cacheline_aligned)/.test(s.name)
  )
    return ".data";
  return s.name;
}
