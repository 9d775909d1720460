/** Sections that the kernel reads as tables: an entry that is lost is a fault that is not fixed up, a branch that does not flip, a warning never given. */
import type { Finding } from "../../report/schema.ts";
import { TABLES } from "../inspect/tables.ts";
import { type Check, finding, named, type Pair, plural } from "./check.ts";
import { losses } from "./losses.ts";
import { prDebugFindings } from "./pr-debugs.ts";

/** One entry a thing of the module's: as many in Rust as in C. */
const EQUAL = ["__tracepoints_ptrs", "_ftrace_events", "__bpf_raw_tp_map", "__srcu_struct_ptrs"];
/** One entry a copy of the code, and C inlines what Rust calls: some in Rust where there are some in C. */
const PRESENT = ["__ex_table", ".altinstructions", ".smp_locks", ".ibt_endbr_seal"];
export const tables: Check = {
  name: "tables",
  proves:
    "`__jump_table` and `.static_call_sites` patch code for the same keys; `__bug_table` knows as many places of each file; tracepoints, trace events and SRCU domains are as many; `__dyndbg` holds the same pr_debugs, by their functions and words; `__ex_table`, `.altinstructions`, `.smp_locks` and `.ibt_endbr_seal` hold entries where they do in C",
  allows:
    "Fewer or more entries of one key, fault, lock or sealed function: each copy of inlined code has its own, and a helper that stands in for inlined code has one. `.orc_unwind`, `.return_sites` and `.retpoline_sites` are as long as the code (see unwinding, mitigations), `__mcount_loc` as the functions that are left (see tracing). What the kernel's own compiler does not put into the tables either, when it is given the functions as C (that is tried): it and clang find different checks to be idle. A pr_debug of a function that is not in the C module",
  severity: "error",
  run: (pair: Pair) => {
    const { c, rust } = pair;
    const findings: Finding[] = [];
    for (const name of [...EQUAL, ...PRESENT]) {
      const [was, is] = [c.sections[name]?.entries ?? 0, rust.sections[name]?.entries ?? 0];
      const lost = EQUAL.includes(name) ? is !== was : is === 0 && was > 0;
      if (lost)
        findings.push(
          finding(
            "tables",
            "error",
            `\`${name}\` holds ${plural(is, "entry").replace("entrys", "entries")} in the Rust module, ${was} in C (one a ${TABLES[name]?.entry ?? "entry"})`,
            { c: String(was), rust: String(is) },
          ),
        );
    }
    findings.push(...prDebugFindings(pair));
    for (const l of losses(pair))
      findings.push(
        finding(
          "tables",
          l.doneWithout ? "note" : "error",
          `${l.message}${l.doneWithout ? `: the kernel's own compiler does without, given ${named([...l.functions])} as C` : l.consequence}`,
          l.sides,
        ),
      );
    return findings;
  },
};
