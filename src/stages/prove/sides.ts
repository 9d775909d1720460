/**
 * The two programs that are compared, and names that both have in common: a symbol is what the linker sees, what is local to a unit is the
 * unit's name and its own (`ring::ring_slot`), and a constant without an address of its own is what it holds.
 */
import { contentKey } from "../../machine/cache.ts";
import { symbolPath } from "../gate/symbol-path.ts";
import { type Held, heldLiterals } from "./held-literals.ts";
import type { FixedVariable } from "./variables.ts";
import { type Contents, contentsOf, sizeOf } from "./ir/layout.ts";
import { type Global, type IrFunction, Unsupported } from "./ir/model.ts";
import type { IrModule } from "./ir/read-module.ts";
import { disambiguator, staticKey, staticOf } from "./statics.ts";

/** A module of IR and how its own names are those of the program. */
export interface Part {
  module: IrModule;
  /** It is compiled by itself, wherever its functions are inlined here (object-sizes.ts). */
  alone?: true;
  /** @returns undefined for what is nobody's but this part's: instances of generic functions, and what comes of core */
  keyOf: (symbol: string, isLocal: boolean) => string | undefined;
}

/** What either program makes of an address so that the compiler knows nothing of it (lower/null-checks.ts): assembly that both have in their own words. */
export const OPAQUE = "kport_address";

/** Bytes of a variable that is looked into: a number, or a few. */
const FIXED = 16;

/** The lowered C of one unit. */
export function unitOfC(module: IrModule, unit: string): Part {
  return {
    module,
    keyOf: (symbol, isLocal) => {
      if (!isLocal || symbol === OPAQUE) return symbol;
      const of = staticOf(symbol);
      return of === undefined ? `${unit}::${symbol}` : staticKey(`${unit}::${of.function}`, of.name, of);
    },
  };
}

/** The crate, whose modules are the units. */
export function crateOfRust(module: IrModule, crate: string): Part {
  const own = new RegExp(`^_RNv(?:Nv)?NtC(?:s[0-9A-Za-z]*_)?${crate.length}_?${crate}\\d`);
  return {
    module,
    keyOf: (symbol) => {
      if (!symbol.startsWith("_R")) return symbol;
      if (!own.test(symbol)) return undefined;
      // What a macro makes lies in a `const _` of its own.
      const path = (symbolPath(symbol) ?? []).filter((name) => name !== "_");
      if (path.length < 3) return path.at(-1) === OPAQUE ? OPAQUE : path.join("::");
      return staticKey(path.slice(0, -1).join("::"), path.at(-1) as string, {
        count: disambiguator(symbol, path.at(-1) as string),
      });
    },
  };
}

/** The Rust module of what the module's own headers define. */
const HEADERS = "headers";

/** The unit whose own a function is. */
export function unitOf(key: string): string | undefined {
  const [unit, ...names] = key.split("::");
  return names.length === 1 ? unit : undefined;
}

/** The name of a function that the crate has once, and in C each unit that includes its header. */
export function nameInHeaders(key: string): string | undefined {
  return unitOf(key) === HEADERS ? key.split("::")[1] : undefined;
}

interface Definition {
  part: Part;
  symbol: string;
}

function givesWay({ linkage }: Global): boolean {
  return linkage === "weak" || linkage === "weak_odr" || linkage === "common";
}

interface Variable {
  part: Part;
  global: Global;
}

/** One of the two programs. */
export class Side {
  readonly tag: "c" | "rust" | "written" | "lowered";
  readonly parts: readonly Part[];
  /** Functions with a body, by key: the one that the linker takes. */
  private readonly functions = new Map<string, Definition>();
  /** Of keys that several weak definitions have and no other: which of them is linked depends on their order. */
  private readonly undecided = new Set<string>();
  private readonly variables = new Map<string, Variable>();
  /** Keys of the statics of functions, which are told apart by their order in the whole program: two are never one. */
  private readonly numbered = new Map<Global, string>();
  private readonly contents = new Map<string, string>();
  /** Functions whose addresses in variables stand for another's. */
  private readonly forwarding = new Map<string, string>();
  constructor(tag: Side["tag"], parts: readonly Part[]) {
    this.tag = tag;
    this.parts = parts;
    this.numberStatics();
    for (const part of parts) {
      for (const symbol of part.module.defined) {
        this.define(this.functionKey(part, symbol), { part, symbol });
      }
      for (const global of part.module.globals.values()) {
        const key = this.variableKey(part, global);
        const linked = key === undefined ? undefined : this.variables.get(key);
        if (
          key !== undefined &&
          global.value !== undefined &&
          (linked === undefined || (givesWay(linked.global) && !givesWay(global)))
        )
          this.variables.set(key, { part, global });
      }
    }
  }

  /** One that others give way to is linked in place of all that do. */
  private define(key: string, definition: Definition): void {
    const known = this.functions.get(key);
    const [weak, wasWeak] = [definition, known].map((d) => d?.part.module.givesWay(d.symbol) === true);
    if (known !== undefined && weak && wasWeak) this.undecided.add(key);
    if (known === undefined || (wasWeak && !weak)) this.functions.set(key, definition);
    if (!weak) this.undecided.delete(key);
  }

  /** Whether a function of a part is the one that the linker takes for its name. */
  isLinked(part: Part, symbol: string): boolean {
    const linked = this.functions.get(this.functionKey(part, symbol));
    return linked?.part === part && linked.symbol === symbol;
  }

  get keys(): IterableIterator<string> {
    return this.functions.keys();
  }

  has(key: string): boolean {
    return this.find(key) !== undefined;
  }

  /** A function of the module's own headers is each unit's in C, and stands once in the crate. */
  private find(key: string): Definition | undefined {
    return (
      this.functions.get(key) ??
      (this.tag === "rust" && unitOf(key) !== undefined
        ? this.functions.get(`${HEADERS}::${key.split("::")[1]}`)
        : undefined)
    );
  }

  /** Whether a function of a part is what is compared under a key. */
  isFound(key: string, part: Part, symbol: string): boolean {
    const found = this.find(key);
    return found?.part === part && found.symbol === symbol;
  }

  /** @throws Unsupported for what the reader does not know */
  function(key: string): { part: Part; f: IrFunction } {
    if (this.undecided.has(key)) throw new Unsupported("several weak functions of one name");
    const { part, symbol } = this.find(key) as Definition;
    return { part, f: part.module.function(symbol) as IrFunction };
  }

  functionKey(part: Part, symbol: string): string {
    const isLocal = part.module.isLocal(symbol);
    return part.keyOf(symbol, isLocal) ?? `${this.tag}:${symbol}`;
  }

  /** @returns undefined for a constant whose address means nothing */
  private variableKey(part: Part, global: Global): string | undefined {
    const isLocal = global.linkage === "internal" || global.linkage === "private";
    if (isLocal && global.unnamed && global.constant && global.value !== undefined) return undefined;
    const literal = isLocal ? this.heldIn(part, global.name) : undefined;
    const holder = literal && literal.holder !== global ? this.variableKey(part, literal.holder) : undefined;
    if (literal !== undefined && holder !== undefined) return `${holder} literal ${literal.at}`;
    const key = part.keyOf(global.name, isLocal) ?? `${this.tag}:${global.name}`;
    return this.numbered.get(global) ?? key;
  }

  /** The n-th static of one name in a function, whatever number it was given. */
  private numberStatics(): void {
    const byName = new Map<string, { number: number; global: Global }[]>();
    for (const part of this.parts) {
      for (const global of part.module.globals.values()) {
        const key = part.keyOf(global.name, global.linkage === "internal" || global.linkage === "private");
        const [, name, number] = /^(.*::.*::.*)#(\d+)$/.exec(key ?? "") ?? [];
        if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), { number: Number(number), global }]);
      }
    }
    for (const [name, all] of byName)
      for (const [i, { global }] of all.sort((a, b) => a.number - b.number).entries())
        this.numbered.set(global, `${name}#${i}`);
  }

  /** What a symbol is called in what is compared, and what a constant without a name holds. */
  named(part: Part, symbol: string): { name: string; constant?: Global } {
    const global = part.module.globals.get(symbol);
    if (global === undefined) {
      const key = this.functionKey(part, symbol);
      return { name: this.forwarding.get(key) ?? key };
    }
    const key = this.variableKey(part, global);
    return key === undefined ? { name: `constant ${this.digest(part, global)}`, constant: global } : { name: key };
  }

  /**
   * A digest of what a variable holds at first, with the names that are in it.
   * @returns undefined for one that is defined elsewhere
   */
  initial(key: string): string | undefined {
    const v = this.variables.get(key);
    return v && this.digest(v.part, v.global);
  }

  /** The functions and variables that a variable names at first. */
  addressesIn(key: string): string[] {
    const v = this.variables.get(key);
    if (v?.global.value === undefined) return [];
    try {
      const { addresses } = contentsOf({ type: v.global.type, value: v.global.value });
      return addresses.map((a) => this.named(v.part, a.symbol).name);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      return [];
    }
  }

  /** From now on a variable that names one function names another one, which does the same. */
  standFor(key: string, other: string): void {
    this.forwarding.set(key, other);
    this.contents.clear();
  }

  /** A small variable that nothing may write, and in which no address is but those of texts and other constants without one of their own. */
  fixed(key: string): FixedVariable | undefined {
    const v = this.variables.get(key);
    if (v === undefined || !v.global.constant || sizeOf(v.global.type) > FIXED) return undefined;
    if (v.part.module.isWeak(v.global.name) || givesWay(v.global)) return undefined;
    try {
      const { bytes, addresses } = contentsOf({
        type: v.global.type,
        value: v.global.value as NonNullable<Global["value"]>,
      }) as Contents;
      const isKnown = bytes.length > 0 && addresses.every((a) => this.named(v.part, a.symbol).constant !== undefined);
      return isKnown ? { ...v, side: this, digest: this.digest(v.part, v.global) } : undefined;
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      return undefined;
    }
  }

  get variableKeys(): IterableIterator<string> {
    return this.variables.keys();
  }

  private heldIn(part: Part, symbol: string): Held | undefined {
    return heldLiterals(part.module, (s) => part.keyOf(s, true) ?? s).get(symbol);
  }

  /** What a variable holds where it holds an address. */
  private held(part: Part, symbol: string): string {
    const literal = this.heldIn(part, symbol) && part.module.globals.get(symbol);
    return literal === undefined ? this.named(part, symbol).name : `literal ${this.digest(part, literal)}`;
  }

  private digest(part: Part, global: Global): string {
    const at = `${this.parts.indexOf(part)} ${global.name}`;
    const known = this.contents.get(at);
    if (known !== undefined) return known;
    // One may hold its own address.
    this.contents.set(at, "itself");
    let digest: string;
    try {
      // Of any size: the bytes of others are looked at one by one.
      if (global.value?.kind === "zero") digest = `${sizeOf(global.type)} zeros`;
      else {
        const { bytes, addresses } = contentsOf({
          type: global.type,
          value: global.value as NonNullable<Global["value"]>,
        }) as Contents;
        const isZero = addresses.length === 0 && bytes.every((b) => b === 0);
        digest = isZero
          ? `${bytes.length} zeros`
          : contentKey([bytes, ...addresses.map((a) => `${a.at} ${this.held(part, a.symbol)} ${a.offset}`)]);
      }
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      digest = `${this.tag} ${at}`;
    }
    this.contents.set(at, digest);
    return digest;
  }
}
