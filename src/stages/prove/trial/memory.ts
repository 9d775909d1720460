/** Memory of one run: what it has written, over what the world holds. */
import { isLocal, LOCALS, PAGE, type World } from "./world.ts";

/** A run of which nothing can be said: C leaves it open, it takes too long, or it does what is not modelled. */
export class GivenUp extends Error {
  override readonly name = "GivenUp";
}

/** In C it leaves all open; where C does not come to it, the Rust must not. */
export class NearNull extends GivenUp {
  constructor() {
    super("an access near null");
  }
}

/** A byte without a value was never written, or is not known. */
export interface Written {
  value: number | undefined;
  /** Whether a store of a number wrote it; blocks are copied with what lies between members, which is nobody's. */
  single: boolean;
  /** A part of the address of a variable of the function's own, which lies elsewhere on the other side. */
  isPlace?: boolean;
}

/** What constants hold, by their names. */
export type Constants = ReadonlyMap<string, Uint8Array>;

interface Local {
  base: bigint;
  size: number;
}

/** Between variables of a function's own: no access reaches from one to the next. */
const GAP = 1n << 24n;
const MOST_LOCAL = 1 << 20;
const SHOWN_PLACE = "the address of a variable of the function's own in memory of others";

export class RunMemory {
  /** Of what others can see. */
  readonly written = new Map<bigint, Written>();
  /** What was read that nobody had written, for those who are told. */
  readonly read = new Map<bigint, number>();
  private readonly own = new Map<bigint, Written>();
  private readonly locals: Local[] = [];
  /** Variables of the function's own, in the order in which others came to know them. */
  private readonly known: Local[] = [];
  private readonly world: World;
  private readonly constants: Constants;
  private readonly apart: ReadonlySet<string>;
  /** @param apart constants that one side alone has: others are shown none of their addresses */
  constructor(world: World, constants: Constants, apart: ReadonlySet<string>) {
    this.apart = apart;
    this.world = world;
    this.constants = constants;
  }

  allocate(size: number): bigint {
    if (size > MOST_LOCAL) throw new GivenUp("a large variable");
    const base = LOCALS + BigInt(this.locals.length) * GAP;
    this.locals.push({ base, size });
    return base;
  }

  localAt(address: bigint): Local | undefined {
    if (!isLocal(address)) return undefined;
    return this.locals.find((l) => address >= l.base && address <= l.base + BigInt(l.size));
  }

  /** A value as others see it: which of the function's own variables it leads to does not depend on where that lies. */
  shown(value: bigint): string {
    this.requireShared(value);
    const local = this.localAt(value);
    if (local === undefined) return value.toString();
    if (!this.known.includes(local)) this.known.push(local);
    return `variable ${this.known.indexOf(local)} + ${value - local.base}`;
  }

  /** Bytes that are looked at for who is called. */
  get toBeShown(): number {
    return this.written.size + this.known.reduce((sum, { size }) => sum + size, 0);
  }

  /** What is in the function's own variables that others know of. */
  shownVariables(): Map<bigint, Written> {
    const out = new Map<bigint, Written>();
    for (const [n, { base, size }] of this.known.entries()) {
      for (let at = 0n; at < BigInt(size); at++) {
        const byte = this.own.get(base + at);
        if (byte !== undefined) out.set(LOCALS + BigInt(n) * GAP + at, byte);
      }
    }
    return out;
  }

  get(address: bigint): Written {
    if (address < PAGE) throw new NearNull();
    if (isLocal(address)) {
      const local = this.localAt(address);
      if (local === undefined || address === local.base + BigInt(local.size))
        throw new GivenUp("an access beyond a variable");
      return this.own.get(address) ?? { value: undefined, single: false };
    }
    const known = this.written.get(address);
    if (known !== undefined) return known;
    const constant = this.constant(address);
    const value = constant ?? this.world.byte(address);
    if (constant === undefined) this.read.set(address, value);
    return { value, single: false };
  }

  set(address: bigint, byte: Written): void {
    if (address < PAGE) throw new NearNull();
    if (this.constant(address) !== undefined) throw new GivenUp("a write to a constant");
    if (!isLocal(address)) this.written.set(address, byte);
    else if (this.localAt(address) === undefined) throw new GivenUp("an access beyond a variable");
    else this.own.set(address, byte);
  }

  load(address: bigint, bytes: number): bigint | undefined {
    let value = 0n;
    let isKnown = true;
    for (let i = 0; i < bytes; i++) {
      const byte = this.get(address + BigInt(i)).value;
      if (byte === undefined) isKnown = false;
      else value |= BigInt(byte) << BigInt(8 * i);
    }
    return isKnown ? value : undefined;
  }

  store(address: bigint, bytes: number, value: bigint | undefined): void {
    // Where it lies is each side's own.
    if (!isLocal(address) && bytes === 8 && value !== undefined && this.localAt(value) !== undefined)
      throw new GivenUp(SHOWN_PLACE);
    if (bytes === 8 && value !== undefined) this.requireShared(value);
    const isPlace = value !== undefined && this.localAt(value) !== undefined;
    for (let i = 0; i < bytes; i++)
      this.set(address + BigInt(i), {
        value: value === undefined ? undefined : Number((value >> BigInt(8 * i)) & 255n),
        single: true,
        isPlace,
      });
  }

  private constant(address: bigint): number | undefined {
    const symbol = this.world.symbolAt(address);
    return symbol && this.constants.get(symbol.name)?.[symbol.offset];
  }

  private requireShared(value: bigint): void {
    const symbol = this.world.symbolAt(value);
    if (symbol !== undefined && this.apart.has(symbol.name))
      throw new GivenUp("the address of a constant that one side alone has");
  }

  copy(to: bigint, from: bigint, length: bigint): void {
    const bytes = Array.from({ length: Number(length) }, (_, i) => this.get(from + BigInt(i)));
    if (!isLocal(to) && bytes.some((b) => b.isPlace === true)) throw new GivenUp(SHOWN_PLACE);
    for (const [i, byte] of bytes.entries()) this.set(to + BigInt(i), { ...byte, single: false });
  }
}

/**
 * Where two memories differ; bytes that either left open, and blocks that only one has written, say nothing.
 * @param before what a byte was
 */
export function differentByte(
  c: ReadonlyMap<bigint, Written>,
  rust: ReadonlyMap<bigint, Written>,
  before: (address: bigint) => number | undefined,
): { address: bigint; c: number | undefined; rust: number | undefined } | undefined {
  for (const address of new Set([...c.keys(), ...rust.keys()])) {
    const [a, b] = [c.get(address), rust.get(address)];
    if (a?.isPlace === true || b?.isPlace === true) continue;
    if (a !== undefined && b !== undefined) {
      if (a.value !== undefined && b.value !== undefined && a.value !== b.value)
        return { address, c: a.value, rust: b.value };
      continue;
    }
    const only = (a ?? b) as Written;
    const was = before(address);
    if (!only.single || only.value === undefined || was === undefined || only.value === was) continue;
    return { address, c: a?.value ?? was, rust: b?.value ?? was };
  }
  return undefined;
}
