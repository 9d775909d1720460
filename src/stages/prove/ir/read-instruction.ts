/** Reads one instruction. */
import { readPlainAttributes } from "./conventions.ts";
import { memberOf } from "./layout.ts";
import { type Instruction, type Operand, type Passing, type Type, Unsupported } from "./model.ts";
import { readAttributes, readOperand, readType, readValue, startsType, type TypeNames } from "./read-values.ts";
import type { Tokens } from "./tokens.ts";

const VOID: Type = { kind: "void" };
const BIT: Type = { kind: "int", bits: 1 };

const FLAGS = new Set(
  "nuw nsw exact inbounds nusw disjoint nneg samesign volatile atomic weak inalloca swifterror fast nnan ninf nsz arcp contract afn reassoc tail musttail notail".split(
    " ",
  ),
);
const BINARY = new Set("add sub mul udiv sdiv urem srem shl lshr ashr and or xor fadd fsub fmul fdiv frem".split(" "));
const CASTS = new Set(
  "trunc zext sext fptrunc fpext fptoui fptosi uitofp sitofp ptrtoint ptrtoaddr inttoptr bitcast addrspacecast".split(
    " ",
  ),
);
const ORDERINGS = new Set("unordered monotonic acquire release acq_rel seq_cst".split(" "));

/** @param isNoreturn what a group of attributes says */
export function readInstruction(t: Tokens, names: TypeNames, isNoreturn: (group: string) => boolean): Instruction {
  const result = t.peek().kind === "local" && t.is("=", 1) ? t.next().text : undefined;
  if (result !== undefined) t.expect("=");
  const i = new InstructionReader(t, names, isNoreturn).read();
  return result === undefined || i.type.kind === "void" ? i : { result, ...i };
}

class InstructionReader {
  private readonly t: Tokens;
  private readonly names: TypeNames;
  private readonly isNoreturn: (group: string) => boolean;
  constructor(t: Tokens, names: TypeNames, isNoreturn: (group: string) => boolean) {
    this.t = t;
    this.names = names;
    this.isNoreturn = isNoreturn;
  }

  read(): Instruction {
    const { t } = this;
    const before = this.flags();
    const op = t.name("word");
    const flags = [
      ...before,
      ...(op === "call" ||
      op === "phi" ||
      op === "select" ||
      BINARY.has(op) ||
      CASTS.has(op) ||
      ["getelementptr", "icmp", "fcmp", "load", "store", "cmpxchg", "atomicrmw", "alloca", "fneg"].includes(op)
        ? this.flags()
        : []),
    ];
    return this.body(op, flags);
  }

  private flags(): string[] {
    const out: string[] = [];
    while (this.t.peek().kind === "word" && FLAGS.has(this.t.peek().text)) out.push(this.t.next().text);
    return out;
  }

  private body(op: string, flags: string[]): Instruction {
    const { t } = this;
    if (BINARY.has(op)) {
      const [a, b] = this.pair();
      return { op, flags, type: a.type, operands: [a, b] };
    }
    if (CASTS.has(op)) {
      const operand = this.operand();
      t.expect("to");
      return { op, flags, type: this.type(), operands: [operand] };
    }
    switch (op) {
      case "ret":
        return { op, flags, type: VOID, operands: t.accept("void") ? [] : [this.operand()] };
      case "br":
        if (t.is("label")) return { op, flags, type: VOID, operands: [], labels: [this.label()] };
        return {
          op,
          flags,
          type: VOID,
          operands: [this.operand()],
          labels: [this.behindComma(() => this.label()), this.behindComma(() => this.label())],
        };
      case "switch":
        return this.switch(flags);
      case "unreachable":
        return { op, flags, type: VOID, operands: [] };
      case "alloca": {
        const source = this.type();
        const i: Instruction = { op, flags, type: { kind: "ptr" }, operands: [], source };
        while (t.accept(",")) {
          if (t.accept("align")) i.align = t.number();
          else if (startsType(t)) i.operands.push(this.operand());
          else break;
        }
        return i;
      }
      case "load": {
        const type = this.type();
        t.expect(",");
        return this.access({ op, flags, type, operands: [this.operand()] });
      }
      case "store": {
        const value = this.operand();
        t.expect(",");
        return this.access({ op, flags, type: VOID, operands: [value, this.operand()] });
      }
      case "fence":
        return { op, flags, type: VOID, operands: [], ordering: this.ordering() };
      case "cmpxchg": {
        const operands = this.operands(3);
        const of = (operands[1] as Operand).type;
        return this.access({ op, flags, type: { kind: "struct", packed: false, fields: [of, BIT] }, operands });
      }
      case "atomicrmw": {
        flags.push(t.name("word"));
        const operands = this.operands(2);
        return this.access({ op, flags, type: (operands[1] as Operand).type, operands });
      }
      case "getelementptr": {
        const source = this.type();
        const operands: Operand[] = [];
        while (t.is(",") && startsType(t, 1)) {
          t.next();
          operands.push(this.operand());
        }
        return { op, flags, type: (operands[0] as Operand).type, operands, source };
      }
      case "icmp":
      case "fcmp": {
        flags.push(t.name("word"));
        const [a, b] = this.pair();
        return { op, flags, type: a.type.kind === "vector" ? { ...a.type, of: BIT } : BIT, operands: [a, b] };
      }
      case "phi":
        return this.phi(flags);
      case "select": {
        const operands = this.operands(3);
        return { op, flags, type: (operands[1] as Operand).type, operands };
      }
      case "freeze":
      case "fneg": {
        const operand = this.operand();
        return { op, flags, type: operand.type, operands: [operand] };
      }
      case "extractvalue": {
        const operand = this.operand();
        const indices = this.indices();
        return { op, flags, type: indices.reduce(memberOf, operand.type), operands: [operand], indices };
      }
      case "insertvalue": {
        const operands = this.operands(2);
        return { op, flags, type: (operands[0] as Operand).type, operands, indices: this.indices() };
      }
      case "call":
        return this.call(flags);
      case "callbr":
        return this.asmGoto(flags);
      default:
        throw new Unsupported(`the instruction \`${op}\``);
    }
  }

  private type(): Type {
    return readType(this.t, this.names);
  }

  private operand(): Operand {
    return readOperand(this.t, this.names);
  }

  private operands(count: number): Operand[] {
    return Array.from({ length: count }, (_, at) =>
      at === 0 ? this.operand() : this.behindComma(() => this.operand()),
    );
  }

  private behindComma<T>(read: () => T): T {
    this.t.expect(",");
    return read();
  }

  private pair(): [Operand, Operand] {
    const a = this.operand();
    this.t.expect(",");
    return [a, { type: a.type, value: readValue(this.t, this.names, a.type) }];
  }

  private label(): string {
    this.t.expect("label");
    return this.t.name("local");
  }

  private indices(): number[] {
    const out: number[] = [];
    while (this.t.is(",") && this.t.peek(1).kind === "number") {
      this.t.next();
      out.push(this.t.number());
    }
    return out;
  }

  private ordering(): string[] {
    const { t } = this;
    const out: string[] = [];
    if (t.accept("syncscope")) {
      t.expect("(");
      out.push(t.name("string"));
      t.expect(")");
    }
    while (t.peek().kind === "word" && ORDERINGS.has(t.peek().text)) out.push(t.next().text);
    return out;
  }

  private access(i: Instruction): Instruction {
    const ordering = this.ordering();
    if (ordering.length > 0) i.ordering = ordering;
    if (this.t.is(",") && this.t.is("align", 1)) {
      this.t.next();
      this.t.next();
      i.align = this.t.number();
    }
    return i;
  }

  private switch(flags: string[]): Instruction {
    const { t } = this;
    const operands = [this.operand()];
    const labels = [this.behindComma(() => this.label())];
    t.expect("[");
    while (!t.accept("]")) {
      operands.push(this.operand());
      t.expect(",");
      labels.push(this.label());
    }
    return { op: "switch", flags, type: VOID, operands, labels };
  }

  private phi(flags: string[]): Instruction {
    const { t } = this;
    const type = this.type();
    const [operands, labels]: [Operand[], string[]] = [[], []];
    do {
      t.expect("[");
      operands.push({ type, value: readValue(t, this.names, type) });
      t.expect(",");
      labels.push(t.name("local"));
      t.expect("]");
    } while (t.is(",") && t.is("[", 1) && t.accept(","));
    return { op: "phi", flags, type, operands, labels };
  }

  /** Assembly that goes on at one of several places, as static keys do. */
  private asmGoto(flags: string[]): Instruction {
    const { t } = this;
    const i = this.call(flags);
    if (i.operands[0]?.value.kind !== "asm") throw new Unsupported("the instruction `callbr` of a function");
    t.expect("to");
    const labels = [this.label()];
    t.expect("[");
    while (!t.accept("]")) {
      labels.push(this.label());
      t.accept(",");
    }
    return { ...i, op: "callbr", labels };
  }

  private call(flags: string[]): Instruction {
    const { t, names } = this;
    const result = readPlainAttributes(t, names);
    const said = this.type();
    const [type, parameters, isVariadic] =
      said.kind === "function" ? [said.returns, said.parameters, said.variadic] : [said, undefined, false];
    const callee: Operand = { type: { kind: "ptr" }, value: readValue(t, names, { kind: "ptr" }) };
    t.expect("(");
    const operands: Operand[] = [];
    while (!t.accept(")")) {
      const of = this.type();
      const passing: Passing = of.kind === "metadata" ? { words: [], typed: [] } : readAttributes(t, names).passing;
      operands.push({ type: of, passing, value: readValue(t, names, of) });
      t.accept(",");
    }
    // LLVM prints a call's own attributes as groups.
    let noreturn = false;
    while (t.peek().kind === "attributes") noreturn = this.isNoreturn(t.next().text) || noreturn;
    const bundles = t.is("[");
    return {
      op: "call",
      flags,
      type,
      operands: [callee, ...operands],
      signature: { returns: result.passing, variadic: isVariadic, parameters, noreturn, bundles },
    };
  }
}
