/** Which functions of a module are compared. */
import type { LoweredUnit } from "../lower/index.ts";
import type { Proof } from "./index.ts";
import { contentsOf } from "./ir/layout.ts";
import { Unsupported } from "./ir/model.ts";
import type { IrModule } from "./ir/read-module.ts";
import type { Side } from "./sides.ts";

/**
 * The functions that are compared each by itself, by key: those that people wrote, those that others see, and those whose address is taken.
 * What else the headers bring is a part of the functions that call it.
 */
export function functionsOf(
  units: readonly LoweredUnit[],
  c: Side,
  modules: readonly IrModule[],
): Map<string, Pick<Proof, "name" | "file">> {
  const out = new Map<string, Pick<Proof, "name" | "file">>();
  for (const [i, u] of units.entries()) {
    const part = c.parts.find((p) => p.module === modules[i]) as Side["parts"][number];
    const written = new Map(u.functions.map((f) => [u.renamed.get(f.name) ?? f.name, f.name]));
    const symbols = new Map(
      [
        ...u.symbols,
        ...u.definitions.flatMap((d) => (d.symbol === undefined ? [] : [[d.name, d.symbol] as const])),
      ].map(([name, symbol]) => [symbol, name]),
    );
    const taken = addressesTaken(part.module);
    for (const symbol of part.module.defined) {
      const isLocal = part.module.isLocal(symbol);
      const name = written.get(symbols.get(symbol) ?? symbol);
      // A weak function that another unit has a better one of is in no module.
      if (c.isLinked(part, symbol) && (name !== undefined || !isLocal || taken.has(symbol)))
        out.set(c.functionKey(part, symbol), { name: name ?? symbol, file: u.command.file });
    }
  }
  return out;
}

/** Symbols of functions that are named other than to call them. */
function addressesTaken(module: IrModule): Set<string> {
  const out = new Set<string>();
  for (const g of module.globals.values()) {
    try {
      if (g.value !== undefined && g.name !== "llvm.used" && g.name !== "llvm.compiler.used")
        for (const a of contentsOf({ type: g.type, value: g.value }).addresses) out.add(a.symbol);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
    }
  }
  for (const name of module.defined) {
    try {
      for (const b of module.function(name)?.blocks ?? []) {
        for (const i of b.instructions)
          for (const o of i.op === "call" ? i.operands.slice(1) : i.operands)
            if (o.value.kind === "global") out.add(o.value.name);
      }
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
    }
  }
  return out;
}
