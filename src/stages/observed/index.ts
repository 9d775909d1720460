/** Which of a module's own functions ran in a boot, and how many of their blocks. */
import path from "node:path";
import type { Executed } from "../boot/execution.ts";
import { plainName } from "../inspect/code.ts";
import type { ElfSymbol } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { symbolPath } from "../gate/symbol-path.ts";
import { blocksOf } from "./blocks.ts";

/** Of one function in one boot. */
export interface Ran {
  /** Blocks that ran. */
  ran: number;
  /** All that it has. */
  blocks: number;
}

/** A function by its names. */
export interface Sought {
  /** C's, and those that it has in the Rust and to the linker where they are others. */
  names: string[];
  /** Its C file. */
  file: string;
  /** The Rust module of its unit. */
  unit: string;
}

/**
 * What ran of each function. Absent for one that has no symbol: a compiler that has put it into all its callers leaves nothing that could be
 * told from them. What it has put elsewhere (`f.cold`, `f.part.0`) counts as the function's.
 */
export class Observed {
  /** Symbols of functions, each with the C file or the Rust module that a local one is of, by C's name. */
  readonly #symbols = new Map<string, { symbol: ElfSymbol; of: string | undefined }[]>();
  readonly #blocks: ReadonlyMap<string, readonly number[]>;
  readonly #executed: Executed;

  constructor(object: Pick<InspectedObject, "elf" | "code">, executed: Executed) {
    this.#executed = executed;
    this.#blocks = blocksOf(object.code);
    let file: string | undefined;
    for (const symbol of object.elf.symbols) {
      // Local symbols follow their file's.
      if (symbol.type === "File") file = path.basename(symbol.name);
      if (symbol.type !== "Function" || symbol.section === undefined) continue;
      const rustPath = symbolPath(symbol.name);
      const of = rustPath !== undefined ? rustPath[0] : symbol.binding === "Local" ? file : undefined;
      const name = plainName(symbol.name);
      const all = this.#symbols.get(name);
      if (all === undefined) this.#symbols.set(name, [{ symbol, of }]);
      else all.push({ symbol, of });
    }
  }

  /** @param language which of them the object was: it tells local symbols apart, by C's files or Rust's modules */
  of(f: Sought, language: "c" | "rust"): Ran | undefined {
    const of = language === "rust" ? f.unit : path.basename(f.file);
    const named = f.names.flatMap((n) => this.#symbols.get(n) ?? []);
    const places = new Map<string, Ran>();
    for (const { symbol, of: owner } of named) {
      if (owner !== undefined && owner !== of) continue;
      places.set(`${symbol.section?.name}+${symbol.value}`, this.#ran(symbol));
    }
    if (places.size === 0) return undefined;
    const all = [...places.values()];
    return { ran: all.reduce((n, p) => n + p.ran, 0), blocks: all.reduce((n, p) => n + p.blocks, 0) };
  }

  #ran({ section, value, size }: ElfSymbol): Ran {
    const name = section?.name ?? "";
    const blocks = (this.#blocks.get(name) ?? []).filter((at) => at >= value && at < value + size);
    const executed = new Set(Object.hasOwn(this.#executed, name) ? this.#executed[name] : []);
    return { ran: blocks.filter((at) => executed.has(at)).length, blocks: blocks.length };
  }
}
