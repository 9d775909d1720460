/**
 * The body of a macro as one invocation shows it: its expansion as Rust, with its arguments as parameters. What may differ between two
 * invocations of one macro (the types that are written, strings, conversions of arguments) is marked, to be settled when all are known.
 */
import { CannotPrint } from "./crate-types.ts";
import type { Form } from "./form.ts";
import { rustIdentifier } from "./local-names.ts";
import { BINDS, type Rust, rustName } from "./rust-text.ts";
import type { RustType } from "./rust-type.ts";
import type { StringPiece } from "./string-pieces.ts";
import type { UnitFacts } from "./unit-facts.ts";

export interface Parameter {
  name: string;
  /** A piece of syntax, or what stands behind the last named parameter. */
  kind: "expr" | "rest" | "type" | "literal" | "ident" | "path" | "block";
  /** The one word that it is in an arm of the macro: C pastes it into a name, which no macro of Rust can. */
  word?: string;
}

export interface MacroUse {
  macro: string;
  /** In the module's own text. */
  isOwn: boolean;
  /** As a person wrote it, and not in the text of another macro. */
  isDirect: boolean;
  body: string;
  /** Of an expression; a statement has none. */
  type: RustType;
  isStatement: boolean;
  /** It declares what its argument names. */
  declares?: true;
  parameters: Parameter[];
  /** What each parameter is given; several for the rest. */
  given: Map<string, string[]>;
  /** Arguments that are one string literal in C, by parameter: their bytes. */
  literals: Map<string, string>;
  /** Arguments that are one string literal, pointed to: their bytes, in hex. */
  pointed: Map<string, { hex: string; signed: boolean }>;
  /** Of both, those that are put together of literals and of macros that are literals. */
  pieces: Map<string, readonly StringPiece[]>;
  /** The arguments' words in C, by parameter. */
  spelled: Map<string, string>;
  /** Arguments that name a type, by parameter. */
  types: Map<string, string>;
}

/** Collects one invocation's body. */
export class Template {
  readonly invocation: number;
  readonly parameters: readonly string[];
  readonly variadic: boolean;
  readonly met = new Map<number, Set<string>>();
  readonly extras = new Map<string, string>();
  rest: string[] = [];
  /** What stands behind the last named parameter, where a function takes it that takes a certain number: each has a name of its own. */
  readonly apart: string[] = [];
  private readonly names = new Map<number, string>();
  private readonly inside: ReadonlySet<number>;
  readonly form: Form;
  /** Whether an argument that is a condition in the body is given as one: then whatever C asks the truth of fits the same body. */
  readonly asksTruth: boolean;
  /** How often it was. */
  truths = 0;
  constructor(
    invocation: number,
    parameters: readonly string[],
    variadic: boolean,
    inside: ReadonlySet<number>,
    form: Form,
    asksTruth: boolean,
  ) {
    this.invocation = invocation;
    this.parameters = parameters;
    this.variadic = variadic;
    this.inside = inside;
    this.form = form;
    this.asksTruth = asksTruth;
  }

  /** The parameter for a local of the function around that is named in the body itself. */
  outer(decl: number, name: string): string | undefined {
    if (this.inside.has(decl)) return undefined;
    this.extras.set(name, name);
    return `$${name}`;
  }

  /** What a variable of the body is called: rustc keeps it apart from the locals around, and lets it hide no static. */
  nameOf(decl: number, wanted: string, isFree: (name: string) => boolean): string | undefined {
    if (!this.inside.has(decl)) return undefined;
    const known = this.names.get(decl);
    if (known !== undefined) return known;
    let name = wanted;
    for (let k = 2; [...this.names.values()].includes(name) || !isFree(name); k++) name = `${wanted}_${k}`;
    this.names.set(decl, name);
    return name;
  }

  argumentOf(unit: UnitFacts, path: number | undefined): number | undefined {
    return unit.steps(path).find((s) => s.invocation === this.invocation && s.argument !== undefined)?.argument;
  }

  isRest(argument: number): boolean {
    return this.variadic && argument === this.parameters.length - 1;
  }

  restName(): string {
    return this.parameter(this.parameters.length - 1);
  }

  /** The place in the body of one of the arguments behind the last named one. */
  restAt(nth: number, text: string): string {
    if (this.apart[nth] !== undefined && this.apart[nth] !== text)
      throw new CannotPrint("a macro that takes arguments apart");
    this.apart[nth] = text;
    return `$${this.apartName(nth)}`;
  }

  apartName(nth: number): string {
    return nth === 0 ? this.restName() : `${this.restName()}_${nth + 1}`;
  }

  parameter(argument: number): string {
    const name = this.parameters[argument] ?? `a${argument}`;
    return name === "__VA_ARGS__" ? "args" : rustIdentifier(name.replace(/\W/g, "")).replace(/^_+(?=\w)/, "");
  }

  /**
   * An argument's place in the body.
   * @param value of a constant
   */
  meet(argument: number, printed: Rust, value?: string): Rust {
    if (this.isRest(argument)) throw new CannotPrint("the rest of a macro's arguments is no call's");
    const texts = this.met.get(argument) ?? new Set<string>();
    texts.add(withSuffix(printed, value));
    this.met.set(argument, texts);
    const name = this.parameter(argument);
    const {
      literal: _literal,
      known: _known,
      addressOf: _address,
      comparison: _comparison,
      pointee: _pointee,
      inferred: _inferred,
      endsInCast: _cast,
      typed: _typed,
      negates: _negates,
      uncast: _uncast,
      ...rest
    } = printed;
    return { ...rest, text: `$${name}`, binds: BINDS.postfix, argument: name };
  }
}

/** A number that is no `i32` says its type, also where literals make it (`1u << 31`, `1ull << n`): the macro's body may not. */
function withSuffix({ text, literal, typed, type }: Rust, value: string | undefined): string {
  const number = literal ?? (value === undefined ? undefined : BigInt(value));
  const isPlain = type.k !== "int" || (number === undefined ? type.signed && type.bits === 32 : is32(number));
  if (isPlain) return text;
  return literal === undefined ? (typed ?? text) : `${text}_${rustName(type)}`;
}

function is32(number: bigint): boolean {
  return BigInt.asIntN(32, number) === number;
}
