/** Makes one module for `opt` of functions of both programs, in which nothing but what the functions do can make a difference. */
import { constantText } from "./constant-text.ts";
import { singleAccesses } from "./copies.ts";
import { HeaderFunctions } from "./header-functions.ts";
import { type Block, type Instruction, type IrFunction, type Operand, Unsupported, type Value } from "./ir/model.ts";
import { printFunction, printType, quoted } from "./ir/print.ts";
import { sizeUnknown } from "./object-sizes.ts";
import { inlinedName, preparedName } from "./prepared-names.ts";
import { filled, UNWRITTEN, UNWRITTEN_TEXT } from "./unwritten.ts";
import { takesMore, withNoMore } from "./variadic-calls.ts";
import { withSpreadArguments, withSpreadParameters } from "./spread.ts";
import { OPAQUE, type Part, type Side, unitOf } from "./sides.ts";
import type { FixedVariable } from "./variables.ts";
import {
  calledName,
  divisionTraps,
  isDivisionPanic,
  isHint,
  itsArgument,
  local,
  requireUnderstood,
  trap,
  TRAP,
  withMask,
  withoutPromises,
} from "./strips.ts";

/** The kernel's C has it (-fno-delete-null-pointer-checks), and the port's Kbuild gives it to the Rust. */
const ATTRIBUTES = "nounwind null_pointer_is_valid";

type Fixed = ReadonlyMap<string, FixedVariable>;

/** Gathers functions into the text of a module. */
export class Preparation {
  /** Functions that are compared: calls of them are calls in both. */
  private readonly own: ReadonlySet<string>;
  readonly headers: HeaderFunctions;
  /** Variables that both have, and that hold something else. */
  private readonly differing: ReadonlySet<string>;
  private readonly texts = new Map<string, string>();
  private readonly called = new Map<string, string>();
  private readonly named = new Set<string>();
  private readonly weak = new Set<string>();
  private readonly constants = new Map<string, string>();
  private readonly dataLayout: string;
  /** Whether copies of blocks are written as single accesses. */
  readonly copiesSingly: boolean;
  /** Whether C's promises are left in, for those who hold it to them. */
  readonly keepsPromises: boolean;
  /** Whether a function's own variables hold what nobody knows at first, not nothing (unwritten.ts). */
  readonly fillsVariables: boolean;
  private readonly fixed: Fixed;
  /** @param how `fixed`: what variables hold that neither program may write */
  constructor(
    own: ReadonlySet<string>,
    differing: ReadonlySet<string>,
    dataLayout: string,
    {
      fixed = new Map(),
      copiesSingly = false,
      keepsPromises = false,
      fillsVariables = false,
    }: Partial<Pick<Preparation, "copiesSingly" | "keepsPromises" | "fillsVariables">> & { fixed?: Fixed } = {},
  ) {
    this.fillsVariables = fillsVariables;
    this.keepsPromises = keepsPromises;
    this.copiesSingly = copiesSingly;
    this.fixed = fixed;
    this.own = own;
    this.headers = new HeaderFunctions(own);
    this.differing = differing;
    this.dataLayout = dataLayout;
  }

  /**
   * Add a function, and what is to be inlined into it.
   * @param changed another text of it, under a name of its own
   * @throws Unsupported, and then nothing was added
   */
  add(side: Side, key: string, changed?: { name: string; function: IrFunction }): void {
    const made = new Map<string, string>();
    const [unit, queue] = [unitOf(key), [[key, true]] as [string, boolean][]];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [k, isOwn] = next;
      const name = !isOwn ? inlinedName(side.tag, unit, k) : (changed?.name ?? preparedName(side.tag, k));
      if (made.has(name) || this.texts.has(name)) continue;
      const { part, f } = side.function(k);
      const writer = new FunctionWriter(this, side, part, unit);
      const prepared = {
        ...writer.prepare((isOwn && changed?.function) || f),
        name,
        ...(isOwn ? {} : { variadic: false }),
      };
      made.set(name, printFunction(prepared, isOwn ? ["", ATTRIBUTES] : ["internal", `alwaysinline ${ATTRIBUTES}`]));
      queue.push(...[...writer.inlined].map((i): [string, boolean] => [i, false]));
    }
    for (const [name, text] of made) this.texts.set(name, text);
  }

  isOwn(key: string): boolean {
    return this.own.has(key);
  }

  /** The name of a symbol in the module, declared. */
  name(side: Side, part: Part, symbol: string, unit?: string): string {
    // Names of this module's own have blanks in them.
    if (symbol.includes(" ")) throw new Unsupported("a symbol with a blank in its name");
    // What stands before one name's variable and behind the other's is not known to be one: opt takes two names for two variables.
    if (part.module.variableAliases.has(symbol))
      throw new Unsupported(`${symbol}, which is another name of a variable`);
    const { name, constant } = side.named(part, symbol);
    if (constant !== undefined) {
      if (!this.constants.has(name)) {
        this.constants.set(name, "");
        this.constants.set(
          name,
          constantText(constant, (of) => this.name(side, part, of)),
        );
      }
      return name;
    }
    const known = part.module.globals.has(symbol) ? name : this.headers.keyOf(side, part, symbol, unit);
    const shown = this.differing.has(known) ? `${side.tag} has ${known}` : known;
    this.named.add(shown);
    if (part.module.isWeak(symbol)) this.weak.add(shown);
    return shown;
  }

  declare(name: string, i: Instruction): void {
    const [, ...args] = i.operands;
    const parameters = i.signature?.variadic
      ? (i.signature.parameters ?? []).map(printType)
      : args.map((a) => printType(a.type));
    if (!this.called.has(name))
      this.called.set(
        name,
        `${printType(i.type)} @${quoted(name)}(${[...parameters, ...(i.signature?.variadic ? ["..."] : [])].join(", ")})`,
      );
  }

  /** The module. */
  text(): string {
    const functions = [...this.called].filter(([n]) => !this.texts.has(n) && n !== TRAP);
    const variables = [...this.named].filter((n) => !this.called.has(n) && !n.startsWith("llvm."));
    // First: the texts that are named in them become constants of the module.
    const fixed = new Map(
      variables.flatMap((n) => {
        const held = this.fixed.get(n);
        const named = (of: string): string => this.name((held as FixedVariable).side, (held as FixedVariable).part, of);
        return held === undefined ? [] : [[n, constantText(held.global, named)] as const];
      }),
    );
    return [
      `target datalayout = "${this.dataLayout}"\ntarget triple = "x86_64-unknown-linux-gnu"\n`,
      ...[...this.constants].map(([n, text]) => `@${quoted(n)} = private unnamed_addr constant ${text}, align 1\n`),
      ...variables.map((n) => {
        const held = fixed.get(n);
        return held === undefined
          ? `@${quoted(n)} = ${this.weak.has(n) ? "extern_weak" : "external"} global i8\n`
          : `@${quoted(n)} = constant ${held}, align 1\n`;
      }),
      ...functions.map(([n, text]) => `declare ${this.weak.has(n) ? "extern_weak " : ""}${text}\n`),
      `declare void @${quoted(TRAP)}()\n`,
      this.fillsVariables ? UNWRITTEN_TEXT : "",
      ...this.texts.values(),
    ].join("");
  }
}

class FunctionWriter {
  /** Keys of functions that are to be inlined. */
  readonly inlined = new Set<string>();
  private readonly preparation: Preparation;
  private readonly side: Side;
  private readonly part: Part;
  /** Of the function that is compared, into which others are inlined. */
  private readonly unit: string | undefined;
  private fresh = 0;
  constructor(preparation: Preparation, side: Side, part: Part, unit: string | undefined) {
    this.preparation = preparation;
    this.side = side;
    this.part = part;
    this.unit = unit;
  }

  prepare(whole: IrFunction): IrFunction {
    const f = withSpreadParameters(whole, () => this.name());
    const ends = new Map<string, string>();
    const blocks: Block[] = [];
    for (const b of f.blocks) {
      let current: Block = { name: b.name, instructions: [] };
      blocks.push(current);
      for (const i of b.instructions) {
        if (isHint(i)) continue;
        for (const condition of divisionTraps(i, () => this.name())) {
          const [failed, next]: [Block, Block] = [
            { name: this.name(), instructions: [trap(), UNREACHABLE] },
            { name: this.name(), instructions: [] },
          ];
          const last = condition.at(-1) as Instruction;
          current.instructions.push(...condition.map((c) => this.mapped(c)), {
            op: "br",
            flags: [],
            type: UNREACHABLE.type,
            operands: [local(last)],
            labels: [failed.name, next.name],
          });
          blocks.push(failed, next);
          current = next;
        }
        const unknown = this.part.alone === true ? sizeUnknown(i, whole) : undefined;
        current.instructions.push(...this.instruction(unknown ?? this.fixed(i)));
      }
      ends.set(b.name, current.name);
    }
    for (const i of blocks.flatMap((b) => b.instructions))
      if (i.op === "phi") i.labels = i.labels?.map((l) => ends.get(l) ?? l) ?? [];
    return { ...f, blocks };
  }

  private name(): string {
    return `kport ${this.fresh++}`;
  }

  private instruction(i: Instruction): Instruction[] {
    requireUnderstood(i);
    const called = calledName(i);
    if (called !== undefined && isDivisionPanic(called)) return [trap()];
    if (called === "llvm.experimental.noalias.scope.decl") return [];
    const single = this.preparation.copiesSingly
      ? singleAccesses(i, this.side.tag === "rust", () => this.name())
      : undefined;
    if (single !== undefined) return single.map((s) => this.mapped(s));
    if (this.preparation.keepsPromises && ["c", "written"].includes(this.side.tag)) return [this.mapped(i)];
    // What keeps an address from the compiler (lower/null-checks.ts) is none of the C as it was written: it gives back what it is given.
    if (this.side.tag === "lowered" && called === OPAQUE) return [this.mapped(itsArgument(i))];
    const stripped = withoutPromises(i);
    if (i.op === "alloca" && this.preparation.fillsVariables) return filled(stripped).map((made) => this.mapped(made));
    const masked = withMask(stripped, () => this.name());
    return masked.flatMap((m) => withSpreadArguments(m, () => this.name())).map((m) => this.mapped(m));
  }

  /** A call of what is inlined, with the arguments that it has names for. */
  private fixed(i: Instruction): Instruction {
    const called = i.signature?.variadic === true ? calledName(i) : undefined;
    const key = called && this.preparation.headers.keyOf(this.side, this.part, called, this.unit);
    if (key === undefined || !this.side.has(key) || this.preparation.isOwn(key)) return i;
    const { f } = this.side.function(key);
    return takesMore(f) ? i : withNoMore(i, f);
  }

  private mapped(i: Instruction): Instruction {
    if (i.op !== "call") return { ...i, operands: i.operands.map((o) => this.operand(o)) };
    const [callee, ...args] = i.operands as [Operand, ...Operand[]];
    const called = this.callee(callee.value, i);
    if (called.kind === "global") this.preparation.declare(called.name, i);
    return { ...i, operands: [{ ...callee, value: called }, ...args.map((o) => this.operand(o))] };
  }

  /** A function that is called: one that is compared as well, one that is inlined, or one of somebody else. */
  private callee(v: Value, i: Instruction): Value {
    if (v.kind !== "global" || v.name === TRAP) return this.value(v);
    const key = this.preparation.headers.keyOf(this.side, this.part, v.name, this.unit);
    if (!this.side.has(key) || key === OPAQUE || this.preparation.isOwn(key)) return this.value(v);
    if (i.signature?.variadic === true)
      throw new Unsupported("a call of a function of the module's own that takes any number of arguments");
    this.inlined.add(key);
    return { kind: "global", name: inlinedName(this.side.tag, this.unit, key) };
  }

  private operand(o: Operand): Operand {
    return { ...o, value: this.value(o.value) };
  }

  private value(v: Value): Value {
    switch (v.kind) {
      case "global":
        return v.name === TRAP || v.name === UNWRITTEN || v.name.startsWith("llvm.")
          ? v
          : { kind: "global", name: this.preparation.name(this.side, this.part, v.name, this.unit) };
      case "metadata":
        return { ...v, text: this.part.module.metadata(v.text) };
      case "aggregate":
        return { ...v, elements: v.elements.map((e) => this.operand(e)) };
      case "expression":
        return { ...v, operands: v.operands.map((e) => this.operand(e)) };
      default:
        return v;
    }
  }
}

const UNREACHABLE: Instruction = { op: "unreachable", flags: [], type: { kind: "void" }, operands: [] };
