/** c2rust drops weak, alias and file-scope assembly without a word; the symbol table shows each. */
import type { Finding } from "../../report/schema.ts";
import type { ElfSymbol } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { type Check, finding, named, type Pair } from "./check.ts";

export const symbols: Check = {
  name: "symbols",
  proves:
    "Every global symbol that the C module defines is defined in the Rust one: functions, variables, what file-scope assembly and aliases define. One that is weak in C is weak; two names of one variable (aliases, as device tables have) name one variable",
  allows:
    "Two names of one function: in Rust the second is a function that calls the first. Symbols of the Rust module's own helpers (`kport_…`)",
  severity: "error",
  run: ({ c, rust }: Pair) => {
    const [was, is] = [globals(c), globals(rust)];
    const findings: Finding[] = [];
    const missing = [...was.keys()].filter((n) => !is.has(n));
    if (missing.length > 0)
      findings.push(
        finding(
          "symbols",
          "error",
          `${named(missing)} ${missing.length === 1 ? "is" : "are"} not defined in the Rust module`,
          { c: missing.join("\n"), rust: "" },
        ),
      );
    const strong = [...was].filter(([n, s]) => s.binding === "Weak" && is.get(n)?.binding === "Global").map(([n]) => n);
    if (strong.length > 0)
      findings.push(
        finding("symbols", "error", `${named(strong)} ${strong.length === 1 ? "is" : "are"} no longer weak`, {
          c: "weak",
          rust: "global",
        }),
      );
    for (const names of aliases(was)) {
      const places = new Set(
        names
          .map((n) => is.get(n))
          .filter((s) => s !== undefined)
          .map(place),
      );
      if (places.size > 1)
        findings.push(
          finding(
            "symbols",
            "error",
            `${named(names)} are names of one variable in C, and of ${places.size} in the Rust module`,
            { c: names.join("\n"), rust: [...places].join("\n") },
          ),
        );
    }
    return findings;
  },
};

function globals(o: InspectedObject): Map<string, ElfSymbol> {
  // What kbuild adds to both is not the module's.
  return new Map(
    o.elf.symbols
      .filter(
        (s) => s.section !== undefined && s.binding !== "Local" && s.name !== "" && !/^__(?:cfi|pfx)_/.test(s.name),
      )
      .map((s) => [s.name, s]),
  );
}

const place = (s: ElfSymbol): string => `${s.section?.name}+${s.value}`;

/** Names of variables that lie at the same place. */
function aliases(all: ReadonlyMap<string, ElfSymbol>): string[][] {
  const variables = [...all.values()].filter((s) => s.type === "Object" && s.size > 0);
  return [...Map.groupBy(variables, place).values()]
    .filter((g) => g.length > 1)
    .map((g) => g.map((s) => s.name).sort());
}
