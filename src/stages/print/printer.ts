/** Prints one function: what its rules share. Rules for expressions and statements are in `rules/`. */
import type { Place } from "../../facts/schema.ts";
import { Conversion, literalOf } from "./convert.ts";
import { CannotPrint, CrateTypes } from "./crate-types.ts";
import type { Environment } from "./environment.ts";
import type { Invocations } from "./invocations.ts";
import type { LocalNames } from "./local-names.ts";
import type { MacroBook } from "./macro-book.ts";
import type { Asked } from "./null-checks.ts";
import type { MovedCalls } from "./moved-calls.ts";
import { effectOf, initialise } from "./effects.ts";
import type { Comments } from "./comments.ts";
import type { Form } from "./form.ts";
import { Frames } from "./frames.ts";
import { Prelude } from "./prelude.ts";
import { isEffect } from "./pure.ts";
import { expressionRules } from "./rules/index.ts";
import type { Rust } from "./rust-text.ts";
import { type RustType, show, UNIT } from "./rust-type.ts";
import type { Template } from "./template.ts";
import type { UnitFacts } from "./unit-facts.ts";

export interface PrinterInput {
  unit: UnitFacts;
  environment: Environment;
  types: CrateTypes;
  invocations: Invocations;
  names: LocalNames;
  book: MacroBook;
  moved: MovedCalls;
  form: Form;
  comments: Comments;
  result: RustType;
  /** What is asked whether it is null so that rustc has no say. */
  asked: Asked;
  /** Parameters and variables by their names in C. */
  locals: ReadonlyMap<string, number[]>;
  /** The text of a file of the facts. */
  source: (file: number) => Buffer | undefined;
  /** Whether what is printed is the module's own, and no header's of the kernel. */
  isOwn: boolean;
}

export class Printer {
  readonly unit: UnitFacts;
  readonly env: Environment;
  readonly types: CrateTypes;
  convert: Conversion;
  readonly invocations: Invocations;
  readonly names: LocalNames;
  readonly book: MacroBook;
  readonly moved: MovedCalls;
  /** How what is printed now is written: a macro's body, which all functions share, as boldly as can be. */
  form: Form;
  private readonly ownForm: Form;
  /** The invocation whose body is being printed as a macro's: its arguments are parameters there. */
  template: Template | undefined;
  /** The invocation whose argument is being printed: what its macro makes of that is not the argument's. */
  private given: number | undefined;
  readonly flow: Frames;
  readonly comments: Comments;
  /** What the function returns. */
  readonly result: RustType;
  readonly isOwn: boolean;
  private readonly printed = new Map<string, Rust>();
  private readonly pure = new Map<number, boolean>();
  private readonly source: (file: number) => Buffer | undefined;
  /** Parameters and variables by their names in C. */
  readonly locals: ReadonlyMap<string, number[]>;
  constructor(input: PrinterInput) {
    this.unit = input.unit;
    this.env = input.environment;
    this.types = input.types;
    this.convert = new Conversion(input.types, input.form, input.asked);
    this.invocations = input.invocations;
    this.names = input.names;
    this.book = input.book;
    this.moved = input.moved;
    this.form = input.form;
    this.ownForm = input.form;
    this.comments = input.comments;
    this.flow = new Frames(input.unit);
    this.locals = input.locals;
    this.source = input.source;
    this.result = input.result;
    this.isOwn = input.isOwn;
  }

  /**
   * An expression as Rust, of whatever type it has there.
   * @param want the type that the place it stands in asks for: literals take it
   */
  expression(i: number, want?: RustType): Rust {
    const argument = this.template?.argumentOf(this.unit, this.unit.node(i).p);
    if (this.template && argument !== undefined) return this.argument(this.template, argument, i, want);
    // An operand is asked for by several rules; below a long expression that would be as often as it is deep, squared and more.
    const key = this.template ? undefined : `${this.given ?? ""} ${i} ${this.moved.telling} ${want ? show(want) : ""}`;
    const known = key === undefined ? undefined : this.printed.get(key);
    if (known) return known;
    const { asked } = this.prelude;
    const made = this.moved.call(this, i, want) ?? this.book.invocation(this, i, want) ?? this.bare(i, want);
    if (key !== undefined && this.prelude.asked === asked) this.printed.set(key, made);
    return made;
  }

  /** Begin anew. */
  forget(): void {
    this.printed.clear();
    this.sunk.clear();
  }

  /** Variables whose declaration waits for the innermost body that uses them. */
  readonly sunk = new Map<number, Set<number>>();
  readonly prelude = new Prelude();
  /** Of what lives as long as the module: its compound literals' values. */
  constants: ((i: number, type: RustType) => string) | undefined;

  /** A macro's argument within its body: printed by itself, it is a parameter here. */
  private argument(template: Template, argument: number, i: number, want: RustType | undefined): Rust {
    const n = this.unit.node(i);
    // What the body makes of an argument is the body's.
    if (
      n.k === "cast" &&
      !n.explicit &&
      n.kind !== "LValueToRValue" &&
      n.kind !== "ArrayToPointerDecay" &&
      n.kind !== "FunctionToPointerDecay"
    )
      return this.bare(i, want);
    return template.meet(
      argument,
      this.asGiven(template, () => this.expression(i)),
      this.unit.expression(i).v,
    );
  }

  /** Print an argument of a macro as it is given. */
  private asGiven<T>(template: Template, print: () => T): T {
    const outer = this.given;
    this.given = template.invocation;
    try {
      return this.within(undefined, print);
    } finally {
      this.given = outer;
    }
  }

  /** Whether an invocation that a node comes out of is written in the argument that is printed, and not in its macro's text. Where it was expanded says nothing: clang expands most arguments before the macro. */
  isWritten(x: number, i: number): boolean {
    if (this.given === undefined) return true;
    const steps = this.unit.steps(this.unit.node(i).p);
    const argument = steps.findLastIndex((s) => s.invocation === this.given && s.argument !== undefined);
    return steps.findIndex((s) => s.invocation === x) > argument;
  }

  /** Print what rustc computes when it compiles. */
  computed<T>(print: () => T): T {
    const outer = this.convert;
    this.convert = outer.computed();
    try {
      return print();
    } finally {
      this.convert = outer;
    }
  }

  /** Print something inside of a macro's body, or outside of it again. */
  within<T>(template: Template | undefined, print: () => T): T {
    const outer = this.template;
    this.enter(template);
    try {
      return template ? this.flow.apart(print) : print();
    } finally {
      this.enter(outer);
    }
  }

  private enter(template: Template | undefined): void {
    this.template = template;
    this.types.marks = template !== undefined;
    this.form = template?.form ?? this.ownForm;
    this.convert = this.convert.like(this.form);
  }

  /** The text of a place in one of the module's files. */
  sourceText(place: Place): string | undefined {
    return this.source(place.f)?.toString("utf8", place.b, place.e);
  }

  /** An expression without regard to the macro that it comes out of. */
  bare(i: number, want?: RustType): Rust {
    const n = this.unit.node(i);
    const rule = expressionRules.get(n.k);
    if (!rule) throw new CannotPrint(n.k === "other-expression" ? `no rule for ${n.class}` : `no rule for ${n.k}`);
    try {
      return rule.print(this, n, i, want);
    } catch (error) {
      // What is constant can be said as the number it is.
      if (!(error instanceof CannotPrint) || !("t" in n) || n.v === undefined || this.types.of(n.t).k !== "int")
        throw error;
      return this.convert.to(
        literalOf(BigInt(n.v), this.types.of(n.t)),
        want?.k === "int" || want?.k === "bool" ? want : this.types.of(n.t),
      );
    }
  }

  /** An expression of the wanted type. */
  value(i: number, want: RustType, pinned = true): Rust {
    return this.convert.to(this.expression(i, pinned || want.k !== "pointer" ? want : undefined), want, pinned);
  }

  /** An expression of the Rust type of its C type, where nothing around says which that is. */
  typed(i: number): Rust {
    return this.convert.to(this.expression(i), this.typeOf(i), false);
  }

  /** Whether a node is an argument of the macro whose body is printed. */
  isArgument(i: number): boolean {
    return this.template?.argumentOf(this.unit, this.unit.node(i).p) !== undefined;
  }

  /** A condition. */
  condition(i: number): Rust {
    // Widening changes nothing about being zero.
    for (
      let n = this.unit.node(i);
      n.k === "cast" && !n.explicit && n.kind === "IntegralCast" && n.v === undefined && !this.isArgument(n.of);
      n = this.unit.node(i)
    ) {
      const [from, to] = [this.typeOf(n.of), this.types.of(n.t)];
      if (from.k === "bool" || (from.k === "int" && to.k === "int" && to.bits >= from.bits)) i = n.of;
      else break;
    }
    const argument = this.template?.asksTruth ? this.argumentIn(i) : undefined;
    if (this.template && argument !== undefined) {
      this.template.truths++;
      return this.template.meet(
        argument,
        this.asGiven(this.template, () => this.condition(i)),
      );
    }
    return this.convert.truth(this.expression(i, { k: "bool" }));
  }

  /** The argument that an expression of a macro's body is, but for what the compiler puts around it. */
  private argumentIn(i: number): number | undefined {
    const n = this.unit.node(i);
    const argument = this.template?.argumentOf(this.unit, n.p);
    if (argument !== undefined || n.k !== "cast" || n.explicit) return argument;
    const isRead = n.kind === "LValueToRValue" && !this.unit.isVolatile(this.unit.expression(n.of).t);
    return isRead || /^(?:Integral|Pointer)ToBoolean$/.test(n.kind) ? this.argumentIn(n.of) : undefined;
  }

  typeOf(i: number): RustType {
    return this.types.of(this.unit.expression(i).t);
  }

  /** The operand below casts that the compiler put there. */
  withoutImplicit(i: number, kinds: RegExp): number {
    let n = this.unit.node(i);
    while (n.k === "cast" && !n.explicit && kinds.test(n.kind)) {
      i = n.of;
      n = this.unit.node(i);
    }
    return i;
  }

  /** What a local is called where it is named. */
  localName(decl: number): string {
    const own = this.template?.nameOf(decl, this.names.wanted(decl), (n) => this.names.isFree(n));
    if (own !== undefined) {
      this.names.used.add(decl);
      return own;
    }
    const name = this.names.of(decl);
    return this.template?.outer(decl, name) ?? name;
  }

  isPure(i: number): boolean {
    const known = this.pure.get(i) ?? !this.unit.some(i, (n) => isEffect(this.unit, n));
    this.pure.set(i, known);
    return known;
  }

  /** What an expression does, as a statement without its semicolon; nothing where it does nothing. */
  effect(i: number): string {
    if (this.isPure(i)) return "";
    return (this.moved.call(this, i, undefined) ?? this.book.invocation(this, i, UNIT))?.text ?? effectOf(this, i);
  }

  initialise(target: string, type: RustType, list: number): string[] {
    return initialise(this, target, type, list);
  }

  /** A name for what C has none for, which no variable of the function has. */
  fresh(wanted: string): string {
    return this.locals.has(wanted) || !this.names.isFree(wanted) ? this.fresh(`${wanted}_`) : wanted;
  }
}
