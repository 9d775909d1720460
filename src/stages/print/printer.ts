/** Prints one function: what its rules share. Rules for expressions and statements are in `rules/`. */
import type { Node } from "../../facts/schema.ts";
import { Conversion } from "./convert.ts";
import { CannotPrint, CrateTypes } from "./crate-types.ts";
import type { Environment } from "./environment.ts";
import type { Invocations } from "./invocations.ts";
import type { LocalNames } from "./local-names.ts";
import type { MacroBook } from "./macro-book.ts";
import type { MovedCalls } from "./moved-calls.ts";
import { type Rust } from "./rust-text.ts";
import type { RustType } from "./rust-type.ts";
import { expressionRules } from "./rules/index.ts";
import type { Expression, UnitFacts } from "./unit-facts.ts";

/** How boldly a function is written: what reads best may not be the same machine code. */
export interface Form {
  /** The last expression instead of `return`. */
  tail: boolean;
  /** A variable declared where it gets its value. */
  merge: boolean;
  /** `low..=high` in a match. */
  ranges: boolean;
}

export const BOLD: Form = { tail: true, merge: true, ranges: true };
export const PLAIN: Form = { tail: false, merge: false, ranges: false };

export interface PrinterInput {
  unit: UnitFacts;
  environment: Environment;
  types: CrateTypes;
  invocations: Invocations;
  names: LocalNames;
  book: MacroBook;
  moved: MovedCalls;
  form: Form;
}

export class Printer {
  readonly unit: UnitFacts;
  readonly env: Environment;
  readonly types: CrateTypes;
  readonly convert: Conversion;
  readonly invocations: Invocations;
  readonly names: LocalNames;
  readonly book: MacroBook;
  readonly moved: MovedCalls;
  readonly form: Form;
  /** The invocation whose body is being printed as a macro's: its arguments are parameters there. */
  template: Template | undefined;
  constructor(input: PrinterInput) {
    this.unit = input.unit;
    this.env = input.environment;
    this.types = input.types;
    this.convert = new Conversion(input.types);
    this.invocations = input.invocations;
    this.names = input.names;
    this.book = input.book;
    this.moved = input.moved;
    this.form = input.form;
  }

  /**
   * An expression as Rust, of whatever type it has there.
   * @param want the type that the place it stands in asks for: literals take it
   */
  expression(i: number, want?: RustType): Rust {
    return this.moved.call(this, i, want) ?? this.book.invocation(this, i, want) ?? this.bare(i, want);
  }

  /** An expression without regard to the macro that it comes out of. */
  bare(i: number, want?: RustType): Rust {
    const n = this.unit.node(i);
    const rule = expressionRules.get(n.k);
    if (!rule) throw new CannotPrint(n.k === "other-expression" ? `no rule for ${n.class}` : `no rule for ${n.k}`);
    return rule.print(this, n, i, want);
  }

  /** An expression of the wanted type. */
  value(i: number, want: RustType, pinned = true): Rust {
    return this.convert.to(this.expression(i, want), want, pinned);
  }

  /** An expression of the Rust type of its C type. */
  typed(i: number, pinned = false): Rust {
    return this.value(i, this.typeOf(i), pinned);
  }

  /** A condition. */
  condition(i: number): Rust {
    return this.convert.truth(this.expression(i, { k: "bool" }));
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

  isPure(i: number): boolean {
    return !this.unit.some(i, (n) => isEffect(this.unit, n));
  }
}

export interface Template {
  invocation: number;
  /** The parameter that an argument is, by its place among the arguments. */
  parameter: (argument: number) => string;
  /** Called for each argument as it is met, with its text. */
  met: (argument: number, printed: Rust) => void;
  /** Names a local of the function around that the body uses besides its arguments. */
  outer: (name: string) => string;
  string: (bytes: string, i: number) => string | undefined;
  declared: Set<number>;
}

/** Whether a node does something: what does not may be dropped where its value is not asked for. */
export function isEffect(unit: UnitFacts, n: Node): boolean {
  if (n.k === "call") return !(n.builtin !== undefined && /^__builtin_(?:expect|constant_p|types_compatible_p|object_size|dynamic_object_size)$/.test(n.builtin));
  if (n.k === "assignment" || n.k === "asm" || n.k === "atomic" || n.k === "va_arg" || n.k === "other-expression" || n.k === "other-statement") return true;
  if (n.k === "unary" && /\+\+|--/.test(n.op)) return true;
  if (n.k === "return" || n.k === "goto" || n.k === "break" || n.k === "continue" || n.k === "label") return true;
  return n.k === "cast" && n.kind === "LValueToRValue" && unit.isVolatile((unit.node(n.of) as Expression).t);
}

/** One kind of expression in Rust. */
export interface ExpressionRule {
  name: string;
  because: string;
  /** A module of test/modules that shows it. */
  fixture: string;
  kinds: readonly Node["k"][];
  print: (p: Printer, n: Node, i: number, want?: RustType) => Rust;
}
