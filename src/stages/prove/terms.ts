/**
 * Values as terms that both functions share: two values are the same where their terms are. Each rule by which a term is made holds for all
 * values of its parts, in arithmetic modulo the width.
 */
import { type IrFunction, Unsupported } from "./ir/model.ts";
import { askedBit, shiftedBit } from "./single-bits.ts";
import { widenedSum } from "./widened-sums.ts";

/** A term's number; the same term has the same number. */
export type Term = number;

export interface Node {
  op: string;
  args: readonly Term[];
  /** Bits, of an integer or an address; 0 for what is neither. */
  width: number;
  /** Of a constant. */
  value?: bigint;
}

/**
 * What laying two functions side by side may take, counted in terms that are asked for: some cost of a function grows faster than its text. A
 * count and no time, so that the same C has the same proofs on any machine; the largest function of a module takes a hundredth of it.
 */
const MOST_STEPS = 5_000_000;

const SHOWN = 6;

export class Terms {
  readonly nodes: Node[] = [];
  private steps = 0;
  private readonly known = new Map<string, Term>();
  private readonly byteOf: NonNullable<IrFunction["byteOf"]>;
  /** @param byteOf a byte of a constant, in whichever of the two functions it is known */
  constructor(byteOf: NonNullable<IrFunction["byteOf"]> = () => undefined) {
    this.byteOf = byteOf;
  }

  node(t: Term): Node {
    return this.nodes[t] as Node;
  }

  /** @throws Unsupported where the two functions take too many */
  step(count = 1): void {
    if ((this.steps += count) > MOST_STEPS) throw new Unsupported("too large to be laid side by side");
  }

  make(op: string, args: readonly Term[], width: number): Term {
    return this.intern(`${op} ${width} ${args.join(" ")}`, { op, args, width });
  }

  private intern(key: string, node: Node): Term {
    this.step(1 + node.args.length);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.nodes.push(node);
    this.known.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }

  int(width: number, value: bigint): Term {
    const v = BigInt.asUintN(width, value);
    return this.intern(`int ${width} ${v}`, { op: "int", args: [], width, value: v });
  }

  /** What is read of memory: of a constant what it holds, whatever was written meanwhile. */
  load(shape: string, width: number, address: Term, memory: Term): Term {
    return this.held(width, address) ?? this.make(`load ${shape}`, [address, memory], width);
  }

  private held(width: number, address: Term): Term | undefined {
    const n = this.node(address);
    const [, constant = "0", times] = n.op.startsWith("sum ") ? n.op.split(" ") : ["", "0", "1"];
    const base = n.op.startsWith("sum ")
      ? n.args.length === 1 && times === "1"
        ? this.node(n.args[0] as Term)
        : n
      : n;
    if (!base.op.startsWith("@") || width === 0 || width % 8 !== 0) return undefined;
    let value = 0n;
    for (let at = 0; at < width / 8; at++) {
      const byte = this.byteOf(base.op.slice(1), BigInt(constant) + BigInt(at));
      if (byte === undefined) return undefined;
      value |= BigInt(byte) << BigInt(8 * at);
    }
    return this.int(width, value);
  }

  value(t: Term): bigint | undefined {
    return this.node(t).value;
  }

  /** A sum of terms, each so many times, and a constant. */
  sum(width: number, parts: readonly (readonly [Term, bigint])[], constant = 0n): Term {
    const factors = new Map<Term, bigint>();
    let rest = constant;
    const add = (t: Term, times: bigint): void => {
      const n = this.node(t);
      if (n.value !== undefined) rest += n.value * times;
      else if (n.op.startsWith("sum ") && n.width === width) {
        const [, own = "0", ...times2] = n.op.split(" ");
        rest += BigInt(own) * times;
        for (const [i, a] of n.args.entries()) add(a, BigInt(times2[i] as string) * times);
      } else factors.set(t, BigInt.asUintN(width, (factors.get(t) ?? 0n) + times));
    };
    for (const [t, times] of parts) add(t, times);
    rest = BigInt.asUintN(width, rest);
    const kept = [...factors].filter(([, times]) => times !== 0n).toSorted(([a], [b]) => a - b);
    if (kept.length === 0) return this.int(width, rest);
    if (kept.length === 1 && rest === 0n && kept[0]?.[1] === 1n) return kept[0][0];
    return this.make(
      ["sum", rest, ...kept.map(([, times]) => times)].join(" "),
      kept.map(([t]) => t),
      width,
    );
  }

  not(t: Term): Term {
    const n = this.node(t);
    if (n.value !== undefined) return this.int(n.width, ~n.value);
    if (n.op === "not") return n.args[0] as Term;
    return n.width === 1 ? this.make("not", [t], 1) : this.sum(n.width, [[t, -1n]], -1n);
  }

  and(width: number, parts: readonly Term[]): Term {
    const all = new Set<Term>();
    let constant = BigInt.asUintN(width, -1n);
    const add = (t: Term): void => {
      const n = this.node(t);
      if (n.value !== undefined) constant &= n.value;
      else if (n.op === "and" && n.width === width) n.args.forEach(add);
      else all.add(t);
    };
    parts.forEach(add);
    const narrow = this.narrowed(width, all, constant);
    if (narrow !== undefined) return narrow;
    if (constant === 0n || (width === 1 && [...all].some((t) => all.has(this.not(t))))) return this.int(width, 0n);
    const kept = [...all].toSorted((a, b) => a - b);
    if (constant !== BigInt.asUintN(width, -1n)) kept.push(this.int(width, constant));
    return kept.length === 0
      ? this.int(width, constant)
      : kept.length === 1
        ? (kept[0] as Term)
        : this.make("and", kept, width);
  }

  /** Of one value only the low bytes: what was widened, or loaded, is looked at in its own width (x86 has the low byte first). */
  private narrowed(width: number, all: ReadonlySet<Term>, constant: bigint): Term | undefined {
    const [only] = all;
    if (only === undefined || all.size > 1) return undefined;
    const n = this.node(only);
    const from =
      n.op === "zext" ? this.node(n.args[0] as Term).width : n.op.startsWith("load i") && width > 8 ? width / 2 : 0;
    if (from === 0 || from % 8 !== 0 || constant >> BigInt(from) !== 0n) return undefined;
    const inner = n.op === "zext" ? (n.args[0] as Term) : this.cast("trunc", width, from, only);
    return this.cast("zext", from, width, this.and(from, [inner, this.int(from, constant)]));
  }

  or(width: number, a: Term, b: Term): Term {
    // By De Morgan, so that a condition and its negation are made of the same terms.
    if (width === 1) return this.not(this.and(1, [this.not(a), this.not(b)]));
    return this.commutative("or", width, a, b);
  }

  commutative(op: string, width: number, a: Term, b: Term): Term {
    return this.make(op, a <= b ? [a, b] : [b, a], width);
  }

  multiply(width: number, a: Term, b: Term): Term {
    const [va, vb] = [this.value(a), this.value(b)];
    if (vb !== undefined) return this.sum(width, [[a, vb]]);
    if (va !== undefined) return this.sum(width, [[b, va]]);
    return this.commutative("mul", width, a, b);
  }

  select(width: number, condition: Term, a: Term, b: Term): Term {
    if (a === b) return a;
    const n = this.node(condition);
    if (n.value !== undefined) return n.value === 1n ? a : b;
    if (n.op === "not") return this.select(width, n.args[0] as Term, b, a);
    if (width === 1) {
      // c ? a : false and its like; whether an operand that is not chosen has a value makes no difference.
      if (this.value(b) === 0n) return this.and(1, [condition, a]);
      if (this.value(b) === 1n) return this.or(1, this.not(condition), a);
      if (this.value(a) === 1n) return this.or(1, condition, b);
      if (this.value(a) === 0n) return this.and(1, [this.not(condition), b]);
    }
    return this.make("select", [condition, a, b], width);
  }

  /** A comparison as an equality or a "less than", or the negation of one. */
  compare(predicate: string, a: Term, b: Term): Term {
    switch (predicate) {
      case "eq":
        return a === b ? this.int(1, 1n) : this.equal(a, b);
      case "ne":
        return this.not(this.compare("eq", a, b));
      case "ugt":
      case "sgt":
        return this.compare(`${predicate[0]}lt`, b, a);
      case "uge":
      case "sge":
        return this.not(this.compare(`${predicate[0]}lt`, a, b));
      case "ule":
      case "sle":
        return this.not(this.compare(`${predicate[0]}lt`, b, a));
    }
    const narrow = this.comparedNarrow(a, b);
    if (narrow !== undefined) return this.compare("ult", ...narrow);
    // c < x is !(x < c + 1), where c is not the greatest number.
    const { value, width } = this.node(a);
    const most = predicate === "ult" ? (1n << BigInt(width)) - 1n : (1n << BigInt(width - 1)) - 1n;
    if (value !== undefined && value !== most)
      return this.not(this.make(predicate, [b, this.int(width, value + 1n)], 1));
    return this.make(predicate, [a, b], 1);
  }

  /** What was widened without a sign is compared in its own width, without a sign. */
  private comparedNarrow(a: Term, b: Term): [Term, Term] | undefined {
    const [na, nb] = [this.node(a), this.node(b)];
    const zext = [na, nb].find((n) => n.op === "zext");
    const width = zext === undefined ? 0 : this.node(zext.args[0] as Term).width;
    const part = (n: Node): Term | undefined =>
      n.op === "zext" && this.node(n.args[0] as Term).width === width
        ? n.args[0]
        : n.value !== undefined && n.value >> BigInt(width) === 0n
          ? this.int(width, n.value)
          : undefined;
    const [pa, pb] = [part(na), part(nb)];
    return zext === undefined || pa === undefined || pb === undefined ? undefined : [pa, pb];
  }

  private equal(a: Term, b: Term): Term {
    const { width } = this.node(a);
    if (width === 1) {
      if (this.value(b) !== undefined) return this.value(b) === 1n ? a : this.not(a);
      if (this.value(a) !== undefined) return this.value(a) === 1n ? b : this.not(b);
    }
    const narrow = this.comparedNarrow(a, b);
    if (narrow !== undefined) return this.compare("eq", ...narrow);
    const known = this.widened(a, b) ?? this.widened(b, a) ?? askedBit(this, a, b) ?? askedBit(this, b, a);
    return known ?? this.commutative("eq", 1, a, b);
  }

  /** A widened value is never a number that its own width does not have. */
  private widened(a: Term, b: Term): Term | undefined {
    const n = this.node(a);
    const value = this.value(b);
    if (value === undefined || n.op !== "zext") return undefined;
    const { width } = this.node(n.args[0] as Term);
    return value >> BigInt(width) === 0n ? undefined : this.int(1, 0n);
  }

  cast(op: string, from: number, to: number, t: Term): Term {
    const n = this.node(t);
    if (from === to) return t;
    if (n.value !== undefined) return this.int(to, op === "sext" ? BigInt.asIntN(from, n.value) : n.value);
    const inner = n.args[0];
    // The low bits of a number, widened: a mask.
    if (op === "zext" && n.op === "trunc" && inner !== undefined && this.node(inner).width === to)
      return this.and(to, [inner, this.int(to, (1n << BigInt(from)) - 1n)]);
    if (op === "trunc" && (n.op === "zext" || n.op === "sext") && inner !== undefined) {
      const width = this.node(inner).width;
      return width >= to ? this.cast("trunc", width, to, inner) : this.cast(n.op, width, to, inner);
    }
    // The low bytes of what was loaded are what is loaded of less.
    if (op === "trunc" && n.op === `load i${from}` && to % 8 === 0 && (to & (to - 1)) === 0)
      return this.make(`load i${to}`, n.args, to);
    if (op === n.op && inner !== undefined) return this.cast(op, this.node(inner).width, to, inner);
    if (op === "trunc" && n.op === "and")
      return this.and(
        to,
        n.args.map((a) => this.cast("trunc", from, to, a)),
      );
    if (op === "trunc" && n.op.startsWith("sum ")) {
      const [, constant = "0", ...times] = n.op.split(" ");
      return this.sum(
        to,
        n.args.map((a, i) => [this.cast("trunc", from, to, a), BigInt(times[i] as string)] as const),
        BigInt(constant),
      );
    }
    const bit = op === "trunc" && to === 1 ? shiftedBit(this, t) : undefined;
    return bit ?? widenedSum(this, op, from, to, t) ?? this.make(op, [t], to);
  }

  /** For people: what a term says, as far as `depth` goes, and not of more than a few things at once. */
  show(t: Term, depth = 4): string {
    const n = this.node(t);
    if (n.value !== undefined) return String(BigInt.asIntN(Math.max(1, n.width), n.value));
    if (n.args.length === 0) return n.op;
    return depth === 0
      ? "…"
      : `${n.op}(${[...n.args.slice(0, SHOWN).map((a) => this.show(a, depth - 1)), ...(n.args.length > SHOWN ? ["…"] : [])].join(", ")})`;
  }
}
