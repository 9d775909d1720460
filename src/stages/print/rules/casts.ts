/** Conversions: those of C that Rust makes by itself are not written. */
import { fits, literalOf, wrapped } from "../convert.ts";
import { addressOfLiteral } from "../items/file-literal.ts";
import { CannotPrint } from "../crate-types.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, binary, method, prefix, type Rust } from "../rust-text.ts";
import { pointer, type RustType, same } from "../rust-type.ts";
import type { Expression, Kind } from "../unit-facts.ts";
import { isNull, unpromoted } from "./operators.ts";
import { addressOf } from "./places.ts";

const casts: ExpressionRule = {
  file: "casts.ts",
  name: "conversions",
  because: "a cast is written where the types of C and Rust disagree, and pointers by `.cast()`",
  fixture: "integer-conversions",
  kinds: ["cast"],
  print(p, node, _i, want) {
    const n = node as Kind<"cast">;
    const type = p.types.of(n.t);
    switch (n.kind) {
      case "LValueToRValue":
        return read(p, n, want);
      case "NoOp":
      case "LValueBitCast":
      case "AtomicToNonAtomic":
      case "NonAtomicToAtomic":
        if (n.kind !== "NoOp") throw new CannotPrint(`no rule for ${n.kind}`);
        return n.lv ? p.expression(n.of, want) : noOp(p, n, type, want);
      case "ToVoid":
        return p.expression(n.of, want);
      case "ArrayToPointerDecay":
        return decayed(p, n, want);
      case "FunctionToPointerDecay":
      case "BuiltinFnToFnPtr":
        return p.expression(n.of, want);
      case "NullToPointer":
        return nullOf(want ?? type);
      case "IntegralToBoolean":
      case "PointerToBoolean":
        return p.condition(n.of);
      case "IntegralCast":
      case "BooleanToSignedIntegral":
        return integral(p, n, type, want);
      case "BitCast":
        return bitCast(p, n, type, want);
      case "IntegralToPointer": {
        const source = pointerBelow(p, n.of);
        if (source !== undefined) return bitCast(p, { ...n, kind: "BitCast", of: source }, type, want);
        return p.convert.to(p.typed(n.of), type, false);
      }
      case "PointerToIntegral":
        if (n.kind === "PointerToIntegral" && isNull(p, n.of)) return literalOf(0n, type);
        return p.convert.to(p.typed(n.of), type, false);
      default:
        throw new CannotPrint(`no rule for a conversion (${n.kind})`);
    }
  },
};

/** The value of a place: volatile ones are read each time the code says so. */
function read(p: Printer, n: Kind<"cast">, want: RustType | undefined): Rust {
  const of = p.unit.node(n.of) as Expression;
  if (!p.unit.isVolatile(of.t)) return p.expression(n.of, want);
  const place = p.expression(n.of);
  if (place.bitfield) return place;
  return method(addressOf(place, false), "read_volatile", [], place.type);
}

function noOp(p: Printer, n: Kind<"cast">, type: RustType, want: RustType | undefined): Rust {
  if (type.k !== "pointer") {
    const r = p.expression(n.of, want);
    // What a macro makes of one argument as it is, it makes of a wider one by a conversion (`cpu_to_le16(3)`).
    return r.argument !== undefined && n.explicit && type.k === "int" ? p.convert.to(r, type) : r;
  }
  return p.convert.to(p.expression(n.of, want ?? type), want?.k === "pointer" ? want : type, want !== undefined);
}

function decayed(p: Printer, n: Kind<"cast">, want: RustType | undefined): Rust {
  const below = p.unit.node(n.of);
  const type = p.types.of(n.t);
  if (type.k !== "pointer") throw new CannotPrint("an array that becomes no pointer");
  if (below.k === "string") return p.expression(n.of);
  if (below.k === "compound-literal" && p.constants !== undefined) return addressOfLiteral(p, below, p.constants);
  const place = p.expression(n.of);
  const element = place.type.k === "array" ? place.type.of : type.to;
  const mutable = want?.k === "pointer" ? want.mutable : type.mutable;
  const address = addressOf(place, mutable, p);
  const writable = address.type.k === "pointer" && address.type.mutable;
  if (!p.form.methods) {
    const to = want?.k === "pointer" ? want : pointer(element, writable);
    if (p.types.isNamed(to)) return p.convert.to(address, { ...to, mutable: to.mutable && writable }, false);
  }
  // As what it is wanted, or as a pointer to its elements.
  if (want?.k === "pointer") {
    const turned = want.mutable && !writable ? method(address, "cast_mut", [], pointer(place.type, true)) : address;
    return {
      ...method(turned, "cast", [], { ...want, mutable: want.mutable || writable }),
      inferred: true,
    };
  }
  const known = p.types.isNamed(element) ? `::<${p.types.text(element)}>` : "";
  return {
    ...method(address, `cast${known}`, [], pointer(element, writable)),
    ...(known === "" ? { inferred: true as const } : {}),
  };
}

export function nullOf(type: RustType): Rust {
  if (type.k === "function") return { ...atom("None", { ...type, bare: false }), inferred: true };
  if (type.k === "bool") return atom("false", type);
  const to = type.k === "pointer" ? type : pointer({ k: "void" }, true);
  return { ...atom(to.mutable ? "core::ptr::null_mut()" : "core::ptr::null()", to), inferred: true };
}

function integral(p: Printer, n: Kind<"cast">, type: RustType, want: RustType | undefined): Rust {
  const to = want?.k === "int" && !n.explicit && n.v !== undefined ? want : type;
  if (n.v !== undefined && type.k === "int") {
    const value = BigInt(n.v);
    const below = BigInt(p.unit.expression(n.of).v ?? value);
    const from = p.typeOf(n.of);
    // A constant that has a name may have it in the type that its bits are wanted in.
    const isAsWide = to.k === "int" && to.bits === type.bits;
    const isNamed = isAsWide && from.k === "int" && from.bits === type.bits && p.invocations.at(n.of).length > 0;
    const operand = p.unit.node(n.of);
    // So may what a complement is of.
    const isComplement = isAsWide && operand.k === "unary" && operand.op === "~";
    const isSame = wrapped(value, to) === value && below === value;
    const inner = p.expression(n.of, isSame || isNamed || isComplement ? to : undefined);
    if (inner.literal !== undefined)
      return inner.literal === value
        ? { ...inner, type: to }
        : p.convert.to(literalOf(inner.literal, inner.type, inner.text), type);
    // What C makes of a negative number is seen in a wider type.
    return p.convert.to(below === value || isAsWide ? inner : p.convert.to(inner, type, false), to, false);
  }
  // Of two constants each is converted: a conversion around the conditional would need parentheses.
  const below = p.unit.node(n.of);
  if (
    below.k === "conditional" &&
    below.then !== undefined &&
    type.k === "int" &&
    [below.then, below.else].every((x) => p.unit.expression(x).v !== undefined)
  )
    return p.convert.to(p.expression(n.of, want?.k === "int" && !n.explicit ? want : type), type, false);
  const bits = type.k === "int" ? bitsAs(p, n.of, type) : undefined;
  if (bits) return bits;
  // A chain of widenings is one; what is wanted behind it takes the operand as it is.
  const source = n.explicit ? n.of : unpromotedBelow(p, n);
  const inner = p.expression(source, type.k === "int" ? type : undefined);
  if (want?.k === "bool" && inner.type.k === "bool") return inner;
  if (want?.k === "int" && !n.explicit && keeps(p, source, type) && inner.type.k === "int")
    return p.convert.to(inner, want, false);
  return p.convert.to(inner, type, false);
}

/** `a & ~b` of what C promoted, narrowed again: bit by bit it is the same in the narrow type. */
function bitsAs(p: Printer, i: number, type: RustType & { k: "int" }): Rust | undefined {
  const from = p.typeOf(i);
  const n = p.unit.node(i);
  if (p.template || from.k !== "int" || from.bits <= type.bits || n.k !== "binary" || !/^[&|^]$/.test(n.op))
    return undefined;
  const part = (of: number): Rust | undefined => {
    const { v } = p.unit.expression(of);
    const below = p.unit.node(of);
    if (v !== undefined && fits(BigInt(v), type)) return p.value(of, type);
    if (below.k === "unary" && below.op === "~" && p.invocations.at(of).length === 0) {
      const inner = part(below.of);
      return inner && prefix("!", inner, type);
    }
    if (v !== undefined) return undefined;
    const made = bitsAs(p, of, type) ?? p.expression(unpromoted(p, of));
    return same(made.type, type) ? made : undefined;
  };
  const [left, right] = [part(n.left), part(n.right)];
  return left && right && binary(left, n.op, right, type);
}

function unpromotedBelow(p: Printer, n: Kind<"cast">): number {
  return unpromoted(p, n.of);
}

/** Whether a conversion to a type keeps a value, whatever it is then converted to. */
function keeps(p: Printer, source: number, type: RustType): boolean {
  const from = p.typeOf(source);
  return (
    from.k === "int" &&
    type.k === "int" &&
    (type.bits > from.bits || (type.bits === from.bits && type.signed === from.signed)) &&
    (type.signed || !from.signed)
  );
}

/**
 * The pointer that is made an integer of its width and a pointer again, as `___ADDRESSABLE` does (include/linux/compiler.h, from 6.10 on):
 * rustc computes no integer of an address at compile time.
 */
function pointerBelow(p: Printer, i: number): number | undefined {
  const n = p.unit.node(i);
  if (n.k !== "cast" || n.lv) return undefined;
  const type = p.types.of(n.t);
  if (type.k !== "int" || type.bits !== 64) return undefined;
  if (n.kind === "PointerToIntegral") return isNull(p, n.of) ? undefined : n.of;
  return n.kind === "NoOp" || n.kind === "IntegralCast" ? pointerBelow(p, n.of) : undefined;
}

function bitCast(p: Printer, n: Kind<"cast">, type: RustType, want: RustType | undefined): Rust {
  const below = p.unit.node(n.of);
  if (below.k === "cast" && below.kind === "NullToPointer")
    return nullOf(want?.k === "pointer" || want?.k === "function" ? want : type);
  const target: RustType = want?.k === "pointer" && !n.explicit ? want : type;
  // Through `void *` and back is once.
  const source = below.k === "cast" && below.kind === "BitCast" ? below.of : n.of;
  const from = p.typeOf(source);
  const inner = p.expression(
    source,
    target.k === "pointer" && from.k === "pointer" ? { ...from, mutable: target.mutable } : undefined,
  );
  const settled =
    below.k === "cast" &&
    below.kind === "ArrayToPointerDecay" &&
    p.unit.node(below.of).k !== "string" &&
    // A macro is given the pointer: what its body makes of that is the body's.
    !p.isArgument(n.of) &&
    target.k === "pointer"
      ? withTarget(p, below, target)
      : inner;
  // A cast to what is wanted all the same says no more than what stands around it.
  return p.convert.to(settled, target, want !== undefined && (!n.explicit || (same(want, target) && !p.template)));
}

/** An array's address, right away as the pointer that is wanted. */
function withTarget(p: Printer, decay: Kind<"cast">, target: RustType & { k: "pointer" }): Rust {
  const place = p.expression(decay.of);
  const address = addressOf(place, target.mutable, p);
  return address;
}

export const conversions = [casts] as const;
