/** C's types by the names they have in the crate. */
import type { CType } from "../../facts/schema.ts";
import { type Environment, PLAIN_INTEGER } from "./environment.ts";
import { BOOL, intOf, NAMED, pointer, type RustType, show, UNIT, VOID } from "./rust-type.ts";
import { mark } from "./mark.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** Why a function keeps the text that it has. */
export class CannotPrint extends Error {
  override readonly name = "CannotPrint";
}

/** What stands for a type that the crate has no name for; it may be inferred, but not written. */
const NAMELESS = "?";

/** C's own names, as core::ffi has them. */
const C_NAMES: ReadonlyMap<string, string> = new Map([
  ["int", "c_int"],
  ["long", "c_long"],
  ["unsigned long", "c_ulong"],
  ["unsigned int", "u32"],
]);

const isRecord = (t: RustType): boolean => t.k === "record";

/** Whether two are integers of one width and sign, which `usize` and `u64` are as well. */
function isOf(a: RustType, b: RustType): boolean {
  return a.k === "int" && b.k === "int" && a.bits === b.bits && a.signed === b.signed;
}

export class CrateTypes {
  private readonly unit: UnitFacts;
  private readonly env: Environment;
  /** Whether types are marked where they are written: in a macro's body they may differ from use to use. */
  marks = false;
  private readonly unnamed = new Map<number, string>();
  private readonly unnamedOfFile = new Map<number, string>();
  private readonly known = new Map<number, RustType>();
  constructor(unit: UnitFacts, env: Environment) {
    this.unit = unit;
    this.env = env;
  }

  /** A type of the crate in the form that is compared and written. */
  resolve(t: RustType): RustType {
    return this.env.resolve(t);
  }

  hasFunction(name: string): boolean {
    return this.env.function(name) !== undefined;
  }

  /** Name a structure that has no name in C, of a variable at file scope or of another structure: it is the same for all functions. */
  nameRecordOfFile(decl: number, name: string): void {
    this.unnamedOfFile.set(decl, name);
  }

  isOfFile(decl: number): boolean {
    return this.unnamedOfFile.has(decl);
  }

  /** The same of a function's own. */
  nameRecord(decl: number, name: string): void {
    if (this.unnamed.get(decl) === name) return;
    this.unnamed.set(decl, name);
    this.known.clear();
  }

  of(index: number): RustType {
    const known = this.known.get(index);
    if (known) return known;
    // A structure that points to itself is named, not entered.
    const made = this.make(this.unit.type(index));
    this.known.set(index, made);
    return made;
  }

  /** A type as text. @throws CannotPrint where the crate has no name for it */
  text(t: RustType): string {
    const text = show(t);
    if (text.includes(NAMELESS)) throw new CannotPrint("a type that the crate does not name");
    return this.marks ? mark({ k: "type", text }) : text;
  }

  isNamed(t: RustType): boolean {
    return !show(t).includes(NAMELESS);
  }

  /** Whether a pointer to it is no pointer to something of a size, which `.cast()` wants (E0277). */
  isUnsized(t: RustType): boolean {
    return t.k === "record" && this.env.isOpaque(t.name);
  }

  private make(t: CType): RustType {
    switch (t.k) {
      case "void":
        return VOID;
      case "bool":
        return BOOL;
      case "int":
        return this.integer(t);
      case "float":
        return { k: "float", name: `f${t.bits}` };
      case "pointer":
        return this.pointerTo(t.to);
      case "array":
        return { k: "array", of: this.of(t.of), length: String(t.length ?? 0) };
      case "function":
        return this.functionType(t, true);
      case "record": {
        const d = this.unit.declaration(t.decl);
        if (d.k !== "record") return { k: "record", name: NAMELESS };
        return (
          this.named([d.name, d.typedef, this.unnamedOfFile.get(t.decl) ?? this.unnamed.get(t.decl)], isRecord) ?? {
            k: "record",
            name: NAMELESS,
          }
        );
      }
      case "enum": {
        const d = this.unit.declaration(t.decl);
        if (d.k !== "enum") return intOf(32, false);
        const of = d.type === undefined ? intOf(32, false) : this.of(d.type);
        return this.named([d.name, d.typedef], (x) => isOf(x, of)) ?? of;
      }
      case "typedef": {
        const d = this.unit.declaration(t.decl);
        const of = this.of(t.of);
        const name = "name" in d ? d.name : undefined;
        if (of.k === "int" && name !== undefined)
          return PLAIN_INTEGER.test(name) ? intOf(of.bits, of.signed) : this.isName(name, of) ? { ...of, name } : of;
        if (of.k === "record" && of.name === NAMELESS && name !== undefined) return this.named([name], isRecord) ?? of;
        return of;
      }
      case "atomic":
        return this.of(t.of);
      case "other":
        return { k: "other", text: NAMELESS };
    }
  }

  private integer(t: Extract<CType, { k: "int" }>): RustType {
    const of = intOf(t.bits, t.signed);
    if (of.k !== "int") return of;
    if (t.char && /^char$/.test(t.name)) return { ...of, name: t.signed ? "c_char" : "u8" };
    return { ...of, name: C_NAMES.get(t.name) ?? of.name };
  }

  private pointerTo(to: number): RustType {
    const target = this.unit.plain(to);
    if (target.k === "function") return this.functionType(target, false);
    if (target.k === "void") return pointer(VOID, !this.unit.isConst(to));
    return pointer(this.of(to), !this.unit.isConst(to));
  }

  private functionType(t: Extract<CType, { k: "function" }>, bare: boolean): RustType {
    const result = this.of(t.result);
    return {
      k: "function",
      parameters: t.parameters.map((p) => this.parameter(p)),
      result: result.k === "void" ? UNIT : result,
      variadic: t.variadic === true,
      bare,
    };
  }

  /** Arrays and functions are passed by their address. */
  parameter(index: number): RustType {
    const t = this.unit.plain(index);
    if (t.k === "array") return pointer(this.of(t.of), !this.unit.isConst(t.of));
    return t.k === "function" ? this.functionType(t, false) : this.of(index);
  }

  /** Whether the crate has an integer by this name: one of a block's own may hide another that has it. */
  private isName(name: string, of: RustType): boolean {
    const t = this.crateType(name);
    return t !== undefined && isOf(t, of);
  }

  private crateType(name: string): RustType | undefined {
    return this.env.hasType(name) ? this.env.resolve({ k: "record", name }) : undefined;
  }

  /** The crate's type of one of these names, if it is the one that is meant; c2rust adds a number to a name that is taken. */
  private named(names: readonly (string | undefined)[], isMeant: (t: RustType) => boolean): RustType | undefined {
    for (const n of names) {
      if (n === undefined) continue;
      for (const name of [n, `${n}_0`]) {
        const t = this.crateType(name);
        if (t !== undefined && isMeant(t)) return this.withName(t, name);
      }
    }
    return undefined;
  }

  private withName(t: RustType, name: string): RustType {
    return t.k === "int" && !NAMED.has(name) && !PLAIN_INTEGER.test(name) ? { ...t, name } : t;
  }
}
