/**
 * Helpers that nothing calls. Which code can be reached a compiler finds out last of all, and a helper is compiled by itself: where rustc
 * has dropped a call, the helper's entries in the kernel's tables (a pr_debug, a WARN, a static branch) would be there for nothing, and
 * would stand in for an entry that is lost elsewhere. Not so where the C has that very entry: its clang is not rustc's LLVM, and has not
 * seen that nothing comes there.
 */
import type { ElfSection, ElfSymbol } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { descriptorsOf } from "../inspect/pr-debugs.ts";
import { TABLES } from "../inspect/tables.ts";
import type { TranspiledUnit } from "../transpile/index.ts";

/** Tables in which every function has entries, whatever it does. */
const OF_EVERY_FUNCTION = new Set([
  ".orc_unwind_ip",
  ".return_sites",
  ".retpoline_sites",
  ".call_sites",
  ".ibt_endbr_seal",
  ".cfi_sites",
  "__mcount_loc",
]);

/**
 * The helpers of `units` that nothing in the built module refers to, or only others of these; none where none of them is in a table, as
 * they are code that is never run then, and no more. One whose pr_debug the C has as well, and nothing else in Rust, stays.
 */
export function deadHelpers(
  rust: Pick<InspectedObject, "elf">,
  c: Pick<InspectedObject, "elf">,
  units: readonly TranspiledUnit[],
): Set<string> {
  const names = new Set(units.flatMap((u) => helpersOf(u)));
  const { sections, symbols } = rust.elf;
  const functions = symbols.filter((s) => s.type === "Function" && s.section !== undefined);
  const at = (section: ElfSection | undefined, offset: number): ElfSymbol | undefined =>
    functions.find((f) => f.section === section && f.value <= offset && offset < f.value + f.size);
  const dead = new Map(functions.filter((f) => names.has(f.name)).map((f) => [f.name, f]));
  const inTables = new Set<string>();
  /** Who refers to a helper: another one, by its name, or anything else. */
  const referrers = new Map<string, (string | undefined)[]>();
  const descriptors = descriptorsOf(rust.elf).map((d) => ({ ...d, holders: new Set<string | undefined>() }));
  for (const s of sections) {
    if (!s.allocated) continue;
    const isTable = s.name in TABLES || s.name.startsWith("__");
    for (const r of s.relocations) {
      const to = symbols[r.symbol];
      const holder = s.executable ? at(s, r.offset)?.name : undefined;
      if (holder !== undefined && dead.has(holder) && to?.section !== undefined && to.section.name in TABLES)
        inTables.add(holder);
      const place = (to?.value ?? 0) + r.addend;
      if (s.executable && to?.section?.name === "__dyndbg")
        for (const d of descriptors)
          if (d.section === to.section && d.start <= place && place < d.start + d.size) d.holders.add(holder);
      const target = to?.type === "Function" ? to : at(to?.section, place);
      if (target === undefined || !dead.has(target.name)) continue;
      if (!isTable) referrers.set(target.name, [...(referrers.get(target.name) ?? []), holder]);
      else if (!OF_EVERY_FUNCTION.has(s.name)) inTables.add(target.name);
    }
  }
  const leaveReferred = (): void => {
    for (let before = -1; before !== dead.size; ) {
      before = dead.size;
      for (const [name, by] of referrers)
        if (by.some((b) => b === undefined || (b !== name && !dead.has(b)))) dead.delete(name);
    }
  };
  leaveReferred();
  const isAlive = (holder: string | undefined): boolean => holder === undefined || !dead.has(holder);
  const missing = descriptorsOf(c.elf).map((d) => d.says);
  /** Whether the C has one that no other was found for; then it is this one's. */
  const take = (says: string): boolean => missing.includes(says) && missing.splice(missing.indexOf(says), 1).length > 0;
  const isIdle = (d: (typeof descriptors)[number]): boolean => d.holders.size > 0 && ![...d.holders].some(isAlive);
  const idle = descriptors.filter(isIdle);
  for (const d of descriptors) if (!idle.includes(d)) take(d.says);
  for (const { says, holders } of idle)
    if (take(says)) for (const holder of holders) if (holder !== undefined) dead.delete(holder);
  leaveReferred();
  return [...dead.keys()].some((name) => inTables.has(name)) ? new Set(dead.keys()) : new Set();
}

function helpersOf({ unit }: TranspiledUnit): string[] {
  return [...(unit.helpers?.wrappers ?? []), ...(unit.helpers?.moved ?? [])].map((h) => h.symbol);
}

/** The unit less these helpers. */
export function withoutHelpers(u: TranspiledUnit, dead: ReadonlySet<string>): TranspiledUnit {
  const { helpers } = u.unit;
  if (helpers === undefined) return u;
  const alive = <H extends { symbol: string }>(all: readonly H[]): H[] => all.filter((h) => !dead.has(h.symbol));
  return {
    ...u,
    unit: { ...u.unit, helpers: { ...helpers, wrappers: alive(helpers.wrappers), moved: alive(helpers.moved) } },
  };
}
