/** Memory as a term: what it was at a point that both functions share, and the plain stores since. */
import { isEffect } from "./effects.ts";
import { type Evaluator, widthOf } from "./evaluate.ts";
import { type Instruction, type Operand, Unsupported } from "./ir/model.ts";
import type { Pair } from "./pairing.ts";
import { calledName } from "./strips.ts";
import type { Term, Terms } from "./terms.ts";

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

function blockLength(i: Instruction): bigint | undefined {
  if (!/^llvm\.mem(?:set|cpy|move)\./.test(calledName(i) ?? "")) return undefined;
  const [length, isVolatile] = [i.operands[3]?.value, i.operands[4]?.value];
  return length?.kind === "int" && length.value <= BLOCK && isVolatile?.kind === "int" && isVolatile.value === 0n ? length.value : undefined;
}

/** Memory on one side. */
export class Memory {
  private readonly terms: Terms;
  private readonly side: 0 | 1;
  private readonly evaluator: () => Evaluator;
  private readonly after = new Map<Instruction, Term>();
  constructor(terms: Terms, side: 0 | 1, evaluator: () => Evaluator) {
    this.terms = terms;
    this.side = side;
    this.evaluator = evaluator;
  }

  /** What memory holds before an instruction of a pair, or, without one, at its end. */
  before(pair: Pair, i?: Instruction): Term {
    const { instructions } = pair.blocks[this.side];
    const writes = instructions.slice(0, i === undefined ? instructions.length : instructions.indexOf(i)).filter(isEffect);
    const last = writes.at(-1);
    return last === undefined ? this.atEntry(pair) : this.behind(pair, last);
  }

  private atEntry(pair: Pair): Term {
    const [only, ...more] = pair.from;
    if (only !== undefined && more.length === 0 && only.pair.index < pair.index) return this.before(only.pair);
    return this.terms.make(`memory ${pair.index}`, [], 0);
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
      if (i.op === "load" && !i.flags.includes("atomic")) return this.before(pair, i);
      return terms.make(`memory ${pair.index}.${pair.blocks[this.side].instructions.filter(isShared).indexOf(i)}`, [], 0);
    }
    const memory = this.before(pair, i);
    const value = (o: Operand | undefined): Term => this.evaluator().operand(o as Operand);
    if (isStore) {
      const width = widthOf((i.operands[0] as Operand).type);
      if (width === 0 || width % 8 !== 0) throw new Unsupported("a store of what is no number");
      return terms.make(`store ${width / 8}`, [memory, value(i.operands[1]), value(i.operands[0])], 0);
    }
    const op = calledName(i)?.startsWith("llvm.memset.") ? "fill" : "copy";
    return terms.make(`${op} ${blockLength(i)}`, [memory, value(i.operands[1]), value(i.operands[2])], 0);
  }
}
