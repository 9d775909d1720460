/** The sections that the kernel or modpost reads as tables, and how many entries each holds on x86-64. */
import { byName } from "../../machine/by-name.ts";
import type { ElfSection } from "./elf.ts";

export interface Table {
  /** One entry of it, for people. */
  entry: string;
  entries: (section: ElfSection) => number;
}

/** Entries of one size on all kernels. */
const bySize = (entry: string, bytes: number): Table => ({ entry, entries: (s) => Math.round(s.size / bytes) });
/** Entries whose size depends on the kernel's version or configuration; each holds so many references. */
const byReferences = (entry: string, references: number): Table => ({
  entry,
  entries: (s) => Math.round(s.relocations.length / references),
});

export const TABLES: Readonly<Record<string, Table>> = byName({
  __param: bySize("module parameter", 40),
  __ksymtab: bySize("exported symbol", 12),
  __ksymtab_gpl: bySize("exported symbol", 12),
  __kcrctab: bySize("CRC of an exported symbol", 4),
  __kcrctab_gpl: bySize("CRC of an exported symbol", 4),
  __jump_table: bySize("static branch", 16),
  __ex_table: bySize("instruction that may fault", 12),
  ".altinstructions": byReferences("instruction patched for the processor", 2),
  __bug_table: { entry: "WARN or BUG", entries: (s) => Math.round(s.size / bugEntryBytes(s)) },
  ".static_call_sites": bySize("static call", 8),
  ".static_call_tramp_key": bySize("static call's trampoline", 8),
  __tracepoints_ptrs: bySize("tracepoint", 4),
  _ftrace_events: bySize("trace event", 8),
  __bpf_raw_tp_map: bySize("raw tracepoint", 32),
  __dyndbg: byReferences("pr_debug", 4),
  __srcu_struct_ptrs: bySize("SRCU domain", 8),
  ".orc_unwind_ip": bySize("unwinder's entry", 4),
  ".return_sites": bySize("return", 4),
  ".retpoline_sites": bySize("indirect branch", 4),
  ".call_sites": bySize("call", 4),
  ".ibt_endbr_seal": bySize("endbr to seal", 4),
  ".cfi_sites": bySize("CFI check", 4),
  ".smp_locks": bySize("lock prefix", 4),
  __mcount_loc: bySize("traceable function", 8),
});

/** A struct bug_entry has two references (its place, its file) and four bytes more; kernels with HAVE_ARCH_BUG_FORMAT have three references. */
export function bugEntryBytes(section: ElfSection): number {
  return section.relocations.some((r) => r.offset === 8) ? 16 : 12;
}
