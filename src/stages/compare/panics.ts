/** Rust panics where C goes on, and the code that words a panic is larger than most modules. */
import type { Finding } from "../../report/schema.ts";
import { isOfCore } from "../inspect/code.ts";
import { type Check, finding, named, type Pair, plural } from "./check.ts";

/** The processor faults in C where Rust panics: a division by zero, and the smallest number by -1. */
const FAULTS_IN_C = /panic_const_(?:div|rem)_(?:by_zero|overflow)|panic_const(?:23|24|25)panic_const_(?:div|rem)/;

export const panics: Check = {
  name: "panics",
  proves:
    "No code of `core::fmt` is in the module, so nothing in it formats text but the kernel's printk; places that can panic where C would go on are listed with their function",
  allows: "Panics at a division by zero or of the smallest number by -1: C faults there too",
  severity: "error",
  run: ({ rust }: Pair) => {
    const findings: Finding[] = [];
    const formatting = rust.code.filter((f) => isOfCore(f.symbol) && isFormatting(f.symbol)).map((f) => f.name);
    if (formatting.length > 0)
      findings.push(
        finding("panics", "error", `the module holds formatting code of Rust's core library: ${named(formatting)}`, {
          c: "",
          rust: formatting.join("\n"),
        }),
      );
    const places: { by: string; fault: boolean; within: string }[] = [];
    for (const f of rust.code) {
      if (isOfCore(f.symbol)) continue;
      for (const i of f.instructions)
        if (i.target !== undefined && isOfCore(i.target) && /panick/.test(i.target))
          places.push({ by: i.target, fault: FAULTS_IN_C.test(i.target), within: f.name });
    }
    for (const [fault, all] of Map.groupBy(places, (p) => p.fault)) {
      const within = [...new Set(all.map((p) => p.within))];
      findings.push(
        finding(
          "panics",
          fault ? "note" : "warning",
          fault
            ? `${plural(all.length, "division")} that would fault in C panic${all.length === 1 ? "s" : ""} in Rust, in ${named(within)}`
            : `${plural(all.length, "place")} can panic where C would go on, in ${named(within)}`,
          { c: "", rust: within.join("\n") },
        ),
      );
    }
    return findings;
  },
};

/** Not by one pattern, which would look for the second part from each place of the first. */
function isFormatting(symbol: string): boolean {
  const core = symbol.indexOf("_4core");
  return symbol.includes("4core3fmt") || (core >= 0 && symbol.includes("3fmt", core + "_4core".length));
}
