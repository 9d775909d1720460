/**
 * Makes C that clang links of a lowered unit. Its text is C already; what is missing is what the Rust is given back from facts, because
 * c2rust would have dropped it: symbols other than the names, aliases of variables, the functions that read volatile objects.
 */
import type { LoweredUnit } from "../lower/index.ts";
import { ADDRESS, ADDRESS_IN_C } from "../lower/null-checks.ts";
import { VOLATILE_READS, VOLATILE_READS_IN_C } from "../lower/volatile-reads.ts";

export function asC(unit: Pick<LoweredUnit, "text" | "symbols" | "elsewhere" | "definitions">): string {
  // A declaration of what is defined elsewhere is among the definitions too.
  const symbols = new Map([
    ...unit.symbols,
    ...unit.definitions.flatMap((d) => (d.symbol === undefined ? [] : [[d.name, d.symbol] as const])),
    ...unit.elsewhere,
  ]);
  // An asm label would have to stand on the first of a name's declarations.
  const renamed = [...symbols]
    .filter(([name, symbol]) => name !== symbol)
    .map(([name, symbol]) => `#pragma redefine_extname ${name} ${symbol}\n`);
  const aliases = unit.definitions.flatMap((d) =>
    d.kind === "alias" && d.target !== undefined
      ? [`extern __typeof__(${d.target}) ${d.name} __attribute__((alias("${symbols.get(d.target) ?? d.target}")));\n`]
      : [],
  );
  const own = (text: string): string => text.replaceAll("$", "_");
  return [
    ...renamed,
    unit.text.replace(own(VOLATILE_READS), VOLATILE_READS_IN_C).replace(own(ADDRESS), ADDRESS_IN_C),
    "\n",
    ...aliases,
  ].join("");
}
