/** Arithmetic, comparisons and logic. */
import { codeOf } from "../../../rust/lexer.ts";
import { byName } from "../../../machine/by-name.ts";
import { fits, holds } from "../convert.ts";
import { CannotPrint } from "../crate-types.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, binary, blockLike, method, operand, BINDS, type Rust } from "../rust-text.ts";
import { BOOL, I32, ISIZE, type RustType, same } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";
import { offset } from "./places.ts";
import { unaries } from "./unaries.ts";

const COMPARE = new Set(["<", ">", "<=", ">=", "==", "!="]);
const WRAPS: Readonly<Record<string, string>> = { "+": "wrapping_add", "-": "wrapping_sub", "*": "wrapping_mul" };

/** An operand without the promotions that keep its value. */
export function unpromoted(p: Printer, i: number): number {
  const mids: RustType[] = [];
  let at = i;
  for (;;) {
    const n = p.unit.node(at);
    if (n.k !== "cast" || n.explicit || n.kind !== "IntegralCast" || n.v !== undefined) break;
    mids.push(p.types.of(n.t));
    at = n.of;
  }
  const source = narrow(p, at);
  return mids.every((m) => holds(m, source)) ? at : i;
}

/** The type that holds what an expression can be: of a bit-field, as many bits as it has. */
function narrow(p: Printer, i: number): RustType {
  const type = p.typeOf(i);
  const n = p.unit.node(p.withoutImplicit(i, /^LValueToRValue$/));
  const record = n.k === "member" ? p.unit.declaration(n.record) : undefined;
  const width = n.k === "member" && record?.k === "record" ? record.fields?.[n.field]?.width : undefined;
  return width === undefined || type.k !== "int" || width >= type.bits ? type : { ...type, bits: width };
}

/** Two operands in a type that both have, the smallest that holds their values. */
function alike(p: Printer, left: number, right: number): [Rust, Rust] {
  const common = p.typeOf(left);
  const [a, b] = p.form.promotes ? [left, right] : [unpromoted(p, left), unpromoted(p, right)];
  const [va, vb] = [p.unit.expression(left).v, p.unit.expression(right).v];
  if (vb !== undefined && va === undefined) {
    const l = p.expression(a);
    if (l.type.k === "bool" && (vb === "0" || vb === "1")) return [l, p.value(right, l.type)];
    if (fits(BigInt(vb), l.type)) return [l, p.value(right, l.type)];
  } else if (va !== undefined && vb === undefined) {
    const r = p.expression(b);
    if (fits(BigInt(va), r.type)) return [p.value(left, r.type), r];
  } else if (va === undefined && vb === undefined) {
    const [l, r] = [p.expression(a), p.expression(b)];
    if (same(l.type, r.type)) return [l, r];
    if (l.type.k === "int" && r.type.k === "int") {
      if (holds(l.type, r.type)) return [l, p.convert.to(r, l.type)];
      if (holds(r.type, l.type)) return [p.convert.to(l, r.type), r];
    }
  }
  return [p.value(left, common, false), p.value(right, common, false)];
}

const binaries: ExpressionRule = {
  file: "operators.ts",
  name: "operators",
  because:
    "operands are converted as C converts them, without the promotions that change nothing; unsigned numbers that wrap in C wrap in Rust; parentheses show what binds more among bits, shifts and sums, and of `&&` within `||`",
  fixture: "integer-conversions",
  kinds: ["binary"],
  print(p, node, _i, want) {
    const n = node as Kind<"binary">;
    if (n.op === ",") {
      if (p.isPure(n.left)) return p.expression(n.right, want);
      const value = p.expression(n.right, want);
      return blockLike(`{ ${p.effect(n.left)}; ${value.text} }`, value.type);
    }
    if (n.op === "&&" || n.op === "||") return logic(p, n);
    const [l, r] = [p.unit.plain(p.unit.expression(n.left).t), p.unit.plain(p.unit.expression(n.right).t)];
    if (COMPARE.has(n.op)) return comparison(p, n);
    if (l.k === "pointer" || r.k === "pointer") return pointerArithmetic(p, n, l.k === "pointer", r.k === "pointer");
    const type = p.types.of(n.t);
    if (n.op === "<<" || n.op === ">>") {
      const { v } = p.unit.expression(n.left);
      const fitsWant = want?.k === "int" && v !== undefined && fits(BigInt(v), want) && isExact(p, n, want);
      const shifted = fitsWant ? want : type;
      return binary(p.value(n.left, shifted, false), n.op, p.expression(unpromoted(p, n.right), I32), shifted);
    }
    // What is constant may be computed in the type it is wanted in.
    const to =
      want?.k === "int" &&
      [n.left, n.right].every((x) => fits(BigInt(p.unit.expression(x).v ?? "0"), want)) &&
      isExact(p, n, want)
        ? want
        : type;
    if (n.op === "&" || n.op === "|" || n.op === "^") {
      const small = same(to, type) ? bitwise(p, n, want) : undefined;
      if (small) return small;
    }
    // What a check at compile time adds is nothing (`ARRAY_SIZE`).
    if (n.op === "+" && p.unit.expression(n.right).v === "0" && (p.unit.node(n.right).p ?? 0) !== 0)
      return p.value(n.left, to, false);
    const sum = (type: RustType): Rust => {
      const [left, right] = [p.value(n.left, type, false), p.value(n.right, type, false)];
      return isExact(p, n, type) ? binary(left, n.op, right, type) : arithmetic(left, n.op, right, type);
    };
    const wanted = sum(to);
    if (same(to, type) || casts(wanted) < 2 || !isExact(p, n, type)) return wanted;
    // `(A + B) as usize`, where both are of C's type.
    const own = sum(type);
    return casts(own) === 0 ? own : wanted;
  },
};

function casts({ text }: Rust): number {
  return codeOf(text).filter((t) => t.kind === "identifier" && t.text === "as").length;
}

/** Whether a constant is what its operands give without a type: another type than C's, which holds it, gives the same (`0xffffffffu + 1` is 0). */
function isExact(p: Printer, n: Kind<"binary">, type: RustType): boolean {
  const [l, r] = [p.unit.expression(n.left).v, p.unit.expression(n.right).v];
  if (n.v === undefined || l === undefined || r === undefined) return false;
  const [a, b, v] = [BigInt(l), BigInt(r), BigInt(n.v)];
  if (!fits(v, type)) return false;
  if (n.op === "+") return a + b === v;
  if (n.op === "-") return a - b === v;
  if (n.op === "*") return a * b === v;
  // Rust shifts by no more bits than the type has.
  if (n.op === "<<" || n.op === ">>") {
    const bits = BigInt(type.k === "int" ? type.bits : 0);
    return b >= 0n && b < bits && (n.op === "<<" ? a << b : a >> b) === v;
  }
  return true;
}

/** Bits of unsigned numbers are the same in whatever type they fit. */
function bitwise(p: Printer, n: Kind<"binary">, want: RustType | undefined): Rust | undefined {
  const [left, right] = alike(p, n.left, n.right);
  if (left.type.k !== "int" || !same(left.type, right.type)) return undefined;
  const type = p.types.of(n.t);
  if (same(left.type, type)) return binary(left, n.op, right, left.type);
  // A negative number's sign reaches into the wider type; what is wanted in the wider one is computed there.
  if (
    left.type.signed ||
    (want !== undefined && want.k === "int" && !same(want, left.type) && want.bits > left.type.bits)
  )
    return undefined;
  return binary(left, n.op, right, left.type);
}

export function arithmetic(left: Rust, op: string, right: Rust, type: RustType): Rust {
  const wraps = WRAPS[op];
  if (
    wraps !== undefined &&
    type.k === "int" &&
    !type.signed &&
    left.literal === undefined &&
    right.literal === undefined &&
    left.known === undefined &&
    right.known === undefined
  )
    return method(left, wraps, [right.text], type);
  return binary(left, op, right, type);
}

function logic(p: Printer, n: Kind<"binary">): Rust {
  const left = p.unit.expression(n.left);
  if (left.v !== undefined) {
    const is = left.v !== "0";
    if (is === (n.op === "||")) return atom(String(is), BOOL);
    return p.condition(n.right);
  }
  const right = p.unit.expression(n.right).v;
  if (right !== undefined && (right !== "0") === (n.op === "&&")) return p.condition(n.left);
  // What the compiler is asked to know (`__builtin_constant_p(x) && …`) is decided as well; the rest then names what need not be in the crate.
  const decides = String(n.op === "||");
  const first = p.condition(n.left);
  if (first.text === decides) return first;
  const second = p.condition(n.right);
  if (first.text === "true" || first.text === "false") return second;
  if (second.text === decides && p.isPure(n.left)) return second;
  if (second.text === "true" || second.text === "false")
    return second.text === decides ? binary(first, n.op, second, BOOL) : first;
  return binary(first, n.op, second, BOOL);
}

function comparison(p: Printer, n: Kind<"binary">): Rust {
  const equality = n.op === "==" || n.op === "!=";
  const [lt, rt] = [p.unit.plain(p.unit.expression(n.left).t), p.unit.plain(p.unit.expression(n.right).t)];
  if (lt.k === "pointer" || rt.k === "pointer") {
    for (const [a, b] of [
      [n.left, n.right],
      [n.right, n.left],
    ] as const) {
      if (equality && isNull(p, b)) {
        const is = p.condition(a);
        return n.op === "!=" ? is : not(is);
      }
    }
    const l = p.typed(n.left);
    return binary(l, n.op, p.value(n.right, l.type), BOOL);
  }
  const v = p.unit.expression(n.right).v;
  if (equality && (v === "0" || v === "1")) {
    const inner = unpromoted(p, n.left);
    const below = p.expression(inner, BOOL);
    if (below.type.k === "bool") return (v === "1") === (n.op === "==") ? below : not(below);
  }
  const [l, r] = alike(p, n.left, n.right);
  return binary(l, n.op, r, BOOL);
}

/** C's null, through whatever casts. */
export function isNull(p: Printer, i: number): boolean {
  const n = p.unit.node(i);
  if (n.k === "cast") return n.kind === "NullToPointer" || isNull(p, n.of);
  return n.k === "integer" && n.v === "0";
}

const OPPOSITE: Readonly<Record<string, string>> = byName({
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">": "<=",
  "<=": ">",
  ">=": "<",
});

/** `!condition`; of a comparison, its opposite: no kernel code compares floating point. */
export function not(r: Rust): Rust {
  if (r.literal !== undefined || r.text === "true" || r.text === "false")
    return atom(r.text === "true" || (r.literal !== undefined && r.literal !== 0n) ? "false" : "true", BOOL);
  if (r.negates !== undefined) return r.negates;
  if (r.binds === BINDS.unary && r.text.startsWith("!"))
    return { text: r.text.slice(1), binds: BINDS.postfix, type: BOOL };
  if (r.comparison !== undefined) {
    const { left, op, right } = r.comparison;
    return binary(left, OPPOSITE[op] ?? op, right, BOOL);
  }
  return { text: `!${operand(r, BINDS.unary)}`, binds: BINDS.unary, type: BOOL, negates: r };
}

function pointerArithmetic(p: Printer, n: Kind<"binary">, left: boolean, right: boolean): Rust {
  if (left && right) {
    const a = p.typed(n.left);
    const b = p.value(n.right, a.type, false);
    if (a.type.k !== "pointer") throw new CannotPrint("a difference of what are no pointers");
    return { ...method(a, "offset_from", [b.text], ISIZE) };
  }
  return left ? offset(p, p.typed(n.left), n.right, n.op === "-") : offset(p, p.typed(n.right), n.left, false);
}

export const operators = [binaries, unaries] as const;
