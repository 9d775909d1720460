/**
 * What was there before anybody could know where a function's own variables lie. A variable comes into being with the call, at an address that
 * nobody else knows until the function gives it away: hands it to a call, writes it to memory, makes the way on depend on it. Whatever a run
 * has come by until then (what it was given, what it has read, what calls have given back) was made without that address, and a pointer that was
 * made without a variable's address leads to no variable (LLVM's alias analysis says the same of what has not been captured).
 */
import { isEffect, isTerminator } from "./effects.ts";
import type { Instruction, IrFunction, Operand } from "./ir/model.ts";
import { isShared } from "./memory.ts";
import type { Pairing } from "./pairing.ts";
import { calledName } from "./strips.ts";

export class Revealed {
  /** Names of the terms that stand for what a run comes by while nothing is given away on either side. */
  private readonly early = new Set<string>();
  /** Numbers of the pairs at whose heads nothing that comes together is made of a variable's address, nor was any given away. */
  private readonly heads = new Set<number>();
  constructor(pairing: Pairing) {
    const sides = pairing.functions.map((f) => new Giving(f)) as [Giving, Giving];
    for (const pair of pairing.pairs) {
      const clean = sides.map((s, n) => s.cleanAt(pair.blocks[n as 0 | 1].name));
      if (!clean.every(Boolean)) continue;
      this.early.add(`memory ${pair.index}`);
      const phis = pair.blocks.flatMap((b, n) =>
        b.instructions.filter((i) => i.op === "phi").map((i) => (sides[n] as Giving).isMade(i)),
      );
      if (!phis.includes(true)) this.heads.add(pair.index);
      const [inC, inRust] = pair.blocks.map((b, n) => (sides[n] as Giving).sharedBefore(b.instructions));
      const shared = pair.blocks.map((b) => b.instructions.filter(isShared));
      for (let n = 0; n < Math.min(inC ?? 0, inRust ?? 0); n++) {
        this.early.add(`memory ${pair.index}.${n}`);
        // Assembly knows the stack without being told.
        if (shared.every((all) => !isAssembly(all[n] as Instruction))) this.early.add(`result ${pair.index}.${n}`);
      }
    }
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

/** What one function makes of its variables' addresses, and where it first gives one away. */
class Giving {
  /** Values that are made of a variable's address, in whatever way. */
  private readonly made = new Set<string>();
  /** Blocks that are come to with nothing given away, whichever way. */
  private readonly clean: ReadonlySet<string>;
  constructor(f: IrFunction) {
    const all = f.blocks.flatMap((b) => b.instructions);
    for (let count = -1; count !== this.made.size; ) {
      count = this.made.size;
      // What is read by way of such an address is none: to write one there would have been to give it away.
      for (const i of all)
        if (
          i.result !== undefined &&
          (i.op === "alloca" || (!isEffect(i) && i.op !== "load" && this.names(i.operands)))
        )
          this.made.add(i.result);
    }
    const given = new Set<string>();
    const queue = f.blocks.filter((b) => b.instructions.some((i) => this.gives(i)));
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

  cleanAt(block: string): boolean {
    return this.clean.has(block);
  }

  isMade(i: Instruction): boolean {
    return i.result !== undefined && this.made.has(i.result);
  }

  /** How many of the effects that both functions have one by one are done before anything is given away. */
  sharedBefore(instructions: readonly Instruction[]): number {
    const first = instructions.findIndex((i) => this.gives(i));
    return instructions.slice(0, first < 0 ? instructions.length : first).filter(isShared).length;
  }

  private names(operands: readonly Operand[]): boolean {
    return operands.some((o) => o.value.kind === "local" && this.made.has(o.value.name));
  }

  /** Whether an instruction tells others of a variable's address, or lets what is done next depend on it. */
  private gives(i: Instruction): boolean {
    if (!isEffect(i) && !isTerminator(i)) return false;
    if (i.op === "load") return false;
    if (i.op === "store") return this.names(i.operands.slice(0, 1));
    // Where a block of memory is set or copied, its address goes no further.
    return this.names(/^llvm\.mem(?:set|cpy|move)\./.test(calledName(i) ?? "") ? i.operands.slice(3) : i.operands);
  }
}
