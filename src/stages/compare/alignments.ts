/** Where a variable may lie is a promise as well: a device writes to whole cache lines, a structure that hardware reads begins at a page. */
import type { Finding } from "../../report/schema.ts";
import { plainName } from "../inspect/code.ts";
import type { ElfSymbol } from "../inspect/elf.ts";
import { type Check, definedSymbols, finding, named, type Pair, sourceName } from "./check.ts";

export const alignments: Check = {
  name: "alignments",
  proves:
    "Every variable is aligned in the Rust module as C's type and attributes ask for (`__aligned(64)`, `____cacheline_aligned`), at file scope and in functions: its place in its section and the section's own alignment say so. What C asks for is read off clang's IR of the C as it was written",
  allows:
    "Less than what a compiler aligns on its own account: large arrays to 16 bytes. What a macro at file scope makes in a constant without a name, where C's variable of that name is of another size. Of variables that share a name in several units or functions, which of them is aligned more",
  severity: "error",
  run: (pair: Pair) => {
    // What a name of a type asks for is none of the lowered C: the Rust is given it (rust/definitions.ts).
    const asked = pair.lowered ? [] : (pair.alignments ?? []);
    const nameOf = (s: ElfSymbol): string => lastName(sourceName(pair, plainName(s.name)));
    const sizes = Map.groupBy(definedSymbols(pair.c), nameOf);
    const found = Map.groupBy(
      definedSymbols(pair.rust).filter(
        (s) =>
          s.type === "Object" &&
          s.size > 0 &&
          (!isOfMacro(s.name) || sizes.get(nameOf(s))?.some((c) => c.size === s.size) !== false),
      ),
      nameOf,
    );
    const findings: Finding[] = [];
    const less = new Map<string, string[]>();
    for (const [name, wanted] of asked) {
      const are = (found.get(name) ?? []).map(alignmentOf).toSorted((a, b) => a - b);
      const least = wanted.toSorted((a, b) => a - b);
      // One that nothing uses is in neither module, or in one of them: the least is asked of as many as there are.
      for (const [n, is] of are.entries()) {
        const was = least[n];
        if (was === undefined || is >= was) continue;
        less.set(`${was}\n${is}`, [...(less.get(`${was}\n${is}`) ?? []), name]);
      }
    }
    for (const [bytes, names] of less) {
      const [was, is] = bytes.split("\n") as [string, string];
      findings.push(
        finding(
          "alignments",
          "error",
          `${named(names)} ${names.length === 1 ? "is" : "are"} aligned to ${is} in the Rust module, and to ${was} in C`,
          { c: `${was} bytes`, rust: `${is} bytes` },
        ),
      );
    }
    return findings;
  },
};

/**
 * Whether a macro at file scope made a variable, in a constant without a name: nobody else names it, and its own name is what was not
 * pasted. `__param_str` is the name of each parameter there; in C it is the record of one that is called `str`.
 */
function isOfMacro(symbol: string): boolean {
  const name = plainName(symbol);
  return (
    symbol.startsWith("_R") && [`1__${name.length}${name}`, `1__${name.length}_${name}`].some((e) => symbol.endsWith(e))
  );
}

/** What is known of an address when the section has been loaded. */
function alignmentOf({ section, value }: ReturnType<typeof definedSymbols>[number]): number {
  let align = section.align;
  while (align > 1 && value % align !== 0) align /= 2;
  return align;
}

/** A variable of a function is `function.name` to clang and `name.7` to gcc. */
export function lastName(symbol: string): string {
  const [first = "", ...rest] = symbol.split(".");
  const name = rest.filter((part) => !/^\d+$/.test(part)).at(-1);
  return name === undefined || name === "" ? first : name;
}
