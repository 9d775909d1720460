/** What the crate that a function is printed into has already: names, and the types of everything. Read with a Rust parser. */
import type { RustType } from "./rust-type.ts";

/** Names of C integers that say no more than Rust's own. */
export const PLAIN_INTEGER = /^(?:__)?(?:[us](?:8|16|32|64)|[bl]e(?:16|32|64)|u?int(?:8|16|32|64)_t)$|_0$/;

export interface Signature {
  parameters: { name: string; type: RustType }[];
  result: RustType;
  variadic: boolean;
  /** Declared in an `extern` block. */
  foreign: boolean;
}

/** A variable. `held`: it is the only member of a `kport_constant`, which makes it one that threads may share. */
export interface Static {
  type: RustType;
  mutable: boolean;
  held?: true;
}

export interface RecordShape {
  fields: Map<string, RustType>;
  /** Accessors of bit-fields: the value's type by the getter's name. */
  accessors: Map<string, RustType>;
  union: boolean;
}

/** A function as it stands in a unit: what takes its place has the same name, and the same attributes. */
export interface FunctionItem {
  name: string;
  /** Where the item begins, attributes included, and ends. */
  from: number;
  to: number;
  /** Everything before `fn`: attributes, visibility, `unsafe extern "C"`. */
  head: string;
  signature: Signature;
  /** Static variables within it, in order; several blocks may have one of the same name. */
  statics: ({ name: string; text: string } & Static)[];
  /** Variables of types that have no name in C, by c2rust's names, in order; several blocks may have one of the same name. */
  unnamed: readonly { name: string; type: RustType }[];
  /** What it asks whether it is null so that rustc has no say (null-checks.ts). */
  asked: ReadonlySet<string>;
}

export class Environment {
  readonly functions = new Map<string, Signature>();
  readonly statics = new Map<string, Static>();
  readonly constants = new Map<string, RustType>();
  readonly aliases = new Map<string, RustType>();
  readonly records = new Map<string, RecordShape>();
  readonly opaque = new Set<string>();
  private readonly fallback: Environment | undefined;
  /** @param fallback where a name is looked up that is not here: the bindings that all units share */
  constructor(fallback?: Environment) {
    this.fallback = fallback;
  }

  function(name: string): Signature | undefined {
    return this.functions.get(name) ?? this.fallback?.function(name);
  }
  static(name: string): Static | undefined {
    return this.statics.get(name) ?? this.fallback?.static(name);
  }
  constant(name: string): RustType | undefined {
    return this.constants.get(name) ?? this.fallback?.constant(name);
  }
  record(name: string): RecordShape | undefined {
    return this.records.get(name) ?? this.fallback?.record(name);
  }
  /** Whether it is a type of which the crate knows the name alone, and so no size. */
  isOpaque(name: string): boolean {
    if (this.records.has(name) || this.aliases.has(name)) return false;
    return this.opaque.has(name) || (this.fallback?.isOpaque(name) ?? false);
  }
  hasType(name: string): boolean {
    return (
      this.records.has(name) ||
      this.opaque.has(name) ||
      this.aliases.has(name) ||
      (this.fallback?.hasType(name) ?? false)
    );
  }

  /** A type with every alias in it replaced by what it stands for. */
  resolve(t: RustType): RustType {
    switch (t.k) {
      case "record": {
        const alias = this.alias(t.name);
        if (alias === undefined) return t;
        const of = this.resolve(alias);
        // `size_t` and `gfp_t` say more than the integer they are.
        return of.k === "int" && !PLAIN_INTEGER.test(t.name) ? { ...of, name: t.name } : of;
      }
      case "pointer":
        return { ...t, to: this.resolve(t.to) };
      case "array":
        return { ...t, of: this.resolve(t.of) };
      case "function":
        return { ...t, parameters: t.parameters.map((p) => this.resolve(p)), result: this.resolve(t.result) };
      case "other": {
        // The name of a function's type in C is one of a pointer to it with something to point to.
        const name = /^Option<(\w+)>$/.exec(t.text)?.[1];
        const of = name === undefined ? undefined : this.alias(name);
        const resolved = of && this.resolve(of);
        return resolved?.k === "function" ? { ...resolved, bare: false } : t;
      }
      default:
        return t;
    }
  }

  private alias(name: string): RustType | undefined {
    return (
      this.aliases.get(name) ??
      (this.records.has(name) || this.opaque.has(name) ? undefined : this.fallback?.alias(name))
    );
  }
}
