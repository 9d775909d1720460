/** What a function's variables are called in Rust, and of which type they are. */
import type { CrateTypes } from "./crate-types.ts";
import type { Environment, FunctionItem, Static } from "./environment.ts";
import type { RustType } from "./rust-type.ts";
import type { UnitFacts, Variable } from "./unit-facts.ts";

export const KEYWORDS: ReadonlySet<string> = new Set(
  "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while abstract become box do final gen macro override priv try typeof unsized virtual yield".split(
    " ",
  ),
);

/** A name as Rust takes it. */
export function rustIdentifier(name: string): string {
  return KEYWORDS.has(name) ? `${name}_` : name;
}

/** A static variable of a function's own: as it stands there, without a text where it stands before the function. */
type StaticLocal = FunctionItem["statics"][number];

export class LocalNames {
  private readonly unit: UnitFacts;
  private readonly env: Environment;
  private readonly types: CrateTypes;
  private readonly names = new Map<number, string>();
  private readonly given = new Map<number, RustType>();
  private readonly statics = new Map<number, StaticLocal>();
  /** Variables that something writes after their first value. */
  readonly mutated = new Set<number>();
  readonly used = new Set<number>();
  constructor(unit: UnitFacts, env: Environment, types: CrateTypes) {
    this.unit = unit;
    this.env = env;
    this.types = types;
  }

  /** Parameters have the types of the crate's signature. */
  give(decl: number, type: RustType): void {
    this.given.set(decl, type);
  }

  of(decl: number): string {
    this.used.add(decl);
    const known = this.names.get(decl);
    if (known !== undefined) return known;
    const d = this.unit.declaration(decl) as Variable;
    const wanted = this.wanted(decl);
    const taken = new Set(this.names.values());
    let name = wanted;
    const free = (n: string): boolean => this.isFree(n) && !(n !== d.name && taken.has(n));
    for (let k = 1; !free(name); k++) name = k === 1 ? `${wanted}_` : `${wanted}_${k}`;
    this.names.set(decl, name);
    return name;
  }

  /** The name in C. What the kernel's macros call by unique names is unique by where it stands. */
  wanted(decl: number): string {
    const { name } = this.unit.declaration(decl) as Variable;
    return rustIdentifier(/^__UNIQUE_ID_(\w+?)_?\d+$/.exec(name)?.[1] ?? name);
  }

  /** A `let` may shadow neither a variable nor a constant of the crate. */
  isFree(name: string): boolean {
    return this.env.static(name) === undefined && this.env.constant(name) === undefined;
  }

  typeOf(decl: number): RustType {
    return this.given.get(decl) ?? this.types.of((this.unit.declaration(decl) as Variable).type);
  }

  /**
   * Static variables have the names that c2rust gave them: the second of a name has a number. One that lowering moved before the function
   * (lower/local-statics.ts) is named after both, and has no text here.
   */
  giveStatics(func: string, all: readonly number[], items: FunctionItem["statics"]): void {
    const met = new Map<string, number>();
    for (const decl of all) {
      const { name } = this.unit.declaration(decl) as Variable;
      const nth = met.get(name) ?? 0;
      met.set(name, nth + 1);
      const item = items.filter((s) => isNamedAfter(s.name, name))[nth];
      if (!item) {
        const moved =
          [...this.env.statics].filter(([n]) => new RegExp(`^kport_${func}_${name}_\\d+$`).test(n))[nth] ??
          this.takenOut(name);
        if (moved) {
          this.names.set(decl, moved[0]);
          this.given.set(decl, this.types.resolve(moved[1].type));
          this.statics.set(decl, { ...moved[1], text: "", name: moved[0] });
        }
        continue;
      }
      const there = item.name;
      this.names.set(decl, there);
      this.given.set(decl, this.types.resolve(item.type));
      this.statics.set(decl, item);
    }
  }

  /**
   * The variable of the crate that c2rust made of a function's own: it takes out what it takes for computed (`.count = ARRAY_SIZE(rates)`).
   * Only where one variable can be meant: c2rust numbers those of one name.
   */
  private takenOut(name: string): [string, Static] | undefined {
    const all = this.unit.facts.declarations.flatMap((d) => (d.k === "variable" ? [d] : []));
    const isOfFile = (n: string): boolean => all.some((d) => d.name === n && d.scope !== "block");
    if (all.filter((d) => d.name === name && d.storage === "static" && d.scope === "block").length !== 1)
      return undefined;
    const found = [...this.env.statics].filter(([n]) => isNamedAfter(n, name) && !isOfFile(n));
    return found.length === 1 ? found[0] : undefined;
  }

  /** A static variable of the function that nothing can write; of those that the crate has yet as ones that can be, numbers are shared by themselves. */
  isConstant(decl: number): boolean {
    const v = this.unit.declaration(decl) as Variable;
    if (v.storage !== "static" || v.scope !== "block" || this.unit.isVolatile(v.type)) return false;
    if (this.statics.get(decl)?.mutable === false) return true;
    let type = v.type;
    for (let t = this.unit.plain(type); t.k === "array"; t = this.unit.plain(type)) type = t.of;
    const of = this.types.of(type);
    return (of.k === "int" || of.k === "bool") && this.unit.isConst(type) && !this.unit.isVolatile(type);
  }

  staticItem(decl: number): StaticLocal | undefined {
    return this.statics.get(decl);
  }
}

/** Whether c2rust, which numbers what has a name that is taken, calls what is `name` in C so. */
export function isNamedAfter(own: string, name: string): boolean {
  return own === name || (own.startsWith(`${name}_`) && /^\d+$/.test(own.slice(name.length + 1)));
}
