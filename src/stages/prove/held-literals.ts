/**
 * Compound literals that live as long as the module have a name in no program (`.compoundliteral.3`, `table_literal_3`, a static beside the
 * pointer to it). One that a single place in another variable points to is told by what that variable holds: which of them it is makes no
 * difference, also where something may write it, and functions know it by where that is.
 */
import { isClangsLiteral, isLiteralName } from "../lower/file-literals.ts";
import { contentsOf } from "./ir/layout.ts";
import { type Global, Unsupported } from "./ir/model.ts";
import type { IrModule } from "./ir/read-module.ts";

export interface Held {
  holder: Global;
  /** The offset of the pointer in it. */
  at: number;
}

const known = new WeakMap<IrModule, ReadonlyMap<string, Held>>();

/** @param nameOf what the programs call a symbol */
export function heldLiterals(module: IrModule, nameOf: (symbol: string) => string): ReadonlyMap<string, Held> {
  const before = known.get(module);
  if (before !== undefined) return before;
  const found = held(module, nameOf);
  known.set(module, found);
  return found;
}

function held(module: IrModule, nameOf: (symbol: string) => string): ReadonlyMap<string, Held> {
  const isOne = (symbol: string): boolean =>
    isClangsLiteral(symbol) || isLiteralName((nameOf(symbol).split("::").at(-1) as string).replace(/#\d+$/, ""));
  const literals = new Set(
    [...module.globals.values()]
      .filter((g) => (g.linkage === "internal" || g.linkage === "private") && isOne(g.name))
      .map((g) => g.name),
  );
  const found = new Map<string, Held | undefined>();
  for (const holder of literals.size === 0 ? [] : module.globals.values()) {
    const { type, value } = holder;
    if (value === undefined || value.kind === "zero") continue;
    try {
      for (const { at, symbol } of contentsOf({ type, value }).addresses)
        if (literals.has(symbol)) found.set(symbol, found.has(symbol) ? undefined : { holder, at });
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      return new Map();
    }
  }
  return new Map([...found].filter((e): e is [string, Held] => e[1] !== undefined));
}
