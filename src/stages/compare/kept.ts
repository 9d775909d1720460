/** Variables that a module holds although nothing in it refers to them: a debugger's or a tracer's script, or a person with `strings`, looks for them. */
import type { Finding } from "../../report/schema.ts";
import { plainName } from "../inspect/code.ts";
import type { Elf, ElfSection } from "../inspect/elf.ts";
import { below } from "../inspect/places.ts";
import { lastName } from "./alignments.ts";
import { type Check, definedSymbols, finding, named, type Pair, sourceName } from "./check.ts";
import { COUNTED } from "./contents.ts";

/** Looked into by checks of their own, whatever their entries are called (modinfo, parameters), or thrown away by the linker. */
const OTHERS = /^(?:\.modinfo|__param|__versions|\.discard)/;

export const kept: Check = {
  name: "kept",
  proves:
    "Every variable at file scope that the C module holds although nothing in it refers to it, as `__used` asks for, is in the Rust module too",
  allows:
    "Lines of `.modinfo` and parameters, which have checks of their own; what the kernel's macros name by a count (`__UNIQUE_ID_…`)",
  severity: "error",
  run: (pair: Pair) => {
    const has = new Set(pair.rust.elf.symbols.map((s) => lastName(sourceName(pair, plainName(s.name)))));
    const lost = definedSymbols(pair.c).filter(
      (s) =>
        s.type === "Object" && s.size > 0 && !COUNTED.test(s.name) && !OTHERS.test(s.section.name) && !has.has(s.name),
    );
    const places = lost.length === 0 ? undefined : referredTo(pair.c.elf);
    const names = lost
      .filter((s) => {
        const all = places?.get(s.section) ?? [];
        return below(all, s.value + s.size) === below(all, s.value);
      })
      .map((s) => s.name);
    const findings: Finding[] = [];
    if (names.length > 0)
      findings.push(
        finding(
          "kept",
          "error",
          `${named(names)} ${names.length === 1 ? "is" : "are"} not in the Rust module, and kept in the C one though nothing refers to ${names.length === 1 ? "it" : "them"}`,
        ),
      );
    return findings;
  },
};

/** Bytes from where an instruction holds an address to its end, from which that is counted: the address, and at most a number behind it. */
const BEHIND = [0, 4, 5, 6, 8];

/** Places in each section that relocations may lead to, in order. */
function referredTo(elf: Elf): Map<ElfSection, number[]> {
  const out = new Map<ElfSection, Set<number>>();
  for (const { relocations } of elf.sections)
    for (const r of relocations) {
      const to = elf.symbols[r.symbol];
      if (to?.section === undefined) continue;
      const places = out.get(to.section) ?? new Set();
      out.set(to.section, places);
      // A symbol of its own is meant whatever is added to it.
      if (to.type !== "Section") places.add(to.value);
      for (const more of BEHIND) places.add(to.value + r.addend + more);
    }
  return new Map([...out].map(([section, places]) => [section, [...places].sort((a, b) => a - b)]));
}
