/**
 * Runs a function of prepared IR (prepare.ts) as it is written. Calls of other functions are written down and answered by the world; what C
 * leaves open, and what is not modelled, ends a run without a verdict.
 */
import { isTerminator } from "../effects.ts";
import { addressOf, fieldOffset, sizeOf } from "../ir/layout.ts";
import type { Block, Instruction, IrFunction, Operand, Type } from "../ir/model.ts";
import type { IrModule } from "../ir/read-module.ts";
import { OPAQUE } from "../sides.ts";
import { calledName, isHint, TRAP } from "../strips.ts";
import { widthOf } from "../evaluate.ts";
import { address, constant, inserted } from "./addresses.ts";
import { binary, cast, compare } from "./arithmetic.ts";
import { intrinsic, isIntrinsic } from "./intrinsics.ts";
import { type Constants, GivenUp, NearNull, RunMemory, type Written } from "./memory.ts";
import type { World } from "./world.ts";

/** Names of what one side alone has (prepare.ts, sides.ts). */
const APART = /^(?:c|rust|written|lowered)(?: has |:)/;

/** Of a run; what a function does within them shows what there is to see. */
const MOST_STEPS = 20_000;
const MOST_EVENTS = 200;
const MOST_DEPTH = 40;

/** A number or an address, the parts of a structure, or nothing that is known. */
export type Datum = bigint | undefined | readonly Datum[];

/** A call, and what those who are called can see. */
export interface Event {
  what: string;
  /** As others see them; undefined for what is open. */
  args: readonly (string | undefined)[];
  memory: ReadonlyMap<bigint, Written>;
  variables: ReadonlyMap<bigint, Written>;
}

export interface Run {
  events: Event[];
  /** Absent where it did not come back, or gives nothing back. */
  returned?: string;
  memory: RunMemory;
}

/** A call that nobody comes back from. */
class Ended extends Error {}

export class Machine {
  private readonly module: IrModule;
  private readonly world: World;
  private readonly isC: boolean;
  private readonly events: Event[] = [];
  private readonly memory: RunMemory;
  steps = 0;
  /**
   * @param isC what C leaves open ends a run
   * @param apart constants that one side alone has: both may hold the same where it matters
   */
  constructor(module: IrModule, world: World, isC: boolean, constants: Constants, apart: ReadonlySet<string>) {
    this.module = module;
    this.world = world;
    this.isC = isC;
    this.memory = new RunMemory(world, constants, apart);
  }

  /** @throws GivenUp, Unsupported */
  run(f: IrFunction): Run {
    const args = f.parameters.map((p, n) => {
      const width = widthOf(p.type);
      if (width === 0 || p.passing.typed.length > 0) throw new GivenUp("a parameter that is no number");
      return this.world.argument(n, width, p.type.kind === "ptr");
    });
    const out: Run = { events: this.events, memory: this.memory };
    try {
      const value = this.call(f, args, 0);
      if (f.returns.kind !== "void") {
        if (typeof value !== "bigint") throw new GivenUp("a result that is open");
        out.returned = this.memory.shown(value);
      }
    } catch (error) {
      if (error instanceof NearNull && !this.isC) this.happened(error.message, []);
      else if (!(error instanceof Ended)) throw error;
    }
    return out;
  }

  private call(f: IrFunction, args: readonly Datum[], depth: number): Datum {
    if (depth > MOST_DEPTH) throw new GivenUp("calls in calls");
    const values = new Map<string, Datum>(f.parameters.map((p, n) => [p.name, args[n]]));
    const blocks = new Map(f.blocks.map((b) => [b.name, b]));
    let [block, from] = [f.blocks[0] as Block, ""];
    for (;;) {
      const phis = block.instructions.filter((i) => i.op === "phi");
      const coming = phis.map((i) => this.operand(i.operands[i.labels?.indexOf(from) ?? -1] as Operand, values));
      for (const [n, i] of phis.entries()) values.set(i.result as string, coming[n]);
      for (const i of block.instructions) {
        if (i.op === "phi") continue;
        this.took(1);
        if (isTerminator(i)) {
          if (i.op === "ret") return i.operands[0] === undefined ? undefined : this.operand(i.operands[0], values);
          from = block.name;
          block = blocks.get(this.next(i, values)) as Block;
          break;
        }
        const value = this.execute(i, values, depth);
        if (i.result !== undefined) values.set(i.result, value);
      }
    }
  }

  private took(steps: number): void {
    if ((this.steps += steps) > MOST_STEPS) throw new GivenUp("too many steps");
  }

  private next(i: Instruction, values: ReadonlyMap<string, Datum>): string {
    const labels = i.labels ?? [];
    if (i.op === "br") {
      if (i.operands[0] === undefined) return labels[0] as string;
      return labels[this.number(i.operands[0], values) === 1n ? 0 : 1] as string;
    }
    if (i.op !== "switch") throw new GivenUp(i.op);
    const value = this.number(i.operands[0] as Operand, values);
    const n = i.operands.slice(1).findIndex((o) => this.number(o, values) === value);
    return labels[n + 1] as string;
  }

  private execute(i: Instruction, values: ReadonlyMap<string, Datum>, depth: number): Datum {
    if (isHint(i)) return undefined;
    const width = widthOf(i.type);
    const operand = (n: number): Datum => this.operand(i.operands[n] as Operand, values);
    const number = (n: number): bigint => this.number(i.operands[n] as Operand, values);
    switch (i.op) {
      case "alloca":
        return this.memory.allocate(sizeOf(i.source as Type) * (i.operands[0] === undefined ? 1 : Number(number(0))));
      case "load":
        return this.loaded(number(0), i.type);
      case "store":
        this.stored(number(1), operand(0), (i.operands[0] as Operand).type);
        return undefined;
      case "fence":
        return undefined;
      case "atomicrmw":
      case "cmpxchg":
        return this.exchanged(i, values);
      case "getelementptr":
        return address(
          i,
          i.operands.map((o) => this.operand(o, values)),
        );
      case "select": {
        const chosen = number(0);
        return operand(chosen === 1n ? 1 : 2);
      }
      case "icmp": {
        const [a, b] = [operand(0), operand(1)];
        if (typeof a !== "bigint" || typeof b !== "bigint") return undefined;
        if (!["eq", "ne"].includes(i.flags.at(-1) as string) && this.memory.localAt(a) !== this.memory.localAt(b))
          throw new GivenUp("where a variable lies");
        return compare(i.flags.at(-1) as string, a, b, widthOf((i.operands[0] as Operand).type));
      }
      case "extractvalue":
        return (i.indices ?? []).reduce<Datum>((v, n) => (Array.isArray(v) ? v[n] : undefined), operand(0));
      case "insertvalue":
        return inserted(operand(0), operand(1), i.indices ?? [], i.type);
      case "freeze":
        return operand(0);
      case "call":
        return this.called(i, values, depth);
    }
    if (width === 0) throw new GivenUp(`the instruction ${i.op}`);
    const from = widthOf((i.operands[0] as Operand).type);
    if (i.operands.length === 1) return cast(i, operand(0), from, width, this.isC);
    const [a, b] = [operand(0), operand(1)];
    if (typeof a !== "bigint" || typeof b !== "bigint") return undefined;
    this.requireNoPlace(i.op, a, b);
    const value = binary(i, a, b, width, this.isC);
    // The processor's exception in C, a panic in Rust.
    if (value === "trap") return this.end("trap", []);
    return value;
  }

  /** Where variables of the function's own lie is each side's own: of what is computed with that nothing is said. */
  private requireNoPlace(op: string, a: bigint, b: bigint): void {
    const [of, by] = [this.memory.localAt(a), this.memory.localAt(b)];
    if (of === undefined && by === undefined) return;
    const isWithin =
      op === "sub"
        ? of !== undefined && (by === undefined || by === of)
        : op === "add" || op === "and"
          ? of !== by
          : false;
    if (!isWithin) throw new GivenUp("where a variable lies");
  }

  private called(i: Instruction, values: ReadonlyMap<string, Datum>, depth: number): Datum {
    const [callee, ...rest] = i.operands as [Operand, ...Operand[]];
    const name = calledName(i);
    if (name === TRAP) return this.end("trap", []);
    const args = rest.map((o) => (o.type.kind === "metadata" ? 0n : this.operand(o, values)));
    if (name !== undefined && isIntrinsic(name))
      return intrinsic(name, i, args, this.memory, this.isC, (bytes) => this.took(bytes));
    if (name === OPAQUE) return args[0];
    const own = name === undefined ? undefined : this.module.function(name);
    if (own !== undefined) return this.call(own, args, depth + 1);
    // Rust's own: a panic where C goes on, if C leaves open what comes then.
    if (name !== undefined && APART.test(name)) throw new GivenUp("a call into core");
    if (rest.some((o) => widthOf(o.type) === 0 || o.passing?.typed.some((t) => t.name !== "elementtype")))
      throw new GivenUp("an argument that is no number");
    const { value } = callee;
    const what =
      name ??
      (value.kind === "asm"
        ? `asm ${value.text} ${value.constraints}`
        : `*${this.memory.shown(this.number(callee, values))}`);
    if (i.signature?.noreturn) return this.end(what, args);
    this.happened(what, args);
    if (i.type.kind === "void") return undefined;
    const width = widthOf(i.type);
    if (width === 0) throw new GivenUp("a result that is no number");
    return this.world.answer(this.events.length, width, i.type.kind === "ptr");
  }

  private happened(what: string, args: readonly Datum[]): void {
    if (this.events.length >= MOST_EVENTS) throw new GivenUp("too many calls");
    const shown = args.map((a) => (typeof a === "bigint" ? this.memory.shown(a) : undefined));
    // What is seen of memory is written down each time.
    this.took(this.memory.toBeShown >> 4);
    this.events.push({
      what,
      args: shown,
      memory: new Map(this.memory.written),
      variables: this.memory.shownVariables(),
    });
  }

  private end(what: string, args: readonly Datum[]): never {
    this.happened(what, args);
    throw new Ended();
  }

  private loaded(address: bigint, type: Type): Datum {
    if (type.kind === "struct")
      return type.fields.map((f, n) => this.loaded(address + BigInt(fieldOffset(type, n)), f));
    const width = widthOf(type);
    if (width === 0) throw new GivenUp("a load of what is no number");
    const value = this.memory.load(address, Math.ceil(width / 8));
    return value === undefined ? undefined : BigInt.asUintN(width, value);
  }

  private stored(address: bigint, value: Datum, type: Type): void {
    if (type.kind === "struct") {
      for (const [n, f] of type.fields.entries())
        this.stored(address + BigInt(fieldOffset(type, n)), Array.isArray(value) ? value[n] : undefined, f);
      return;
    }
    const width = widthOf(type);
    if (width === 0 || Array.isArray(value)) throw new GivenUp("a store of what is no number");
    this.memory.store(address, Math.ceil(width / 8), value as bigint | undefined);
  }

  private exchanged(i: Instruction, values: ReadonlyMap<string, Datum>): Datum {
    const [address, first] = [0, 1].map((n) => this.number(i.operands[n] as Operand, values)) as [bigint, bigint];
    const { type } = i.operands[1] as Operand;
    const width = widthOf(type);
    const old = this.loaded(address, type);
    if (typeof old !== "bigint") throw new GivenUp("an exchange with what is open");
    if (i.op === "cmpxchg") {
      if (old === first) this.stored(address, this.number(i.operands[2] as Operand, values), type);
      return [old, old === first ? 1n : 0n];
    }
    const op = i.flags.at(-1) as string;
    const value =
      op === "xchg" ? first : op === "nand" ? undefined : binary({ ...i, op, flags: [] }, old, first, width, false);
    if (typeof value !== "bigint") throw new GivenUp(`an exchange by ${op}`);
    this.stored(address, value, type);
    return old;
  }

  private number(o: Operand, values: ReadonlyMap<string, Datum>): bigint {
    const value = this.operand(o, values);
    if (typeof value !== "bigint") throw new GivenUp("what is open decides");
    return value;
  }

  private operand({ type, value }: Operand, values: ReadonlyMap<string, Datum>): Datum {
    if (value.kind === "local") return values.get(value.name);
    if (value.kind === "aggregate") return value.elements.map((e) => this.operand(e, values));
    if (value.kind === "global" || value.kind === "expression") {
      const { symbol, offset } = addressOf(value);
      if (APART.test(symbol)) throw new GivenUp("the address of what one side alone has");
      return BigInt.asUintN(Math.max(1, widthOf(type)), this.world.symbol(symbol) + offset);
    }
    return constant(value, type);
  }
}
