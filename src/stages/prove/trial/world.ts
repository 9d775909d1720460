/** What a function meets in a trial: arguments, memory, and what others answer. All of it is decided by the trial's number, so that both sides meet the same. */
import type { Model } from "../model.ts";

/** Where a trial puts things, far from each other. Addresses below `PAGE` are nobody's. */
export const PAGE = 4096n;
const SYMBOLS = 0x4000_0000_0000n;
const ARGUMENTS = 0x1000_0000_0000n;
const OTHERS = 0x2000_0000_0000n;
export const LOCALS = 0x7000_0000_0000n;
const LOCALS_END = LOCALS + (1n << 44n);
const ROOM = 1n << 32n;

/** Numbers that decide more often than others do. */
const EDGES = [0n, 1n, 2n, 3n, 7n, 8n, 127n, 128n, 255n, 256n, -1n, -2n, -22n, 1n << 31n, (1n << 32n) - 1n];

/** Whether an address is where variables of a function's own lie. */
export function isLocal(address: bigint): boolean {
  return address >= LOCALS && address < LOCALS_END;
}

/** Where symbols lie, the same in all trials of a function. */
export class Symbols {
  private readonly names: string[] = [];
  private readonly known = new Map<string, bigint>();

  addressOf(name: string): bigint {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const at = SYMBOLS + BigInt(this.names.length) * ROOM;
    this.names.push(name);
    this.known.set(name, at);
    return at;
  }

  at(address: bigint): { name: string; offset: number } | undefined {
    if (address < SYMBOLS || address >= LOCALS) return undefined;
    const name = this.names[Number((address - SYMBOLS) / ROOM)];
    return name === undefined ? undefined : { name, offset: Number((address - SYMBOLS) % ROOM) };
  }
}

export class World {
  private readonly seed: bigint;
  private readonly numbers: readonly bigint[];
  private readonly model: Model | undefined;
  private readonly symbols: Symbols;
  /**
   * @param numbers that stand in the functions
   * @param symbols shared by all trials of a function
   * @param model what a solver has found, where it has
   */
  constructor(trial: number, numbers: readonly bigint[], symbols: Symbols, model?: Model) {
    this.seed = BigInt(trial);
    this.numbers = [...EDGES, ...numbers];
    this.symbols = symbols;
    this.model = model;
  }

  /** The same address for one name on both sides. */
  symbol(name: string): bigint {
    return this.symbols.addressOf(name);
  }

  /** The symbol that an address leads to, and how far behind it that is. */
  symbolAt(address: bigint): { name: string; offset: number } | undefined {
    return this.symbols.at(address);
  }

  argument(n: number, width: number, isAddress: boolean): bigint {
    const found = this.model?.argument(n);
    if (found !== undefined && (!isAddress || found >= 16n * PAGE)) return BigInt.asUintN(width, found);
    if (!isAddress) return this.number(mix(this.seed, BigInt(n) + 1n), width);
    return mix(this.seed, BigInt(n) + 77n) % 9n === 0n && found === undefined ? 0n : ARGUMENTS + BigInt(n) * ROOM;
  }

  /** What memory holds that nobody has written yet. */
  byte(address: bigint): number {
    const found = this.model?.byte(this.asInModel(address));
    if (found !== undefined) return found;
    const word = mix(this.seed, address >> 3n);
    const place = address & 7n;
    // An address of something, or two numbers.
    const value =
      word % 4n === 0n
        ? OTHERS + ((word >> 8n) % 4096n) * 65_536n
        : place < 4n
          ? this.number(mix(word, 1n), 32)
          : this.number(mix(word, 2n), 32) << 32n;
    return Number((value >> (place * 8n)) & 255n);
  }

  /** What the n-th call answers. */
  answer(n: number, width: number, isAddress: boolean): bigint {
    const word = mix(this.seed ^ 0x5bd1n, BigInt(n));
    if (isAddress && word % 4n !== 0n) return OTHERS + ((word >> 8n) % 4096n) * 65_536n;
    return word % 3n === 0n ? 0n : this.number(word, width);
  }

  private number(word: bigint, width: number): bigint {
    const chosen =
      word % 8n === 0n
        ? mix(word, 3n)
        : word % 8n < 3n
          ? (word >> 8n) % 16n
          : (this.numbers[Number((word >> 8n) % BigInt(this.numbers.length))] as bigint);
    return BigInt.asUintN(width, chosen);
  }

  /** A solver is free to lay an argument or a symbol where nothing can be. */
  private asInModel(address: bigint): bigint {
    if (address >= ARGUMENTS && address < OTHERS) {
      const found = this.model?.argument(Number((address - ARGUMENTS) / ROOM));
      if (found !== undefined && found < 16n * PAGE) return BigInt.asUintN(64, found + ((address - ARGUMENTS) % ROOM));
    }
    const symbol = this.symbolAt(address);
    const found = symbol === undefined ? undefined : this.model?.symbol(symbol.name);
    return found === undefined ? address : BigInt.asUintN(64, found + BigInt(symbol?.offset ?? 0));
  }

  /** An address in words. */
  describe(address: bigint): string {
    const symbol = this.symbolAt(address);
    const isArgument = address >= ARGUMENTS && address < OTHERS;
    const found = symbol === undefined && !isArgument ? this.model?.argumentAt(address, PAGE) : undefined;
    if (found !== undefined) return behind(`argument ${found.n + 1}`, Number(found.offset));
    const what = symbol?.name ?? (isArgument ? `argument ${(address - ARGUMENTS) / ROOM + 1n}` : undefined);
    const offset = symbol?.offset ?? Number((address - ARGUMENTS) % ROOM);
    return what === undefined ? `0x${address.toString(16)}` : behind(what, offset);
  }
}

function behind(what: string, offset: number): string {
  return offset === 0 ? what : `${what} + ${offset}`;
}

/** A number that depends on all bits of two (splitmix64). */
function mix(a: bigint, b: bigint): bigint {
  let z = BigInt.asUintN(64, a * 0x9e37_79b9_7f4a_7c15n + b * 0xd1b5_4a32_d192_ed03n + 0x2545_f491n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return z ^ (z >> 31n);
}
