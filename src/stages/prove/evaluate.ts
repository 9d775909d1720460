/** The terms of one function's values. */
import { addressOf, offsetOf, sizeOf } from "./ir/layout.ts";
import { type Instruction, type IrFunction, type Operand, type Type, Unsupported, type Value } from "./ir/model.ts";
import { isEffect, isPureCall } from "./effects.ts";
import { calledName } from "./strips.ts";
import type { Term, Terms } from "./terms.ts";

/** What depends on how the two functions are laid side by side. */
export interface Surroundings {
  phi: (i: Instruction, block: string) => Term;
  /** What an effect gives back. */
  result: (i: Instruction, block: string) => Term;
  /** The state of memory that a plain load sees. */
  memory: (i: Instruction, block: string) => Term;
  alloca: (i: Instruction) => Term;
}

export function widthOf(t: Type): number {
  return t.kind === "int" ? t.bits : t.kind === "ptr" ? 64 : 0;
}

/** A type as far as values of it can be told apart: an address is a number of 64 bits. */
export function shapeOf(t: Type): string {
  return t.kind === "int" || t.kind === "ptr" ? `i${widthOf(t)}` : JSON.stringify(t);
}

export class Evaluator {
  private readonly terms: Terms;
  private readonly around: Surroundings;
  private readonly definitions = new Map<string, { i: Instruction; block: string }>();
  private readonly parameters = new Map<string, number>();
  private readonly types = new Map<string, Type>();
  private readonly memo = new Map<string, Term>();
  constructor(f: IrFunction, terms: Terms, around: Surroundings) {
    this.terms = terms;
    this.around = around;
    for (const [n, p] of f.parameters.entries()) {
      this.parameters.set(p.name, n);
      this.types.set(p.name, p.type);
    }
    for (const b of f.blocks)
      for (const i of b.instructions) if (i.result !== undefined) this.definitions.set(i.result, { i, block: b.name });
  }

  operand({ type, value }: Operand): Term {
    this.terms.step();
    return this.value(value, type);
  }

  private value(v: Value, type: Type): Term {
    const { terms } = this;
    const width = widthOf(type);
    switch (v.kind) {
      case "int":
        return terms.int(width, v.value);
      case "null":
        return terms.int(64, 0n);
      case "zero":
        return width > 0 ? terms.int(width, 0n) : terms.make(`zero ${shapeOf(type)}`, [], 0);
      case "undef":
      case "poison":
      case "none":
        return terms.make(`${v.kind} ${shapeOf(type)}`, [], width);
      case "float":
        return terms.make(`float ${shapeOf(type)} ${v.text}`, [], 0);
      case "global":
        return terms.make(`@${v.name}`, [], 64);
      case "local":
        return this.local(v.name);
      case "asm":
        return terms.make(`asm ${JSON.stringify(v)}`, [], 0);
      case "metadata":
        return terms.make(`metadata ${v.text}`, [], 0);
      case "bytes":
        return terms.make(`bytes ${v.bytes.toString("hex")}`, [], 0);
      case "aggregate":
        return terms.make(
          `aggregate ${shapeOf(type)}`,
          v.elements.map((e) => this.operand(e)),
          0,
        );
      case "expression": {
        if (v.operands[0]?.value.kind === "int")
          return this.compute({ op: v.op, flags: [], type, operands: v.operands }, "");
        if (v.op === "getelementptr" || v.op === "inttoptr" || v.op === "ptrtoint" || v.op === "bitcast") {
          const { symbol, offset } = addressOf(v);
          const address = terms.sum(64, [[terms.make(`@${symbol}`, [], 64), 1n]], offset);
          return width > 0 && width < 64 ? terms.cast("trunc", 64, width, address) : address;
        }
        return this.compute({ op: v.op, flags: [], type, operands: v.operands }, "");
      }
    }
  }

  private local(name: string): Term {
    const known = this.memo.get(name);
    if (known !== undefined) return known;
    const parameter = this.parameters.get(name);
    let term: Term;
    if (parameter !== undefined)
      term = this.terms.make(`argument ${parameter}`, [], widthOf(this.types.get(name) as Type));
    else {
      const definition = this.definitions.get(name);
      if (definition === undefined) throw new Unsupported(`the value %${name}`);
      term = this.compute(definition.i, definition.block);
    }
    this.memo.set(name, term);
    return term;
  }

  private compute(i: Instruction, block: string): Term {
    const { terms } = this;
    const width = widthOf(i.type);
    if (i.op === "phi") return this.around.phi(i, block);
    if (i.op === "alloca") return this.around.alloca(i);
    if (isEffect(i)) return this.around.result(i, block);
    const args = (i.op === "call" ? i.operands.slice(1) : i.operands).map((o) => this.operand(o));
    const [a = 0, b = 0, c = 0] = args;
    if (i.op === "load") return terms.load(shapeOf(i.type), width, a, this.around.memory(i, block));
    if (i.type.kind === "vector" && i.op === "getelementptr") throw new Unsupported("several addresses at once");
    if (i.type.kind === "vector")
      return terms.make([i.op, ...i.flags, shapeOf(i.type), ...(i.indices ?? [])].join(" "), args, 0);
    switch (i.op) {
      case "add":
        return terms.sum(width, [
          [a, 1n],
          [b, 1n],
        ]);
      case "sub":
        return terms.sum(width, [
          [a, 1n],
          [b, -1n],
        ]);
      case "mul":
        return terms.multiply(width, a, b);
      case "shl": {
        const by = terms.value(b);
        return by !== undefined && by < BigInt(width)
          ? terms.sum(width, [[a, 1n << by]])
          : terms.make("shl", args, width);
      }
      case "and":
        return terms.and(width, args);
      case "or":
        // No bit is set in both.
        return i.flags.includes("disjoint") && width > 1
          ? terms.sum(width, [
              [a, 1n],
              [b, 1n],
            ])
          : terms.or(width, a, b);
      case "xor": {
        if (terms.value(b) === BigInt.asUintN(width, -1n)) return terms.not(a);
        if (width !== 1) return terms.commutative("xor", width, a, b);
        return terms.not(terms.compare("eq", a, b));
      }
      case "icmp":
        return terms.compare(i.flags.at(-1) as string, a, b);
      case "select":
        return terms.select(width, a, b, c);
      case "trunc":
      case "zext":
      case "sext":
        return terms.cast(i.op, terms.node(a).width, width, a);
      case "ptrtoint":
      case "ptrtoaddr":
      case "inttoptr":
      case "bitcast":
      case "freeze":
        if (shapeOf((i.operands[0] as Operand).type) === shapeOf(i.type)) return a;
        return width > 0 && terms.node(a).width > 0
          ? terms.cast(width < terms.node(a).width ? "trunc" : "zext", terms.node(a).width, width, a)
          : terms.make(`${i.op} ${shapeOf(i.type)}`, args, width);
      case "getelementptr":
        return this.address(i, args);
      case "call": {
        if (!isPureCall(i)) throw new Unsupported(`the call of ${calledName(i)}`);
        return this.pureCall(calledName(i) as string, width, args);
      }
    }
    return terms.make([i.op, ...i.flags, shapeOf(i.type), ...(i.indices ?? [])].join(" "), args, width);
  }

  private pureCall(name: string, width: number, args: readonly Term[]): Term {
    const { terms } = this;
    const [a = 0, b = 0] = args;
    if (/\.[us]m(?:in|ax)\./.test(name)) return terms.commutative(name, width, a, b);
    // Of a widened value as many bits are set, and the lowest of them is the same one; of none no place is asked for.
    const counting = name === `llvm.ctpop.i${width}` || (name === `llvm.cttz.i${width}` && terms.value(b) === 1n);
    const { op, args: widened } = terms.node(a);
    const from = op === "zext" ? terms.node(widened[0] as Term).width : 0;
    if (!counting || from === 0) return terms.make(name, args, width);
    const narrow = terms.make(name.replace(/\d+$/, String(from)), [widened[0] as Term, ...args.slice(1)], from);
    return terms.cast("zext", from, width, narrow);
  }

  /** Base and indices as a sum of bytes. */
  private address({ source, operands }: Instruction, [base = 0, ...indices]: Term[]): Term {
    const { terms } = this;
    const parts: [Term, bigint][] = [[base, 1n]];
    let [type, constant] = [source as Type, 0n];
    for (const [n, index] of indices.entries()) {
      const operand = operands[n + 1] as Operand;
      const wide = terms.node(index).width < 64 ? terms.cast("sext", terms.node(index).width, 64, index) : index;
      if (n === 0) parts.push([wide, BigInt(sizeOf(type))]);
      else if (type.kind === "struct") {
        constant += offsetOf(type, [{ type: operand.type, value: { kind: "int", value: 0n } }, operand]);
        type = type.fields[Number(terms.value(index))] as Type;
      } else if (type.kind === "array") {
        type = type.of;
        parts.push([wide, BigInt(sizeOf(type))]);
      } else throw new Unsupported("an index into what has no parts");
    }
    return terms.sum(64, parts, constant);
  }
}
