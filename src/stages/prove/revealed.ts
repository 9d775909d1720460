/**
 * What was there before anybody could know where a function's own variables lie. A variable comes into being with the call, at an address that
 * nobody else knows until the function gives it away: hands it to a call, writes it to memory, makes the way on depend on it. Whatever a run
 * has come by until then (what it was given, what it has read, what calls have given back) was made without that address, and a pointer that was
 * made without a variable's address leads to no variable (LLVM's alias analysis says the same of what has not been captured).
 */
import { STACK } from "./apart.ts";
import { isEffect, isTerminator } from "./effects.ts";
import { widthOf } from "./evaluate.ts";
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";
import { isPlainWrite, isShared } from "./memory.ts";
import type { Pair, Pairing } from "./pairing.ts";
import { calledName } from "./strips.ts";

/** Variables of a function beyond which none is followed by itself, and bytes beyond which one is not. */
const [MOST_VARIABLES, MOST_BYTES] = [40, 64] as const;

/** Bits of an address. */
const ADDRESS = 64;

/** What is still an address of the same variable, where its first operand is (of a choice, either of the others). */
const KEEPING = new Set(["bitcast", "freeze", "phi", "getelementptr", "select"]);

export class Revealed {
  private readonly pairing: Pairing;
  /** How each variable by itself is given away, by its name in both functions, on the sides that have it. */
  private readonly single = new Map<string, Map<0 | 1, Giving>>();
  /** Names of the terms that stand for what a run comes by while nothing is given away on either side. */
  private readonly early = new Set<string>();
  /** Numbers of the pairs at whose heads nothing that comes together is made of a variable's address, nor was any given away. */
  private readonly heads = new Set<number>();
  constructor(pairing: Pairing) {
    this.pairing = pairing;
    const step = (count: number): void => pairing.terms.step(count);
    const sides = pairing.functions.map((f) => new Giving(f, step)) as [Giving, Giving];
    for (const pair of pairing.pairs) {
      const clean = sides.map((s, n) => s.cleanAt(pair.blocks[n as 0 | 1].name));
      if (!clean.every(Boolean)) continue;
      this.early.add(`memory ${pair.index}`);
      const phis = pair.blocks.flatMap((b, n) =>
        b.instructions.filter((i) => i.op === "phi").map((i) => (sides[n] as Giving).isMade(i)),
      );
      if (!phis.includes(true)) this.heads.add(pair.index);
      const [inC, inRust] = pair.blocks.map((b, n) => (sides[n] as Giving).sharedBefore(b));
      const shared = pair.blocks.map((b) => b.instructions.filter(isShared));
      for (let n = 0; n < Math.min(inC ?? 0, inRust ?? 0); n++) {
        this.early.add(`memory ${pair.index}.${n}`);
        // Assembly knows the stack without being told.
        if (shared.every((all) => !isAssembly(all[n] as Instruction))) this.early.add(`result ${pair.index}.${n}`);
      }
    }
  }

  /**
   * Variables that nobody can look at when a pair is come to: none of the two functions has given one of them away, whichever way. Each function
   * may hold something else there.
   */
  hiddenAt(pair: Pair): string[] {
    return this.hidden((g, side) => g.cleanAt(pair.blocks[side].name));
  }

  /** The same of an effect, which may not have to do with them either. */
  hiddenFrom(pair: Pair, effects: readonly [Instruction, Instruction]): string[] {
    return this.hidden((g, side) => g.cleanBehind(pair.blocks[side], effects[side]));
  }

  /** Whether both functions have a variable of a name that is followed. */
  isShared(name: string): boolean {
    return this.single.get(name)?.size === 2;
  }

  /**
   * Whether anything is read behind a pair's head, by either function, by what it calls, or by whom a volatile or atomic store wakes; where a
   * run may stay for ever, by anybody.
   */
  isLookedAt(pair: Pair): boolean {
    return ([0, 1] as const).some((side) => {
      const behind = this.behind(pair.blocks[side], side);
      const looks = (i: Instruction): boolean =>
        i.op === "load" || (isEffect(i) && !(i.op === "store" && isPlainWrite(i)));
      if (behind.some((b) => b.instructions.some(looks))) return true;
      const ending = new Set<string>();
      for (let count = -1; count !== ending.size; ) {
        count = ending.size;
        this.pairing.terms.step(behind.length);
        for (const b of behind) {
          const to = b.instructions.at(-1)?.labels ?? [];
          if (to.length === 0 || to.some((l) => ending.has(l))) ending.add(b.name);
        }
      }
      return ending.size !== behind.length;
    });
  }

  /** A block, and all that it leads to. */
  private behind(block: Block, side: 0 | 1): Block[] {
    const blocks = new Map(this.pairing.functions[side].blocks.map((b) => [b.name, b]));
    this.pairing.terms.step(blocks.size);
    const seen = new Set([block]);
    // What is added meanwhile is gone through as well.
    for (const b of seen)
      for (const l of b.instructions.at(-1)?.labels ?? []) {
        const next = blocks.get(l);
        if (next !== undefined) seen.add(next);
      }
    return [...seen];
  }

  private hidden(isHidden: (g: Giving, side: 0 | 1) => boolean): string[] {
    if (this.single.size === 0) this.followEach();
    return [...this.single].flatMap(([name, sides]) =>
      [...sides].every(([side, g]) => isHidden(g, side)) ? [name] : [],
    );
  }

  private followEach(): void {
    const { sizes, allocas, functions } = this.pairing;
    if (sizes.size > MOST_VARIABLES) return;
    for (const side of [0, 1] as const)
      for (const [alloca, name] of allocas[side])
        if ((sizes.get(name) ?? Number.POSITIVE_INFINITY) <= MOST_BYTES)
          this.single.set(
            name,
            (this.single.get(name) ?? new Map<0 | 1, Giving>()).set(
              side,
              new Giving(functions[side], (count) => this.pairing.terms.step(count), alloca),
            ),
          );
  }

  /** Whether a term that stands for itself, and for no value that comes together, was made without any variable's address. */
  isEarly(name: string): boolean {
    return name.startsWith("argument ") || name.startsWith("@") || this.early.has(name);
  }

  /** The same of values that come together at the head of a pair. */
  isEarlyAt(pair: number): boolean {
    return this.heads.has(pair);
  }
}

function isAssembly(i: Instruction): boolean {
  return i.op === "callbr" || i.operands[0]?.value.kind === "asm" || calledName(i)?.startsWith("llvm.") === true;
}

/** Whether an instruction gives back what may say where the stack is: assembly, in a whole register, and what LLVM has for it. */
function namesStack(i: Instruction): boolean {
  if (STACK.test(calledName(i) ?? "")) return true;
  return (
    isEffect(i) &&
    (i.op === "call" || i.op === "callbr") &&
    isAssembly(i) &&
    !(0 < widthOf(i.type) && widthOf(i.type) < ADDRESS)
  );
}

/** What one function makes of its variables' addresses, and where it first gives one away. */
class Giving {
  /** Values that are made of a variable's address, in whatever way, or may tell where it is. */
  private readonly made = new Set<string>();
  /** Those of them that are more than an address within a variable: what lies where they lead depends on where the variable is. */
  private readonly numbers = new Set<string>();
  /** Blocks that are come to with nothing given away, whichever way. */
  private readonly clean: ReadonlySet<string>;
  private readonly places = new Map<Instruction, number>();
  /** Where a block first gives one away. */
  private readonly first = new Map<string, number>();
  /**
   * @param step counts what is looked at
   * @param only the one variable that is followed; all when left out
   */
  constructor(f: IrFunction, step: (count: number) => void, only?: string) {
    const all = f.blocks.flatMap((b) => b.instructions);
    for (let count = -1; count !== this.made.size + this.numbers.size; ) {
      count = this.made.size + this.numbers.size;
      step(all.length);
      for (const i of all)
        if (i.result !== undefined && this.makes(i, only)) {
          this.made.add(i.result);
          if (this.isNumber(i)) this.numbers.add(i.result);
        }
    }
    for (const b of f.blocks) {
      for (const [n, i] of b.instructions.entries()) this.places.set(i, n);
      const first = b.instructions.findIndex((i) => this.gives(i));
      if (first >= 0) this.first.set(b.name, first);
    }
    const given = new Set<string>();
    const queue = f.blocks.filter((b) => this.first.has(b.name));
    const blocks = new Map(f.blocks.map((b) => [b.name, b]));
    const behind = (name: string): void => {
      const b = blocks.get(name);
      if (b === undefined || given.has(name)) return;
      given.add(name);
      queue.push(b);
    };
    for (let b = queue.pop(); b !== undefined; b = queue.pop()) b.instructions.at(-1)?.labels?.forEach(behind);
    this.clean = new Set(f.blocks.map((b) => b.name).filter((name) => !given.has(name)));
  }

  private makes(i: Instruction, only: string | undefined): boolean {
    if (i.op === "alloca") return only === undefined || i.result === only;
    if (namesStack(i)) return true;
    // What is read within a variable is no address of it: to write one there would have been to give it away. Which entry of a table is read
    // says something.
    return !isEffect(i) && (i.op === "load" ? this.names(i.operands, this.numbers) : this.names(i.operands));
  }

  /** @param i one that is made of an address */
  private isNumber(i: Instruction): boolean {
    if (i.op === "alloca" || namesStack(i)) return false;
    if (!KEEPING.has(i.op)) return true;
    const [first, ...rest] = i.operands as [Operand, ...Operand[]];
    if (i.op === "getelementptr") return this.names(rest) || this.names([first], this.numbers);
    return (i.op === "select" && this.names([first])) || this.names(i.operands, this.numbers);
  }

  /** Whether nothing is given away up to an effect of a block and by it, which has nothing to do with what is followed. */
  cleanBehind(block: Block, effect: Instruction): boolean {
    const first = this.first.get(block.name) ?? Number.POSITIVE_INFINITY;
    return this.clean.has(block.name) && !this.names(effect.operands) && (this.places.get(effect) ?? first) < first;
  }

  cleanAt(block: string): boolean {
    return this.clean.has(block);
  }

  isMade(i: Instruction): boolean {
    return i.result !== undefined && this.made.has(i.result);
  }

  /** How many of the effects that both functions have one by one are done before anything is given away. */
  sharedBefore({ name, instructions }: Block): number {
    return instructions.slice(0, this.first.get(name) ?? instructions.length).filter(isShared).length;
  }

  private names(operands: readonly Operand[], of: ReadonlySet<string> = this.made): boolean {
    return operands.some((o) => o.value.kind === "local" && of.has(o.value.name));
  }

  /** Whether an instruction tells others of a variable's address, or lets what is done next depend on it. */
  private gives(i: Instruction): boolean {
    if (!isEffect(i) && !isTerminator(i)) return false;
    // Where something is written, or a device is read, tells of what the place was made of.
    if (i.op === "load") return this.names(i.operands, this.numbers);
    if (i.op === "store") return this.names(i.operands.slice(0, 1)) || this.names(i.operands.slice(1), this.numbers);
    const [, kind] = /^llvm\.mem(set|cpy|move)\./.exec(calledName(i) ?? "") ?? [];
    if (kind === undefined) return this.names(i.operands);
    // Where a block of memory is set or copied, its address goes no further.
    return this.names(i.operands.slice(kind === "set" ? 2 : 3)) || this.names(i.operands, this.numbers);
  }
}
