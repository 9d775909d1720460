/** Pieces of Rust with what is needed to put them together: how tightly each binds, and its type. */
import { BOOL, type RustType } from "./rust-type.ts";

/** How tightly an expression binds: an operand that binds less needs parentheses. */
export const BINDS = {
  statement: 0,
  assign: 1,
  or: 3,
  and: 4,
  compare: 5,
  bitor: 6,
  bitxor: 7,
  bitand: 8,
  shift: 9,
  sum: 10,
  product: 11,
  cast: 12,
  unary: 13,
  postfix: 14,
} as const;

export interface Rust {
  text: string;
  binds: number;
  type: RustType;
  /** A literal without a suffix: a number of any integer type that holds it. */
  literal?: bigint;
  /** It ends in `as T`: a `<` behind it would open type arguments. */
  endsInCast?: true;
  /** `&raw mut` or `&raw const` of this place. */
  addressOf?: Rust;
  /** What stands around it says its type: alone in a declaration it needs one. */
  inferred?: true;
  /** Of literals alone: the same with a suffix that says of which type they are. */
  typed?: string;
  /** What it is before the last cast, of which nothing but what stands around it says the type. */
  uncast?: Rust;
  /** A parameter of the macro whose body it stands in. */
  argument?: string;
  /** A comparison, which turns into its opposite. */
  comparison?: { left: Rust; op: string; right: Rust };
  /** What a `!` stands before. */
  negates?: Rust;
  /** A place that nothing may write. */
  constant?: true;
  /** The local variable that a place is, or is part of. */
  root?: number;
  /** The value of a constant that has a name. */
  known?: bigint;
  /** It is read through an accessor, and written through `set_…`. */
  bitfield?: { base: string; name: string };
  /** A place that is `*pointer`. */
  pointee?: Rust;
}

export function atom(text: string, type: RustType): Rust {
  return { text, binds: BINDS.postfix, type };
}

/** An operand's text, in parentheses where it binds less than `least`. */
export function operand(r: Rust, least: number): string {
  return r.binds < least ? `(${r.text})` : r.text;
}

/** The receiver of a method: what is of literals alone needs its type there. */
export function receiver(r: Rust): string {
  if (r.literal !== undefined && r.type.k === "int")
    return r.literal < 0n ? `(${r.text}_${rustName(r.type)})` : `${r.text}_${rustName(r.type)}`;
  return operand(withType(r), BINDS.postfix);
}

/** An integer type by the name that Rust itself knows. */
export function rustName(t: RustType): string {
  if (t.k !== "int") return "";
  return /^[ui]size$/.test(t.name) ? t.name : `${t.signed ? "i" : "u"}${t.bits}`;
}

const LEVEL: Readonly<Record<string, number>> = {
  "*": BINDS.product,
  "/": BINDS.product,
  "%": BINDS.product,
  "+": BINDS.sum,
  "-": BINDS.sum,
  "<<": BINDS.shift,
  ">>": BINDS.shift,
  "&": BINDS.bitand,
  "^": BINDS.bitxor,
  "|": BINDS.bitor,
  "&&": BINDS.and,
  "||": BINDS.or,
};

/** Whether it is for the reader to see which binds more: bits and sums, bits of two kinds, shifts among bits, `&&` within `||`. */
function isMixed(op: string, binds: number, inner: number): boolean {
  if (op === "||") return inner === BINDS.and;
  if (!/^(?:[&|^]|<<|>>)$/.test(op)) return false;
  if (inner === BINDS.sum || inner === BINDS.product) return true;
  return op.length === 1 && inner !== binds && inner >= BINDS.bitor && inner <= BINDS.shift;
}

/** `left op right`; comparisons do not associate. */
export function binary(left: Rust, op: string, right: Rust, type: RustType): Rust {
  const level = LEVEL[op];
  const compare = level === undefined;
  const binds = level ?? BINDS.compare;
  const least = (of: Rust): number => (isMixed(op, binds, of.binds) ? BINDS.cast : 0);
  let l = operand(left, Math.max(compare ? binds + 1 : binds, least(left)));
  if (left.endsInCast && op.startsWith("<") && left.binds >= (compare ? binds + 1 : binds)) l = `(${l})`;
  const tail = right.binds >= binds + 1 && right.endsInCast;
  // Of literals alone: nothing in it says which integer it is.
  const open = (r: Rust): boolean => r.literal !== undefined || r.inferred === true;
  const inferred = !compare && open(left) && (open(right) || level === BINDS.shift);
  const r = operand(right, Math.max(binds + 1, least(right)));
  const typed = inferred ? typedOf(left) : undefined;
  return {
    text: `${l} ${op} ${r}`,
    ...(typed === undefined ? {} : { typed: `${l === left.text ? typed : `(${typed})`} ${op} ${r}` }),
    binds,
    type: compare ? BOOL : type,
    ...(tail ? { endsInCast: true } : {}),
    ...(inferred ? { inferred } : {}),
    ...(compare ? { comparison: { left, op, right } } : {}),
  };
}

/** What is of literals alone, with the type of its first one. */
export function typedOf(r: Rust): string | undefined {
  return r.literal !== undefined && r.type.k === "int" && /[0-9a-f]$/i.test(r.text)
    ? `${r.text}_${rustName(r.type)}`
    : r.typed;
}

/** With a text that says the type of what is of literals alone, where one is known. */
export function withType(r: Rust): Rust {
  return r.typed === undefined ? r : { ...r, text: r.typed };
}

export function prefix(op: string, of: Rust, type: RustType): Rust {
  return {
    text: `${op}${operand(of, BINDS.unary)}`,
    binds: BINDS.unary,
    type,
    ...(of.typed === undefined ? {} : { typed: `${op}${operand(withType(of), BINDS.unary)}`, inferred: true as const }),
  };
}

export function method(of: Rust, name: string, parameters: readonly string[], type: RustType): Rust {
  return { text: `${receiver(of)}.${name}(${parameters.join(", ")})`, binds: BINDS.postfix, type };
}

export function cast(of: Rust, to: string, type: RustType): Rust {
  return { text: `${operand(of, BINDS.cast)} as ${to}`, binds: BINDS.cast, type, endsInCast: true };
}

/** What ends in a block stands as an operand only in parentheses. */
export function blockLike(text: string, type: RustType): Rust {
  return { text, binds: BINDS.statement, type };
}
