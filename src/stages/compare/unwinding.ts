/** Without an entry for a function the kernel's stack traces, and live patching, stop at it. */
import { sectionsNamed } from "../inspect/elf.ts";
import { type Check, finding, type Pair } from "./check.ts";

/** Pieces of code that are no function's: the text of alternatives, and static_cpu_has() before they are applied. objtool leaves them bare in C as well. */
const BARE = new Set([".altinstr_replacement", ".altinstr_aux"]);

export const unwinding: Check = {
  name: "unwinding",
  proves:
    "Where the C module has ORC unwind data, every section of code in the Rust module has it as well; objtool wrote it, so it has followed every path of the Rust",
  allows: "",
  severity: "error",
  run: ({ c, rust }: Pair) => {
    if ((c.sections[".orc_unwind_ip"]?.size ?? 0) === 0) return [];
    const covered = new Set(
      sectionsNamed(rust.elf, ".orc_unwind_ip").flatMap((s) =>
        s.relocations.map((r) => rust.elf.symbols[r.symbol]?.section),
      ),
    );
    const bare = rust.elf.sections.filter(
      (s) => s.executable && s.allocated && s.size > 0 && !BARE.has(s.name) && !covered.has(s),
    );
    return bare.map((s) =>
      finding("unwinding", "error", `\`${s.name}\` has no ORC unwind data: stack traces end there`, {
        c: "covered",
        rust: "none",
      }),
    );
  },
};
