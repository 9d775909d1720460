/** Sections that the kernel reads as tables: an entry that is lost is a fault that is not fixed up, a branch that does not flip, a warning never given. */
import type { Finding } from "../../report/schema.ts";
import { plainName } from "../inspect/code.ts";
import { type ElfSection, sectionsNamed, targetAt, targetName, targetString } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { bugEntryBytes, TABLES } from "../inspect/tables.ts";
import { type Check, finding, isSharedStatic, named, type Pair, plural } from "./check.ts";

/** One entry a thing of the module's: as many in Rust as in C. */
const EQUAL = ["__tracepoints_ptrs", "_ftrace_events", "__bpf_raw_tp_map", "__srcu_struct_ptrs", "__dyndbg"];
/** One entry a copy of the code, and C inlines what Rust calls: some in Rust where there are some in C. */
const PRESENT = ["__ex_table", ".altinstructions", ".smp_locks", ".ibt_endbr_seal"];
/** The same, and the entry says which object it belongs to: the same objects in both. The reference lies so far into the entry. */
const SAME_KEYS: Record<string, { bytes: number; key: number }> = { __jump_table: { bytes: 16, key: 8 }, ".static_call_sites": { bytes: 8, key: 4 } };

export const tables: Check = {
  name: "tables",
  proves: "`__jump_table` and `.static_call_sites` patch code for the same keys; `__bug_table` knows as many places of each file; tracepoints, trace events, pr_debugs and SRCU domains are as many; `__ex_table`, `.altinstructions`, `.smp_locks` and `.ibt_endbr_seal` hold entries where they do in C",
  allows: "Fewer or more entries of one key, fault, lock or sealed function: each copy of inlined code has its own, and a helper that stands in for inlined code has one. `.orc_unwind`, `.return_sites` and `.retpoline_sites` are as long as the code (see unwinding, mitigations); `__mcount_loc` lists functions with a hook for ftrace, which rustc does not make",
  severity: "error",
  run: ({ c, rust }: Pair) => {
    const findings: Finding[] = [];
    for (const name of [...EQUAL, ...PRESENT]) {
      const [was, is] = [c.sections[name]?.entries ?? 0, rust.sections[name]?.entries ?? 0];
      const lost = EQUAL.includes(name) ? is !== was : is === 0 && was > 0;
      if (lost) findings.push(finding("tables", "error", `\`${name}\` holds ${plural(is, "entry").replace("entrys", "entries")} in the Rust module, ${was} in C (one a ${TABLES[name]?.entry ?? "entry"})`, { c: String(was), rust: String(is) }));
    }
    for (const name of Object.keys(SAME_KEYS)) {
      const [was, is] = [keysOf(c, name), keysOf(rust, name)];
      const lost = [...was].filter((k) => !is.has(k) && ![...is].some((r) => isSharedStatic(r, k)));
      if (lost.length > 0) findings.push(finding("tables", "error", `\`${name}\` has no entry for ${named(lost)} in the Rust module`, { c: [...was].join("\n"), rust: [...is].join("\n") }));
    }
    const [was, is] = [bugPlaces(c), bugPlaces(rust)];
    for (const [file, lines] of was) {
      const other = is.get(file)?.size ?? 0;
      if (other < lines.size) findings.push(finding("tables", "error", `\`__bug_table\` knows ${plural(other, "place")} of ${file} in the Rust module, ${lines.size} in C: a WARN or BUG is lost`, { c: [...lines].join("\n"), rust: [...(is.get(file) ?? [])].join("\n") }));
    }
    return findings;
  },
};

/** The keys that a table's entries refer to, by C's names. */
function keysOf(o: InspectedObject, table: string): Set<string> {
  const layout = SAME_KEYS[table] as { bytes: number; key: number };
  const keys = new Set<string>();
  for (const s of sectionsNamed(o.elf, table)) {
    for (let at = 0; at + layout.bytes <= s.size; at += layout.bytes) {
      const target = targetAt(o.elf, s, at + layout.key);
      if (target !== undefined) keys.add(target.symbol.section?.name === "__dyndbg" ? "a pr_debug" : keyName(targetName(o.elf, target)));
    }
  }
  return keys;
}

/** A key's name in C: without the function that a static local is of, the number a compiler gave it, and the prefix of a shared static. */
function keyName(name: string): string {
  const parts = plainName(name).split(".").filter((p) => !/^\d+$/.test(p));
  return parts.at(-1) ?? name;
}

/** Files and the lines of theirs that hold a WARN or BUG. */
function bugPlaces(o: InspectedObject): Map<string, Set<number>> {
  const places = new Map<string, Set<number>>();
  for (const s of sectionsNamed(o.elf, "__bug_table")) {
    const bytes = bugEntryBytes(s);
    for (let at = 0; at + bytes <= s.bytes.length; at += bytes) {
      const file = fileOf(o, s, at + bytes - 8);
      if (file !== undefined) places.set(file, (places.get(file) ?? new Set()).add(s.bytes.readUInt16LE(at + bytes - 4)));
    }
  }
  return places;
}

function fileOf(o: InspectedObject, section: ElfSection, offset: number): string | undefined {
  const target = targetAt(o.elf, section, offset);
  return (target && targetString(target))?.split("/").at(-1);
}
