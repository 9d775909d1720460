/**
 * Two states of memory compared byte by byte. Where it is known of every two writes whether they touch the same bytes, memory is the same as
 * soon as each byte that either has written holds the same: then a solver is asked about bytes, and not about arrays. What sets a bit of four
 * bytes is what sets it in its byte: the other three are given back as they were read.
 */
import type { Extent, Places } from "./apart.ts";
import { possibleBits } from "./possible-bits.ts";
import { extentOf } from "./memory.ts";
import type { Node, Term, Terms } from "./terms.ts";

/** Bytes written beyond which nothing is said. */
const MOST = 1024;

/** Bytes of a write beyond which it stays one. */
const LARGE = 16;

/** What each of the two functions has. */
interface Both {
  inC: Term;
  inRust: Term;
}

export class Bytes {
  private readonly terms: Terms;
  private readonly places: Places;
  private readonly known = new Map<string, Term>();
  private readonly states = new Map<Term, Term>();
  /** States of the Rust's memory that are the same as one of C's. */
  private readonly same: ReadonlyMap<Term, Term>;
  constructor(terms: Terms, places: Places, same: ReadonlyMap<Term, Term> = new Map()) {
    this.terms = terms;
    this.places = places;
    this.same = same;
  }

  /** What has to be equal for two states to be the same; undefined where that cannot be said in bytes. */
  private differing(a: Term, b: Term): (Both & { at: Term })[] | undefined {
    if (this.plain(a) === this.plain(b)) return [];
    const before = new Set(this.statesOf(a));
    const root = this.statesOf(b).find((m) => before.has(m));
    if (root === undefined) return undefined;
    const writes = [a, b].flatMap((m) => {
      const states = this.statesOf(m);
      return states.slice(0, states.indexOf(root)).map((s) => extentOf(this.terms.node(s)) as Extent);
    });
    if (!this.areTold(writes)) return undefined;
    const places = new Map<string, Term>();
    for (const { address, bytes } of writes)
      for (let n = 0; n < bytes; n++) {
        const at = this.beside(address, n);
        const { base, offset } = this.places.parts(at);
        places.set(`${base} ${offset}`, at);
      }
    if (places.size > MOST) return undefined;
    return [...places.values()]
      .map((at) => ({ at, inC: this.read(a, at), inRust: this.read(b, at) }))
      .filter(({ inC, inRust }) => inC !== inRust);
  }

  /**
   * What has to be equal for two states to be the same, where need be behind the writes that both begin with.
   * @returns values that both write at first, and bytes; undefined where it cannot be said in these
   */
  compared(inC: Term, inRust: Term): { values: Both[]; bytes: (Both & { at: Term })[] } | undefined {
    const bytes = this.differing(inC, inRust);
    if (bytes !== undefined) return { values: [], bytes };
    const { values, same } = this.beginning(inC, inRust);
    const rest = same.size === 0 ? undefined : new Bytes(this.terms, this.places, same).differing(inC, inRust);
    return rest && { values, bytes: rest };
  }

  /**
   * The writes that both states begin with, since one that they have in common: to the same places in the same order, whether or not it is known
   * which of them overlap. As soon as the values are equal, so is memory behind each.
   * @returns values that are not written alike, and C's states by the Rust's
   */
  private beginning(inC: Term, inRust: Term): { values: Both[]; same: Map<Term, Term> } {
    const [ofC, ofRust] = [this.statesOf(inC), this.statesOf(inRust)];
    const root = ofRust.find((m) => ofC.includes(m));
    const values: Both[] = [];
    const same = new Map<Term, Term>();
    if (root === undefined) return { values, same };
    const [c, rust] = [ofC, ofRust].map((all) => all.slice(0, all.indexOf(root)).toReversed()) as [Term[], Term[]];
    for (const [n, state] of rust.slice(0, c.length).entries()) {
      const [mine, other] = [this.terms.node(c[n] as Term), this.terms.node(state)];
      if (mine.op !== other.op || mine.args[1] !== other.args[1]) break;
      const [value = 0, valueInRust = 0] = [mine.args[2], other.args[2]];
      if (value !== valueInRust) {
        // Where a block of memory is copied from.
        if (other.op.startsWith("copy ")) break;
        values.push({ inC: value, inRust: valueInRust });
      }
      // What reads it may name it by its bytes.
      for (const name of [state, this.plain(state)]) same.set(name, c[n] as Term);
    }
    return { values, same };
  }

  /** A state and those that it was made of, one write after the other. */
  private statesOf(memory: Term): Term[] {
    const out = [this.inC(memory)];
    for (let n = this.terms.node(out[0] as Term); extentOf(n) !== undefined; n = this.terms.node(out.at(-1) as Term))
      out.push(this.inC(n.args[0] as Term));
    this.terms.step(out.length);
    return out;
  }

  /** A state by its name in C. */
  private inC(memory: Term): Term {
    return this.same.get(memory) ?? memory;
  }

  /** Whether of each two it is known which bytes they share. */
  private areTold(writes: readonly Extent[]): boolean {
    this.terms.step(writes.length ** 2);
    return writes.every((w, n) =>
      writes
        .slice(n + 1)
        .every(
          (v) => this.places.parts(w.address).base === this.places.parts(v.address).base || this.places.apart(w, v),
        ),
    );
  }

  private beside(address: Term, bytes: number): Term {
    return bytes === 0 ? address : this.terms.sum(64, [[address, 1n]], BigInt(bytes));
  }

  /** What a byte holds: of the last write to it, as far back as it is known which those are. */
  private read(memory: Term, at: Term): Term {
    const found = this.lastWrite(memory, at);
    return "byte" in found ? found.byte : this.load(at, found.state);
  }

  /** What a byte holds, where a write that a state was made by may have touched it. */
  heldIn(memory: Term, at: Term): Term | undefined {
    const found = this.lastWrite(memory, at);
    if ("byte" in found) return found.byte;
    return extentOf(this.terms.node(found.state)) === undefined ? undefined : this.load(at, found.state);
  }

  private lastWrite(memory: Term, at: Term): { byte: Term } | { state: Term } {
    const { terms, places } = this;
    for (let m = this.inC(memory); ; ) {
      terms.step();
      const node = terms.node(m);
      const write = extentOf(node);
      if (write === undefined) return { state: m };
      const [before = 0, address = 0] = node.args;
      const [own, written] = [places.parts(at), places.parts(address)];
      const distance = BigInt.asUintN(64, own.offset - written.offset);
      if (own.base === written.base && distance < BigInt(write.bytes)) {
        return { byte: this.written(node, Number(distance)) };
      }
      if (!places.apart(write, { address: at, bytes: 1 })) return { state: m };
      m = this.inC(before);
    }
  }

  private load(at: Term, memory: Term): Term {
    return this.terms.load("i8", 8, at, this.plain(memory));
  }

  /** A state of memory by the bytes that are really changed, which is written in one way more often. */
  plain(state: Term): Term {
    const memory = this.inC(state);
    const known = this.states.get(memory);
    if (known !== undefined) return known;
    const { terms } = this;
    const node = terms.node(memory);
    const write = extentOf(node);
    let made = memory;
    if (write !== undefined) {
      const [before = 0, address = 0, value = 0] = node.args;
      made = this.plain(before);
      if (write.bytes > LARGE) made = terms.make(node.op, [made, address, value], 0);
      else
        for (let n = 0; n < write.bytes; n++) {
          const at = this.beside(address, n);
          const byte = this.written(node, n);
          if (byte !== this.read(before, at)) made = this.put(made, at, byte);
        }
    }
    this.states.set(memory, made);
    return made;
  }

  private written({ op, args: [before = 0, , value = 0] }: Node, index: number): Term {
    if (op.startsWith("fill ")) return value;
    return op.startsWith("copy ") ? this.read(before, this.beside(value, index)) : this.byteOf(value, index);
  }

  /** Bytes that are apart stand in the order of their addresses' numbers; one that is written over is gone. */
  private put(memory: Term, at: Term, byte: Term): Term {
    const { terms } = this;
    const below = terms.node(memory);
    const [before = 0, address = 0, value = 0] = below.args;
    const isByte = below.op === "store 1";
    if (isByte && address === at) return this.put(before, at, byte);
    return isByte && address > at && this.places.apart({ address, bytes: 1 }, { address: at, bytes: 1 })
      ? terms.make("store 1", [this.put(before, at, byte), address, value], 0)
      : terms.make("store 1", [memory, at, byte], 0);
  }

  /** One byte of a number of several, the lowest one first. */
  private byteOf(t: Term, index: number): Term {
    const key = `${t} ${index}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.terms.step();
    const made = this.made(t, this.terms.node(t), index);
    this.known.set(key, made);
    return made;
  }

  private made(t: Term, n: Node, index: number): Term {
    const { terms } = this;
    const { width } = n;
    const [a = 0, b = 0, c = 0] = n.args;
    const inner = n.args.length === 0 ? 0 : terms.node(a).width;
    if (n.value !== undefined) return terms.int(8, n.value >> BigInt(8 * index));
    switch (n.op.split(" ")[0]) {
      case "load":
        return this.read(b, this.beside(a, index));
      case "and":
        return terms.and(
          8,
          n.args.map((x) => this.byteOf(x, index)),
        );
      case "or":
        return this.either([this.byteOf(a, index), this.byteOf(b, index)]);
      case "select":
        return terms.select(8, a, this.byteOf(b, index), this.byteOf(c, index));
      case "zext":
        if (8 * index >= inner) return terms.int(8, 0n);
        if (inner % 8 === 0) return this.byteOf(a, index);
        return inner < 8 ? terms.cast("zext", inner, 8, a) : this.cut(t, width, index);
      case "trunc":
        return inner % 8 === 0 ? this.byteOf(a, index) : this.cut(t, width, index);
      case "lshr": {
        const by = terms.value(b);
        if (by === undefined || by % 8n !== 0n || by >= BigInt(width)) break;
        const from = index + Number(by) / 8;
        return from < width / 8 ? this.byteOf(a, from) : terms.int(8, 0n);
      }
      case "sum":
        return this.ofSum(t, n, index);
    }
    return this.cut(t, width, index);
  }

  /** Of a sum of numbers that have no bit in common: nothing is carried from one byte to the next. */
  private ofSum(t: Term, n: Node, index: number): Term {
    const { terms } = this;
    const parts = this.partsOf(n);
    let all = 0n;
    for (const p of parts) {
      if ((all & p.ones) !== 0n) return this.cut(t, n.width, index);
      all |= p.ones;
    }
    return this.either(
      parts.map(({ term, times, ones }) => {
        if ((ones >> BigInt(8 * index)) % 256n === 0n) return terms.int(8, 0n);
        const by = times.toString(2).length - 1;
        if (by % 8 !== 0 || times !== 1n << BigInt(by))
          return this.cut(terms.sum(n.width, [[term, times]]), n.width, index);
        return this.byteOf(term, index - by / 8);
      }),
    );
  }

  private partsOf({ op, args, width }: Node): { term: Term; times: bigint; ones: bigint }[] {
    const [, constant = "0", ...times] = op.split(" ");
    return [
      { term: this.terms.int(width, BigInt(constant)), times: 1n, ones: BigInt.asUintN(width, BigInt(constant)) },
      ...args.map((term, i) => {
        const by = BigInt(times[i] as string);
        const isShift = by > 0n && (by & (by - 1n)) === 0n;
        return { term, times: by, ones: BigInt.asUintN(width, isShift ? possibleBits(this.terms, term) * by : -1n) };
      }),
    ];
  }

  private either(parts: readonly Term[]): Term {
    const { terms } = this;
    const constant = parts.reduce((c, p) => c | (terms.value(p) ?? 0n), 0n);
    const rest = [...new Set(parts.filter((p) => terms.value(p) === undefined))].sort((x, y) => x - y);
    if (rest.length === 0 || constant === 255n) return terms.int(8, constant);
    if (constant !== 0n) rest.push(terms.int(8, constant));
    return rest.reduce((x, y) => terms.or(8, x, y));
  }

  /** Any byte of any number. */
  private cut(t: Term, width: number, index: number): Term {
    const { terms } = this;
    const shifted = index === 0 ? t : terms.make(`lshr i${width}`, [t, terms.int(width, BigInt(8 * index))], width);
    return width === 8 ? shifted : terms.cast("trunc", width, 8, shifted);
  }
}
