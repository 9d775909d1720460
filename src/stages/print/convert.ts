/** Makes a value of one type a value of another, in as few words as Rust wants for it. */
import { CannotPrint, type CrateTypes } from "./crate-types.ts";
import type { Form } from "./form.ts";
import { mark } from "./mark.ts";
import { ADDRESS, type Asked } from "./null-checks.ts";
import { atom, BINDS, binary, cast, method, receiver, type Rust, withType } from "./rust-text.ts";
import { BOOL, coerces, isSize, type RustType, same, show } from "./rust-type.ts";

export function literalOf(value: bigint, type: RustType, text = value.toString()): Rust {
  return { text, binds: value < 0n ? BINDS.unary : BINDS.postfix, type, literal: value };
}

/** A number as an integer of a type holds it: C's conversions keep the low bits. */
export function wrapped(value: bigint, type: RustType): bigint {
  if (type.k !== "int") return value;
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

export function fits(value: bigint, type: RustType): boolean {
  return type.k === "int" && wrapped(value, type) === value;
}

/** Whether every value of one integer type is one of the other as well. */
export function holds(type: RustType, all: RustType): boolean {
  if (all.k === "bool") return type.k === "int";
  if (type.k !== "int" || all.k !== "int") return false;
  return type.signed === all.signed ? type.bits >= all.bits : type.signed && type.bits > all.bits;
}

/** Whether core has a `From` of one for the other: how wide a `usize` is it does not say. */
function isLossless(from: RustType, to: RustType & { k: "int" }): boolean {
  if (from.k === "bool") return true;
  if (from.k !== "int" || same(from, to) || isSize(from) || !holds(to, from)) return false;
  return !isSize(to) || (from.bits < to.bits && from.bits <= (from.signed === to.signed ? 16 : 8));
}

export class Conversion {
  private readonly types: CrateTypes;
  private readonly form: Pick<Form, "methods" | "wrapping">;
  private readonly asked: Asked;
  /** Whether rustc computes what is converted: no trait is const, and `T::from` is one's (E0658). */
  private readonly isComputed: boolean;
  /**
   * @param form whether pointers are converted by `.cast()`, not by `as`
   * @param asked what is asked whether it is null so that rustc has no say
   */
  constructor(types: CrateTypes, form: Pick<Form, "methods" | "wrapping">, asked: Asked, isComputed = false) {
    this.types = types;
    this.form = form;
    this.asked = asked;
    this.isComputed = isComputed;
  }

  /** The same of another form. */
  like(form: Pick<Form, "methods" | "wrapping">): Conversion {
    return form === this.form ? this : new Conversion(this.types, form, this.asked, this.isComputed);
  }

  /** The same of what rustc computes. */
  computed(): Conversion {
    return new Conversion(this.types, this.form, this.asked, true);
  }

  /**
   * @param pinned whether what stands around says which type is wanted, so that Rust infers it
   */
  to(r: Rust, type: RustType, pinned = true): Rust {
    const from = r.type;
    if (r.argument !== undefined && type.k === "int" && (from.k === "int" || from.k === "bool"))
      return atom(mark({ k: "as", parameter: r.argument, type: type.name, needed: !same(from, type) }), type);
    // A use that gives a pointer goes together with one that gives a number of the right type.
    if (
      r.argument !== undefined &&
      r.text === `$${r.argument}` &&
      this.types.marks &&
      type.k === "pointer" &&
      coerces(from, type) &&
      (pinned || same(from, type))
    )
      return { ...r, type, text: mark({ k: "as", parameter: r.argument, type: show(type), needed: false }) };
    if (r.literal !== undefined) {
      const made = this.literal(r, r.literal, type);
      if (made) return made;
    }
    if (coerces(from, type))
      return from.k === "pointer" && type.k === "pointer" && !same(from, type) && !pinned
        ? method(r, "cast_const", [], type)
        : r;
    if (type.k === "unit" || type.k === "void") return r;
    // A type without a name in C has one in the crate only.
    if (
      type.k === from.k &&
      !this.types.isNamed(type) &&
      (type.k !== "pointer" || from.k !== "pointer" || from.to.k === type.to.k)
    )
      return r;
    if (type.k === "bool") return this.truth(r);
    if (type.k === "int") return this.integer(r, type);
    if (type.k === "pointer") return this.pointer(r, type, pinned);
    if (type.k === "function") return this.callable(r, type);
    if (type.k === "float" && (from.k === "int" || from.k === "float")) return cast(r, type.name, type);
    // Names of one structure; what the crate does not name is inferred.
    if (type.k === "record" && from.k === "record" && !(this.types.isNamed(type) && this.types.isNamed(from)))
      return { ...r, type: from };
    throw new CannotPrint(`no conversion of ${show(from)} to ${show(type)}`);
  }

  /** Whether a value is not zero. */
  truth(r: Rust): Rust {
    if (r.literal !== undefined) return atom(r.literal === 0n ? "false" : "true", BOOL);
    switch (r.type.k) {
      case "bool":
        return r;
      case "int":
        return binary(r, "!=", literalOf(0n, r.type), BOOL);
      case "pointer": {
        // In C the address of what a pointer points to may be null; to rustc it is not, unless it knows nothing of it.
        const isReckoned = (r.addressOf && r.addressOf.root === undefined) || this.asked(r);
        if (isReckoned && this.types.hasFunction(ADDRESS)) {
          const address = r.text.replace(/^&raw mut /, "&raw const ");
          // Nothing can be called of a pointer whose type what stands around it says.
          const asked = r.inferred
            ? `${ADDRESS}(${address} as *const core::ffi::c_void).is_null()`
            : `is_null!(${address})`;
          return { text: `!${asked}`, binds: BINDS.unary, type: BOOL };
        }
        return { text: `!${receiver(r)}.is_null()`, binds: BINDS.unary, type: BOOL };
      }
      case "function":
        return r.type.bare ? atom("true", BOOL) : method(r, "is_some", [], BOOL);
      default:
        throw new CannotPrint(`the truth of ${show(r.type)}`);
    }
  }

  private literal(r: Rust, value: bigint, type: RustType): Rust | undefined {
    if (type.k === "bool") return atom(value === 0n ? "false" : "true", BOOL);
    if (type.k === "int") {
      const same = wrapped(value, type);
      return same === value ? { ...r, type } : (minusOne(same, type) ?? literalOf(same, type));
    }
    if (type.k === "pointer" && value === 0n)
      return { ...atom(type.mutable ? "core::ptr::null_mut()" : "core::ptr::null()", type), inferred: true };
    if (type.k === "function" && value === 0n) return { ...atom("None", type), inferred: true };
    return undefined;
  }

  private integer(of: Rust, type: RustType & { k: "int" }): Rust {
    const from = of.type;
    // Where a cast stands, nothing says of which type its literals are.
    const isPlain = from.k === "int" && from.signed && from.bits === 32;
    const r = isPlain ? of : withType(of);
    // What loses nothing is no cast; of a literal, and of what a macro's body converts, it is one.
    if (
      r.literal === undefined &&
      isLossless(from, type) &&
      this.form.methods &&
      !this.form.wrapping &&
      !this.isComputed
    )
      return atom(`${this.types.text(type)}::from(${r.text})`, type);
    // Of a pointer whose type what stands around it says, the cast says nothing (E0641).
    if (from.k === "pointer" && r.inferred && this.types.isNamed(from))
      return cast(cast(r, this.types.text(from), from), this.types.text(type), type);
    if (from.k === "int" || from.k === "bool" || from.k === "float" || from.k === "pointer")
      return cast(r, this.types.text(type), type);
    if (from.k === "function")
      return from.bare
        ? cast(r, type.name, type)
        : cast(atom(`core::mem::transmute::<${this.types.text(from)}, usize>(${r.text})`, type), type.name, type);
    throw new CannotPrint(`no conversion of ${show(from)} to ${show(type)}`);
  }

  private pointer(r: Rust, type: RustType & { k: "pointer" }, pinned: boolean): Rust {
    const from = r.type;
    if (from.k === "int") {
      // To such a cast what is of literals alone is a usize, which has no sign (E0600) and is wider than C's.
      const said = r.literal !== undefined && r.literal < 0n ? { ...r, text: `${r.text}_isize` } : withType(r);
      return cast(said, this.types.text(type), type);
    }
    if (from.k === "function")
      return from.bare
        ? cast(r, this.types.text(type), type)
        : atom(`core::mem::transmute::<${this.types.text(from)}, ${this.types.text(type)}>(${r.text})`, type);
    if (from.k !== "pointer") throw new CannotPrint(`no conversion of ${show(from)} to ${show(type)}`);
    // The address of a place is taken as what is wanted of it.
    const address =
      r.addressOf && from.mutable !== type.mutable && !(type.mutable && r.addressOf.constant)
        ? {
            ...r,
            text: r.text.replace(/^&raw (?:mut|const) /, `&raw ${type.mutable ? "mut" : "const"} `),
            type: { ...from, mutable: type.mutable },
          }
        : r;
    const inner = address.type as RustType & { k: "pointer" };
    const stays = inner.mutable === type.mutable || (inner.mutable && pinned);
    const turned = (p: Rust): Rust =>
      stays
        ? p
        : method(p, inner.mutable ? "cast_const" : "cast_mut", [], {
            ...(p.type as typeof type),
            mutable: type.mutable,
          });
    // Nothing can be called of a pointer whose type what stands around it says (E0282): that cast is the last.
    const castLast = (p: Rust): Rust => ({ ...method(turned(p), "cast", [], type), inferred: true });
    if (same(inner.to, type.to))
      return address.uncast !== undefined && !stays ? castLast(address.uncast) : { ...turned(address), type };
    if (this.types.isNamed(type) && (!this.form.methods || this.types.isUnsized(type.to)))
      return cast(address, this.types.text(type), type);
    if (pinned || !this.types.isNamed(type.to)) return castLast(address);
    const named = method(address, `cast::<${this.types.text(type.to)}>`, [], { ...type, mutable: inner.mutable });
    return { ...turned(named), type };
  }

  private callable(r: Rust, type: RustType & { k: "function" }): Rust {
    const from = r.type;
    if (from.k === "function") {
      if (from.bare && !type.bare && same({ ...from, bare: false }, type)) return { ...atom(`Some(${r.text})`, type) };
      const value = from.bare ? `Some(${r.text} as ${this.types.text(from)})` : r.text;
      return atom(
        `core::mem::transmute::<${this.types.text({ ...from, bare: false })}, ${this.types.text({ ...type, bare: false })}>(${value})`,
        type,
      );
    }
    if (from.k === "pointer")
      return atom(`core::mem::transmute::<${this.types.text(from)}, ${this.types.text(type)}>(${r.text})`, type);
    // A number in place of a function, such as an offset that the callee knows.
    if (from.k === "int" && !type.bare)
      return atom(`core::mem::transmute::<usize, ${this.types.text(type)}>(${cast(r, "usize", from).text})`, type);
    throw new CannotPrint(`no conversion of ${show(from)} to ${show(type)}`);
  }
}

/** `u32::MAX` for C's `(u32)-1`. */
function minusOne(value: bigint, type: RustType): Rust | undefined {
  if (type.k !== "int" || type.signed || value !== (1n << BigInt(type.bits)) - 1n) return undefined;
  return { ...atom(`${/^[ui]size$/.test(type.name) ? type.name : `u${type.bits}`}::MAX`, type) };
}
