/** c2rust drops aliases, and `module_init` makes one: a module without it loads and unloads cleanly and does nothing. */
import { sectionsNamed, targetName } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { type Check, definedSymbols, finding, type Pair } from "./check.ts";

const ENTRIES = ["init_module", "cleanup_module"];

export const entryPoints: Check = {
  name: "entry-points",
  proves:
    "The functions that the kernel calls when it loads and unloads the module are there, hold code, lie in the section they have in C, and `struct module` refers to them. That init really ran is shown by the boot",
  allows: "",
  severity: "error",
  run: ({ c, rust }: Pair) =>
    ENTRIES.flatMap((name) => {
      const [was, is] = [entry(c, name), entry(rust, name)];
      if (was === is) return [];
      return [
        finding("entry-points", "error", `\`${name}\` is ${is} in the Rust module and ${was} in C`, {
          c: was,
          rust: is,
        }),
      ];
    }),
};

function entry(o: InspectedObject, name: string): string {
  const symbol = definedSymbols(o).find((s) => s.name === name && s.binding !== "Local");
  if (symbol === undefined) return "missing";
  if (symbol.type !== "Function" || !symbol.section.executable) return "no function";
  // A function that other files may call has a second name at its place, and a disassembler prints one of the two.
  const names = new Set(
    o.elf.symbols.filter((s) => s.section === symbol.section && s.value === symbol.value).map((s) => s.name),
  );
  if (!o.code.some((f) => f.section === symbol.section.name && names.has(f.symbol))) return "empty";
  const referred = sectionsNamed(o.elf, ".gnu.linkonce.this_module").some((s) =>
    s.relocations.some(
      (r) => targetName(o.elf, { symbol: o.elf.symbols[r.symbol] ?? symbol, addend: r.addend }) === name,
    ),
  );
  return `in ${symbol.section.name.startsWith(".text") ? ".text" : symbol.section.name}${referred ? "" : ", which `struct module` does not refer to"}`;
}
