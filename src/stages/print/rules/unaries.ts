/** Signs, complements, addresses and steps. */
import { fits, literalOf } from "../convert.ts";
import { CannotPrint } from "../crate-types.ts";
import { held, stepOf, stepped } from "../effects.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, blockLike, method, BINDS, prefix, type Rust, rustName } from "../rust-text.ts";
import type { RustType } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";
import { addressOf, dereferenced, offset } from "./places.ts";
import { not } from "./operators.ts";

export const unaries: ExpressionRule = {
  file: "unaries.ts",
  name: "signs, complements and steps",
  because: "`x++` as a statement is `x += 1`; as a value it is what C says, in its order",
  fixture: "statement-expression",
  kinds: ["unary"],
  print(p, node, _i, want) {
    const n = node as Kind<"unary">;
    const type = p.types.of(n.t);
    switch (n.op) {
      case "!":
        return not(p.condition(n.of));
      case "&":
        return address(p, n, want);
      case "*": {
        const below = p.typed(n.of);
        return below.type.k === "function" ? below : dereferenced(below);
      }
      case "-":
      case "~": {
        const v = p.unit.expression(n.of).v;
        // A number is one of the type that is wanted; a constant that has a name is converted with its sign.
        const plain = p.unit.node(n.of).k === "integer" && p.invocations.at(n.of).length === 0;
        // What is negative is large where it has no sign, and stays so in a wider type.
        const isSigned = type.k !== "int" || type.signed;
        const isWanted =
          want?.k === "int" &&
          v !== undefined &&
          fits(BigInt(v), want) &&
          (n.op === "-" ? want.signed && isSigned && plain : isComplementOf(want, type));
        const to = isWanted ? want : type;
        const of = p.value(n.of, to, false);
        if (n.op === "-" && of.literal !== undefined && type.k === "int" && type.signed && of.literal > 0n)
          return { ...literalOf(-of.literal, to, `-${of.text}`), binds: BINDS.unary };
        if (n.op === "-" && type.k === "int" && !type.signed) return method(of, "wrapping_neg", [], type);
        // All bits: the largest number of an unsigned type; -1, which is that of whatever type is wanted, of a signed one.
        if (n.op === "~" && of.literal === 0n && to.k === "int")
          return to.signed ? { ...prefix("!", of, to), literal: -1n } : atom(`${rustName(to)}::MAX`, to);
        return prefix(n.op === "-" ? "-" : "!", of.literal !== undefined ? { ...of, text: suffixed(of) } : of, to);
      }
      case "+":
        return p.value(n.of, type, false);
      case "++_":
      case "--_":
      case "_++":
      case "_--":
        return step(p, n);
      default:
        throw new CannotPrint(`no rule for ${n.op}`);
    }
  },
};

/** Whether a complement of the one type has the low bits of the other's, and nothing above them is asked for. */
function isComplementOf(want: RustType & { k: "int" }, type: RustType): boolean {
  return !want.signed && type.k === "int" && want.bits <= type.bits;
}

function suffixed(r: Rust): string {
  return r.type.k === "int" ? `${r.text}_${r.type.signed ? "i" : "u"}${r.type.bits}` : r.text;
}

function address(p: Printer, n: Kind<"unary">, want: RustType | undefined): Rust {
  const below = p.unit.node(n.of);
  // A macro's argument is a place as a whole.
  const whole = p.isArgument(n.of);
  if (below.k === "unary" && below.op === "*" && !whole) return p.typed(below.of);
  const pointed = p.types.of(n.t);
  if (pointed.k === "function") return p.expression(n.of);
  if (
    below.k === "subscript" &&
    p.unit.expression(below.index).v === undefined &&
    !whole &&
    !(p.form.methods && isOfArray(p, below.base))
  )
    return offset(p, p.typed(below.base), below.index, false);
  const place = p.expression(n.of);
  if (place.type.k === "function" && place.type.bare) return place;
  const mutable = want?.k === "pointer" ? want.mutable : pointed.k === "pointer" ? pointed.mutable : true;
  return addressOf(place, mutable, p);
}

/** Whether it is an array whose elements a macro finds, not a pointer. */
function isOfArray(p: Printer, base: number): boolean {
  const n = p.unit.node(base);
  return (
    n.k === "cast" &&
    n.kind === "ArrayToPointerDecay" &&
    p.unit.node(n.of).k !== "string" &&
    p.expression(n.of).type.k === "array"
  );
}

function step(p: Printer, n: Kind<"unary">): Rust {
  const place = p.expression(n.of);
  const after = n.op.startsWith("_");
  if (!p.isPure(n.of))
    return blockLike(
      held(p, n.of, (at) =>
        after
          ? `let ${p.fresh("before")} = ${at.text}; ${stepped(p, n, at)}; ${p.fresh("before")}`
          : `${stepped(p, n, at)}; ${at.text}`,
      ),
      place.type,
    );
  const isPlain = !place.bitfield && !p.unit.isVolatile(p.unit.expression(n.of).t);
  if (!after && place.type.k === "int" && isPlain) {
    stepOf(p, n);
    return atom(`${n.op === "++_" ? "pre_inc" : "pre_dec"}!(${place.text})`, place.type);
  }
  if (!after) return blockLike(`{ ${stepOf(p, n)}; ${place.text} }`, place.type);
  if (place.type.k === "int" && isPlain) {
    stepOf(p, n);
    const name = n.op === "_++" ? "post_inc" : "post_dec";
    return atom(`${name}!(${place.text})`, place.type);
  }
  if (place.type.k === "pointer" && isPlain) {
    stepOf(p, n);
    return atom(`${n.op === "_++" ? "post_add" : "post_sub"}!(${place.text})`, place.type);
  }
  const before = p.fresh("before");
  return blockLike(`{ let ${before} = ${place.text}; ${stepOf(p, n)}; ${before} }`, place.type);
}
