/** Memory as a term: what it was at a point that both functions share, and the plain stores since. */
import type { Extent, Places } from "./apart.ts";
import { isEffect } from "./effects.ts";
import { type Evaluator, widthOf } from "./evaluate.ts";
import { type Instruction, type Operand, Unsupported } from "./ir/model.ts";
import type { Pair } from "./pairing.ts";
import { calledName } from "./strips.ts";
import type { Node, Term, Terms } from "./terms.ts";

/** Bytes up to which a block of memory that is set or copied is written byte by byte. */
const BLOCK = 128n;

/** Whether an effect only changes memory, and nobody can look before the next one that others see. */
export function isPlainWrite(i: Instruction): boolean {
  if (i.op === "store") return !i.flags.includes("volatile") && !i.flags.includes("atomic");
  return blockLength(i) !== undefined;
}

/** Effects that both functions must have one by one. */
export function isShared(i: Instruction): boolean {
  return isEffect(i) && !isPlainWrite(i);
}

/** Whether memory has to be the same in both before an effect. Volatile accesses order each other; what is plain may pass them. */
export function showsMemory(i: Instruction): boolean {
  return !(i.flags.includes("volatile") && !i.flags.includes("atomic") && (i.op === "load" || i.op === "store"));
}

/** Functions of C's library that read memory and write none, as LLVM takes them too (inferNonMandatoryLibFuncAttrs): so the kernel's do. */
const READING = new Set(
  "bcmp memcmp memchr strlen strnlen strcmp strncmp strchr strrchr strspn strcspn strpbrk strstr".split(" "),
);

/**
 * Whether an effect leaves memory as it is: a function that only reads, or assembly that says of no memory that it is written, neither of all
 * (`"memory"` among its clobbers) nor of a place (an output that is indirect). GCC's manual asks for that of assembly that writes any (6.47.2.6),
 * and a static key's jump writes none.
 */
export function keepsMemory(i: Instruction): boolean {
  if (READING.has(calledName(i) ?? "")) return true;
  const called = i.op === "call" || i.op === "callbr" ? i.operands[0]?.value : undefined;
  return (
    called?.kind === "asm" && called.constraints.split(",").every((c) => c !== "~{memory}" && !/^[=+]&?\*/.test(c))
  );
}

function blockLength(i: Instruction): bigint | undefined {
  if (!/^llvm\.mem(?:set|cpy|move)\./.test(calledName(i) ?? "")) return undefined;
  const [length, isVolatile] = [i.operands[3]?.value, i.operands[4]?.value];
  return length?.kind === "int" && length.value <= BLOCK && isVolatile?.kind === "int" && isVolatile.value === 0n
    ? length.value
    : undefined;
}

/** Where a plain write of a number, or of a block of memory, writes, and how many bytes. */
export function writtenBy(i: Instruction): { address: Operand; bytes: number } | undefined {
  if (!isPlainWrite(i)) return undefined;
  const [value, to] = i.operands as [Operand, Operand];
  const length = blockLength(i);
  if (length !== undefined) return { address: to, bytes: Number(length) };
  const width = widthOf(value.type);
  return width > 0 && width % 8 === 0 ? { address: to, bytes: width / 8 } : undefined;
}

/** Of a load or a store of a number. */
export function bytesOf(i: Instruction): number {
  return Math.ceil(widthOf(i.op === "load" ? i.type : (i.operands[0] as Operand).type) / 8);
}

/** The bytes that a write makes; undefined for a state of memory that is none. */
export function extentOf({ op, args }: Node): Extent | undefined {
  const [kind, bytes] = op.split(" ");
  return kind === "store" || kind === "fill" || kind === "copy"
    ? { address: args[1] as Term, bytes: Number(bytes) }
    : undefined;
}

/** What is in variables of the function's own that nobody can look at (revealed.ts): it is the same behind whatever others do. */
export interface Hidden {
  /** Addresses of the bytes of those that are hidden at the head of a pair. */
  at: (pair: Pair) => readonly Term[];
  /** And from an effect. */
  from: (pair: Pair, i: Instruction) => readonly Term[];
  /** What one holds, as far as it is known. */
  held: (memory: Term, at: Term) => Term | undefined;
}

/** Memory on one side. */
export class Memory {
  private readonly terms: Terms;
  private readonly side: 0 | 1;
  private readonly evaluator: () => Evaluator;
  private readonly places: Places;
  private readonly after = new Map<Instruction, Term>();
  private readonly entries = new Map<Pair, Term>();
  private readonly hidden: Hidden;
  constructor(terms: Terms, places: Places, side: 0 | 1, evaluator: () => Evaluator, hidden: Hidden) {
    this.hidden = hidden;
    this.terms = terms;
    this.places = places;
    this.side = side;
    this.evaluator = evaluator;
  }

  /** What memory holds before an instruction of a pair, or, without one, at its end. */
  before(pair: Pair, i?: Instruction): Term {
    const { instructions } = pair.blocks[this.side];
    this.terms.step(instructions.length);
    const writes = instructions
      .slice(0, i === undefined ? instructions.length : instructions.indexOf(i))
      .filter(isEffect);
    const last = writes.at(-1);
    return last === undefined ? this.atEntry(pair) : this.behind(pair, last);
  }

  private atEntry(pair: Pair): Term {
    const [only, ...more] = pair.from;
    if (only !== undefined && more.length === 0 && only.pair.index < pair.index) return this.before(only.pair);
    const known = this.entries.get(pair);
    if (known !== undefined) return known;
    const shared = this.terms.make(`memory ${pair.index}`, [], 0);
    // A way that comes back may be of this very pair.
    const isBehind = pair.from.every((f) => f.pair.place < pair.place);
    const states = isBehind ? pair.from.map((f) => this.before(f.pair)) : [];
    const [first = shared] = states;
    // Whichever way it was come to, it is what it was before.
    const made = states.every((m) => m === first) ? first : this.keeping(shared, this.hidden.at(pair), states);
    this.entries.set(pair, made);
    return made;
  }

  /** A state of memory that both functions share, with what is known to be in this one's hidden variables: the same in all states it comes of. */
  private keeping(shared: Term, hidden: readonly Term[], states: readonly Term[]): Term {
    let out = shared;
    for (const at of hidden) {
      const held = new Set(states.map((m) => this.hidden.held(m, at)));
      const [only] = held;
      if (held.size === 1 && only !== undefined) out = this.terms.make("store 1", [out, at, only], 0);
    }
    return out;
  }

  /** Whether what is in a hidden byte when a pair is come to is this function's own. */
  keeps(pair: Pair, at: Term): boolean {
    return this.hidden.held(this.atEntry(pair), at) !== undefined;
  }

  private behind(pair: Pair, i: Instruction): Term {
    const known = this.after.get(i);
    if (known !== undefined) return known;
    const made = this.written(pair, i);
    this.after.set(i, made);
    return made;
  }

  private written(pair: Pair, i: Instruction): Term {
    const { terms } = this;
    const isStore = i.op === "store" && !i.flags.includes("atomic");
    if (!isStore && !isPlainWrite(i)) {
      // A volatile load changes nothing; behind all else anything may have changed.
      if ((i.op === "load" && !i.flags.includes("atomic")) || keepsMemory(i)) return this.before(pair, i);
      const n = pair.blocks[this.side].instructions.filter(isShared).indexOf(i);
      return this.keeping(terms.make(`memory ${pair.index}.${n}`, [], 0), this.hidden.from(pair, i), [
        this.before(pair, i),
      ]);
    }
    const memory = this.before(pair, i);
    const value = (o: Operand | undefined): Term => this.evaluator().operand(o as Operand);
    if (isStore) {
      const width = widthOf((i.operands[0] as Operand).type);
      if (width === 0 || width % 8 !== 0) throw new Unsupported("a store of what is no number");
      return this.put(`store ${width / 8}`, memory, value(i.operands[1]), value(i.operands[0]));
    }
    const op = calledName(i)?.startsWith("llvm.memset.") ? "fill" : "copy";
    const [to, what] = [value(i.operands[1]), value(i.operands[2])];
    // What is copied is read from memory as it is now.
    return op === "copy"
      ? terms.make(`copy ${blockLength(i)}`, [memory, to, what], 0)
      : this.put(`fill ${blockLength(i)}`, memory, to, what);
  }

  /** What an access of a few bytes sees: the last state in which those bytes were written. */
  seen(memory: Term, extent: Extent): Term {
    const n = this.terms.node(memory);
    const written = extentOf(n);
    return written !== undefined && this.places.apart(written, extent) ? this.seen(n.args[0] as Term, extent) : memory;
  }

  /** A write; those that cannot touch the same bytes stand in the order of their addresses' numbers, and one that is written over is gone. */
  private put(op: string, memory: Term, address: Term, value: Term): Term {
    const below = this.terms.node(memory);
    const [written, own] = [extentOf(below), extentOf({ op, args: [memory, address, value], width: 0 }) as Extent];
    if (written !== undefined && written.address === address && written.bytes === own.bytes)
      return this.put(op, below.args[0] as Term, address, value);
    if (
      written === undefined ||
      below.op.startsWith("copy") ||
      written.address <= address ||
      !this.places.apart(written, own)
    )
      return this.terms.make(op, [memory, address, value], 0);
    return this.terms.make(
      below.op,
      [this.put(op, below.args[0] as Term, address, value), written.address, below.args[2] as Term],
      0,
    );
  }
}
