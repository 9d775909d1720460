/** What c2rust drops without a word is looked for in the port by name: a rule that misses a case would drop it too. */
import type { Finding } from "../../report/schema.ts";
import type { AuditedConstruct } from "../assemble/audit.ts";
import { type Check, finding, named, type Pair, plural } from "./check.ts";

export const constructs: Check = {
  name: "constructs",
  proves:
    "Every `section`, `weak` and `alias` that the source gives a function or variable, and every file-scope `asm`, is said in the port: by the Rust item of that name, or by the C that stays. Every static assertion of the module's own is asserted in the Rust, as long as it is made of numbers, types, sizes and offsets; the others, which clang has evaluated for the C module, are listed",
  allows:
    "What is said of functions and variables that are unused, and so in neither module; a weak definition where another unit has the strong one",
  severity: "error",
  run: (pair: Pair) => {
    const symbols = new Map(pair.c.elf.symbols.filter((s) => s.section !== undefined).map((s) => [s.name, s]));
    const matters = (c: AuditedConstruct): boolean =>
      c.kind === "file-scope assembly" ||
      c.kind === "static assertion" ||
      (c.kind === "weak" ? symbols.get(c.name)?.binding === "Weak" : symbols.has(c.name));
    const findings: Finding[] = [];
    for (const [kind, all] of Map.groupBy(pair.constructs.filter(matters), (c) => c.kind)) {
      const lost = all.filter((c) => c.lies === "nowhere");
      for (const c of lost)
        findings.push(
          finding(
            "constructs",
            "error",
            `${kind}${c.detail === undefined ? "" : ` ${c.detail}`} of ${named([c.name])} (${c.place}) is said nowhere in the port`,
            { c: String(all.length), rust: String(all.length - lost.length) },
          ),
        );
    }
    const byClang = pair.constructs.filter((c) => c.lies === "with clang");
    if (byClang.length > 0)
      findings.push(
        finding(
          "constructs",
          "note",
          `${plural(byClang.length, "static assertion")} of ${pair.constructs.filter((c) => c.kind === "static assertion").length} ${byClang.length === 1 ? "was" : "were"} evaluated by clang and ${byClang.length === 1 ? "is" : "are"} not repeated in the Rust`,
          { c: byClang.map((c) => `${c.place}: ${c.name}`).join("\n"), rust: "" },
        ),
      );
    return findings;
  },
};
